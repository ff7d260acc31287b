//! What stands after the `?` of an address.

use std::{collections::BTreeMap, str::FromStr};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use order_domain::{
    ids::{OrderId, UserId},
    rejection::Rejection,
};

use crate::{refusal::Refusal, state::AppState};

/// Names and values; of a repeated name the last.
#[derive(Debug)]
pub struct Query(BTreeMap<String, String>);

impl FromRequestParts<AppState> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let query = axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let pairs = query.map_err(|_| Refusal::unreadable("The query of the address cannot be read."))?;
        Ok(Self(pairs.0.into_iter().collect()))
    }
}

impl Query {
    /// A value as it stands.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number from 0.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Rejection> {
        let read = |text: &str| {
            text.parse().map_err(|_| Rejection::bad_field(name, "must be a whole number from 0"))
        };
        self.text(name).map(read).transpose()
    }

    /// How many of a page: more than `most` means `most`.
    pub fn limit(&self, usual: u32, most: u32) -> Result<u32, Rejection> {
        let limit = self.number::<u64>("limit")?.unwrap_or(u64::from(usual));
        Ok(u32::try_from(limit).unwrap_or(most).clamp(1, most))
    }
}

/// The order of an address. What is no UUID names no order.
#[derive(Clone, Copy, Debug)]
pub struct OrderInPath(pub OrderId);

impl FromRequestParts<AppState> for OrderInPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(|| Rejection::order_not_found().into())
    }
}

/// The user of an address.
#[derive(Clone, Debug)]
pub struct UserInPath(pub UserId);

impl FromRequestParts<AppState> for UserInPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Refusal::unreadable("The address cannot be read."))?;
        Ok(Self(UserId::new(id).map_err(|bad| Rejection::bad_field("id", bad))?))
    }
}
