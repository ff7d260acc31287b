//! The wire of order-chat: frames, codes, close codes, snapshots and HTTP bodies; nothing else.
//!
//! No IO here. `PROTOCOL.md` beside this crate is the reference; `fixtures/` pins every frame for Rust and
//! TypeScript alike, `bindings/` holds the TypeScript types.

pub mod client_frame;
pub mod close;
pub mod code;
mod decode;
pub mod encoded;
pub mod entry;
pub mod frame_error;
pub mod http;
pub mod limits;
pub mod problem;
pub mod room;
pub mod server_frame;
pub mod snapshot;
mod snapshot_view;

/// The rules' types that frames are made of: a client needs no other crate of ours.
pub use order_domain as domain;

pub use client_frame::ClientFrame;
pub use close::{CloseCode, Retry};
pub use code::WireCode;
pub use encoded::Encoded;
pub use entry::{SeenEntry, SeenEvent};
pub use frame_error::{BadFrame, FrameError, RefusedCommand};
pub use problem::Problem;
pub use server_frame::ServerFrame;
pub use snapshot::Snapshot;
pub use snapshot_view::{Conversation, SnapshotView};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "order-chat.v1";

/// A number the client chose for one question; its answer carries it.
pub type Ref = i64;
