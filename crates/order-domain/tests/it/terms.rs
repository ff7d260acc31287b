//! Contract updates (L21–L23, K4–K6, D12).

use chrono::Duration;
use order_domain::{
    command::*,
    event::{Consequence, Event, EventKind as E},
    guide,
    participant::{Role, Side},
    rejection::Code,
};
use serde_json::json;

use crate::scene::*;

fn price(minor: i64) -> ProposeUpdate {
    ProposeUpdate { price: Some(amount(minor)), ..ProposeUpdate::default() }
}

fn revisions(count: u32) -> ProposeUpdate {
    ProposeUpdate { revisions: Some(count), ..ProposeUpdate::default() }
}

/// S26, S55, K4, K6: who may change which term, and until when.
#[test]
fn each_side_has_its_fields() {
    let mut scene = Scene::in_progress();
    assert_eq!(scene.refused(Role::Buyer, price(1)), Code::NotYourRole);
    assert_eq!(scene.refused(Role::Buyer, ProposeUpdate::default()), Code::BadField);
    assert_eq!(scene.refused(Role::Buyer, revisions(2)), Code::BadField, "nothing would change");
    assert_eq!(scene.refused(Role::Buyer, revisions(101)), Code::BadField);
    let past = ProposeUpdate { due_at: Some(scene.now), ..ProposeUpdate::default() };
    assert_eq!(scene.refused(Role::Seller, past), Code::BadField);
    assert_eq!(Scene::delivered().refused(Role::Seller, price(1)), Code::WrongState);
    let mut used = Scene::exhausted();
    assert_eq!(used.refused(Role::Seller, revisions(1)), Code::BadField, "fewer than are used");
    assert_eq!(scene.ok(Role::Seller, price(12000)), [E::ContractProposed]);
    assert_eq!(scene.told(Side::Buyer), "proposed_answer");
    assert_eq!(scene.refused(Role::Buyer, revisions(5)), Code::ProposalOpen);
}

/// L22, K5: current terms hold until the other side agrees; a lower price gives money back.
#[test]
fn the_other_side_agrees() {
    let mut scene = Scene::in_progress().given(Role::Seller, price(12000));
    let proposal = scene.order.proposal.as_ref().unwrap().id;
    assert_eq!(scene.order.price.amount, amount(15000));
    assert_eq!(scene.refused(Role::Seller, AcceptUpdate { proposal }), Code::NotYourRole);
    let Event::ContractProposed { consequences, .. } = scene.last(E::ContractProposed) else {
        unreachable!()
    };
    assert_eq!(consequences, &[Consequence::Refund { amount: amount(3000) }]);
    assert_eq!(scene.ok(Role::Buyer, AcceptUpdate { proposal }), [E::ContractUpdated, E::RefundRequested]);
    assert_eq!((scene.order.price.amount, scene.order.payment.refund_due), (amount(12000), amount(3000)));
}

/// L22: a new due date starts the due clock anew and ends lateness.
#[test]
fn a_new_due_date_ends_lateness() {
    let mut scene = Scene::in_progress().later(Duration::days(8));
    assert!(scene.order.overdue);
    let due_at = scene.now + Duration::days(3);
    scene.ok(Role::Seller, ProposeUpdate { due_at: Some(due_at), ..ProposeUpdate::default() });
    let proposal = scene.order.proposal.as_ref().unwrap().id;
    scene.ok(Role::Buyer, AcceptUpdate { proposal });
    assert!(!scene.order.overdue);
    assert_eq!(scene.refused(Role::Buyer, cancel()), Code::NotPastDue);
    scene.pass(Duration::days(4));
    assert!(scene.order.overdue);
}

/// L23: declined, taken back, or lapsed: the terms stay.
#[test]
fn terms_stay_without_agreement() {
    let scene = Scene::in_progress().given(Role::Buyer, revisions(4));
    let proposal = scene.order.proposal.as_ref().unwrap().id;
    let mut declined = scene.clone();
    assert_eq!(declined.ok(Role::Seller, DeclineUpdate { proposal, reason: None }), [E::ContractDeclined]);
    assert_eq!(declined.refused(Role::Seller, DeclineUpdate { proposal, reason: None }), Code::NoProposal);
    let mut again = declined.given(Role::Buyer, revisions(5));
    assert_eq!(again.refused(Role::Seller, AcceptUpdate { proposal }), Code::StaleProposal);
    let mut withdrawn = scene.clone();
    assert_eq!(withdrawn.refused(Role::Seller, WithdrawUpdate { proposal }), Code::NotYourRole);
    assert_eq!(withdrawn.ok(Role::Buyer, WithdrawUpdate { proposal }), [E::ContractWithdrawn]);
    let lapsed = scene.later(Duration::hours(49));
    assert!(lapsed.order.proposal.is_none());
    assert_eq!(lapsed.order.revisions_allowed, 2);
}

/// A proposal that came too late to be possible is refused, and said so beforehand.
#[test]
fn a_price_cannot_change_after_delivery() {
    let mut scene = Scene::in_progress().given(Role::Seller, price(20000)).given(Role::Seller, files(1));
    let proposal = scene.order.proposal.as_ref().unwrap().id;
    assert_eq!(scene.action(Role::Buyer, CommandKind::AcceptUpdate).code, Some(Code::StaleProposal));
    assert_eq!(scene.refused(Role::Buyer, AcceptUpdate { proposal }), Code::StaleProposal);
}

/// Policy `consent_required: false`: new terms hold at once.
#[test]
fn without_consent_terms_hold_at_once() {
    let mut scene = Scene::placed(json!({"policy": {"preset": "creator", "consent_required": false}}));
    assert_eq!(scene.ok(Role::Buyer, revisions(9)), [E::ContractUpdated]);
    assert_eq!(scene.order.revisions_allowed, 9);
}

/// L8, S121: nobody takes an order on that is late from the start; new terms open the way again.
#[test]
fn an_order_is_not_accepted_past_its_fixed_due_date() {
    let due_at = start() + Duration::days(3);
    let mut scene = Scene::placed(json!({"due_at": due_at.to_rfc3339()}));
    assert!(scene.action(Role::Seller, CommandKind::AcceptOrder).allowed);
    scene.pass(Duration::days(3));
    assert_eq!(scene.refused(Role::Seller, AcceptOrder::default()), Code::WindowClosed);
    assert_eq!(scene.action(Role::Seller, CommandKind::AcceptOrder).code, Some(Code::WindowClosed));
    let step = guide::next_step(&scene.order, Side::Seller, &scene.moment());
    let ways = [CommandKind::ProposeUpdate, CommandKind::DeclineOrder];
    assert_eq!(
        (&*step.code, &*step.actions),
        ("step_accept_late", &ways[..]),
        "nobody is asked for what would be refused"
    );
    let later = scene.now + Duration::days(2);
    scene.ok(Role::Seller, ProposeUpdate { due_at: Some(later), ..ProposeUpdate::default() });
    let proposal = scene.order.proposal.as_ref().unwrap().id;
    scene.ok(Role::Buyer, AcceptUpdate { proposal });
    assert_eq!(scene.ok(Role::Seller, AcceptOrder::default()), [E::OrderAccepted]);
    assert_eq!((scene.order.due_at, scene.order.overdue), (Some(later), false));
}

/// S25, S31, D3: a refused cancellation names what the rules of this order unlock, and nothing else.
#[test]
fn why_one_cannot_cancel_follows_the_policy() {
    let why = |unlocked_by: serde_json::Value, delivered: bool| {
        let policy = json!({"policy": {"preset": "creator", "cancel_unlocked_by": unlocked_by}});
        let mut scene = Scene::placed(policy).given(Role::Seller, AcceptOrder::default());
        if delivered {
            scene.ok(Role::Seller, DeliverExternal { place: text("the folder"), note: None });
        }
        let action = scene.action(Role::Buyer, CommandKind::RequestCancel);
        (action.code.unwrap(), action.message.unwrap(), action.allowed_from.is_some())
    };
    let revisions = json!(["revisions_exhausted"]);
    for delivered in [false, true] {
        let (code, message, has_moment) = why(revisions.clone(), delivered);
        assert!(message.contains("revisions are used") && !message.contains("due date"), "{message}");
        assert_eq!((code, has_moment), (Code::WrongState, false));
        let (code, message, _) = why(json!([]), delivered);
        assert!(message.contains("no cancelling"), "{message}");
        assert_eq!(code, Code::WrongState);
    }
    let (code, message, has_moment) = why(json!(["past_due"]), false);
    assert!(message.contains("due date"), "{message}");
    assert_eq!((code, has_moment), (Code::NotPastDue, true));
    let (_, message, has_moment) = why(json!(["past_due"]), true);
    assert!(!message.contains("revisions") && !has_moment, "{message}");
}
