//! What happens to an order from purchase to its end, row by row.

use chrono::Duration;
use order_domain::{
    command::*,
    event::{CloseReason, EventKind as E},
    guide,
    ids::FileId,
    order::{CaseKind, State},
    participant::{Role, Side},
    payment::{BookingKind, PaymentStatus},
    rejection::Code,
};
use serde_json::json;
use uuid::Uuid;

use crate::scene::*;

fn form() -> serde_json::Value {
    json!({"requirements": [
        {"id": "brand", "label": "Which brand?", "kind": "text", "required": true},
        {"id": "tone", "label": "Which tone?", "kind": "choice", "options": ["calm", "loud"]},
    ]})
}

/// L5, S2, S35: a purchase waits for the seller.
#[test]
fn a_purchase_waits_for_the_seller() {
    let scene = Scene::creator();
    assert_eq!(scene.state(), State::New);
    assert_eq!(scene.entries.len(), 2, "the order and one prompt");
    assert_eq!((scene.told(Side::Buyer), scene.told(Side::Seller)), ("placed_wait", "placed_review"));
    assert_eq!(scene.prompts().seller.actions, [CommandKind::AcceptOrder, CommandKind::DeclineOrder]);
    assert_eq!(scene.order.payment.status(), PaymentStatus::Paid);
}

/// L7, S12, S43: the buyer answers the seller's form, before or after acceptance.
#[test]
fn requirements_are_answered() {
    let mut scene = Scene::placed(form());
    assert_eq!(scene.told(Side::Buyer), "placed_answer");
    let answer =
        |id: &str, value: &str| SubmitRequirements { answers: [(id.to_owned(), json!(value))].into() };
    assert_eq!(scene.refused(Role::Buyer, answer("tone", "calm")), Code::BadField);
    assert_eq!(scene.refused(Role::Buyer, answer("colour", "red")), Code::BadField);
    assert_eq!(scene.refused(Role::Seller, answer("brand", "ours")), Code::NotYourRole);
    assert_eq!(scene.ok(Role::Buyer, answer("brand", "ours")), [E::RequirementsAnswered]);
    assert_eq!(scene.told(Side::Seller), "answers_review");
    assert_eq!(scene.ok(Role::Buyer, answer("brand", "theirs")), [E::RequirementsAnswered]);
    assert_eq!((scene.told(Side::Buyer), scene.told(Side::Seller)), ("answers_corrected", "answers_changed"));
    assert_eq!(scene.ok(Role::Seller, AcceptOrder::default()), [E::OrderAccepted]);
}

/// S12, L7: a file as an answer is one of the room, and is kept with what is known of it.
#[test]
fn files_are_answers() {
    let form =
        json!({"requirements": [{"id": "logo", "label": "Your logo?", "kind": "file", "required": true}]});
    let mut scene = Scene::placed(form.clone());
    let given = |id: FileId| SubmitRequirements { answers: [("logo".to_owned(), json!(id))].into() };
    let refused = scene.try_as(Role::Buyer, given(FOREIGN)).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some("answers.logo")));
    let logo = FileId(Uuid::from_u128(1));
    assert_eq!(scene.refused(Role::Seller, given(FOREIGN)), Code::NotYourRole, "the role comes first");
    scene.ok(Role::Buyer, given(logo));
    assert_eq!(scene.order.answers["logo"], json!(file(logo)));
    let mut with_purchase = form;
    with_purchase["answers"] = json!({"logo": logo});
    let refused = Scene::try_placed(&with_purchase).err().unwrap();
    assert_eq!(refused.field.as_deref(), Some("answers.logo"), "there is no room yet");
    let foreign = DeliverFiles { files: vec![logo, FOREIGN], note: None };
    let refused = Scene::in_progress().try_as(Role::Seller, foreign).unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("files[1]"));
}

/// L8, K12: without required answers the seller confirms that they start all the same.
#[test]
fn accepting_without_answers_needs_a_confirmation_and_pauses_the_due_clock() {
    let mut scene = Scene::placed(form());
    assert_eq!(scene.refused(Role::Seller, AcceptOrder::default()), Code::RequirementsUnanswered);
    scene.ok(Role::Seller, AcceptOrder { without_answers: true });
    assert_eq!(
        (scene.told(Side::Buyer), scene.told(Side::Seller)),
        ("accepted_answer", "accepted_unanswered")
    );
    let due = scene.order.due_at.unwrap();
    scene.pass(Duration::days(30));
    assert!(!scene.order.overdue, "the due clock stands still");
    scene.ok(Role::Buyer, SubmitRequirements { answers: [("brand".to_owned(), json!("ours"))].into() });
    assert_eq!(scene.order.due_at, Some(due + Duration::days(30)), "I10: the wait is added");
}

/// L9, S44: declined, and the money goes back.
#[test]
fn a_declined_order_is_refunded() {
    let mut scene = Scene::creator();
    let events = scene.ok(Role::Seller, DeclineOrder { reason: text("fully booked") });
    assert_eq!(events, [E::OrderDeclined, E::RefundRequested]);
    assert_eq!((scene.state(), scene.order.payment.refund_due), (State::Declined, amount(15000)));
    scene.book(BookingKind::Refund, 15000, "r-1").unwrap();
    assert_eq!(scene.state(), State::Refunded, "L43");
}

/// L13–L16, S13–S22: delivered, reviewed, accepted, paid out.
#[test]
fn delivery_and_acceptance_complete_the_order() {
    let mut scene = Scene::in_progress();
    assert_eq!(scene.refused(Role::Seller, files(0)), Code::BadField, "an empty delivery is refused");
    assert_eq!(scene.ok(Role::Seller, files(3)), [E::DeliverySubmitted]);
    assert_eq!(scene.told(Side::Buyer), "delivered_review");
    assert_eq!(scene.refused(Role::Seller, AcceptDelivery { delivery: 1 }), Code::NotYourRole);
    assert_eq!(scene.refused(Role::Buyer, AcceptDelivery { delivery: 2 }), Code::StaleDelivery);
    assert_eq!(
        scene.ok(Role::Buyer, AcceptDelivery { delivery: 1 }),
        [E::OrderCompleted, E::PayoutRequested]
    );
    assert_eq!((scene.state(), scene.order.close_reason), (State::Completed, Some(CloseReason::BuyerAccept)));
    scene.book(BookingKind::Payout, 15000, "p-1").unwrap();
    assert_eq!(scene.order.payment.released, amount(15000));
}

/// L17, L19, S16–S21, K7: revisions to the last, then the way to cancel opens.
#[test]
fn revisions_end() {
    let mut scene = Scene::delivered();
    assert_eq!(scene.refused(Role::Buyer, cancel()), Code::NotPastDue);
    let before = scene.order.due_at.unwrap();
    assert_eq!(scene.ok(Role::Buyer, revise(1)), [E::RevisionRequested]);
    assert_eq!(scene.order.due_at, Some(before), "the later of the old date and three days from now");
    scene.ok(Role::Seller, files(1));
    assert_eq!(scene.refused(Role::Buyer, AcceptDelivery { delivery: 1 }), Code::StaleDelivery);
    scene.ok(Role::Buyer, revise(2));
    scene.ok(Role::Seller, files(1));
    assert_eq!(scene.refused(Role::Buyer, revise(3)), Code::NoRevisionsLeft);
    assert!(scene.action(Role::Buyer, CommandKind::RequestCancel).allowed);
    assert_eq!(scene.order.revisions_remaining(), 0);
}

/// L31, K22: in direct settlement the seller cancels alone, and `request_cancel` is the buyer's.
#[test]
fn direct_sellers_cancel_with_a_reason() {
    let mut scene = Scene::craft();
    assert_eq!(scene.refused(Role::Seller, cancel()), Code::NotYourRole);
    assert_eq!(scene.ok(Role::Seller, CancelOrder { reason: text("out of wool") }), [E::OrderCancelled]);
    let mut escrow = Scene::creator();
    assert_eq!(escrow.refused(Role::Seller, CancelOrder { reason: text("no") }), Code::NotYourRole);
}

/// L12, L24: who paid the lower price has not paid the higher one.
#[test]
fn a_direct_price_that_rises_is_not_paid_yet() {
    let mut scene = Scene::craft().given(Role::Seller, AcceptOrder::default());
    scene.ok(Role::Seller, MarkPaid { agreed: false });
    let lower = scene.order.price.amount.minor() - 100;
    for (price, status) in [(lower, PaymentStatus::Paid), (lower + 200, PaymentStatus::Agreed)] {
        let price = json!({"type": "propose_update", "price": price});
        scene.ok(Role::Seller, Command::decode(price).unwrap());
        let proposal = scene.order.proposal.as_ref().unwrap().id;
        scene.ok(Role::Buyer, AcceptUpdate { proposal });
        assert_eq!(scene.order.payment.status(), status);
    }
    scene.ok(Role::Seller, MarkPaid { agreed: false });
    assert_eq!(scene.order.payment.status(), PaymentStatus::Paid);
}

/// L12, L15: goods are paid directly and sent; the review starts when they arrive.
#[test]
fn goods_are_paid_and_sent() {
    let mut scene = Scene::craft().given(Role::Seller, AcceptOrder::default());
    assert_eq!(scene.prompts().seller.actions[0], CommandKind::MarkSent, "the usual way comes first");
    scene.ok(Role::Seller, MarkPaid { agreed: true });
    assert_eq!(scene.prompts().buyer.params["payment"], "agreed");
    assert_eq!(scene.refused(Role::Seller, MarkPaid { agreed: true }), Code::AlreadyDone);
    assert!(scene.action(Role::Seller, CommandKind::MarkPaid).needs.is_empty(), "it is not offered again");
    scene.ok(Role::Seller, MarkPaid { agreed: false });
    assert_eq!(scene.refused(Role::Seller, MarkPaid { agreed: false }), Code::AlreadyDone);
    assert_eq!(scene.order.label(), "Paid");
    let eta = scene.now + Duration::days(4);
    scene.ok(Role::Seller, MarkSent { eta: Some(eta), ..MarkSent::default() });
    assert_eq!(scene.order.review_by(), Some(eta + Duration::days(7)));
    assert_eq!(
        scene.ok(Role::Buyer, AcceptDelivery { delivery: 1 }),
        [E::OrderCompleted],
        "no payout in direct settlement"
    );
}

/// S11, S88: nobody has to guess that an order waits for its money, or that goods are still on their way.
#[test]
fn money_and_goods_that_are_awaited_are_told() {
    let step = |scene: &Scene, side| guide::next_step(&scene.order, side, &scene.moment()).code;
    let mut unpaid = Scene::placed(json!({"payment": "unpaid"}));
    assert_eq!(step(&unpaid, Side::Buyer), "step_pay");
    assert_eq!(step(&unpaid, Side::Seller), "step_accept");
    unpaid.ok(Role::Seller, AcceptOrder::default());
    assert_eq!(step(&unpaid, Side::Buyer), "step_pay");
    unpaid.book(BookingKind::Payment, 15000, "p").unwrap();
    assert_eq!(step(&unpaid, Side::Buyer), "step_deliver_wait");
    let mut late = Scene::placed(json!({"payment": "unpaid"})).given(Role::Seller, AcceptOrder::default());
    late = late.given(Role::Seller, DeliverExternal { place: text("the shared folder"), note: None });
    assert_eq!(step(&late, Side::Buyer), "step_review");
    late.ok(Role::Buyer, AcceptDelivery { delivery: 1 });
    assert_eq!(step(&late, Side::Buyer), "step_pay", "it is complete and still to be paid");
    let free = Scene::placed(json!({"payment": "unpaid", "price": {"amount": 0, "currency": "USD"}}));
    assert_eq!(step(&free, Side::Buyer), "step_accept_wait", "nothing is to be paid");

    let mut goods = Scene::craft();
    assert_eq!(step(&goods, Side::Buyer), "step_accept_wait", "paid between the two of them");
    goods.ok(Role::Seller, AcceptOrder::default());
    goods.ok(Role::Seller, MarkSent::default());
    assert_eq!(step(&goods, Side::Buyer), "step_arrival");
    assert_eq!(step(&goods, Side::Seller), "step_confirm_paid");
    goods.ok(Role::Seller, MarkPaid { agreed: false });
    assert_eq!(goods.prompts().seller.code, "marked_paid_review", "nothing is to be sent any more");
    assert_eq!(step(&goods, Side::Seller), "step_arrival_wait");
}

/// L26–L28, S31–S34: past due, a side asks to cancel; the other agrees, or it is taken back.
#[test]
fn cancelling_by_agreement() {
    let mut scene = Scene::in_progress();
    let from = scene.action(Role::Buyer, CommandKind::RequestCancel).allowed_from.unwrap();
    assert_eq!(from, scene.order.due_at.unwrap() + Duration::milliseconds(1));
    assert_eq!(
        scene.refused(Role::Buyer, RequestCancel { cx_join: false, ..cancel() }),
        Code::CxJoinRequired
    );
    scene.pass(from - scene.now);
    assert!(scene.order.overdue);
    assert_eq!(scene.ok(Role::Buyer, cancel()), [E::CancelRequested]);
    assert_eq!(scene.refused(Role::Buyer, ConsentCancel {}), Code::NotYourRole);
    assert_eq!(scene.refused(Role::Seller, WithdrawCancel {}), Code::NotYourRole);
    let mut other = scene.clone();
    assert_eq!(other.ok(Role::Buyer, WithdrawCancel {}), [E::CancelWithdrawn]);
    assert_eq!((other.state(), other.order.case.is_none()), (State::InProgress, true));
    let events = scene.ok(Role::Seller, ConsentCancel {});
    assert_eq!(events, [E::CancelAgreed, E::OrderCancelled, E::RefundRequested]);
    scene.book(BookingKind::Refund, 15000, "r").unwrap();
    assert_eq!((scene.state(), scene.order.payment.status()), (State::Refunded, PaymentStatus::Refunded));
}

/// L29, L30: customer experience decides about a cancellation, once it has joined.
#[test]
fn customer_experience_decides_a_cancellation() {
    let late = Scene::in_progress().later(Duration::days(8)).given(Role::Seller, cancel());
    let approve = ApproveCancel { refund: amount(10000), reason: text("half was done") };
    let mut scene = late.given(Role::Agent, ClaimCase {});
    assert_eq!(scene.refused(Role::Agent, approve.clone()), Code::NotJoined);
    scene.ok(Role::Agent, JoinCase {});
    let too_much = ApproveCancel { refund: amount(15001), ..approve.clone() };
    assert_eq!(scene.refused(Role::Agent, too_much), Code::BadField);
    let mut other = scene.clone();
    let events = scene.ok(Role::Agent, approve);
    assert_eq!(events, [E::CancelApproved, E::OrderCancelled, E::RefundRequested, E::PayoutRequested]);
    assert_eq!(scene.order.payment.payout_due, amount(5000), "the rest is the seller's");
    let due = other.now + Duration::days(5);
    let events = other.ok(Role::Agent, RejectCancel { reason: text("almost done"), new_due_at: Some(due) });
    assert_eq!(events, [E::CancelRejected, E::ContractUpdated]);
    assert_eq!((other.order.due_at, other.order.overdue), (Some(due), false));
}

/// L32–L38, S28–S30, S57: a dispute is claimed, joined, and ends by agreement of both sides.
#[test]
fn both_sides_accept_a_resolution() {
    let mut scene = Scene::delivered().given(Role::Buyer, dispute());
    assert_eq!(scene.refused(Role::Seller, dispute()), Code::CaseOpen);
    assert_eq!(scene.ok(Role::Agent, ClaimCase {}), [], "nothing of it in the room");
    assert_eq!(scene.case_events.len(), 1);
    assert_eq!(scene.try_by(&agent2(), ClaimCase {}).unwrap_err().code, Code::AlreadyClaimed);
    assert_eq!(scene.try_by(&agent2(), JoinCase {}).unwrap_err().code, Code::NotJoined);
    scene.ok(Role::Agent, JoinCase {});
    let option = Resolution::Cancel { refund: amount(9000) };
    scene.ok(Role::Agent, ProposeResolution { option });
    let resolution = scene.order.case.as_ref().unwrap().resolution.as_ref().unwrap().id;
    assert_eq!(scene.ok(Role::Seller, AcceptResolution { resolution }), [E::ResolutionAccepted]);
    assert_eq!(scene.refused(Role::Seller, AcceptResolution { resolution }), Code::AlreadyDone);
    let events = scene.ok(Role::Buyer, AcceptResolution { resolution });
    let agreed = [
        E::ResolutionAccepted,
        E::ResolutionAgreed,
        E::OrderCancelled,
        E::RefundRequested,
        E::PayoutRequested,
    ];
    assert_eq!(events, agreed);
    assert_eq!(scene.order.close_reason, Some(CloseReason::Resolution));
}

/// L36, I4: a resolution that time or a booking has overtaken is refused, and said so beforehand.
#[test]
fn an_overtaken_resolution_is_stale() {
    let extend = |scene: &Scene| Resolution::Extend { due_at: scene.now + Duration::hours(6) };
    let mut late = Scene::in_progress().joined();
    late.ok(Role::Agent, ProposeResolution { option: extend(&late) });
    let resolution = late.order.case.as_ref().unwrap().resolution.as_ref().unwrap().id;
    late.ok(Role::Seller, AcceptResolution { resolution });
    let late = late.later(Duration::hours(7));
    let option = Resolution::PartialRefund { amount: amount(14_999) };
    let mut booked = Scene::in_progress().joined().given(Role::Agent, ProposeResolution { option });
    booked.book(BookingKind::Refund, 1, "r-1").unwrap();
    for mut scene in [late, booked] {
        let resolution = scene.order.case.as_ref().unwrap().resolution.as_ref().unwrap().id;
        assert_eq!(scene.action(Role::Buyer, CommandKind::AcceptResolution).code, Some(Code::StaleProposal));
        assert_eq!(scene.refused(Role::Buyer, AcceptResolution { resolution }), Code::StaleProposal);
        let another = ProposeResolution { option: extend(&scene) };
        assert_eq!(scene.ok(Role::Agent, another), [E::ResolutionProposed], "the agent proposes another");
        assert!(scene.action(Role::Buyer, CommandKind::AcceptResolution).allowed);
    }
}

/// L37: customer experience decides, with each outcome.
#[test]
fn customer_experience_resolves_a_dispute() {
    let decide = |option| ResolveDispute { option, reason: text("as agreed in chat") };
    let due_at = start() + Duration::days(60);
    let cases = [
        (Resolution::Resume, State::Delivered, vec![]),
        (Resolution::Extend { due_at }, State::Delivered, vec![E::ContractUpdated]),
        (Resolution::ExtraRevision, State::Delivered, vec![E::ContractUpdated]),
        (Resolution::PartialRefund { amount: amount(500) }, State::Delivered, vec![E::RefundRequested]),
        (
            Resolution::Cancel { refund: amount(15000) },
            State::Cancelled,
            vec![E::OrderCancelled, E::RefundRequested],
        ),
        (Resolution::Complete, State::Completed, vec![E::OrderCompleted, E::PayoutRequested]),
    ];
    for (option, state, events) in cases {
        let mut scene = Scene::delivered().joined();
        let happened = scene.ok(Role::Agent, decide(option.clone()));
        assert_eq!((happened[0], &happened[1..]), (E::DisputeResolved, &events[..]), "{option:?}");
        assert_eq!((scene.state(), scene.order.case.is_none()), (state, true), "{option:?}");
    }
}

/// L38, L39, L40: the opener closes, the buyer accepts, the agent leaves or hands over.
#[test]
fn a_dispute_ends_without_a_decision() {
    let mut scene = Scene::delivered().joined();
    assert_eq!(scene.refused(Role::Seller, CloseDispute {}), Code::NotYourRole);
    let mut accepted = scene.clone();
    let events = accepted.ok(Role::Buyer, AcceptDelivery { delivery: 1 });
    assert_eq!(events, [E::OrderCompleted, E::PayoutRequested, E::DisputeResolved]);
    let mut handed = scene.clone();
    assert_eq!(handed.refused(Role::Agent, HandOverCase { to: user("buyer") }), Code::BadField);
    assert_eq!(handed.ok(Role::Agent, HandOverCase { to: user("agent2") }), [E::CaseHandedOver]);
    assert_eq!(handed.claimed_by(), Some("agent2"));
    assert!(handed.try_by(&agent2(), JoinCase {}).is_ok());
    let mut left = scene.clone();
    left.ok(Role::Agent, LeaveCase {});
    assert_eq!(left.claimed_by(), None);
    assert!(left.try_by(&agent2(), ClaimCase {}).is_ok());
    assert_eq!(scene.ok(Role::Buyer, CloseDispute {}), [E::DisputeWithdrawn]);
}

/// L32: after the end a dispute is possible for three days, and only money can move.
#[test]
fn disputes_after_the_end() {
    let done = Scene::delivered().given(Role::Buyer, AcceptDelivery { delivery: 1 });
    let mut late = done.clone().later(Duration::days(4));
    assert_eq!(late.refused(Role::Buyer, dispute()), Code::WindowClosed);
    let mut scene = done.joined();
    let resume = ResolveDispute { option: Resolution::Resume, reason: text("no") };
    assert_eq!(scene.refused(Role::Agent, resume), Code::BadField);
    let back = ResolveDispute {
        option: Resolution::Cancel { refund: amount(15000) },
        reason: text("nothing works"),
    };
    assert_eq!(
        scene.ok(Role::Agent, back),
        [E::DisputeResolved, E::RefundRequested],
        "no second order.cancelled"
    );
    assert_eq!(scene.state(), State::Completed);
    scene.book(BookingKind::Refund, 15000, "r").unwrap();
    assert_eq!(scene.state(), State::Refunded);
}

/// G7: bookings match what is owed, and count once.
#[test]
fn bookings_match_and_count_once() {
    let mut scene = Scene::placed(json!({"payment": "unpaid"}));
    let mismatch = scene.book(BookingKind::Payment, 14999, "a").unwrap_err().code;
    assert_eq!(mismatch, Code::AmountMismatch);
    scene.book(BookingKind::Payment, 15000, "a").unwrap();
    assert_eq!(scene.book(BookingKind::Refund, 1, "a").unwrap_err().code, Code::AlreadyDone);
    scene.book(BookingKind::Refund, 1000, "b").unwrap();
    assert_eq!(scene.order.payment.status(), PaymentStatus::PartiallyRefunded);
    assert_eq!(scene.book(BookingKind::Refund, 14000, "c").unwrap_err().code, Code::WrongState);
    assert_eq!(scene.book(BookingKind::Payout, 1, "d").unwrap_err().code, Code::AmountMismatch);
}

/// A case of kind idle is resolved like a dispute (L41).
#[test]
fn an_idle_order_gets_a_case() {
    let mut scene = Scene::in_progress().later(Duration::days(22));
    let case = scene.order.case.as_ref().unwrap();
    assert_eq!((case.kind, case.by), (CaseKind::Idle, None));
    assert_eq!(scene.refused(Role::Buyer, CloseDispute {}), Code::NoCase);
    let scene = scene.given(Role::Agent, ClaimCase {}).given(Role::Agent, JoinCase {});
    let resume = ResolveDispute { option: Resolution::Resume, reason: text("seller is back") };
    let scene = scene.given(Role::Agent, resume);
    assert!(!scene.order.timers.is_empty(), "I8: a clock runs again");
}
