//! Money that comes in late: it is paid out once, or goes back (G7).

use order_domain::{
    command::*,
    event::EventKind as E,
    order::State,
    participant::Role,
    payment::{BookingKind, PaymentStatus},
    rejection::Code,
};

use crate::scene::*;

impl Scene {
    fn accepted(self) -> Self {
        self.given(Role::Seller, files(1)).given(Role::Buyer, AcceptDelivery { delivery: 1 })
    }
}

/// What the seller is to be paid in all, as asked of the host.
fn asked_to_pay(scene: &Scene) -> Vec<i64> {
    let asked = scene.entries.iter().filter_map(|entry| match &entry.event {
        order_domain::event::Event::PayoutRequested { amount } => Some(amount.minor()),
        _ => None,
    });
    asked.collect()
}

/// G7: a balance that is paid after completion reaches the seller, whether or not the first part did already.
#[test]
fn a_balance_paid_after_completion_is_paid_out() {
    let scene = Scene::in_progress().priced(20000).accepted();
    assert_eq!(scene.order.payment.payout_due, amount(15000));
    for paid_out_first in [false, true] {
        let mut scene = scene.clone();
        if paid_out_first {
            scene.book(BookingKind::Payout, 15000, "out-1").unwrap();
        }
        scene.book(BookingKind::Payment, 5000, "in-2").unwrap();
        assert_eq!(asked_to_pay(&scene), [15000, 5000], "the rest, and not the first part again");
        let due = scene.order.payment.payout_due.minor();
        assert_eq!(due, if paid_out_first { 5000 } else { 20000 });
        let more = scene.book(BookingKind::Payout, due + 1, "out-2").unwrap_err().code;
        assert_eq!(more, Code::AmountMismatch);
        scene.book(BookingKind::Payout, due, "out-2").unwrap();
        let payment = &scene.order.payment;
        assert_eq!((payment.held(), payment.released), (amount(0), amount(20000)));
    }
}

/// G7: money that is promised back to the buyer is not paid out, however late it comes.
#[test]
fn a_late_balance_serves_the_refund_first() {
    let mut scene = Scene::in_progress().priced(20000).accepted();
    scene.book(BookingKind::Payout, 15000, "out-1").unwrap();
    let back = Resolution::Cancel { refund: amount(15000) };
    let mut scene =
        scene.joined().given(Role::Agent, ResolveDispute { option: back, reason: text("broken") });
    scene.book(BookingKind::Payment, 5000, "in-2").unwrap();
    assert_eq!(scene.last(E::PaymentConfirmed), &scene.entries[scene.entries.len() - 2].event, "no payout");
    scene.book(BookingKind::Refund, 15000, "back-1").unwrap();
    let payment = &scene.order.payment;
    assert_eq!((payment.held(), payment.released, payment.payout_due), (amount(0), amount(5000), amount(0)));
}

/// G7, D12: after a lower and then a higher price, what the proposal said would be owed can be paid.
#[test]
fn what_a_new_price_leaves_owed_can_be_paid() {
    let mut scene = Scene::in_progress().priced(10000);
    assert_eq!(scene.order.payment.status(), PaymentStatus::RefundPending);
    scene.book(BookingKind::Refund, 5000, "back-1").unwrap();
    let mut scene = scene.priced(12000);
    assert_eq!(scene.book(BookingKind::Payment, 5000, "in-2").unwrap_err().code, Code::AmountMismatch);
    scene.book(BookingKind::Payment, 2000, "in-2").unwrap();
    let scene = scene.accepted();
    assert_eq!((scene.state(), scene.order.payment.payout_due), (State::Completed, amount(12000)));
}
