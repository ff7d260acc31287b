//! Frames about the connection itself.

use std::collections::BTreeMap;

use order_domain::{
    ids::{OrderId, UserId},
    participant::AccountRole,
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{BadFrame, CloseCode, Ref, limits::Limits};

/// After the hello.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Welcome {
    /// This connection, for logs of both ends.
    pub session: Uuid,
    /// The history that seqs belong to: another one after a restored backup.
    pub epoch: Uuid,
    /// What this deployment can do beyond the basics.
    pub features: Vec<String>,
    /// Who you are.
    pub user: UserId,
    /// What your account is for.
    pub role: AccountRole,
    /// The database's clock.
    pub at: Timestamp,
    /// How often the server says `heartbeat`.
    pub heartbeat_ms: u32,
    /// Refresh before then.
    pub token_expires_at: Timestamp,
    /// 0 means none.
    pub limits: Limits,
    /// Across all rooms.
    pub unread: Unread,
}

/// What was not read yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unread {
    /// Rooms with something unread.
    pub rooms: u64,
    /// Unread entries.
    pub entries: u64,
}

/// The new token holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Refreshed {
    /// The question's.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// Refresh before then.
    pub token_expires_at: Timestamp,
}

/// Alive. An idle client finds out from `heads` what a lost publish hid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Heartbeat {
    /// The node's clock.
    pub at: Timestamp,
    /// The last seq of each subscribed room.
    #[ts(as = "std::collections::HashMap<String, Seq>")]
    pub heads: BTreeMap<OrderId, Seq>,
}

/// The last frame before a close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Goodbye {
    /// The close code: its range says whether to come back.
    pub code: u16,
    /// For logs.
    pub reason: String,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
}

impl Goodbye {
    /// A goodbye of ours with its usual reason.
    pub fn new(code: CloseCode) -> Self {
        Self { code: code.number(), reason: code.reason().to_owned(), retry_after_ms: None }
    }
}

impl From<&BadFrame> for Goodbye {
    fn from(bad: &BadFrame) -> Self {
        Self { reason: bad.reason().to_owned(), ..Self::new(BadFrame::CODE) }
    }
}
