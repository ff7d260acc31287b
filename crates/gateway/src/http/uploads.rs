//! Resumable uploads, tus 1.0.0: core, creation, creation-with-upload, termination, expiration.
//!
//! <https://tus.io/protocols/resumable-upload>. An upload's id is the id of the file that it becomes.

mod metadata;

use axum::{
    body::Body,
    extract::{MatchedPath, Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{delete, head, patch},
};
use chrono::{DateTime, Utc};
use order_actions::{Upload, UploadDraft, UploadError};
use order_domain::{
    ids::{CommandId, FileId, OrderId},
    rejection::{Code, Rejection},
};
use uuid::Uuid;

use super::{
    api::{Api, Call},
    caller::Known,
    idempotency,
    shape::Gives,
};
use crate::{
    refusal::Refusal,
    state::AppState,
    uploads::{self, LIFETIME, problem, wrong_offset},
};

/// Headers that uploads ask with.
pub const ASKED: [&str; 4] = ["tus-resumable", "upload-length", "upload-offset", "upload-metadata"];
/// Headers that uploads are answered with.
pub const SAID: [&str; 8] = [
    "tus-resumable",
    "tus-version",
    "tus-extension",
    "tus-max-size",
    "upload-length",
    "upload-offset",
    "upload-expires",
    "etag",
];
const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,termination,expiration";
const MEDIA_TYPE: &str = "application/offset+octet-stream";
const CREATES: &str = "/v1/orders/{id}/files";
const ONE: &str = "/v1/uploads/{id}";

pub fn calls(api: Api) -> Api {
    let call = |method, does, status| Call {
        method,
        path: ONE,
        who: "who began it",
        does,
        query: &[],
        takes: None,
        gives: Gives::Nothing(status),
        refuses: &[Code::NotJoined, Code::RoomClosed],
    };
    let look = "How far an upload has come (tus 1.0.0): Upload-Offset, Upload-Length, Upload-Expires.";
    let send = "Sends the next bytes from Upload-Offset on (tus 1.0.0, application/offset+octet-stream). The answer to \
                the last of them comes when the upload is a file of its room.";
    let end = "Ends an upload that is no file yet (tus 1.0.0).";
    api.call(call("head", look, 200), head(progress))
        .call(call("patch", send, 204), patch(append))
        .call(call("delete", end, 204), delete(terminate))
}

/// Does this request carry a file's bytes?
pub fn sends_bytes(request: &Request) -> bool {
    match request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) {
        Some(ONE) => true,
        Some(CREATES) => is_tus(request.headers()),
        _ => false,
    }
}

/// Is it spoken in tus, in whatever version?
pub fn is_tus(headers: &HeaderMap) -> bool {
    headers.contains_key("tus-resumable")
}

/// `OPTIONS` of upload addresses says what is spoken there, beside what CORS says.
pub async fn abilities(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = path.starts_with("/v1/uploads") || path.starts_with("/v1/orders/") && path.ends_with("/files");
    let asks = *request.method() == Method::OPTIONS && ours;
    let mut response = next.run(request).await;
    if asks {
        let headers = response.headers_mut();
        headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
        headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
        if state.settings.limits.file_bytes > 0 {
            headers.insert("tus-max-size", state.settings.limits.file_bytes.into());
        }
    }
    response
}

/// `POST /v1/orders/{id}/files` in tus: begins an upload, and takes its first bytes if they come along.
pub async fn create(
    state: &AppState,
    known: &Known,
    order: OrderId,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    same_version(headers)?;
    let draft = draft(headers)?;
    let id = idempotency::key(headers)?.unwrap_or_else(Uuid::now_v7);
    let limits = state.settings.limits.of_uploads();
    let upload = state.store.create_upload(&known.caller(), order, CommandId(id), draft, limits).await?;
    let mut received = upload.received;
    let comes_along = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    // A repetition whose first bytes are here already goes on from where it stands.
    if comes_along && received == 0 {
        received = take(state, known, &upload, 0, body).await?;
    }
    let place = format!("/v1/uploads/{}", upload.id);
    let location = HeaderValue::from_str(&place).expect("an id is plain ASCII");
    let mut response = answer(StatusCode::CREATED, &upload, received);
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

async fn progress(
    State(state): State<AppState>,
    known: Known,
    path: Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    same_version(&headers)?;
    let upload = state.store.upload(&known.caller(), id(&path)?).await?;
    // A node was killed between the last byte and the file.
    if upload.is_whole() && !upload.done {
        uploads::finish(&state, &known.0, &upload).await?;
    }
    let mut response = answer(StatusCode::OK, &upload, upload.received);
    response.headers_mut().insert("upload-length", upload.size.into());
    Ok(response)
}

async fn append(
    State(state): State<AppState>,
    known: Known,
    path: Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    same_version(headers)?;
    known.take_turn(&state)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != MEDIA_TYPE) {
        return Err(problem(415, "wrong_media_type", format!("Bytes are sent as {MEDIA_TYPE}.")));
    }
    let offset = number(headers, "upload-offset")?.ok_or_else(|| missing("upload-offset"))?;
    let upload = state.store.upload(&known.caller(), id(&path)?).await?;
    if upload.received != offset {
        return Err(wrong_offset());
    }
    let received =
        if upload.done { upload.received } else { take(&state, &known, &upload, offset, body).await? };
    Ok(answer(StatusCode::NO_CONTENT, &upload, received))
}

async fn terminate(
    State(state): State<AppState>,
    known: Known,
    path: Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    same_version(&headers)?;
    known.take_turn(&state)?;
    let upload = state.store.upload(&known.caller(), id(&path)?).await?;
    if upload.done || !uploads::give_up(&state, upload.order, upload.id).await? {
        return Err(Rejection::new(Code::AlreadyDone, "It is a file of the room already.").into());
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert("tus-resumable", HeaderValue::from_static(VERSION));
    Ok(response)
}

/// Takes bytes from `offset` on, and finishes what is whole by then.
async fn take(
    state: &AppState,
    known: &Known,
    upload: &Upload,
    offset: u64,
    body: Body,
) -> Result<u64, Refusal> {
    let caller = known.caller();
    let turn = uploads::turn(state, &known.0)?;
    let taken = state.store.take_upload(&caller, upload.id, turn.writer, LIFETIME).await?;
    if taken.received != offset {
        return Err(wrong_offset());
    }
    let received = uploads::receive(state, turn, taken, body).await?;
    if received == upload.size {
        uploads::finish(state, &known.0, upload).await?;
    }
    Ok(received)
}

fn draft(headers: &HeaderMap) -> Result<UploadDraft, Refusal> {
    let size = number(headers, "upload-length")?.ok_or_else(|| missing("upload-length"))?;
    let given = headers.get("upload-metadata").map(|text| metadata::file_name(text.as_bytes()));
    let name = files::clean_name(&given.transpose()?.flatten().unwrap_or_default());
    Ok(UploadDraft { name, size })
}

fn id(path: &Path<String>) -> Result<FileId, UploadError> {
    path.0.parse().map_err(|_| UploadError::NotFound)
}

fn number(headers: &HeaderMap, name: &str) -> Result<Option<u64>, Rejection> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.map(Some).ok_or_else(|| Rejection::bad_field(name, "must be a whole number from 0"))
}

fn missing(name: &str) -> Rejection {
    Rejection::bad_field(name, "is missing")
}

fn same_version(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get("tus-resumable").is_some_and(|version| version == VERSION) {
        Ok(())
    } else {
        Err(problem(
            412,
            "wrong_version",
            format!("Uploads are spoken in tus {VERSION}: say so in Tus-Resumable."),
        ))
    }
}

fn answer(status: StatusCode, upload: &Upload, received: u64) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers.insert("upload-offset", received.into());
    if received < upload.size {
        // Each body gives it this long anew.
        let expires_at = upload.expires_at.max(Utc::now());
        headers.insert("upload-expires", http_date(expires_at));
    }
    response
}

fn http_date(at: DateTime<Utc>) -> HeaderValue {
    let text = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).expect("a date is plain ASCII")
}
