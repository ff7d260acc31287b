//! The bytes of a file, at a signed address. Whoever holds the address gets what its owner may see at that moment: an
//! address outlives neither membership nor a revocation.
//!
//! Everything is sent as something to save, in a sandbox, and as the type that its bytes are; shown are only kinds
//! that cannot run.

mod bearer;
mod headers;

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
use files::Kind;
use order_actions::StoredFile;
use order_domain::{event::FileRef, ids::FileId};

use self::{
    bearer::Bearer,
    headers::{Span, disposition, span},
};
use super::{files::not_found, query::Query};
use crate::{refusal::Refusal, state::AppState};

/// Opened on its own it may run nothing, load nothing and stand in no foreign page.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; object-src 'self'; \
                      style-src 'unsafe-inline'; frame-ancestors 'self'";

/// Not among the calls: its address is given, not made.
pub fn routes() -> Router<AppState> {
    Router::new().route("/v1/files/{id}/content", get(content))
}

async fn content(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    asked: HeaderMap,
) -> Result<Response, Refusal> {
    let id: FileId = id.parse().map_err(|_| not_found())?;
    let bearer = Bearer::of(&state, id, query.text("ticket").unwrap_or_default())?;
    let found = bearer.found().await?;
    let tag = format!("\"{}\"", found.file.sha256);
    let mut response = Response::new(Body::empty());
    describe(response.headers_mut(), &found.file, &tag, query.text("inline").is_some());
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    send(&state, &found, span(&asked, found.file.size, &tag), bearer, response).await
}

fn describe(headers: &mut HeaderMap, file: &FileRef, tag: &str, inline: bool) {
    let shown = inline && Kind::named(&file.media_type).is_some_and(|kind| kind.shown);
    let media_type = match file.media_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    let own =
        |text: &str| HeaderValue::from_str(text).expect("the database keeps types, hashes and names plain");
    headers.insert(header::CONTENT_TYPE, own(media_type));
    headers.insert(header::CONTENT_DISPOSITION, own(&disposition(&file.name, shown)));
    headers.insert(header::ETAG, own(tag));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
}

async fn send(
    state: &AppState,
    found: &StoredFile,
    span: Span,
    bearer: Bearer,
    mut response: Response,
) -> Result<Response, Refusal> {
    let size = found.file.size;
    let (from, to) = match span {
        Span::All => (0, size),
        Span::Part(from, to) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response.headers_mut().insert(header::CONTENT_RANGE, range(&format!("{from}-{}/{size}", to - 1)));
            (from, to)
        }
        Span::Nowhere => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            response.headers_mut().insert(header::CONTENT_RANGE, range(&format!("*/{size}")));
            return Ok(response);
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, (to - from).into());
    let bytes = state.uploads.files.read(found.order.0, found.file.id.0, from, to).await?;
    *response.body_mut() = Body::from_stream(bearer.while_allowed(bytes));
    Ok(response)
}

fn range(text: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("bytes {text}")).expect("numbers are plain ASCII")
}
