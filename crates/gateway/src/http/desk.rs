//! The desk of customer experience: its queue, and the private stream of each case.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use order_actions::Store;
use order_domain::{
    participant::AccountRole,
    rejection::Code,
    values::{Seq, Text},
};
use protocol::{
    http::desk::{CaseEntriesPage, CaseNote, DeskAgents, DeskQueue, QueuedCase},
    room::Person,
    server_frame::Ack,
};

use super::{
    api::{Api, Asked, Call},
    body::Fields,
    caller::Known,
    examples,
    query::{OrderInPath, Query},
    shape::{gives, takes_once},
};
use crate::{acknowledged::ack, refusal::Refusal, state::AppState};

const PAGE: u32 = 200;
const QUEUE_PAGE: u32 = 100;
const STAFF: &[AccountRole] = &[AccountRole::Agent, AccountRole::Admin];

pub fn calls(api: Api) -> Api {
    let queue = Call {
        method: "get",
        path: "/v1/desk/queue",
        who: "agents, admins",
        does: "Open cases, escalated ones first, then the longest waiting.",
        query: &[("cursor", Asked::Cursor), ("limit", Asked::Limit(QUEUE_PAGE, QUEUE_PAGE))],
        takes: None,
        gives: gives::<DeskQueue>(examples::desk_queue),
        refuses: &[Code::NotYourRole],
    };
    let agents = Call {
        path: "/v1/desk/agents",
        does: "Whom a case may be handed over to: agents by name, at most 500.",
        query: &[],
        gives: gives::<DeskAgents>(examples::desk_agents),
        ..queue
    };
    let stream = Call {
        method: "get",
        path: "/v1/orders/{id}/case/entries",
        who: "agents, admins",
        does: "The private stream of a case: claims, notes, staff reads.",
        query: &[("after", Asked::Seq), ("limit", Asked::Limit(PAGE, PAGE))],
        takes: None,
        gives: gives::<CaseEntriesPage>(examples::case_entries),
        refuses: &[Code::NotYourRole, Code::NotJoined, Code::NoCase],
    };
    let note = Call {
        method: "post",
        does: "Adds a note to the private stream of a case.",
        query: &[],
        takes: Some(takes_once::<CaseNote>(examples::case_note)),
        gives: gives::<Ack>(examples::ack),
        refuses: &[Code::NotYourRole, Code::NotJoined, Code::NoCase, Code::RateLimited],
        ..stream
    };
    let api = api.call(queue, get(desk_queue)).call(agents, get(desk_agents));
    api.call(stream, get(entries)).call(note, post(add_note))
}

async fn desk_queue(
    State(state): State<AppState>,
    known: Known,
    query: Query,
) -> Result<Json<DeskQueue>, Refusal> {
    known.only(STAFF, "customer experience")?;
    let limit = query.limit(QUEUE_PAGE, QUEUE_PAGE)?;
    let page = state.store.desk_queue(&known.caller(), query.text("cursor"), limit).await?;
    Ok(Json(DeskQueue { cases: page.cases.into_iter().map(waiting).collect(), next: page.next }))
}

fn waiting(case: order_actions::QueuedCase) -> QueuedCase {
    let order_actions::QueuedCase { order, kind, title, reference, by, reason, opened_at, waiting_s, .. } =
        case;
    let reason = reason.and_then(|reason| Text::new(reason).ok());
    let (escalated_at, claimed_by, claimed_by_name, claimable_from) =
        (case.escalated_at, case.claimed_by, case.claimed_by_name, case.claimable_from);
    QueuedCase {
        order,
        kind,
        title,
        reference,
        by,
        reason,
        opened_at,
        waiting_s,
        escalated_at,
        claimed_by,
        claimed_by_name,
        claimable_from,
    }
}

async fn desk_agents(State(state): State<AppState>, known: Known) -> Result<Json<DeskAgents>, Refusal> {
    known.only(STAFF, "customer experience")?;
    let agents = state.store.desk_agents(&known.caller()).await?;
    Ok(Json(DeskAgents { agents: agents.into_iter().map(|(user, name)| Person { user, name }).collect() }))
}

async fn entries(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    query: Query,
) -> Result<Json<CaseEntriesPage>, Refusal> {
    let after = Seq(query.number::<u64>("after")?.unwrap_or(0));
    let limit = query.limit(PAGE, PAGE)?;
    let page = state.store.case_entries(&known.caller(), order, after, limit).await?;
    let more = page.entries.last().is_some_and(|last| last.seq < page.head);
    Ok(Json(CaseEntriesPage { order, head: page.head, entries: page.entries, more }))
}

async fn add_note(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Ack>, Refusal> {
    known.take_turn(&state)?;
    let mut fields = fields.with_id(&headers)?;
    let id = fields.take_id()?;
    let note = fields.read::<CaseNote>()?;
    let caller = known.caller();
    let note = move |store: Store| async move { store.add_case_note(&caller, order, id, note.text).await };
    Ok(Json(ack(None, id, &state.carry_out(note).await?)))
}
