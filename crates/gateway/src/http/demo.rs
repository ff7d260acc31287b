//! Demo accounts: only in demo mode, on a loopback address. No host token ever leaves the node.

use axum::{Json, Router, extract::State, routing::get};
use chrono::TimeDelta;
use order_domain::{ids::UserId, participant::AccountRole};
use serde_json::{Value, json};

use crate::{
    config::{KeySource, Settings},
    refusal::Refusal,
    state::AppState,
    tokens::{TokenRequest, sign},
};

const TTL: TimeDelta = TimeDelta::hours(12);
const ACCOUNTS: [(&str, AccountRole, &str); 4] = [
    ("buyer", AccountRole::User, "Buyer"),
    ("seller", AccountRole::User, "Seller"),
    ("agent", AccountRole::Agent, "Agent"),
    ("admin", AccountRole::Admin, "Admin"),
];

/// Nothing, outside of demo mode.
pub fn routes(settings: &Settings) -> Router<AppState> {
    if settings.demo { Router::new().route("/demo/accounts", get(accounts)) } else { Router::new() }
}

async fn accounts(State(state): State<AppState>) -> Result<Json<Value>, Refusal> {
    let KeySource::Secret(secret) = &state.settings.keys else { return Err(Refusal::no_such_page()) };
    let now = state.store.now().await?;
    let accounts = ACCOUNTS.map(|(user, role, name)| {
        let request = TokenRequest {
            user: UserId::new(user).expect("demo accounts have plain ids"),
            role,
            name: Some(name.to_owned()),
            ttl: TTL,
        };
        json!({"user": user, "role": role, "name": name, "token": sign(secret, &request, now)})
    });
    Ok(Json(json!({"accounts": accounts})))
}
