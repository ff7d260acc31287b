//! The order: what folding its timeline gives. [`Order::evolve`] is the only way it changes.
//!
//! Head, names and who claimed a case are not here: they are joined when the order is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    clock::{self, Timer, TimerKind},
    command::{Answers, Resolution},
    effect::{self, Arm},
    event::{CloseReason, DeliveryKind, Entry, Event, FileRef, Terms},
    ids::{CommandId, OrderId, ProposalId, ResolutionId, UserId},
    participant::{Actor, Role, Side},
    payment::Payment,
    placement::{Listing, Origin, Question},
    policy::{Policy, Settlement},
    requirements,
    values::{Amount, Money, Text, Timestamp},
};

/// Where an order stands. Marketplaces name these as they like (labels), but have no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A custom offer waits for payment.
    Offered,
    /// Waits for the seller to accept.
    New,
    /// The seller works.
    InProgress,
    /// The buyer reviews.
    Delivered,
    /// The seller changes what was delivered.
    InRevision,
    /// Done.
    Completed,
    /// Ended without completion.
    Cancelled,
    /// The money went back.
    Refunded,
    /// The seller turned it down.
    Declined,
    /// The offer was not paid in time.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Offered,
        Self::New,
        Self::InProgress,
        Self::Delivered,
        Self::InRevision,
        Self::Completed,
        Self::Cancelled,
        Self::Refunded,
        Self::Declined,
        Self::Expired,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Delivered => "delivered",
            Self::InRevision => "in_revision",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// Nothing but money and talk comes after.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Refunded | Self::Declined | Self::Expired)
    }

    /// The seller works.
    pub fn is_active(self) -> bool {
        matches!(self, Self::InProgress | Self::InRevision)
    }
}

/// An order as its timeline tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id and its room's.
    pub id: OrderId,
    /// Counts the commands that changed it.
    pub version: u64,
    /// Where it stands.
    pub state: State,
    /// Pays.
    pub buyer: UserId,
    /// Delivers.
    pub seller: UserId,
    /// What was bought.
    pub listing: Listing,
    /// Agreed price.
    pub price: Money,
    /// How it came about.
    pub origin: Origin,
    /// The host's own order number.
    pub reference: Option<Text>,
    /// The rules of this order.
    pub policy: Policy,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Days from acceptance, unless the due date is fixed.
    pub delivery_days: Option<u32>,
    /// When the work is due; moved by the time the due clock stood still.
    pub due_at: Option<Timestamp>,
    /// The due date passed while the seller worked.
    pub overdue: bool,
    /// Revisions in all.
    pub revisions_allowed: u32,
    /// Revisions asked for.
    pub revisions_used: u32,
    /// The money.
    pub payment: Payment,
    /// The seller's form.
    pub form: Vec<Question>,
    /// The buyer's answers.
    pub answers: Answers,
    /// Accepted while required answers were missing.
    pub without_answers: bool,
    /// Everything handed over so far.
    pub deliveries: Vec<Delivery>,
    /// Proposed new terms.
    pub proposal: Option<Proposal>,
    /// A disagreement that customer experience looks at.
    pub case: Option<Case>,
    /// How it ended.
    pub close_reason: Option<CloseReason>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// The marketplace's fee is due although nobody pressed a button (K23).
    pub fee_due: bool,
    /// Running clocks.
    pub timers: BTreeMap<TimerKind, Timer>,
    /// How many clocks were ever armed: tells one arming from the next.
    pub generation: u32,
    /// The command that gave the latest version.
    pub last_command: (CommandId, String),
}

/// Work that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
    pub consequences: Vec<crate::event::Consequence>,
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
    /// Agents and admins in the room.
    pub joined: Vec<UserId>,
    /// The outcome that waits for both sides.
    pub resolution: Option<OpenResolution>,
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
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

/// A timeline that does not start with `order.placed`.
#[derive(Debug, thiserror::Error)]
#[error("the timeline of order {0} does not begin with order.placed")]
pub struct NotAnOrder(pub OrderId);

impl Order {
    /// Folds a timeline from its first entry.
    pub fn fold<'a>(id: OrderId, entries: impl IntoIterator<Item = &'a Entry>) -> Result<Self, NotAnOrder> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(NotAnOrder(id))?;
        let mut order = Self::placed(id, first).ok_or(NotAnOrder(id))?;
        entries.for_each(|entry| order.evolve(entry));
        Ok(order)
    }

    /// The order that its first entry makes.
    pub fn placed(id: OrderId, entry: &Entry) -> Option<Self> {
        let Event::OrderPlaced {
            listing,
            buyer,
            seller,
            price,
            origin,
            policy,
            revisions,
            delivery_days,
            due_at,
            paid,
            requirements,
            answers,
            reference,
        } = entry.event.clone()
        else {
            return None;
        };
        let mut order = Self {
            id,
            version: 1,
            state: State::New,
            buyer,
            seller,
            listing,
            price,
            origin,
            reference,
            payment: Payment::placed(policy.settlement, price.amount, paid),
            policy: *policy,
            placed_at: entry.at,
            delivery_days,
            due_at,
            overdue: false,
            revisions_allowed: revisions,
            revisions_used: 0,
            form: requirements,
            answers,
            without_answers: false,
            deliveries: Vec::new(),
            proposal: None,
            case: None,
            close_reason: None,
            closed_at: None,
            fee_due: false,
            timers: BTreeMap::new(),
            generation: 0,
            last_command: (entry.id, entry.by.sender().to_owned()),
        };
        order.follow(entry);
        Some(order)
    }

    /// Takes the next entry of the timeline in.
    pub fn evolve(&mut self, entry: &Entry) {
        let kind = entry.event.kind();
        if kind.is_message() || entry.by.role == Role::Bot {
            return;
        }
        self.count(entry);
        self.apply(entry);
        self.follow(entry);
    }

    fn count(&mut self, entry: &Entry) {
        let sender = entry.by.sender();
        if self.last_command.0 != entry.id || self.last_command.1 != sender {
            self.version += 1;
            self.last_command = (entry.id, sender.to_owned());
        }
    }

    /// What an event itself says; states, clocks and cases follow from the effect table.
    fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RequirementsAnswered { answers } => self.answers.clone_from(answers),
            Event::OrderAccepted { due_at, without_answers } => {
                self.due_at = Some(*due_at);
                self.without_answers = *without_answers;
            }
            Event::OrderDeclined { .. } => self.close_reason = Some(CloseReason::Declined),
            Event::OrderAutoCancelled {} => self.close_reason = Some(CloseReason::NotAccepted),
            Event::OrderAutoClosed {} => {
                self.close_reason = Some(CloseReason::AutoIdle);
                self.fee_due = true;
            }
            Event::OrderCompleted { close_reason, .. } | Event::OrderCancelled { close_reason, .. } => {
                self.close_reason = Some(*close_reason);
            }
            Event::OrderAutoCompleted { .. } => self.close_reason = Some(CloseReason::ReviewTimeout),
            Event::OrderOverdue {} => self.overdue = true,
            Event::DeliverySubmitted { .. } => self.deliveries.extend(delivery(entry)),
            Event::RevisionRequested { due_at, .. } => {
                self.revisions_used += 1;
                self.set_due(*due_at, entry.at);
            }
            Event::ReviewReminded { left_s } => clock::reminded(self, *left_s),
            Event::PaymentMarked { .. }
            | Event::PaymentConfirmed { .. }
            | Event::PaymentRefunded { .. }
            | Event::PaymentPaidOut { .. }
            | Event::RefundRequested { .. }
            | Event::PayoutRequested { .. } => self.payment.apply(&entry.event),
            other => self.apply_overlay(other, &entry.by, entry.at),
        }
    }

    /// Proposals and cases.
    fn apply_overlay(&mut self, event: &Event, by: &Actor, at: Timestamp) {
        match event {
            Event::ContractProposed { proposal, changes, consequences, expires_at, .. } => {
                self.proposal = by.role.side().map(|side| Proposal {
                    id: *proposal,
                    by: side,
                    changes: *changes,
                    consequences: consequences.clone(),
                    expires_at: *expires_at,
                });
            }
            Event::ContractUpdated { new, proposal, .. } => {
                self.apply_terms(new, at);
                // An agent's decision moves terms beside a proposal, which stays open.
                if proposal.is_some() {
                    self.proposal = None;
                    self.timers.remove(&TimerKind::Proposal);
                }
            }
            Event::ContractDeclined { .. }
            | Event::ContractWithdrawn { .. }
            | Event::ContractLapsed { .. } => {
                self.proposal = None;
            }
            Event::CancelRequested { reason } | Event::DisputeOpened { reason } => {
                let kind = if matches!(event, Event::DisputeOpened { .. }) {
                    CaseKind::Dispute
                } else {
                    CaseKind::Cancel
                };
                self.open_case(kind, by.role.side(), Some(reason.clone()), at);
            }
            Event::OrderIdle {}
                if self.policy.settlement == Settlement::Escrow || self.state == State::Delivered =>
            {
                self.open_case(CaseKind::Idle, None, None, at);
            }
            other => self.apply_case(other),
        }
    }

    fn apply_case(&mut self, event: &Event) {
        let Some(case) = &mut self.case else { return };
        match event {
            Event::AgentJoined { agent } => case.joined.push(agent.clone()),
            Event::AgentLeft { agent } | Event::CaseHandedOver { from: agent, .. } => {
                case.joined.retain(|joined| joined != agent);
            }
            Event::ResolutionProposed { resolution, option, expires_at } => {
                case.resolution = Some(OpenResolution {
                    id: *resolution,
                    option: option.clone(),
                    accepted_by: Vec::new(),
                    expires_at: *expires_at,
                });
            }
            Event::ResolutionAccepted { side, .. } => {
                if let Some(resolution) = &mut case.resolution {
                    resolution.accepted_by.push(*side);
                }
            }
            Event::ResolutionLapsed { .. } => case.resolution = None,
            _ => {}
        }
    }

    fn open_case(&mut self, kind: CaseKind, by: Option<Side>, reason: Option<Text>, opened_at: Timestamp) {
        self.case = Some(Case { kind, by, reason, opened_at, joined: Vec::new(), resolution: None });
    }

    fn apply_terms(&mut self, new: &Terms, at: Timestamp) {
        if let Some(due_at) = new.due_at {
            self.set_due(due_at, at);
        }
        self.revisions_allowed = new.revisions.unwrap_or(self.revisions_allowed);
        self.price.amount = new.price.unwrap_or(self.price.amount);
    }

    fn set_due(&mut self, due_at: Timestamp, at: Timestamp) {
        self.due_at = Some(due_at);
        self.overdue &= due_at <= at;
    }

    /// State, clocks and case, as the effect table says for this event.
    fn follow(&mut self, entry: &Entry) {
        let effect = effect::of(entry.event.kind());
        if let Some(state) = effect.to {
            self.enter(state, entry.at);
        }
        if matches!(entry.event, Event::PaymentRefunded { .. })
            && self.state.is_terminal()
            && self.payment.is_refunded()
        {
            self.state = State::Refunded;
        }
        if effect.closes_case {
            self.case = None;
            self.timers.remove(&TimerKind::Cx);
            self.timers.remove(&TimerKind::Resolution);
        }
        for kind in effect.cancels {
            self.timers.remove(kind);
        }
        for Arm(kind, when) in effect.arms {
            if when.holds(self, &entry.event) {
                clock::arm(self, *kind, entry);
            }
        }
        if effect.closes_case {
            clock::keep_alive(self, entry);
        }
        clock::settle(self, entry.at);
    }

    fn enter(&mut self, state: State, at: Timestamp) {
        self.state = state;
        if state.is_terminal() {
            self.closed_at = Some(at);
            self.proposal = None;
            self.timers.clear();
        }
    }

    /// Revisions that can still be asked for.
    pub fn revisions_remaining(&self) -> u32 {
        self.revisions_allowed.saturating_sub(self.revisions_used)
    }

    /// K7: the last included revision was delivered and still does not please.
    pub fn revisions_exhausted(&self) -> bool {
        self.revisions_used >= 1 && self.revisions_remaining() == 0 && self.state == State::Delivered
    }

    /// Is a required answer missing?
    pub fn answers_missing(&self) -> bool {
        requirements::required_missing(&self.form, &self.answers)
    }

    /// The latest delivery's number; 0 when there is none.
    pub fn delivery_no(&self) -> u32 {
        self.deliveries.last().map_or(0, |delivery| delivery.no)
    }

    /// The party on a side.
    pub fn party(&self, side: Side) -> &UserId {
        match side {
            Side::Buyer => &self.buyer,
            Side::Seller => &self.seller,
        }
    }

    /// The side a user is on.
    pub fn side_of(&self, user: &UserId) -> Option<Side> {
        [Side::Buyer, Side::Seller].into_iter().find(|side| self.party(*side) == user)
    }

    /// The terms that bind now.
    pub fn terms(&self) -> Terms {
        Terms { due_at: self.due_at, revisions: Some(self.revisions_allowed), price: Some(self.price.amount) }
    }

    /// What could still be given back to the buyer and is not yet promised to them.
    pub fn refundable(&self) -> Amount {
        self.payment.captured.minus(self.payment.refunded).minus(self.payment.refund_due)
    }

    /// The state in this marketplace's words.
    pub fn label(&self) -> String {
        self.policy.label(self.state.as_str(), self.payment.status().as_str())
    }

    /// When the review ends, while one is running.
    pub fn review_by(&self) -> Option<Timestamp> {
        self.timers.get(&TimerKind::Review).map(|timer| timer.fire_at)
    }
}

fn delivery(entry: &Entry) -> Option<Delivery> {
    let Event::DeliverySubmitted { no, kind, files, note, place, carrier, tracking, eta, .. } =
        entry.event.clone()
    else {
        return None;
    };
    Some(Delivery { no, kind, files, note, place, carrier, tracking, eta, at: entry.at })
}
