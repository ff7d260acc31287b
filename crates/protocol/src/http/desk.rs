//! The desk of customer experience: `GET /v1/desk/queue`, `GET /v1/desk/agents`,
//! `GET`/`POST /v1/orders/{id}/case/entries`.

use order_domain::{
    event::CaseEntry,
    ids::{CommandId, OrderId, UserId},
    order::CaseKind,
    participant::Side,
    values::{Seq, Text, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::room::Person;

/// A page of open cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskQueue {
    /// Escalated ones first, then the longest waiting.
    pub cases: Vec<QueuedCase>,
    /// Asks for the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
}

/// One open case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueuedCase {
    /// The order.
    pub order: OrderId,
    /// What it is about.
    pub kind: CaseKind,
    /// What was bought.
    pub title: String,
    /// The host's own order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Text>,
    /// Who opened it; absent when a clock did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub by: Option<Side>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<Text>,
    /// When.
    pub opened_at: Timestamp,
    /// Seconds since then.
    pub waiting_s: u64,
    /// Since when it stands at the front, because nobody of the staff came in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub escalated_at: Option<Timestamp>,
    /// The agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claimed_by: Option<UserId>,
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claimed_by_name: Option<String>,
    /// When another agent may take it from them: they had the time to join. Absent once somebody joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claimable_from: Option<Timestamp>,
}

/// Whom a case may be handed over to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskAgents {
    /// By name; at most 500.
    pub agents: Vec<Person>,
}

/// A page of the case stream: staff only, with seqs of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseEntriesPage {
    /// The order.
    pub order: OrderId,
    /// The last seq of the stream.
    pub head: Seq,
    /// Ascending.
    pub entries: Vec<CaseEntry>,
    /// There are more.
    pub more: bool,
}

/// Body of `POST /v1/orders/{id}/case/entries`: a note among staff;
/// answered with an [`Ack`](crate::server_frame::Ack).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseNote {
    /// Makes it exactly-once; an `Idempotency-Key` does instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<CommandId>,
    /// The note.
    pub text: Text,
}
