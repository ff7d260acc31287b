//! Orders: placed by the host, acted on by participants, looked at by both.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use order_actions::{Ask, RoomView};
use order_domain::{
    participant::{Actor, Role},
    placement::Placement,
    rejection::Code,
    values::Seq,
};
use protocol::{
    Snapshot,
    http::orders::{CommandBody, Placed},
    server_frame::Ack,
};

use super::{
    api::{Api, Asked, Call},
    body::Fields,
    caller::Known,
    examples,
    query::{OrderInPath, Query},
    shape::{gives, makes, takes_once},
};
use crate::{acknowledged::ack, refusal::Refusal, rooms, state::AppState};

/// Every rule of the order may say no to a command.
const COMMAND: &[Code] = &[
    Code::UnknownCommand,
    Code::VersionConflict,
    Code::NotYourRole,
    Code::NotJoined,
    Code::WrongState,
    Code::NotPastDue,
    Code::NoRevisionsLeft,
    Code::StaleDelivery,
    Code::CaseOpen,
    Code::NoCase,
    Code::AlreadyClaimed,
    Code::ProposalOpen,
    Code::NoProposal,
    Code::StaleProposal,
    Code::NoResolution,
    Code::RequirementsUnanswered,
    Code::AmountMismatch,
    Code::RoomClosed,
    Code::WindowClosed,
    Code::AlreadyDone,
    Code::CxJoinRequired,
    Code::RateLimited,
];

pub fn calls(api: Api) -> Api {
    let place = Call {
        method: "post",
        path: "/v1/orders",
        who: "the host",
        does: "Places an order: a purchase has happened.",
        query: &[],
        takes: Some(takes_once::<Placement>(examples::placement)),
        gives: makes::<Placed>(examples::placed),
        refuses: &[Code::NotYourRole, Code::AlreadyDone],
    };
    let look = Call {
        method: "get",
        path: "/v1/orders/{id}",
        who: "participants, the host",
        does: "The order as the caller's role sees it, now or as it was at an entry.",
        query: &[("at_seq", Asked::Seq)],
        takes: None,
        gives: gives::<Snapshot>(examples::snapshot),
        refuses: &[Code::NotJoined],
    };
    let command = Call {
        method: "post",
        path: "/v1/orders/{id}/commands",
        who: "participants",
        does: "Gives a command: the same as the frame of that name.",
        query: &[],
        takes: Some(takes_once::<CommandBody>(examples::command)),
        gives: gives::<Ack>(examples::ack),
        refuses: COMMAND,
    };
    api.call(place, post(place_order)).call(look, get(snapshot)).call(command, post(give))
}

async fn place_order(
    State(state): State<AppState>,
    known: Known,
    headers: HeaderMap,
    fields: Fields,
) -> Result<(StatusCode, Json<Placed>), Refusal> {
    known.host_only()?;
    place(&state, fields.with_id(&headers)?).await
}

/// Places the order that the host's body describes.
pub async fn place(state: &AppState, mut fields: Fields) -> Result<(StatusCode, Json<Placed>), Refusal> {
    let id = fields.take_id()?;
    let placement = fields.read::<Placement>()?;
    let committed =
        state.carry_out(move |store| async move { store.place_order(id, placement).await }).await?;
    let order = committed.order;
    let view = state.store.room(order).await?;
    let snapshot = rooms::snapshot(&view, &Actor::nobody(Role::Host));
    Ok((StatusCode::CREATED, Json(Placed { order, snapshot })))
}

async fn snapshot(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    query: Query,
) -> Result<Json<Snapshot>, Refusal> {
    let caller = known.caller();
    let access = state.store.access(&caller, order).await?;
    let view: RoomView = match query.number::<u64>("at_seq")? {
        Some(seq) => state.store.room_at(order, Seq(seq)).await?,
        None => state.store.room(order).await?,
    };
    let viewer = match access.role {
        Role::Host => Actor::nobody(Role::Host),
        role => Actor::person(role, caller.user, caller.name),
    };
    Ok(Json(rooms::snapshot(&view, &viewer)))
}

async fn give(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Json<Ack>, Refusal> {
    known.take_turn(&state)?;
    let body = fields.with_id(&headers)?.read_with(CommandBody::read)?;
    let (id, expect_version) = (body.id, body.expect_version);
    let ask = Ask { order, id, command: body.command, expect_version };
    let caller = known.caller();
    let done = state.carry_out(move |store| async move { store.execute(caller, ask).await }).await?;
    Ok(Json(ack(None, id, &done)))
}
