//! The groups of fields of an order's snapshot.

use order_domain::{
    clock::TimerKind,
    command::{Answers, Resolution},
    event::{Consequence, Terms},
    guide::Prompt,
    ids::{ProposalId, ResolutionId, UserId},
    order::CaseKind,
    participant::Side,
    payment::PaymentStatus,
    placement::Question,
    values::{Amount, Seq, Text, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::lenient;
use crate::room::Person;

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parties {
    /// Pays.
    pub buyer: Person,
    /// Delivers.
    pub seller: Person,
    /// Customer experience in the room.
    pub agents: Vec<Person>,
}

/// Revisions of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revisions {
    /// In all.
    pub allowed: u32,
    /// Asked for.
    pub used: u32,
    /// Left.
    pub remaining: u32,
}

/// The money of the order, in minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentView {
    /// In one word.
    pub status: PaymentStatus,
    /// Came in.
    pub captured: Amount,
    /// Neither paid out nor given back.
    pub held: Amount,
    /// Paid to the seller.
    pub released: Amount,
    /// Given back to the buyer.
    pub refunded: Amount,
    /// The host is asked to give back.
    pub refund_due: Amount,
    /// The host is asked to pay out.
    pub payout_due: Amount,
}

/// How work was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// Not yet.
    None,
    /// As files in the room.
    Files,
    /// Outside of the platform.
    External,
    /// As goods on their way.
    Shipped,
}

/// The seller's form and the buyer's answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requirements {
    /// In one word.
    pub status: RequirementsStatus,
    /// What is asked.
    pub form: Vec<Question>,
    /// By question id.
    #[ts(type = "Record<string, unknown>")]
    pub answers: Answers,
}

/// Whether the form is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequirementsStatus {
    /// There is no form.
    None,
    /// A required answer is missing, or nothing is answered.
    Unanswered,
    /// The seller has what they need.
    Answered,
}

/// New terms that wait for the other side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposalView {
    /// To be named when answering.
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

/// The open case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseView {
    /// What it is about.
    pub kind: CaseKind,
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
    /// The agent who has it. Staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claimed_by: Option<UserId>,
    /// Customer experience in the room.
    pub joined: Vec<UserId>,
    /// The outcome that waits for both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resolution: Option<ResolutionView>,
}

/// A proposed outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolutionView {
    /// To be named when accepting.
    pub id: ResolutionId,
    /// The outcome.
    pub option: Resolution,
    /// Sides that agreed.
    pub accepted_by: Vec<Side>,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A running clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimerView {
    /// What for.
    pub kind: TimerKind,
    /// When it fires, unless it stands still.
    pub fire_at: Timestamp,
    /// It stands still.
    pub paused: bool,
    /// The entry that started it.
    pub because: Seq,
}

/// What comes next: `you` and `other` for a party, `buyer` and `seller` for everybody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextStep {
    /// What the reader is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    #[ts(optional)]
    pub you: Option<Prompt>,
    /// What the other side is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    #[ts(optional)]
    pub other: Option<Prompt>,
    /// What the buyer is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    #[ts(optional)]
    pub buyer: Option<Prompt>,
    /// What the seller is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    #[ts(optional)]
    pub seller: Option<Prompt>,
}
