//! What happens beside the timeline: other rooms, and signals.

use order_domain::{
    guide::Prompt,
    ids::{OrderId, UserId},
    order::{CaseKind, State},
    participant::Actor,
    values::{Seq, Text, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::room::{Person, Presence};

/// One line of the conversation list: as a frame, and as an item of `GET /v1/inbox`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxRoom {
    /// The room.
    pub order: OrderId,
    /// What was bought; absent in a conversation without an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// The host's own order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Text>,
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
    /// What customer experience was called for, while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub case: Option<CaseKind>,
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
