//! From the rules' order to what one role sees of it.

use std::collections::BTreeMap;

use order_domain::{
    actions,
    claim::Claim,
    event::DeliveryKind,
    guard::Moment,
    guide,
    ids::{OrderId, UserId},
    order::{Case, Order},
    participant::{Actor, Side},
    values::{Seq, Timestamp},
};

use crate::{
    room::Person,
    snapshot::{
        CaseView, ConversationSnapshot, Fulfilment, NextStep, OrderSnapshot, Parties, PaymentView,
        ProposalView, Requirements, RequirementsStatus, ResolutionView, Revisions, Snapshot, TimerView,
    },
};

/// What is joined to an order when it is shown.
#[derive(Clone, Copy, Debug)]
pub struct SnapshotView<'a> {
    /// The last seq of its timeline.
    pub head: Seq,
    /// Present names; a user without one is shown by id.
    pub names: &'a BTreeMap<UserId, String>,
    /// Which agent has the case: shown to staff only.
    pub claim: Option<&'a Claim>,
    /// The room is read-only.
    pub archived: bool,
    /// The database's clock, or the moment of the entry that is looked at.
    pub now: Timestamp,
}

/// A room without an order.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The room.
    pub id: OrderId,
    /// Stays at what it was when opened.
    pub version: u64,
    /// The one who would buy.
    pub buyer: UserId,
    /// The one who would sell.
    pub seller: UserId,
}

impl Snapshot {
    /// An order as `viewer` sees it.
    pub fn order(order: &Order, view: &SnapshotView<'_>, viewer: &Actor) -> Self {
        Self::Order(Box::new(OrderSnapshot {
            order: order.id,
            version: order.version,
            head: view.head,
            state: order.state,
            label: order.label(),
            listing: order.listing.clone(),
            parties: parties(order, view),
            price: order.price,
            origin: order.origin,
            settlement: order.policy.settlement,
            policy: order.policy.clone(),
            reference: order.reference.clone(),
            placed_at: order.placed_at,
            due_at: order.due_at,
            overdue: order.overdue,
            review_by: order.review_by(),
            revisions: revisions(order),
            payment: payment(order),
            fulfilment: fulfilment(order),
            requirements: requirements(order),
            deliveries: order.deliveries.clone(),
            proposal: proposal(order),
            case: order.case.as_ref().map(|case| case_view(case, view, viewer)),
            close_reason: order.close_reason,
            fee_due: order.fee_due.then_some(true),
            timers: timers(order),
            next_step: next_step(order, view, viewer),
            actions: actions::actions(order, viewer, &view.moment(), view.archived),
        }))
    }

    /// A conversation as `viewer` sees it.
    pub fn conversation(conversation: &Conversation, view: &SnapshotView<'_>, viewer: &Actor) -> Self {
        // No case, so nobody joins; and a host is no person who could ever speak.
        let actions = viewer.user.iter().map(|_| actions::talk(viewer.role, false, view.archived)).collect();
        Self::Conversation(ConversationSnapshot {
            order: conversation.id,
            version: conversation.version,
            head: view.head,
            parties: Parties {
                buyer: view.person(&conversation.buyer),
                seller: view.person(&conversation.seller),
                agents: Vec::new(),
            },
            actions,
        })
    }
}

impl SnapshotView<'_> {
    fn moment(&self) -> Moment<'_> {
        Moment { now: self.now, claim: self.claim }
    }

    fn person(&self, user: &UserId) -> Person {
        let name = self.names.get(user).cloned().unwrap_or_else(|| user.to_string());
        Person { user: user.clone(), name }
    }
}

fn parties(order: &Order, view: &SnapshotView<'_>) -> Parties {
    let joined = order.case.iter().flat_map(|case| &case.joined);
    Parties {
        buyer: view.person(&order.buyer),
        seller: view.person(&order.seller),
        agents: joined.map(|agent| view.person(agent)).collect(),
    }
}

fn revisions(order: &Order) -> Revisions {
    Revisions {
        allowed: order.revisions_allowed,
        used: order.revisions_used,
        remaining: order.revisions_remaining(),
    }
}

fn payment(order: &Order) -> PaymentView {
    let payment = &order.payment;
    PaymentView {
        status: payment.status(),
        captured: payment.captured,
        held: payment.held(),
        released: payment.released,
        refunded: payment.refunded,
        refund_due: payment.refund_due,
        payout_due: payment.payout_due,
    }
}

fn fulfilment(order: &Order) -> Fulfilment {
    order.deliveries.last().map_or(Fulfilment::None, |delivery| match delivery.kind {
        DeliveryKind::Files => Fulfilment::Files,
        DeliveryKind::External => Fulfilment::External,
        DeliveryKind::Shipped => Fulfilment::Shipped,
    })
}

fn requirements(order: &Order) -> Requirements {
    let status = if order.form.is_empty() {
        RequirementsStatus::None
    } else if order.answers_missing() || order.answers.is_empty() {
        RequirementsStatus::Unanswered
    } else {
        RequirementsStatus::Answered
    };
    Requirements { status, form: order.form.clone(), answers: order.answers.clone() }
}

fn proposal(order: &Order) -> Option<ProposalView> {
    order.proposal.as_ref().map(|proposal| ProposalView {
        id: proposal.id,
        by: proposal.by,
        changes: proposal.changes,
        consequences: proposal.consequences.clone(),
        expires_at: proposal.expires_at,
    })
}

fn case_view(case: &Case, view: &SnapshotView<'_>, viewer: &Actor) -> CaseView {
    let staff = viewer.role.is_staff();
    CaseView {
        kind: case.kind,
        by: case.by,
        reason: case.reason.clone(),
        opened_at: case.opened_at,
        claimed_by: view.claim.filter(|_| staff).map(|claim| claim.agent.clone()),
        joined: case.joined.clone(),
        resolution: case.resolution.as_ref().map(|resolution| ResolutionView {
            id: resolution.id,
            option: resolution.option.clone(),
            accepted_by: resolution.accepted_by.clone(),
            expires_at: resolution.expires_at,
        }),
    }
}

fn timers(order: &Order) -> Vec<TimerView> {
    let view = |(kind, timer): (&_, &order_domain::clock::Timer)| TimerView {
        kind: *kind,
        fire_at: timer.fire_at,
        paused: timer.paused_at.is_some(),
        because: timer.because,
    };
    order.timers.iter().map(view).collect()
}

fn next_step(order: &Order, view: &SnapshotView<'_>, viewer: &Actor) -> NextStep {
    let step = |side| Some(guide::next_step(order, side, &view.moment()));
    match viewer.role.side() {
        Some(side) => NextStep { you: step(side), other: step(side.other()), ..NextStep::default() },
        None => NextStep { buyer: step(Side::Buyer), seller: step(Side::Seller), ..NextStep::default() },
    }
}
