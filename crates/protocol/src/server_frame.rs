//! Frames from server to client.
//!
//! `E` is an entry and `S` a snapshot: read ones for the client ([`SeenEntry`], [`Snapshot`]), typed or already
//! encoded ones ([`crate::Encoded`]) for the server, which encodes each of them once.

use std::collections::BTreeMap;

use order_domain::{
    event::Entry,
    guide::Prompt,
    ids::{CommandId, OrderId, UserId},
    order::State,
    participant::{AccountRole, Actor},
    rejection::{Code, Rejection},
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    BadFrame, CloseCode, Ref, SeenEntry, Snapshot, WireCode,
    limits::Limits,
    room::{Cursors, Member, Person, Presence},
};

/// One frame from the server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(concrete(E = Entry, S = Snapshot))]
pub enum ServerFrame<E = SeenEntry, S = Snapshot> {
    /// After the hello.
    Welcome(Box<Welcome>),
    /// The room as it is, and what was missed.
    Subscribed(Box<Subscribed<E, S>>),
    /// A page of the timeline, in ascending order.
    Entries(Entries<E>),
    /// One entry, live.
    Entry(EntryFrame<E>),
    /// The order after a command.
    Snapshot(SnapshotFrame<S>),
    /// The command is committed.
    Ack(Ack),
    /// No longer in the room.
    Unsubscribed(Unsubscribed),
    /// No.
    Rejected(Rejected),
    /// The new token holds.
    Refreshed(Refreshed),
    /// Something happened in a room that this socket does not follow.
    Inbox(Box<InboxRoom>),
    /// Ephemeral.
    Signal(Signal),
    /// Alive, and how far the rooms are.
    Heartbeat(Heartbeat),
    /// The last frame before a close.
    Goodbye(Goodbye),
}

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

/// The room as it is, and what was missed; more pages may follow as `entries` before anything live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry, S = Snapshot))]
pub struct Subscribed<E = SeenEntry, S = Snapshot> {
    /// The question's.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The room.
    pub order: OrderId,
    /// Keep it beside the cursor.
    pub epoch: Uuid,
    /// The last seq that exists.
    pub head: Seq,
    /// Ascending.
    pub entries: Vec<E>,
    /// As this role sees it.
    pub snapshot: S,
    /// Who may be in the room.
    pub members: Vec<Member>,
    /// How far they have read.
    #[ts(as = "std::collections::HashMap<String, Seq>")]
    pub cursors: Cursors,
}

/// A page of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry))]
pub struct Entries<E = SeenEntry> {
    /// The question's; absent while catching up.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The room.
    pub order: OrderId,
    /// Ascending.
    pub entries: Vec<E>,
    /// The last seq that exists.
    pub head: Seq,
}

/// One entry, live: for each subscription seq rises by exactly one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry))]
pub struct EntryFrame<E = SeenEntry> {
    /// The room.
    pub order: OrderId,
    /// What happened.
    pub entry: E,
}

/// The order after a command that changed it, for the subscriber's role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(S = Snapshot))]
pub struct SnapshotFrame<S = Snapshot> {
    /// The room.
    pub order: OrderId,
    /// A newer one replaces it.
    pub snapshot: S,
}

/// The command is committed. Over HTTP it is the same without `ref`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ack {
    /// The question's; absent over HTTP.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The command's.
    pub id: CommandId,
    /// The room.
    pub order: OrderId,
    /// The first entry it wrote; absent when nothing went to the room's timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seq: Option<Seq>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last_seq: Option<Seq>,
    /// The order's version after it.
    pub version: u64,
    /// It had been committed before; nothing happened again.
    pub duplicate: bool,
}

/// No longer in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unsubscribed {
    /// The question's; absent when unasked.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The room.
    pub order: OrderId,
    /// `access_withdrawn` when unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// The reason of an unasked `unsubscribed`.
pub const ACCESS_WITHDRAWN: &str = "access_withdrawn";

/// No: nothing of it was stored, unless `retry` says that this is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rejected {
    /// The question's.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The command's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<CommandId>,
    /// For programs.
    #[ts(as = "Code")]
    pub code: WireCode,
    /// For people, in English.
    pub message: String,
    /// True: try again with the same id. False: this attempt had no effect, the same id asks anew.
    pub retry: bool,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
    /// When the same would be allowed, if only time is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub allowed_from: Option<Timestamp>,
    /// The offending field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
}

impl Rejected {
    /// The answer to a question that the rules refused.
    pub fn new(reference: Ref, id: Option<CommandId>, rejection: Rejection) -> Self {
        let code = WireCode::from(rejection.code);
        Self {
            reference,
            id,
            retry: code.retry(),
            code,
            message: rejection.message,
            retry_after_ms: None,
            allowed_from: rejection.allowed_from,
            field: rejection.field,
        }
    }

    /// Adds how long to wait.
    #[must_use]
    pub fn retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.retry_after_ms = Some(wait_ms);
        self
    }
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

/// One line of the conversation list: as a frame, and as an item of `GET /v1/inbox`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InboxRoom {
    /// The room.
    pub order: OrderId,
    /// What was bought; absent in a conversation without an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// The other party.
    pub other: Person,
    /// Where the order stands; absent in a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub state: Option<State>,
    /// The state in this marketplace's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub label: Option<String>,
    /// The last seq that exists.
    pub head: Seq,
    /// Entries after the reader's cursor that are neither by the reader nor the bot's.
    pub unread: u64,
    /// The last entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last: Option<LastEntry>,
    /// What the reader is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::snapshot::lenient")]
    #[ts(optional)]
    pub next_step: Option<Prompt>,
    /// The next moment at which something runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub deadline: Option<Timestamp>,
}

/// The last entry of a room, for a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastEntry {
    /// Who.
    pub by: Actor,
    /// The text of a message, or the event's type; at most 140 characters.
    pub preview: String,
    /// When.
    pub at: Timestamp,
}

/// Ephemeral and lossy, across nodes too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Signal {
    /// The room.
    pub order: OrderId,
    /// Whose.
    pub user: UserId,
    /// What.
    #[serde(flatten)]
    pub kind: SignalKind,
}

/// What a signal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignalKind {
    /// Writes.
    Typing {
        /// Began, or ended.
        on: bool,
    },
    /// Is there.
    Presence {
        /// How.
        state: Presence,
    },
    /// Has read.
    Read {
        /// Up to here.
        seq: Seq,
    },
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

impl<E: Serialize, S: Serialize> ServerFrame<E, S> {
    /// The text of the frame.
    ///
    /// # Panics
    /// Never: frames have string keys and no failing serializer.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("a frame is always JSON")
    }
}

/// A frame of the server that does not read as its type says.
#[derive(Debug, thiserror::Error)]
#[error("the server's {kind} frame cannot be read: {problem}")]
pub struct UnreadableFrame {
    /// Its type.
    pub kind: String,
    problem: serde_json::Error,
}

impl ServerFrame {
    /// Reads one text frame; `None` for a type that this build does not know.
    pub fn decode(text: &str) -> Result<Option<Self>, UnreadableFrame> {
        #[derive(Deserialize)]
        struct Kind<'a> {
            #[serde(borrow, rename = "type")]
            kind: std::borrow::Cow<'a, str>,
        }
        let unreadable = |kind: &str, problem| UnreadableFrame { kind: kind.to_owned(), problem };
        let Kind { kind } = serde_json::from_str(text).map_err(|problem| unreadable("", problem))?;
        Self::decode_as(&kind, text).map_err(|problem| unreadable(&kind, problem))
    }

    fn decode_as(kind: &str, text: &str) -> serde_json::Result<Option<Self>> {
        Ok(Some(match kind {
            "entry" => Self::Entry(serde_json::from_str(text)?),
            "ack" => Self::Ack(serde_json::from_str(text)?),
            "snapshot" => Self::Snapshot(serde_json::from_str(text)?),
            "signal" => Self::Signal(serde_json::from_str(text)?),
            "heartbeat" => Self::Heartbeat(serde_json::from_str(text)?),
            "entries" => Self::Entries(serde_json::from_str(text)?),
            "subscribed" => Self::Subscribed(serde_json::from_str(text)?),
            "unsubscribed" => Self::Unsubscribed(serde_json::from_str(text)?),
            "rejected" => Self::Rejected(serde_json::from_str(text)?),
            "inbox" => Self::Inbox(serde_json::from_str(text)?),
            "welcome" => Self::Welcome(serde_json::from_str(text)?),
            "refreshed" => Self::Refreshed(serde_json::from_str(text)?),
            "goodbye" => Self::Goodbye(serde_json::from_str(text)?),
            _ => return Ok(None),
        }))
    }
}
