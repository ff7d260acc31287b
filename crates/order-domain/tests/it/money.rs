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

/// G7: an outcome that asks for an impossible refund is refused when it is proposed and when it is decided.
#[test]
fn a_partial_refund_leaves_something() {
    let scene = Scene::in_progress().joined();
    for (minor, fits) in [(0, false), (1, true), (14_999, true), (15_000, false), (15_001, false)] {
        let option = || Resolution::PartialRefund { amount: amount(minor) };
        let proposed = scene.clone().try_as(Role::Agent, ProposeResolution { option: option() });
        let decided = ResolveDispute { option: option(), reason: text("broken") };
        let decided = scene.clone().try_as(Role::Agent, decided);
        for refusal in [proposed, decided].map(Result::err) {
            assert_eq!(
                refusal.map(|no| no.field),
                (!fits).then(|| Some("option.amount".to_owned())),
                "{minor}"
            );
        }
    }
}

/// G7: all of the money may be due while the order goes on: the host gives it back, and the order stays.
#[test]
fn a_price_of_nothing_gives_everything_back() {
    let mut scene = Scene::in_progress().priced(0);
    assert_eq!(scene.order.payment.refund_due, amount(15_000));
    scene.book(BookingKind::Refund, 15_000, "back-1").unwrap();
    assert_eq!(scene.order.payment.status(), PaymentStatus::Refunded);
    let scene = scene.accepted();
    assert_eq!((scene.state(), scene.order.payment.payout_due), (State::Completed, amount(0)));
}

/// All of the money goes back only when it is due.
#[test]
fn an_open_order_keeps_its_money() {
    let mut scene = Scene::in_progress();
    assert_eq!(scene.book(BookingKind::Refund, 15_000, "back-1").unwrap_err().code, Code::WrongState);
}

/// G7: money that arrives after the end is booked, and goes back.
#[test]
fn a_payment_after_the_end_goes_back() {
    let unpaid = || Scene::placed(serde_json::json!({"payment": "unpaid"}));
    let declined = unpaid().given(Role::Seller, DeclineOrder { reason: text("no time") });
    let not_accepted = unpaid().later(chrono::Duration::days(15));
    let mut refunded = Scene::in_progress().priced(20_000).joined();
    let back = Resolution::Cancel { refund: amount(15_000) };
    refunded.ok(Role::Agent, ResolveDispute { option: back, reason: text("broken") });
    refunded.book(BookingKind::Refund, 15_000, "back-1").unwrap();
    for (mut scene, state, owed) in [
        (declined, State::Declined, 15_000),
        (not_accepted, State::Cancelled, 15_000),
        (refunded, State::Refunded, 5_000),
    ] {
        assert_eq!(scene.state(), state);
        scene.book(BookingKind::Payment, owed, "late").unwrap();
        let payment = &scene.order.payment;
        assert_eq!((payment.refund_due, payment.status()), (amount(owed), PaymentStatus::RefundPending));
        assert_eq!(scene.book(BookingKind::Payment, owed, "twice").unwrap_err().code, Code::AmountMismatch);
        scene.book(BookingKind::Refund, owed, "back-2").unwrap();
        assert_eq!((scene.state(), scene.order.payment.held()), (State::Refunded, amount(0)));
    }
}

/// G7: what was paid, given back and is owed again has to fit into an amount: sums are refused, not cut.
#[test]
fn a_price_beyond_what_can_be_counted_is_refused() {
    let most = order_domain::values::AMOUNT_MAX;
    let scene = Scene::placed(serde_json::json!({"price": {"amount": most, "currency": "USD"}}));
    let mut scene = scene.given(Role::Seller, AcceptOrder::default()).priced(0);
    scene.book(BookingKind::Refund, most, "back-1").unwrap();
    let price = |minor| ProposeUpdate { price: Some(amount(minor)), ..ProposeUpdate::default() };
    let refusal = scene.try_as(Role::Seller, price(1)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::BadField, Some("price")));
    let mut scene = Scene::in_progress().priced(10_000);
    let refusal = scene.try_as(Role::Seller, price(most)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::BadField, Some("price")));
    scene.ok(Role::Seller, price(most - 5_000));
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
