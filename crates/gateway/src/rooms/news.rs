//! What nodes tell each other besides entries, in the gateway's own encoding.

use order_domain::{
    ids::UserId,
    values::{Seq, Timestamp},
};
use protocol::room::Presence;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// News of one room.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoomNews {
    /// Somebody writes, or not any more.
    Typing {
        /// Who.
        user: UserId,
        /// Began, or ended.
        on: bool,
    },
    /// Somebody has read.
    Read {
        /// Who.
        user: UserId,
        /// Up to here.
        seq: Seq,
    },
    /// Everybody of one node who is in the room.
    Present {
        /// The node.
        node: Uuid,
        /// Its users.
        users: Vec<(UserId, Presence)>,
    },
    /// A claim changed, or access ended: look at the room again.
    Desk {
        /// Who may not be here any more.
        out: Vec<UserId>,
    },
}

/// News for every node.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NodeNews {
    /// Tokens of a user issued up to a moment are refused.
    Revoked {
        /// Whose.
        user: UserId,
        /// Issued up to here.
        up_to: Timestamp,
    },
}

/// As it travels.
pub fn encode(news: &impl Serialize) -> bytes::Bytes {
    serde_json::to_vec(news).expect("news are always JSON").into()
}
