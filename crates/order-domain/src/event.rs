//! What happened: the events of the room's timeline and, as types of their own, those of the private case stream.
//!
//! An event is a fact with all that is needed to fold it; it is never changed after it was stored.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    command::{Answers, Resolution},
    guide::Prompts,
    ids::{CommandId, FileId, ProposalId, ResolutionId, UserId},
    participant::{Actor, Side},
    placement::{Listing, Origin, Question},
    policy::Policy,
    values::{Amount, Money, Seq, Text, Timestamp},
};

/// Declares the events once: the enum on the wire and its kinds.
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $wire:literal { $($(#[$field:meta])* $key:ident : $type:ty),* $(,)? })*) => {
        /// Something that happened in a room.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "type")]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $wire)] $name { $($(#[$field])* $key: $type),* }),*
        }

        /// Which event, without its fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $name),*
        }

        impl EventKind {
            /// Every event there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The `type` on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire),* }
            }
        }

        impl Event {
            /// Which event this is.
            pub fn kind(&self) -> EventKind {
                match self { $(Self::$name { .. } => EventKind::$name),* }
            }
        }
    };
}

events! {
    /// L5: the order exists. Carries every term, so that the fold needs nothing else.
    OrderPlaced = "order.placed" {
        /// What was bought.
        listing: Listing,
        /// Pays.
        buyer: UserId,
        /// Delivers.
        seller: UserId,
        /// Agreed price.
        price: Money,
        /// How it came about.
        origin: Origin,
        /// The rules of this order, resolved.
        policy: Box<Policy>,
        /// Included revisions.
        revisions: u32,
        /// Days from acceptance, unless `due_at` is fixed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        delivery_days: Option<u32>,
        /// Fixed due date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        due_at: Option<Timestamp>,
        /// Already paid into escrow, or paid directly.
        paid: bool,
        /// The seller's form.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<Question>>")]
        requirements: Vec<Question>,
        /// Answers given with the purchase.
        #[serde(default, skip_serializing_if = "Answers::is_empty")]
        #[ts(optional, type = "Record<string, unknown>")]
        answers: Answers,
        /// The host's own order number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reference: Option<Text>,
    }
    /// L5: the seller's form waits for answers.
    RequirementsAsked = "requirements.asked" {
        /// Ids of the questions without an answer.
        questions: Vec<String>,
    }
    /// L7: the buyer answered.
    RequirementsAnswered = "requirements.answered" {
        /// All answers as they stand now.
        #[ts(type = "Record<string, unknown>")]
        answers: Answers,
    }
    /// L8: the seller took the order on.
    OrderAccepted = "order.accepted" {
        /// When the work is due.
        due_at: Timestamp,
        /// Required answers are still missing: the due clock waits.
        without_answers: bool,
    }
    /// L9: the seller turned the order down.
    OrderDeclined = "order.declined" {
        /// Why.
        reason: Text,
    }
    /// L11, escrow: nobody accepted in time.
    OrderAutoCancelled = "order.auto_cancelled" {}
    /// L11 and L41, direct: nothing happened for too long.
    OrderAutoClosed = "order.auto_closed" {}
    /// L12: paid outside, or agreed to be.
    PaymentMarked = "payment.marked" {
        /// Agreed, not yet there.
        agreed: bool,
    }
    /// The host holds the money.
    PaymentConfirmed = "payment.confirmed" {
        /// Minor units.
        amount: Amount,
        /// The host's booking.
        reference: Text,
    }
    /// L43: the host gave money back.
    PaymentRefunded = "payment.refunded" {
        /// Minor units.
        amount: Amount,
        /// The host's booking.
        reference: Text,
    }
    /// The host paid the seller.
    PaymentPaidOut = "payment.paid_out" {
        /// Minor units.
        amount: Amount,
        /// The host's booking.
        reference: Text,
    }
    /// The host is asked to give money back.
    RefundRequested = "refund.requested" {
        /// Minor units.
        amount: Amount,
    }
    /// The host is asked to pay the seller.
    PayoutRequested = "payout.requested" {
        /// Minor units.
        amount: Amount,
    }
    /// L13–L15, L19: work was handed over.
    DeliverySubmitted = "delivery.submitted" {
        /// 1, 2, …
        no: u32,
        /// How.
        kind: DeliveryKind,
        /// What, for files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<FileRef>>")]
        files: Vec<FileRef>,
        /// A word with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        note: Option<Text>,
        /// Where, when outside.
        #[serde(default, skip_serializing_if = "Option::is_none", rename = "where")]
        #[ts(optional)]
        place: Option<Text>,
        /// Who carries it, when sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        carrier: Option<Text>,
        /// How to follow it, when sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        tracking: Option<Text>,
        /// When it should arrive, when sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        eta: Option<Timestamp>,
        /// The delivery that this one replaces.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        replaces: Option<u32>,
    }
    /// L16, L37: the order is complete.
    OrderCompleted = "order.completed" {
        /// Who ended it and how.
        close_reason: CloseReason,
        /// The delivery that was accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        delivery: Option<u32>,
    }
    /// L18: silence in review accepted the work.
    OrderAutoCompleted = "order.auto_completed" {
        /// The delivery that was accepted.
        delivery: u32,
    }
    /// L17: the buyer asks for changes.
    RevisionRequested = "revision.requested" {
        /// 1, 2, …
        no: u32,
        /// The delivery meant.
        delivery: u32,
        /// What to change.
        text: Text,
        /// The same as a list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<Text>>")]
        points: Vec<Text>,
        /// Revisions left after this one.
        remaining: u32,
        /// When the changed work is due.
        due_at: Timestamp,
    }
    /// L18: the review ends soon, or ended while a direct payment is open.
    ReviewReminded = "review.reminded" {
        /// Seconds that were left; 0 when the window ended and starts anew.
        left_s: u32,
    }
    /// L20: the due date passed.
    OrderOverdue = "order.overdue" {}
    /// L41: nothing happened for too long after the due date.
    OrderIdle = "order.idle" {
        /// When customer experience should be there; absent when no case opened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        respond_by: Option<Timestamp>,
    }
    /// L21: new terms wait for the other side.
    ContractProposed = "contract.proposed" {
        /// Its id.
        proposal: ProposalId,
        /// What would change.
        changes: Terms,
        /// The terms that it would replace.
        current: Terms,
        /// What it would bring about.
        consequences: Vec<Consequence>,
        /// When it lapses.
        expires_at: Timestamp,
    }
    /// L22 and decisions of customer experience: new terms bind.
    ContractUpdated = "contract.updated" {
        /// The proposal that was accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        proposal: Option<ProposalId>,
        /// Before.
        old: Terms,
        /// After.
        new: Terms,
    }
    /// L23: the other side said no.
    ContractDeclined = "contract.declined" {
        /// The proposal.
        proposal: ProposalId,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<Text>,
    }
    /// L23: the proposer took it back.
    ContractWithdrawn = "contract.withdrawn" {
        /// The proposal.
        proposal: ProposalId,
    }
    /// L23: nobody answered.
    ContractLapsed = "contract.lapsed" {
        /// The proposal.
        proposal: ProposalId,
    }
    /// L26: a side asks to cancel; a case opens.
    CancelRequested = "cancel.requested" {
        /// Why.
        reason: Text,
        /// When customer experience should be there.
        respond_by: Timestamp,
    }
    /// L27: the other side agrees.
    CancelAgreed = "cancel.agreed" {}
    /// L28: the request is taken back.
    CancelWithdrawn = "cancel.withdrawn" {}
    /// L29: customer experience agrees.
    CancelApproved = "cancel.approved" {
        /// What goes back.
        refund: Amount,
        /// Why.
        reason: Text,
    }
    /// L30: customer experience lets the order go on.
    CancelRejected = "cancel.rejected" {
        /// Why.
        reason: Text,
    }
    /// The order ended without completion.
    OrderCancelled = "order.cancelled" {
        /// Who ended it and how.
        close_reason: CloseReason,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<Text>,
    }
    /// L32: a side calls customer experience; a case opens.
    DisputeOpened = "dispute.opened" {
        /// Why.
        reason: Text,
        /// When customer experience should be there.
        respond_by: Timestamp,
    }
    /// L37, L39: the case is closed.
    DisputeResolved = "dispute.resolved" {
        /// The outcome; absent when the parties closed it by accepting the delivery.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        option: Option<Resolution>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<Text>,
    }
    /// L38: the opener closed it.
    DisputeWithdrawn = "dispute.withdrawn" {}
    /// L34: an agent is in the room.
    AgentJoined = "agent.joined" {
        /// Who.
        agent: UserId,
    }
    /// L40: the agent left.
    AgentLeft = "agent.left" {
        /// Who.
        agent: UserId,
        /// When the next should be there; absent when somebody still is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        respond_by: Option<Timestamp>,
    }
    /// L40: another agent takes over.
    CaseHandedOver = "case.handed_over" {
        /// Who left the room by it; absent when they had not joined. Who takes over is told when they join.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        from: Option<UserId>,
        /// When the next should be there; absent when somebody still is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        respond_by: Option<Timestamp>,
    }
    /// `T_cx`: nobody from customer experience came in time.
    CaseEscalated = "case.escalated" {}
    /// L35: the agent proposes an outcome.
    ResolutionProposed = "resolution.proposed" {
        /// Its id.
        resolution: ResolutionId,
        /// The outcome.
        option: Resolution,
        /// When it lapses.
        expires_at: Timestamp,
    }
    /// L36: one side agrees.
    ResolutionAccepted = "resolution.accepted" {
        /// The resolution.
        resolution: ResolutionId,
        /// Which side.
        side: Side,
    }
    /// L36: both agreed.
    ResolutionAgreed = "resolution.agreed" {
        /// The resolution.
        resolution: ResolutionId,
        /// The outcome.
        option: Resolution,
    }
    /// `T_resolution`: not both agreed in time.
    ResolutionLapsed = "resolution.lapsed" {
        /// The resolution.
        resolution: ResolutionId,
    }
    /// L51: somebody said something.
    MessagePosted = "message.posted" {
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        text: Option<Text>,
        /// Files shown with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<FileRef>>")]
        files: Vec<FileRef>,
        /// The entry it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reply_to: Option<Seq>,
    }
    /// L51: the shown text of a message changed; the original stays.
    MessageEdited = "message.edited" {
        /// The message.
        seq: Seq,
        /// Its new text.
        text: Text,
    }
    /// L51: a message was taken back; the original stays.
    MessageRetracted = "message.retracted" {
        /// The message.
        seq: Seq,
    }
    /// The chatbot tells both sides what comes next.
    BotPrompted = "bot.prompted" {
        /// What each side is told, and the entries it rests on.
        #[serde(flatten)]
        prompts: Prompts,
    }
}

impl EventKind {
    /// Talk, not an act on the order: no version, no prompt.
    pub fn is_message(self) -> bool {
        matches!(self, Self::MessagePosted | Self::MessageEdited | Self::MessageRetracted)
    }
}

/// One place in a room's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Gapless from 1.
    pub seq: Seq,
    /// The database's clock, never before the entry ahead of it.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// The command that caused it; several entries may share it.
    pub id: CommandId,
    /// What happened.
    pub event: Event,
}

/// Something that happened on the desk about a case. Parties never see these: another type, another table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type")]
pub enum CaseEvent {
    /// L33: an agent took the case.
    #[serde(rename = "case.claimed")]
    Claimed {
        /// Who.
        agent: UserId,
    },
    /// L40: the case waits for an agent again.
    #[serde(rename = "case.released")]
    Released {
        /// Who had it.
        agent: UserId,
    },
    /// L40: another agent has the case.
    #[serde(rename = "case.assigned")]
    Assigned {
        /// Who had it.
        from: UserId,
        /// Who has it now.
        to: UserId,
    },
    /// A note among agents.
    #[serde(rename = "case.noted")]
    Noted {
        /// The note.
        text: Text,
    },
    /// Staff looked into the room.
    #[serde(rename = "case.read")]
    Read {},
}

/// One place in a case stream, with a seq of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseEntry {
    /// Gapless from 1.
    pub seq: Seq,
    /// The database's clock.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// The command that caused it.
    pub id: CommandId,
    /// What happened.
    pub event: CaseEvent,
}

/// How work was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// As files in the room.
    Files,
    /// Outside of the platform.
    External,
    /// As goods on their way.
    Shipped,
}

/// A file as it stands in a message or a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileRef {
    /// Its id.
    pub id: FileId,
    /// The name it was given.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
}

/// Terms of the contract that can be updated; only the fields that are meant are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Terms {
    /// When the work is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due_at: Option<Timestamp>,
    /// Revisions in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub revisions: Option<u32>,
    /// Price in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub price: Option<Amount>,
}

/// What accepting new terms would bring about beside the terms themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Consequence {
    /// Cancelling for lateness becomes possible later, or earlier.
    CancelFrom {
        /// The new moment.
        at: Timestamp,
    },
    /// The order is no longer overdue.
    NoLongerOverdue,
    /// Revisions that would be left.
    RevisionsLeft {
        /// How many.
        left: u32,
    },
    /// The buyer would get the difference back.
    Refund {
        /// Minor units.
        amount: Amount,
    },
    /// The buyer would owe the difference.
    Owed {
        /// Minor units.
        amount: Amount,
    },
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The buyer accepted the delivery.
    BuyerAccept,
    /// The review window passed.
    ReviewTimeout,
    /// The seller closed the deal.
    SellerClose,
    /// Nothing happened for too long.
    AutoIdle,
    /// Nobody accepted the order in time.
    NotAccepted,
    /// Both sides agreed to cancel.
    Mutual,
    /// The seller cancelled.
    Seller,
    /// The seller turned it down.
    Declined,
    /// Customer experience decided.
    Cx,
    /// Both sides agreed to a resolution.
    Resolution,
}
