//! One node of order-chat: HTTP and WebSocket in front of `order-actions`, `fanout` and `files` beside it.
//!
//! Owns sessions, rooms, limits and the life of the process. Knows no SQL, no Redis command and no order rule,
//! and holds no truth: kill a node at any moment and nothing accepted is lost.

mod acknowledged;
pub mod config;
pub mod drain;
pub mod http;
pub mod limits;
pub mod metrics;
pub mod node;
pub mod refusal;
pub mod rooms;
pub mod seen;
pub mod socket;
pub mod state;
mod timers;
pub mod tokens;
mod unavailable;
pub mod uploads;
mod watch;
