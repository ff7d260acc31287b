//! The money of one order, told apart from its state: captured = held + released + refunded, always.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    event::Event,
    policy::Settlement,
    values::{Amount, Text},
};

/// What came in, what went out, and what is asked of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Direct settlement: what the seller says.
    pub marked: Option<Marked>,
    /// Minor units that came in.
    pub captured: Amount,
    /// Minor units paid to the seller.
    pub released: Amount,
    /// Minor units given back to the buyer.
    pub refunded: Amount,
    /// Minor units that the host is asked to give back.
    pub refund_due: Amount,
    /// Minor units that the host is asked to pay out.
    pub payout_due: Amount,
    /// Minor units that lower prices gave back: the buyer owes them again when the price rises.
    #[serde(default)]
    pub given_back: Amount,
    /// Bookings seen, so that none counts twice.
    pub references: Vec<Text>,
}

/// What the seller says of a direct payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marked {
    /// Payment is agreed.
    Agreed,
    /// The money is there.
    Paid,
}

/// The payment facet of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PaymentStatus {
    Unpaid,
    LinkSent,
    Agreed,
    Paid,
    RefundPending,
    PartiallyRefunded,
    Refunded,
}

impl PaymentStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::LinkSent => "link_sent",
            Self::Agreed => "agreed",
            Self::Paid => "paid",
            Self::RefundPending => "refund_pending",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }
}

/// What the host reports about money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Booking {
    /// What happened.
    pub kind: BookingKind,
    /// Minor units, above 0.
    pub amount: Amount,
    /// The host's own number of it: counts once per order.
    pub reference: Text,
}

/// What the host did with money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BookingKind {
    /// It came in from the buyer.
    Payment,
    /// It went back to the buyer.
    Refund,
    /// It went to the seller.
    Payout,
}

impl Payment {
    pub(crate) fn placed(settlement: Settlement, price: Amount, paid: bool) -> Self {
        match (settlement, paid) {
            (_, false) => Self::default(),
            (Settlement::Escrow, true) => Self { captured: price, ..Self::default() },
            (Settlement::Direct, true) => Self { marked: Some(Marked::Paid), ..Self::default() },
        }
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::PaymentMarked { agreed } => {
                self.marked = Some(if *agreed { Marked::Agreed } else { Marked::Paid });
            }
            Event::PaymentConfirmed { amount, reference } => {
                self.captured = self.captured.plus(*amount);
                self.references.push(reference.clone());
            }
            Event::PaymentPaidOut { amount, reference } => {
                self.released = self.released.plus(*amount);
                self.payout_due = self.payout_due.minus(*amount);
                self.references.push(reference.clone());
            }
            Event::PaymentRefunded { amount, reference } => {
                self.refund(*amount);
                self.references.push(reference.clone());
            }
            Event::RefundRequested { amount } => {
                self.refund_due = self.refund_due.plus(*amount);
                self.cap_payout();
            }
            Event::PayoutRequested { amount } => {
                self.payout_due = self.payout_due.plus(*amount);
            }
            // What was marked as paid was the lower price.
            Event::ContractUpdated { old, new, .. }
                if self.marked == Some(Marked::Paid) && new.price > old.price =>
            {
                self.marked = Some(Marked::Agreed);
            }
            _ => {}
        }
    }

    /// What is not held any more is taken back from the seller.
    fn refund(&mut self, amount: Amount) {
        let short = amount.minus(self.held());
        self.released = self.released.minus(short);
        self.refunded = self.refunded.plus(amount);
        self.refund_due = self.refund_due.minus(amount);
        self.cap_payout();
    }

    fn cap_payout(&mut self) {
        self.payout_due = self.payout_due.min(self.held().minus(self.refund_due));
    }

    /// Minor units that the host holds.
    pub fn held(&self) -> Amount {
        self.captured.minus(self.released).minus(self.refunded)
    }

    /// All of it went back.
    pub fn is_refunded(&self) -> bool {
        self.captured.is_some() && self.refunded == self.captured
    }

    /// Money came in, or the seller says so.
    pub fn is_settled(&self) -> bool {
        self.captured.is_some() || self.marked.is_some()
    }

    /// The facet.
    pub fn status(&self) -> PaymentStatus {
        match self.marked {
            _ if self.refund_due.is_some() => PaymentStatus::RefundPending,
            _ if self.is_refunded() => PaymentStatus::Refunded,
            _ if self.refunded.is_some() => PaymentStatus::PartiallyRefunded,
            _ if self.captured.is_some() => PaymentStatus::Paid,
            Some(Marked::Paid) => PaymentStatus::Paid,
            Some(Marked::Agreed) => PaymentStatus::Agreed,
            None => PaymentStatus::Unpaid,
        }
    }
}
