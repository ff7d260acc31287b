//! The conversation list of a user.

use axum::{Json, extract::State, routing::get};
use order_domain::{inbox_tab::InboxTab, rejection::Rejection};
use protocol::http::inbox::InboxPage;

use super::{
    api::{Api, Asked, Call},
    caller::Known,
    examples,
    query::Query,
    shape::gives,
};
use crate::{refusal::Refusal, rooms, state::AppState};

const PAGE: u32 = 50;

pub fn calls(api: Api) -> Api {
    let list = Call {
        method: "get",
        path: "/v1/inbox",
        who: "users",
        does: "The caller's rooms by tab, newest first, with counts and what is unread.",
        query: &[("tab", Asked::Tab), ("cursor", Asked::Cursor), ("limit", Asked::Limit(PAGE, PAGE))],
        takes: None,
        gives: gives::<InboxPage>(examples::inbox),
        refuses: &[],
    };
    api.call(list, get(inbox))
}

async fn inbox(
    State(state): State<AppState>,
    known: Known,
    query: Query,
) -> Result<Json<InboxPage>, Refusal> {
    let tab = query.text("tab").unwrap_or("all");
    let tab = InboxTab::read(tab).ok_or_else(|| {
        Rejection::bad_field("tab", "must be all, new, active, delivered, disputed, done or conversations")
    })?;
    let limit = query.limit(PAGE, PAGE)?;
    let page = state.store.inbox(&known.0.user, tab, query.text("cursor"), limit).await?;
    let rooms = page.rooms.into_iter().map(rooms::inbox_line).collect();
    Ok(Json(InboxPage { tabs: page.tabs, rooms, next: page.next }))
}
