//! Files of a room, as references.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use order_actions::FileRegistration;
use order_domain::rejection::Code;
use protocol::http::files::{FileRegistered, RegisterFile};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    examples,
    query::OrderInPath,
    shape::{makes, takes_once},
};
use crate::{refusal::Refusal, state::AppState};

pub fn calls(api: Api) -> Api {
    let register = Call {
        method: "post",
        path: "/v1/orders/{id}/files",
        who: "participants",
        does: "Registers a file of the room: name, size, SHA-256 and type.",
        query: &[],
        takes: Some(takes_once::<RegisterFile>(examples::register_file)),
        gives: makes::<FileRegistered>(examples::file_registered),
        refuses: &[Code::NotYourRole, Code::NotJoined, Code::RoomClosed, Code::RateLimited],
    };
    api.call(register, post(register_file))
}

async fn register_file(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    headers: HeaderMap,
    fields: Fields,
) -> Result<(StatusCode, Json<FileRegistered>), Refusal> {
    known.take_turn(&state)?;
    let mut fields = fields.with_id(&headers)?;
    let id = fields.take_id()?;
    let body = fields.read::<RegisterFile>()?;
    let file = FileRegistration {
        name: body.name.to_string(),
        size: body.size,
        sha256: body.sha256,
        media_type: body.media_type.to_string(),
    };
    let file = state.store.register_file(&known.caller(), order, id, file).await?;
    Ok((StatusCode::CREATED, Json(FileRegistered { file })))
}
