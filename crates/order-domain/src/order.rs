//! The order: what folding its timeline gives. [`Order::evolve`] is the only way it changes.
//!
//! Head, names and who claimed a case are not here: they are joined when the order is shown.

mod evolve;
mod parts;
mod state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{
    parts::{Case, CaseKind, Delivery, OpenResolution, Proposal},
    state::State,
};
use crate::{
    clock::{Timer, TimerKind},
    command::Answers,
    event::{CloseReason, Entry, Terms},
    ids::{CommandId, OrderId, UserId},
    participant::Side,
    payment::Payment,
    placement::{Listing, Origin, Question},
    policy::Policy,
    requirements,
    values::{Amount, Money, Text, Timestamp},
};

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

    /// What the buyer would still have to pay at this price. Money that was given back for another reason than
    /// a lower price is not owed again.
    pub fn owed(&self, price: Amount) -> Amount {
        price.plus(self.payment.given_back).minus(self.payment.captured)
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
