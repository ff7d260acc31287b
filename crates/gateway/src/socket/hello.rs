//! The first frame: within 5 s, a `hello`, with a good token. Nothing else is done for a stranger.

use std::sync::Arc;

use order_actions::{Greeting, Unavailable};
use protocol::{
    ClientFrame, CloseCode, FrameError,
    client_frame::Hello,
    limits::{HEARTBEAT_EVERY, HELLO_WITHIN, Limits},
    server_frame::{Goodbye, Unread, Welcome},
};
use tokio::{task::coop::consume_budget, time::timeout};
use uuid::Uuid;

use super::{
    Frame,
    peer::Peer,
    transport::{Broken, Received, Transport},
};
use order_domain::ids::UserId;

use crate::{limits::Place, state::AppState, tokens::Identity, unavailable};

/// A socket that may begin.
pub struct Greeted {
    /// It, known to nobody yet.
    pub peer: Arc<Peer>,
    /// As its token says.
    pub identity: Identity,
    /// One of the user's places for sockets.
    pub place: Place<UserId>,
}

/// Why it may not.
pub enum Unmet {
    /// With these last words.
    Goodbye(Goodbye),
    /// It broke or left, or what arrived was no WebSocket frame.
    Broken(Broken),
}

impl From<CloseCode> for Unmet {
    fn from(code: CloseCode) -> Self {
        Self::Goodbye(Goodbye::new(code))
    }
}

/// Waits for the hello and queues the welcome.
pub async fn greet(
    state: &AppState,
    transport: &mut Transport,
    bearer: Option<Identity>,
) -> Result<Greeted, Unmet> {
    let hello = timeout(HELLO_WITHIN, first_frame(transport)).await.map_err(|_| CloseCode::NoHello)??;
    let identity = identify(state, &hello, bearer)?;
    let place = state.limits.socket(&identity.user).ok_or(CloseCode::TooManyConnections)?;
    state.seen.tell(&state.store, &identity).await;
    let peer = Arc::new(Peer::new(Uuid::now_v7(), identity.caller(), identity.issued_at));
    let welcome = welcome(state, &peer, &identity).await.map_err(|error| {
        unavailable::note(&error);
        CloseCode::DatabaseUnavailable
    })?;
    tracing::debug!(session = %peer.session, user = %identity.user, client = hello.client, "socket opened");
    peer.send(&Frame::Welcome(Box::new(welcome)));
    Ok(Greeted { peer, identity, place })
}

async fn first_frame(transport: &mut Transport) -> Result<Hello, Unmet> {
    loop {
        // A peer that never stops sending and taking lets nobody else have a turn, not even the clock.
        consume_budget().await;
        match transport.read().map_err(Unmet::Broken)? {
            Some(Received::Text(text)) => return hello(&text),
            Some(Received::Binary) => return Err(CloseCode::BadFrame.into()),
            Some(Received::Control) => transport.flush().await.map_err(broken)?,
            None => transport.readable().await.map_err(broken)?,
        }
    }
}

fn broken(error: std::io::Error) -> Unmet {
    Unmet::Broken(error.into())
}

fn hello(text: &str) -> Result<Hello, Unmet> {
    match ClientFrame::decode(text) {
        Ok(ClientFrame::Hello(hello)) => Ok(hello),
        Err(FrameError::Bad(bad)) => Err(Unmet::Goodbye(Goodbye::from(&bad))),
        Ok(_) | Err(FrameError::Refused(_)) => Err(CloseCode::Unauthenticated.into()),
    }
}

fn identify(state: &AppState, hello: &Hello, bearer: Option<Identity>) -> Result<Identity, Unmet> {
    match (&hello.token, bearer) {
        (Some(token), _) => state.tokens.verify(token).map_err(|_| CloseCode::Unauthenticated.into()),
        (None, Some(identity)) => Ok(identity),
        (None, None) => Err(CloseCode::Unauthenticated.into()),
    }
}

async fn welcome(state: &AppState, peer: &Peer, identity: &Identity) -> Result<Welcome, Unavailable> {
    let Greeting { at, unread, .. } = state.store.greeting(&identity.user).await?;
    let limits = &state.limits.settings;
    Ok(Welcome {
        session: peer.session,
        epoch: state.rooms.epoch(),
        features: Vec::new(),
        user: identity.user.clone(),
        role: identity.role,
        at,
        heartbeat_ms: u32::try_from(HEARTBEAT_EVERY.as_millis()).expect("25 s fit"),
        token_expires_at: identity.expires_at,
        limits: Limits {
            frame_bytes: limits.frame_bytes,
            commands_per_s: limits.commands_per_s,
            rooms: limits.rooms,
            file_bytes: limits.file_bytes,
            room_file_bytes: limits.room_file_bytes,
            ..Limits::default()
        },
        unread: Unread { rooms: unread.rooms, entries: unread.entries },
    })
}
