//! What hangs on an order: deliveries, proposed terms, cases.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    command::Resolution,
    event::{Consequence, DeliveryKind, FileRef, Terms},
    ids::{ProposalId, ResolutionId, UserId},
    participant::Side,
    values::{Text, Timestamp},
};

/// Work that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// 1, 2, …
    pub no: u32,
    /// How.
    pub kind: DeliveryKind,
    /// What, for files.
    pub files: Vec<FileRef>,
    /// A word with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<Text>,
    /// Where, when outside.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "where")]
    #[ts(optional)]
    pub place: Option<Text>,
    /// Who carries it, when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub carrier: Option<Text>,
    /// How to follow it, when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tracking: Option<Text>,
    /// When it should arrive, when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eta: Option<Timestamp>,
    /// When it was handed over.
    pub at: Timestamp,
}

/// New terms that wait for the other side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Who proposed.
    pub by: Side,
    /// What would change.
    pub changes: Terms,
    /// What else it would bring about.
    pub consequences: Vec<Consequence>,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A disagreement that customer experience looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What it is about.
    pub kind: CaseKind,
    /// Who opened it; nobody when a clock did.
    pub by: Option<Side>,
    /// Why.
    pub reason: Option<Text>,
    /// When.
    pub opened_at: Timestamp,
    /// When it was moved to the front of the desk's queue, until somebody joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated_at: Option<Timestamp>,
    /// Agents and admins in the room.
    pub joined: Vec<UserId>,
    /// The outcome that waits for both sides.
    pub resolution: Option<OpenResolution>,
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// A side called customer experience.
    Dispute,
    /// A side wants to cancel.
    Cancel,
    /// Nothing happened for too long.
    Idle,
}

impl CaseKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::Cancel => "cancel",
            Self::Idle => "idle",
        }
    }
}

/// A proposed outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenResolution {
    /// Its id.
    pub id: ResolutionId,
    /// The outcome.
    pub option: Resolution,
    /// Sides that agreed.
    pub accepted_by: Vec<Side>,
    /// When it lapses.
    pub expires_at: Timestamp,
}
