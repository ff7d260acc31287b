//! Money that an end gives back or pays out, and what the host reports of it (G7).

use crate::{
    decide::{Decision, admit},
    event::{CloseReason, Event},
    guard::Moment,
    lifecycle::{Row, Trigger},
    order::{Order, State},
    participant::{Actor, Role},
    payment::{Booking, BookingKind, Marked},
    policy::Settlement,
    rejection::{Code, Rejection},
    values::{Amount, Text},
};

impl Decision<'_> {
    /// L12. That it is agreed can be said once, and that it is paid can follow.
    pub(super) fn mark_paid(&self, agreed: bool) -> Result<Vec<Event>, Rejection> {
        if agreed && self.order.payment.marked == Some(Marked::Agreed) {
            return Err(Rejection::new(Code::AlreadyDone, "The payment is marked as agreed already."));
        }
        Ok(vec![Event::PaymentMarked { agreed }])
    }
}

/// Decides what the host reports about money (G7: amounts match, a booking counts once).
pub(crate) fn decide_booking(
    order: &Order,
    booking: &Booking,
    moment: &Moment<'_>,
) -> Result<(&'static Row, Vec<Event>), Rejection> {
    let row = admit(Trigger::Booking(booking.kind), order, &Actor::nobody(Role::Host), moment)?;
    if order.payment.references.contains(&booking.reference) {
        return Err(Rejection::new(Code::AlreadyDone, "This booking was reported before."));
    }
    let Booking { amount, reference, .. } = booking.clone();
    let events = match booking.kind {
        BookingKind::Payment => confirm_payment(order, amount, reference)?,
        BookingKind::Refund => {
            let most = order.payment.captured.minus(order.payment.refunded);
            let open_and_all = !order.state.is_terminal() && amount == most;
            if open_and_all && amount > order.payment.refund_due {
                return Err(Rejection::new(
                    Code::WrongState,
                    "Cancel the order before all of its money goes back.",
                ));
            }
            matches_amount(amount.is_some() && amount <= most, most)?;
            vec![Event::PaymentRefunded { amount, reference }]
        }
        BookingKind::Payout => {
            let most = order.payment.payout_due;
            matches_amount(amount.is_some() && amount <= most, most)?;
            vec![Event::PaymentPaidOut { amount, reference }]
        }
    };
    Ok((row, events))
}

fn confirm_payment(order: &Order, amount: Amount, reference: Text) -> Result<Vec<Event>, Rejection> {
    let owed = order.owed(order.price.amount);
    if order.policy.settlement == Settlement::Direct {
        matches_amount(amount == order.price.amount, order.price.amount)?;
        return Ok(vec![Event::PaymentMarked { agreed: false }]);
    }
    matches_amount(amount.is_some() && amount == owed, owed)?;
    let mut events = vec![Event::PaymentConfirmed { amount, reference }];
    if order.state.is_terminal() && order.state != State::Completed {
        // It came too late for the order: it is here all the same, and goes back.
        events.extend(refund(amount));
    }
    if order.state == State::Completed {
        // What is promised back to the buyer comes first; the rest is the seller's, whatever was paid out before.
        let free = order.payment.held().plus(amount).minus(order.payment.refund_due);
        events.extend(payout(order, free.minus(order.payment.payout_due)));
    }
    Ok(events)
}

fn matches_amount(fits: bool, expected: Amount) -> Result<(), Rejection> {
    let refusal = || {
        Rejection::new(
            Code::AmountMismatch,
            format!("The amount does not match: {} is owed.", expected.minor()),
        )
    };
    if fits { Ok(()) } else { Err(refusal()) }
}

pub(super) fn refund(amount: Amount) -> Option<Event> {
    amount.is_some().then_some(Event::RefundRequested { amount })
}

/// Asks for a payout of money that none was asked for yet.
pub(super) fn payout(order: &Order, amount: Amount) -> Option<Event> {
    let escrow = order.policy.settlement == Settlement::Escrow;
    (escrow && amount.is_some()).then_some(Event::PayoutRequested { amount })
}

pub(super) fn cancelled(close_reason: CloseReason, reason: Option<Text>) -> Event {
    Event::OrderCancelled { close_reason, reason }
}

pub(super) fn completed(order: &Order, close_reason: CloseReason) -> Vec<Event> {
    let delivery = (order.delivery_no() > 0).then_some(order.delivery_no());
    let mut events = vec![Event::OrderCompleted { close_reason, delivery }];
    events.extend(payout(order, order.refundable()));
    events
}
