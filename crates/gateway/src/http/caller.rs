//! Who calls: the bearer token of a request, verified, and which accounts a call is for.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use order_actions::Caller;
use order_domain::participant::AccountRole;

use crate::{limits::TooFast, refusal::Refusal, state::AppState, tokens::Identity};

/// The verified caller of a request; without one it is answered 401.
#[derive(Clone, Debug)]
pub struct Known(pub Identity);

impl FromRequestParts<AppState> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let token = bearer(&parts.headers).ok_or_else(Refusal::unauthenticated)?;
        let known = Self(state.tokens.verify(token)?);
        if parts.method.is_safe() {
            state.limits.question(&known.caller()).map_err(|TooFast(wait)| Refusal::asks_too_fast(wait))?;
        }
        state.seen.tell(&state.store, &known.0).await;
        Ok(known)
    }
}

/// The token of `Authorization: Bearer …`; none if there are several.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Known {
    /// As the store knows callers.
    pub fn caller(&self) -> Caller {
        self.0.caller()
    }

    /// Refuses accounts that a call is not for.
    pub fn only(&self, roles: &[AccountRole], who: &str) -> Result<(), Refusal> {
        if roles.contains(&self.0.role) { Ok(()) } else { Err(Refusal::not_your_role(who)) }
    }

    /// Refuses everybody but the host.
    pub fn host_only(&self) -> Result<(), Refusal> {
        self.only(&[AccountRole::Host], "the host")
    }

    /// Counts one command of a person. The host's back end speaks for many and is not counted.
    pub fn take_turn(&self, state: &AppState) -> Result<(), TooFast> {
        match self.0.role {
            AccountRole::Host => Ok(()),
            _ => state.limits.command(&self.0.user),
        }
    }
}
