//! Demo accounts: only in demo mode, on a loopback address. No host token ever leaves the node.
//!
//! A foreign page can have its own name resolve to 127.0.0.1, and is then of this origin; but the name stays in `Host`.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, header},
    routing::get,
};
use chrono::TimeDelta;
use order_domain::{ids::UserId, participant::AccountRole};
use protocol::Problem;
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

async fn accounts(State(state): State<AppState>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    only_by_own_name(&headers)?;
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

fn only_by_own_name(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (host, another) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next());
    if another.is_none() && host.is_some_and(names_this_machine) {
        Ok(())
    } else {
        let detail = "Demo accounts are handed out under localhost, 127.0.0.1 and [::1] only.";
        Err(Problem::new(403, "host_not_allowed", detail).into())
    }
}

/// With any port, or none.
fn names_this_machine(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let after_name = ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|name| host.strip_prefix(name));
    after_name.is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
    })
}
