//! Limits of the wire: what a client may rely on, and the defaults of what a deployment may set.

use std::time::Duration;

use order_domain::values::TEXT_CHARS;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Bytes of an inbound frame.
pub const FRAME_BYTES: u32 = 65_536;
/// Entries of one `history` page; a larger `limit` means this.
pub const HISTORY_PAGE: u32 = 200;
/// Entries that a `subscribe` without `after` shows.
pub const NEWEST: u32 = 50;
/// Rooms that one socket may follow.
pub const ROOMS: u32 = 200;
/// Commands a second and user, sockets and HTTP together.
pub const COMMANDS_PER_S: u32 = 20;
/// A rested user may give so many seconds' worth of commands at once.
pub const COMMANDS_BURST_S: u32 = 2;
/// Bytes of one uploaded file.
pub const FILE_BYTES: u64 = 2 << 30;
/// Bytes of all uploaded files of a room's two sides, half of it for each.
pub const ROOM_FILE_BYTES: u64 = 20 << 30;
/// The first frame must come in this time.
pub const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// The server says `heartbeat` this often, give or take its jitter.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(25);
/// Without any frame for this long the other end is taken for dead.
pub const SILENCE: Duration = Duration::from_mins(1);
/// `typing` ends by itself.
pub const TYPING_ENDS: Duration = Duration::from_secs(6);
/// The most bytes of a close reason (RFC 6455).
pub const CLOSE_REASON_BYTES: usize = 123;

/// The limits of this deployment, as `welcome` tells them; 0 means none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limits {
    /// Bytes of an inbound frame.
    pub frame_bytes: u32,
    /// Characters (Unicode scalar values) of a text.
    pub text_chars: u32,
    /// Commands a second and user.
    pub commands_per_s: u32,
    /// Rooms that one socket may follow.
    pub rooms: u32,
    /// Entries of one page.
    pub history_page: u32,
    /// Bytes of one uploaded file.
    #[serde(default)]
    pub file_bytes: u64,
    /// Bytes of all uploaded files of a room's two sides: half of it for each, so half of it is what one may bring.
    #[serde(default)]
    pub room_file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: FRAME_BYTES,
            text_chars: u32::try_from(TEXT_CHARS).expect("a text has fewer characters than 2^32"),
            commands_per_s: COMMANDS_PER_S,
            rooms: ROOMS,
            history_page: HISTORY_PAGE,
            file_bytes: FILE_BYTES,
            room_file_bytes: ROOM_FILE_BYTES,
        }
    }
}
