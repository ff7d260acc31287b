//! How each entry changes the order. Nothing else does.

use std::collections::BTreeMap;

use super::{Case, CaseKind, Delivery, OpenResolution, Order, Proposal, State};
use crate::{
    clock::{self, TimerKind},
    effect::{self, Arm},
    event::{CloseReason, Entry, Event, Terms},
    ids::OrderId,
    participant::{Actor, Role, Side},
    payment::Payment,
    values::{Text, Timestamp},
};

impl Order {
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
            last_command: (entry.id, entry.by.sender().into_owned()),
        };
        order.follow(entry, entry.at);
        Some(order)
    }

    /// Takes the next entry of the timeline in.
    pub fn evolve(&mut self, entry: &Entry) {
        let kind = entry.event.kind();
        if kind.is_message() || entry.by.role == Role::Bot {
            return;
        }
        let ended_at = self.ended_at(entry);
        self.count(entry);
        self.apply(entry);
        self.follow(entry, ended_at);
    }

    /// When a wait ended that this entry ends: that of a proposal at its time, however late it was noticed.
    fn ended_at(&self, entry: &Entry) -> Timestamp {
        match (&entry.event, &self.proposal) {
            (Event::ContractLapsed { .. }, Some(proposal)) => proposal.expires_at,
            _ => entry.at,
        }
    }

    fn count(&mut self, entry: &Entry) {
        let sender = entry.by.sender();
        if self.last_command.0 != entry.id || self.last_command.1 != sender {
            self.version += 1;
            self.last_command = (entry.id, sender.into_owned());
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
                self.payment.apply(event);
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
            Event::CancelRequested { reason, .. } | Event::DisputeOpened { reason, .. } => {
                let kind = if matches!(event, Event::DisputeOpened { .. }) {
                    CaseKind::Dispute
                } else {
                    CaseKind::Cancel
                };
                self.open_case(kind, by.role.side(), Some(reason.clone()), at);
            }
            Event::OrderIdle { respond_by: Some(_) } => self.open_case(CaseKind::Idle, None, None, at),
            other => self.apply_case(other, at),
        }
    }

    fn apply_case(&mut self, event: &Event, at: Timestamp) {
        let Some(case) = &mut self.case else { return };
        match event {
            Event::CaseEscalated {} => case.escalated_at = Some(at),
            Event::AgentJoined { agent } => {
                case.joined.push(agent.clone());
                case.escalated_at = None;
            }
            Event::AgentLeft { agent, .. } | Event::CaseHandedOver { from: Some(agent), .. } => {
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
        let (joined, resolution) = (Vec::new(), None);
        self.case = Some(Case { kind, by, reason, opened_at, escalated_at: None, joined, resolution });
    }

    fn apply_terms(&mut self, new: &Terms, at: Timestamp) {
        if let Some(due_at) = new.due_at {
            self.set_due(due_at, at);
        }
        self.revisions_allowed = new.revisions.unwrap_or(self.revisions_allowed);
        if let Some(price) = new.price {
            self.payment.given_back = self.payment.given_back.plus(self.refundable().minus(price));
            self.price.amount = price;
        }
    }

    fn set_due(&mut self, due_at: Timestamp, at: Timestamp) {
        self.due_at = Some(due_at);
        self.overdue &= due_at <= at;
    }

    /// State, clocks and case, as the effect table says for this event.
    fn follow(&mut self, entry: &Entry, ended_at: Timestamp) {
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
            clock::cancel(self, *kind, ended_at);
        }
        for Arm(kind, when) in effect.arms {
            if when.holds(self, &entry.event) {
                clock::arm(self, *kind, entry);
            }
        }
        if effect.closes_case {
            clock::keep_alive(self, entry);
        }
        clock::settle(self, ended_at);
    }

    fn enter(&mut self, state: State, at: Timestamp) {
        self.state = state;
        if state.is_terminal() {
            self.closed_at = Some(at);
            self.proposal = None;
            self.timers.clear();
        }
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
