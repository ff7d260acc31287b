//! Demo accounts, and a host for them: only in demo mode, on a loopback address. No host token ever leaves the node.
//!
//! A foreign page can have its own name resolve to 127.0.0.1, and is then of this origin; but the name stays in `Host`.
//! And it can post here across origins without reading the answer; but then its browser says so.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    routing::{get, post},
};
use chrono::TimeDelta;
use order_domain::{ids::UserId, participant::AccountRole};
use protocol::{Problem, http::orders::Placed, server_frame::Ack};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body::Fields, orders, payments, query::OrderInPath};
use crate::{
    config::{KeySource, Settings},
    refusal::Refusal,
    state::AppState,
    tokens::{TokenRequest, sign},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const TTL: TimeDelta = TimeDelta::hours(12);
const ACCOUNTS: [(&str, AccountRole, &str); 4] = [
    ("buyer", AccountRole::User, "Buyer"),
    ("seller", AccountRole::User, "Seller"),
    ("agent", AccountRole::Agent, "Agent"),
    ("admin", AccountRole::Admin, "Admin"),
];

/// Nothing, outside of demo mode.
pub fn routes(settings: &Settings) -> Router<AppState> {
    if !settings.demo {
        return Router::new();
    }
    Router::new()
        .route("/demo/accounts", get(accounts))
        .route("/demo/orders", post(place))
        .route("/demo/orders/{id}/payments", post(pay))
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

/// What the host's back end does when somebody bought: `POST /v1/orders`, between the demo accounts if it names nobody.
async fn place(
    State(state): State<AppState>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<(StatusCode, Json<Placed>), Refusal> {
    only_from_own_page(&headers)?;
    let mut fields = fields.with_id(&headers)?;
    for party in ["buyer", "seller"] {
        fields.0.entry(party).or_insert_with(|| party.into());
    }
    let id = fields.0.entry("id").or_insert_with(|| Uuid::now_v7().to_string().into());
    if let Some(number) = id.as_str().and_then(order_number) {
        fields.0.entry("reference").or_insert_with(|| number.into());
    }
    orders::place(&state, fields).await
}

/// Hosts number their orders; the same order has the same number however often it is placed.
fn order_number(id: &str) -> Option<String> {
    const DIGITS: usize = 6;
    let digits = id.get(id.len().checked_sub(DIGITS)?..)?;
    Some(digits.to_ascii_uppercase())
}

/// What the host's back end does when money moved: `POST /v1/orders/{id}/payments`.
async fn pay(
    State(state): State<AppState>,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Ack>, Refusal> {
    only_from_own_page(&headers)?;
    let mut fields = fields.with_id(&headers)?;
    fields.0.entry("id").or_insert_with(|| Uuid::now_v7().to_string().into());
    payments::book(&state, order, fields).await
}

/// The name under which this machine was asked.
fn only_by_own_name(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (host, another) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next());
    host.filter(|host| another.is_none() && names_this_machine(host)).ok_or_else(|| {
        let detail = "The demo is served under localhost, 127.0.0.1 and [::1] only.";
        Problem::new(403, "host_not_allowed", detail).into()
    })
}

/// Programs say neither header; a browser says both of what a page posts.
fn only_from_own_page(headers: &HeaderMap) -> Result<(), Refusal> {
    let own = format!("http://{}", only_by_own_name(headers)?);
    let own_origin = headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes() == own.as_bytes());
    let own_site = headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "same-origin");
    if own_origin && own_site {
        Ok(())
    } else {
        let detail = "Only this node's own pages may act for the demo's host.";
        Err(Problem::new(403, "origin_not_allowed", detail).into())
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
