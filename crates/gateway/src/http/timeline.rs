//! Pages of a room's timeline.

use std::sync::Arc;

use axum::{Json, extract::State, routing::get};
use order_actions::{PAGE_MAX, Start};
use order_domain::{event::Entry, rejection::Code, values::Seq};
use protocol::http::rooms::EntriesPage;

use super::{
    api::{Api, Asked, Call},
    caller::Known,
    examples,
    query::{OrderInPath, Query},
    shape::gives,
};
use crate::{refusal::Refusal, state::AppState};

const PAGE: u32 = 50;

pub fn calls(api: Api) -> Api {
    let page = Call {
        method: "get",
        path: "/v1/orders/{id}/entries",
        who: "participants, the host",
        does: "A page of the timeline, ascending: after an entry, before one, or the newest.",
        query: &[("after", Asked::Seq), ("before", Asked::Seq), ("limit", Asked::Limit(PAGE, PAGE_MAX))],
        takes: None,
        gives: gives::<EntriesPage<Entry>>(examples::entries),
        refuses: &[Code::NotJoined],
    };
    api.call(page, get(entries))
}

async fn entries(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    query: Query,
) -> Result<Json<EntriesPage<Arc<Entry>>>, Refusal> {
    state.store.access(&known.caller(), order).await?;
    let limit = query.limit(PAGE, PAGE_MAX)?;
    let (after, before) = (query.number::<u64>("after")?, query.number::<u64>("before")?);
    let epoch = state.epoch();
    let start = match (after, before) {
        (Some(_), Some(_)) => {
            return Err(Refusal::unreadable("Ask for entries after one or before one, not both."));
        }
        (Some(after), None) => Start::After(Seq(after), limit),
        (None, Some(before)) => Start::Before(Seq(before), limit),
        (None, None) => Start::newest(limit),
    };
    let page = state.store.entries(order, start).await?;
    let more = match after {
        Some(_) => page.entries.last().is_some_and(|last| last.seq < page.head),
        None => page.entries.first().is_some_and(|first| first.seq > Seq(1)),
    };
    Ok(Json(EntriesPage { order, epoch, head: page.head, entries: page.entries, more }))
}
