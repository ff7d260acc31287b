//! Files of a room: brought by people as uploads, by the host as references; and where their bytes are.

use axum::{
    Json,
    extract::{FromRequest as _, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::{TimeDelta, Utc};
use files::{Kind, Ticket};
use order_actions::{FileRegistration, StoredFile};
use order_domain::{
    ids::{FileId, OrderId},
    rejection::Code,
    values::{Timestamp, to_millis},
};
use protocol::http::files::{FileLink, FileRegistered, RegisterFile};

use super::{
    api::{Api, Call},
    body::Fields,
    caller::Known,
    examples,
    query::OrderInPath,
    shape::{gives, makes, takes_once},
    uploads,
};
use crate::{refusal::Refusal, state::AppState, uploads::problem};

/// An address is for what is shown now, and a film that is being watched.
const LINK_FOR: TimeDelta = TimeDelta::minutes(15);

pub fn calls(api: Api) -> Api {
    let bring = Call {
        method: "post",
        path: "/v1/orders/{id}/files",
        who: "participants, the host",
        does: "With Tus-Resumable: 1.0.0, Upload-Length and Upload-Metadata (filename) a participant begins an upload; \
               Location says where it goes on, and its id is the file's. With a JSON body the host registers a file \
               that it keeps itself.",
        query: &[],
        takes: Some(takes_once::<RegisterFile>(examples::register_file)),
        gives: makes::<FileRegistered>(examples::file_registered),
        refuses: &[Code::NotYourRole, Code::NotJoined, Code::RoomClosed, Code::RateLimited],
    };
    let link = Call {
        method: "get",
        path: "/v1/files/{id}",
        who: "participants, the host",
        does: "A file, and an address of its bytes that is good for 15 minutes, for the caller, as long as they may see \
               the room.",
        query: &[],
        takes: None,
        gives: gives::<FileLink>(examples::file_link),
        refuses: &[Code::NotJoined],
    };
    api.call(bring, post(bring_file)).call(link, get(file_link))
}

/// What calls about files may be refused for, beside codes of the rules.
pub fn refusals(path: &str) -> &'static [(u16, &'static str)] {
    match path {
        "/v1/files/{id}" => &[(404, "file_not_found")],
        "/v1/orders/{id}/files" => &[
            (409, "room_full"),
            (409, "too_many_files"),
            (409, "too_many_uploads"),
            (410, "upload_expired"),
            (412, "wrong_version"),
            (413, "file_too_large"),
            (415, "type_not_allowed"),
        ],
        "/v1/uploads/{id}" => &[
            (404, "upload_not_found"),
            (409, "wrong_offset"),
            (409, "too_many_pieces"),
            (409, "already_done"),
            (410, "upload_expired"),
            (412, "wrong_version"),
            (413, "beyond_the_end"),
            (415, "type_not_allowed"),
            (415, "wrong_media_type"),
            (422, "bad_field"),
            (429, "rate_limited"),
        ],
        _ => &[],
    }
}

/// The same for what is not there and what the caller may not see.
pub fn not_found() -> Refusal {
    problem(404, "file_not_found", "There is no such file.")
}

async fn bring_file(
    State(state): State<AppState>,
    known: Known,
    OrderInPath(order): OrderInPath,
    request: Request,
) -> Result<Response, Refusal> {
    known.take_turn(&state)?;
    if uploads::is_tus(request.headers()) {
        return uploads::create(&state, &known, order, request).await;
    }
    let headers = request.headers().clone();
    let fields = Fields::from_request(request, &state).await?.with_id(&headers)?;
    let registered = register(&state, &known, order, fields).await?;
    Ok((StatusCode::CREATED, Json(registered)).into_response())
}

async fn register(
    state: &AppState,
    known: &Known,
    order: OrderId,
    mut fields: Fields,
) -> Result<FileRegistered, Refusal> {
    let id = fields.take_id()?;
    let body = fields.read::<RegisterFile>()?;
    let file = FileRegistration {
        name: body.name.to_string(),
        size: body.size,
        sha256: body.sha256,
        media_type: body.media_type.to_string(),
    };
    let file = state.store.register_file(&known.caller(), order, id, file).await?;
    Ok(FileRegistered { file })
}

async fn file_link(
    State(state): State<AppState>,
    known: Known,
    Path(id): Path<String>,
) -> Result<Json<FileLink>, Refusal> {
    let id: FileId = id.parse().map_err(|_| not_found())?;
    let found = state.store.file(&known.caller(), id).await?.ok_or_else(not_found)?;
    let expires_at = to_millis((Utc::now() + LINK_FOR).min(known.0.expires_at));
    let url = found.stored.then(|| address(&state, &known, id, expires_at));
    let StoredFile { order, file, stored } = found;
    Ok(Json(FileLink {
        id,
        order,
        shown: stored && Kind::named(&file.media_type).is_some_and(|kind| kind.shown),
        name: file.name,
        size: file.size,
        sha256: file.sha256,
        media_type: file.media_type,
        expires_at: url.is_some().then_some(expires_at),
        url,
    }))
}

fn address(state: &AppState, known: &Known, file: FileId, expires_at: Timestamp) -> String {
    let ticket = state.uploads.key.sign(&Ticket {
        file: file.0,
        user: known.0.user.to_string(),
        role: known.0.role.as_str().to_owned(),
        issued_at_s: known.0.issued_at.timestamp(),
        expires_at_s: expires_at.timestamp(),
        token_until_s: known.0.expires_at.timestamp(),
    });
    format!("/v1/files/{file}/content?ticket={ticket}")
}
