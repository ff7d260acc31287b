//! From an HTTP request to a socket: who may open one is answered here, in HTTP; who they are, after it.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use protocol::{Problem, SUBPROTOCOL};
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use super::{address, session, transport::Transport};
use crate::{
    http::{self, Patience},
    refusal::Refusal,
    state::AppState,
    tokens::Identity,
};

/// Refuses, or answers 101 and starts the socket's task.
pub async fn upgrade(State(state): State<AppState>, mut request: Request) -> Response {
    match accept(&state, &mut request) {
        Ok(accepted) => {
            let answer = switching(&accepted);
            let (sockets, state) = (state.drain.sockets.clone(), state);
            sockets.spawn(async move { begin(state, accepted).await });
            answer
        }
        Err(refusal) => refusal.into_response(),
    }
}

struct Accepted {
    key: String,
    /// The client offered subprotocols, so it is told the one that was taken.
    named: bool,
    identity: Option<Identity>,
    upgraded: OnUpgrade,
}

fn accept(state: &AppState, request: &mut Request) -> Result<Accepted, Refusal> {
    if state.drain.has_begun() {
        return Err(Refusal::not_now("This node is about to stop. Connect to another one."));
    }
    check_origin(state, request.headers())?;
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = address::client(peer.ip(), request.headers(), &state.settings.trusted_proxies);
        state.limits.connect(client).map_err(|too_fast| Refusal::too_many_connects(too_fast.0))?;
    }
    let key = websocket_key(request.headers())?;
    let named = subprotocol(request.headers())?;
    let identity = identity(state, request.headers())?;
    let upgraded = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(no_websocket)?;
    Ok(Accepted { key, named, identity, upgraded })
}

async fn begin(state: AppState, accepted: Accepted) {
    let Ok(upgraded) = accepted.upgraded.await else { return };
    let Some(transport) = transport(&state, upgraded) else { return };
    session::run(state, transport, accepted.identity).await;
}

/// Takes the stream back from hyper; its buffer of 8 KiB goes with what is left of it.
fn transport(state: &AppState, upgraded: Upgraded) -> Option<Transport> {
    let Ok(parts) = upgraded.downcast::<TokioIo<Patience<TcpStream>>>() else {
        tracing::error!("sockets are served over plain TCP only");
        return None;
    };
    let most = state.limits.settings.frame_bytes as usize;
    Some(Transport::new(parts.io.into_inner().into_inner(), &parts.read_buf, (most != 0).then_some(most)))
}

fn switching(accepted: &Accepted) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let answer = derive_accept_key(accepted.key.as_bytes());
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, answer.parse().expect("base64 fits into a header"));
    if accepted.named {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    response
}

/// A page of a foreign site must not speak for its visitor.
fn check_origin(state: &AppState, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let known = state.settings.allowed_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes());
    if known {
        Ok(())
    } else {
        Err(Problem::new(403, "origin_not_allowed", "This origin may not connect.").into())
    }
}

fn websocket_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let is_websocket = lists(headers, &header::CONNECTION, "upgrade")
        && lists(headers, &header::UPGRADE, "websocket")
        && lists(headers, &header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
    key.filter(|_| is_websocket).map(str::to_owned).ok_or_else(no_websocket)
}

fn no_websocket() -> Refusal {
    Refusal::unreadable("This address takes a WebSocket upgrade, version 13.")
}

/// None offered is taken as ours; true when one was named.
fn subprotocol(headers: &HeaderMap) -> Result<bool, Refusal> {
    if !headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL) {
        return Ok(false);
    }
    if lists(headers, &header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
        Ok(true)
    } else {
        Err(Refusal::unreadable(format!("The subprotocol is {SUBPROTOCOL}.")))
    }
}

fn lists(headers: &HeaderMap, name: &HeaderName, item: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(item))
}

/// A browser cannot send the header, and says who it is in `hello`; who does send it must send a good one.
fn identity(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Refusal> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let token = http::bearer(headers).ok_or_else(Refusal::unauthenticated)?;
    Ok(Some(state.tokens.verify(token)?))
}
