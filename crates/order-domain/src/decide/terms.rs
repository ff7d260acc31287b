//! Contract updates: which terms may change, and what that brings about.

use super::{Decision, money::refund};
use crate::{
    command::ProposeUpdate,
    event::{Consequence, Event, Terms},
    guard::{Moment, price_open, updatable},
    ids::ProposalId,
    order::Order,
    participant::Side,
    placement::check_due,
    policy::TermField,
    rejection::{Code, Rejection},
    values::to_millis,
};

impl Decision<'_> {
    pub(super) fn propose_update(&self, asked: &ProposeUpdate) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        let side = self.actor.role.side().unwrap_or(Side::Buyer);
        let changes = self.changed_terms(asked, side)?;
        if !order.policy.consent_required {
            return Ok(self.updated(None, changes));
        }
        let lifetime = crate::clock::seconds(order.policy.proposal_lifetime_s);
        let what = format!("proposal:{}", self.actor.sender());
        Ok(vec![Event::ContractProposed {
            proposal: ProposalId(self.asked.id.derive(order.id, &what)),
            changes,
            current: only(order.terms(), changes),
            consequences: consequences(order, changes, self.moment),
            expires_at: self.moment.now + lifetime,
        }])
    }

    /// The fields that really change, each of them allowed and possible.
    pub(super) fn changed_terms(&self, asked: &ProposeUpdate, side: Side) -> Result<Terms, Rejection> {
        let order = self.order;
        let may = updatable(order, side);
        let allowed = |field, given: bool| !given || may.contains(&field);
        if !allowed(TermField::Price, asked.price.is_some()) {
            return Err(self.price_refusal(side));
        }
        if !allowed(TermField::DueAt, asked.due_at.is_some())
            || !allowed(TermField::Revisions, asked.revisions.is_some())
        {
            return Err(Rejection::new(Code::NotYourRole, "You cannot change these terms of this order."));
        }
        if let Some(due_at) = asked.due_at {
            check_due("due_at", due_at, self.moment.now)?;
        }
        if asked.price.is_some_and(|price| order.payment.given_back.checked_plus(price).is_none()) {
            let problem = "is too high: with what was given back it could not be counted any more";
            return Err(Rejection::bad_field("price", problem));
        }
        if asked.revisions.is_some_and(|revisions| revisions < order.revisions_used) {
            return Err(Rejection::bad_field("revisions", "must not be fewer than are used"));
        }
        let now = order.terms();
        let changes = Terms {
            due_at: asked.due_at.map(to_millis).filter(|due_at| now.due_at != Some(*due_at)),
            revisions: asked.revisions.filter(|revisions| now.revisions != Some(*revisions)),
            price: asked.price.filter(|price| now.price != Some(*price)),
        };
        if changes == Terms::default() {
            return Err(Rejection::bad_field(
                "due_at",
                "or another field must differ from the current terms",
            ));
        }
        Ok(changes)
    }

    pub(super) fn price_refusal(&self, side: Side) -> Rejection {
        let mine = side == Side::Seller && self.order.policy.seller_may_update.contains(&TermField::Price);
        if mine && !price_open(self.order) {
            return Rejection::new(
                Code::WrongState,
                "The price can change only until the work is delivered.",
            );
        }
        Rejection::new(Code::NotYourRole, "Only the seller can propose another price.")
    }

    pub(super) fn is_open(&self, proposal: ProposalId) -> Result<(), Rejection> {
        if self.order.proposal.as_ref().is_some_and(|open| open.id == proposal) {
            return Ok(());
        }
        Err(Rejection::new(Code::StaleProposal, "Another proposal is waiting now. Look at it first."))
    }

    pub(super) fn accept_update(&self, proposal: ProposalId) -> Result<Vec<Event>, Rejection> {
        self.is_open(proposal)?;
        let changes = self.order.proposal.as_ref().map(|open| open.changes).unwrap_or_default();
        Ok(self.updated(Some(proposal), changes))
    }

    /// New terms, and the money that a lower price gives back.
    pub(super) fn updated(&self, proposal: Option<ProposalId>, new: Terms) -> Vec<Event> {
        let order = self.order;
        let mut events = vec![Event::ContractUpdated { proposal, old: only(order.terms(), new), new }];
        if let Some(price) = new.price {
            events.extend(refund(order.refundable().minus(price)));
        }
        events
    }
}

/// The fields of `terms` that `meant` names.
fn only(terms: Terms, meant: Terms) -> Terms {
    Terms {
        due_at: terms.due_at.filter(|_| meant.due_at.is_some()),
        revisions: terms.revisions.filter(|_| meant.revisions.is_some()),
        price: terms.price.filter(|_| meant.price.is_some()),
    }
}

fn consequences(order: &Order, changes: Terms, moment: &Moment<'_>) -> Vec<Consequence> {
    let mut all = Vec::new();
    if let Some(at) = changes.due_at {
        all.push(Consequence::CancelFrom { at });
        if order.overdue && at > moment.now {
            all.push(Consequence::NoLongerOverdue);
        }
    }
    if let Some(revisions) = changes.revisions {
        all.push(Consequence::RevisionsLeft { left: revisions.saturating_sub(order.revisions_used) });
    }
    if let Some(price) = changes.price.filter(|_| order.payment.captured.is_some()) {
        let (back, owed) = (order.refundable().minus(price), order.owed(price));
        all.extend(back.is_some().then_some(Consequence::Refund { amount: back }));
        all.extend(owed.is_some().then_some(Consequence::Owed { amount: owed }));
    }
    all
}
