//! Users: their profiles, and the end of their tokens.

use axum::{
    Json,
    extract::{Path, State},
    routing::{post, put},
};
use chrono::{DurationRound as _, TimeDelta};
use order_actions::Profile;
use order_domain::{ids::UserId, participant::AccountRole, rejection::Rejection};
use protocol::http::users::{PutUser, Revoked};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
};
use crate::{refusal::Refusal, state::AppState};

pub fn calls(api: Api) -> Api {
    let profile = Call {
        method: "put",
        path: "/v1/users/{id}",
        who: "the host",
        does: "Says who a user is.",
        query: &[],
    };
    let end = Call {
        method: "post",
        path: "/v1/users/{id}/revoke",
        who: "the host, admins",
        does: "Ends all tokens of a user that were issued up to this second, and closes their sockets.",
        query: &[],
    };
    api.call(profile, put(put_user)).call(end, post(revoke))
}

fn user(id: String) -> Result<UserId, Rejection> {
    UserId::new(id).map_err(|bad| Rejection::bad_field("id", bad))
}

async fn put_user(
    State(state): State<AppState>,
    known: Known,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Json<PutUser>, Refusal> {
    known.host_only()?;
    let (user, body) = (user(id)?, fields.read::<PutUser>()?);
    let text = |text: &Option<order_domain::values::Text>| text.as_ref().map(ToString::to_string);
    let profile = Profile {
        name: body.name.to_string(),
        email: text(&body.email),
        phone: text(&body.phone),
        locale: text(&body.locale),
        registered_at: body.registered_at,
        avatar_url: text(&body.avatar_url),
    };
    state.store.put_user(user, profile).await?;
    Ok(Json(body))
}

async fn revoke(
    State(state): State<AppState>,
    known: Known,
    Path(id): Path<String>,
) -> Result<Json<Revoked>, Refusal> {
    known.only(&[AccountRole::Host, AccountRole::Admin], "the host and admins")?;
    let user = user(id)?;
    let now = state.store.now().await?;
    // Tokens know seconds: everything of this second ends too.
    let second = now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now);
    state.store.revoke(user.clone(), second).await?;
    state.tokens.note_revocation(&user, second);
    state.rooms.user_revoked(&user, second);
    Ok(Json(Revoked { user, up_to: second }))
}
