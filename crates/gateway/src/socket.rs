//! The WebSocket of this node: one task per socket, one file per source of what it reacts to.
//!
//! A session knows its user, its rooms and its clock; it never knows an order rule, and nothing is authorised
//! from its memory.

mod address;
mod budget;
mod clock;
mod command;
mod farewell;
mod hello;
mod history;
mod lanes;
mod outgoing;
mod page;
pub mod peer;
mod presence;
mod read;
mod refresh;
mod refuse;
pub mod send_queue;
mod session;
mod subscribe;
pub mod transport;
mod typing;
mod upgrade;
pub mod wire;

use std::sync::Arc;

use axum::{Router, routing::get};
use order_domain::event::Entry;
use protocol::{ServerFrame, Snapshot};

use crate::state::AppState;

/// A frame of the server, from its own types.
pub type Frame = ServerFrame<Arc<Entry>, Snapshot>;

/// `GET /v1/socket`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/v1/socket", get(upgrade::upgrade))
}
