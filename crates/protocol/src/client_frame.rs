//! Frames from client to server.

use order_domain::{
    command::Command,
    ids::{CommandId, OrderId},
    values::Seq,
};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::{Ref, room::Presence};

/// One frame from a client. Read with [`ClientFrame::decode`], written with [`ClientFrame::encode`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first one: who is it.
    Hello(Hello),
    /// A new token before the old one ends.
    Refresh(Refresh),
    /// Join a room.
    Subscribe(Subscribe),
    /// Leave a room.
    Unsubscribe(Unsubscribe),
    /// A page backwards.
    History(History),
    /// Do something.
    Command(CommandFrame),
    /// Read up to here.
    Read(Read),
    /// Writing, or not any more.
    Typing(Typing),
    /// There, or elsewhere.
    Presence(PresenceFrame),
    /// Answer to the server's `heartbeat`.
    Heartbeat {},
}

/// First frame, within 5 s, once.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct Hello {
    /// The token; absent when the upgrade carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
    /// Name and version of the client's code, for the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub client: Option<String>,
}

/// A new token for the same user.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct Refresh {
    /// Answered by `refreshed`.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The new token.
    pub token: String,
}

/// Join a room: the newest entries, or everything after a seq, then live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Subscribe {
    /// Answered by `subscribed`.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The room.
    pub order: OrderId,
    /// The last entry that the client has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub after: Option<Seq>,
    /// The epoch in which it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub epoch: Option<Uuid>,
}

/// Leave a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Unsubscribe {
    /// Answered by `unsubscribed`.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The room.
    pub order: OrderId,
}

/// A page backwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct History {
    /// Answered by `entries`.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The room.
    pub order: OrderId,
    /// Entries with a smaller seq.
    pub before: Seq,
    /// How many, 1 to 200.
    pub limit: u32,
}

/// Do something, exactly once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CommandFrame {
    /// Answered by `ack` or `rejected`.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The same id asks for the same thing: it happens at most once.
    pub id: CommandId,
    /// The room.
    pub order: OrderId,
    /// What.
    pub command: Command,
    /// Refuse it unless the order still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expect_version: Option<u64>,
}

/// Moves the reader's cursor forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Read {
    /// The room.
    pub order: OrderId,
    /// Read up to here.
    pub seq: Seq,
}

/// Signal: somebody writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Typing {
    /// The room.
    pub order: OrderId,
    /// Began, or ended.
    pub on: bool,
}

/// Signal: somebody is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PresenceFrame {
    /// `active` or `away`.
    #[ts(type = "\"active\" | \"away\"")]
    pub state: Presence,
}

impl ClientFrame {
    /// The text of the frame.
    ///
    /// # Panics
    /// Never: frames have string keys and no failing serializer.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("a frame is always JSON")
    }
}

impl From<CommandFrame> for ClientFrame {
    fn from(frame: CommandFrame) -> Self {
        Self::Command(frame)
    }
}

/// Tokens stay out of logs.
impl std::fmt::Debug for Hello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hello").field("client", &self.client).finish_non_exhaustive()
    }
}

/// Tokens stay out of logs.
impl std::fmt::Debug for Refresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refresh").field("reference", &self.reference).finish_non_exhaustive()
    }
}
