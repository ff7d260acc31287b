//! The conversation list of a user.

use axum::{Json, extract::State, routing::get};
use order_actions::Tab;
use order_domain::rejection::Rejection;
use serde_json::{Value, json};

use super::{
    api::{Api, Call},
    caller::Known,
    query::Query,
};
use crate::{refusal::Refusal, rooms, state::AppState};

const PAGE: u32 = 50;

pub fn calls(api: Api) -> Api {
    let list = Call {
        method: "get",
        path: "/v1/inbox",
        who: "users",
        does: "The caller's rooms by tab, newest first, with counts and what is unread.",
        query: &["tab", "cursor", "limit"],
    };
    api.call(list, get(inbox))
}

async fn inbox(State(state): State<AppState>, known: Known, query: Query) -> Result<Json<Value>, Refusal> {
    let tab = query.text("tab").unwrap_or("all");
    let tab: Tab = serde_json::from_value(json!(tab)).map_err(|_| {
        Rejection::bad_field("tab", "must be all, new, active, delivered, disputed, done or conversations")
    })?;
    let limit = query.limit(PAGE, PAGE)?;
    let page = state.store.inbox(&known.0.user, tab, query.text("cursor"), limit).await?;
    let rooms: Vec<_> = page.rooms.into_iter().map(rooms::inbox_line).collect();
    let mut body = json!({"tabs": page.tabs, "rooms": rooms});
    if let Some(next) = page.next {
        body["next"] = next.into();
    }
    Ok(Json(body))
}
