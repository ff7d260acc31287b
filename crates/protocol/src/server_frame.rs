//! Frames from server to client.
//!
//! `E` is an entry and `S` a snapshot: read ones for the client ([`SeenEntry`], [`Snapshot`]), typed or already
//! encoded ones ([`crate::Encoded`]) for the server, which encodes each of them once.

use order_domain::event::Entry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{SeenEntry, Snapshot};

mod answer;
mod aside;
mod session;
mod timeline;

pub use answer::{Ack, Rejected};
pub use aside::{InboxRoom, LastEntry, Signal, SignalKind};
pub use session::{Goodbye, Heartbeat, Refreshed, Unread, Welcome};
pub use timeline::{ACCESS_WITHDRAWN, Entries, EntryFrame, SnapshotFrame, Subscribed, Unsubscribed};

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
