//! Clocks: what fires, in which order, what stands still (T rows, L11, L18, L20, L41, I10, D9).

use chrono::Duration;
use order_domain::{
    change, clock,
    clock::TimerKind,
    command::*,
    event::{CloseReason, Event, EventKind as E},
    order::State,
    participant::{Role, Side},
    rejection::Code,
};
use serde_json::json;

use crate::scene::*;

fn kinds(scene: &Scene) -> Vec<E> {
    scene.entries.iter().map(|entry| entry.event.kind()).filter(|kind| *kind != E::BotPrompted).collect()
}

/// L11, K20: nobody accepts in 14 days.
#[test]
fn an_order_that_nobody_accepts_lapses() {
    let scene = Scene::creator().later(Duration::days(14));
    assert_eq!((scene.state(), scene.order.close_reason), (State::Cancelled, Some(CloseReason::NotAccepted)));
    assert_eq!(kinds(&scene), [E::OrderPlaced, E::OrderAutoCancelled, E::RefundRequested]);
    let scene = Scene::craft().later(Duration::days(14));
    assert_eq!((scene.state(), scene.order.fee_due), (State::Completed, true));
}

/// L18, S51: reminders, then silence accepts.
#[test]
fn silence_in_review_accepts() {
    let scene = Scene::delivered().later(Duration::days(7));
    assert_eq!(
        (scene.state(), scene.order.close_reason),
        (State::Completed, Some(CloseReason::ReviewTimeout))
    );
    let left: Vec<u32> = scene
        .entries
        .iter()
        .filter_map(|entry| match entry.event {
            Event::ReviewReminded { left_s } => Some(left_s / 3600),
            _ => None,
        })
        .collect();
    assert_eq!(left, [72, 24, 4]);
    assert_eq!(scene.order.payment.payout_due, amount(15000));
}

/// L18, direct and unpaid: both are reminded, the window runs once more, then a case.
#[test]
fn silence_does_not_accept_an_unpaid_order() {
    let scene = Scene::craft()
        .given(Role::Seller, AcceptOrder::default())
        .given(Role::Seller, DeliverExternal { place: text("the fair"), note: None })
        .later(Duration::days(7));
    assert_eq!((scene.state(), scene.order.case.is_none()), (State::Delivered, true));
    let scene = scene.later(Duration::days(7));
    assert!(scene.order.case.is_some());
    assert!(scene.order.timers.contains_key(&TimerKind::Cx));
}

/// Policy `on_review_timeout: case`: silence calls customer experience.
#[test]
fn silence_can_call_customer_experience() {
    let scene = Scene::placed(json!({"policy": {"preset": "creator", "on_review_timeout": "case"}}))
        .given(Role::Seller, AcceptOrder::default())
        .given(Role::Seller, files(1))
        .later(Duration::days(8));
    assert!(scene.order.case.is_some());
}

/// L20, L41, K10: past due, then idle.
#[test]
fn a_late_order_goes_to_customer_experience() {
    let scene = Scene::in_progress().later(Duration::days(7 + 14));
    let expected = [E::OrderPlaced, E::OrderAccepted, E::OrderOverdue, E::OrderIdle];
    assert_eq!(kinds(&scene), expected);
    let direct = Scene::craft().given(Role::Seller, AcceptOrder::default()).later(Duration::days(7 + 14));
    assert_eq!((direct.state(), direct.order.fee_due), (State::Completed, true));
}

/// `T_cx`: nobody joins in time.
#[test]
fn a_case_that_nobody_joins_is_escalated() {
    let scene = Scene::delivered().given(Role::Buyer, dispute()).later(Duration::minutes(15));
    assert!(kinds(&scene).contains(&E::CaseEscalated));
    let escalated_at = |scene: &Scene| scene.order.case.as_ref().unwrap().escalated_at;
    assert_eq!(escalated_at(&scene), Some(scene.now));
    let answered = scene.given(Role::Agent, ClaimCase {}).given(Role::Agent, JoinCase {});
    assert_eq!(escalated_at(&answered), None, "somebody came");
    let joined = Scene::delivered().joined().later(Duration::minutes(15));
    assert!(!kinds(&joined).contains(&E::CaseEscalated), "L34 stops it");
}

/// `T_cx` stands still out of hours: a case of a Sunday is late on Monday, a quarter of an hour after they came.
#[test]
fn customer_experience_is_late_in_its_hours_only() {
    let hours = json!({"zone": "UTC", "days": ["Mon"], "from": "09:00:00", "to": "17:00:00"});
    let scene = Scene::placed(json!({"policy": {"preset": "creator", "cx_hours": hours}}));
    let mut scene = scene.given(Role::Buyer, dispute()).later(Duration::hours(23));
    assert_eq!(scene.now.to_rfc3339(), "2026-11-02T09:00:00+00:00", "a Monday");
    assert!(!kinds(&scene).contains(&E::CaseEscalated), "nobody was there to come");
    scene.pass(Duration::minutes(14));
    assert!(!kinds(&scene).contains(&E::CaseEscalated));
    scene.pass(Duration::minutes(1));
    assert!(kinds(&scene).contains(&E::CaseEscalated));
}

/// L33: a claim gives its agent the time of `cx_response_s` to join, escalated or not; then the next may take the case.
#[test]
fn a_claim_that_nobody_follows_up_can_be_taken() {
    let waiting = Scene::delivered().given(Role::Buyer, dispute()).later(Duration::hours(1));
    assert!(waiting.order.case.as_ref().unwrap().escalated_at.is_some());
    let mut held = waiting.given(Role::Agent, ClaimCase {});
    let until = held.now + Duration::minutes(15);
    held.pass(Duration::minutes(14));
    let refused = held.try_by(&agent2(), ClaimCase {}).unwrap_err();
    assert_eq!(
        (refused.code, refused.allowed_from),
        (Code::AlreadyClaimed, Some(until)),
        "who has it may still come"
    );
    let mine = held.action(Role::Agent, CommandKind::ClaimCase);
    assert_eq!((mine.code, mine.allowed_from), (Some(Code::AlreadyClaimed), None), "one's own");
    let mut late = held.later(Duration::minutes(1));
    assert_eq!(late.refused(Role::Agent, ClaimCase {}), Code::AlreadyClaimed, "not from oneself");
    late.try_by(&agent2(), ClaimCase {}).unwrap();
    assert_eq!(late.refused(Role::Agent, JoinCase {}), Code::NotJoined, "who had it is out");
    late.try_by(&agent2(), JoinCase {}).unwrap();
    assert_eq!(late.refused(Role::Agent, ClaimCase {}), Code::AlreadyClaimed, "somebody works on it");
}

/// L33: an admin gives a case to an agent, whoever has it and wherever they are.
#[test]
fn an_admin_reassigns_a_case() {
    let to_agent2 = || HandOverCase { to: user("agent2") };
    let open = Scene::delivered().given(Role::Buyer, dispute());
    let claimed = open.clone().given(Role::Agent, ClaimCase {});
    let joined = claimed.clone().given(Role::Agent, JoinCase {});
    for (mut scene, seen) in [(open, None), (claimed, None), (joined, Some(user("agent")))] {
        assert!(scene.action(Role::Admin, CommandKind::HandOverCase).allowed);
        scene.ok(Role::Admin, to_agent2());
        let told = Event::CaseHandedOver { from: seen, respond_by: Some(scene.now + Duration::minutes(15)) };
        assert_eq!(scene.last(E::CaseHandedOver), &told, "I7: who has a case is told when they join");
        assert_eq!(scene.claimed_by(), Some("agent2"));
        assert!(scene.order.case.as_ref().unwrap().joined.is_empty(), "who had it is out of the room");
        assert_eq!(scene.refused(Role::Agent, LeaveCase {}), Code::NotJoined);
        assert_eq!(scene.refused(Role::Admin, to_agent2()), Code::BadField, "it is theirs already");
        scene.try_by(&agent2(), JoinCase {}).unwrap();
    }
}

/// L40, `T_cx`: who leaves while somebody of the staff stays calls nobody, and is not announced as if they did.
#[test]
fn a_case_that_somebody_is_in_is_not_escalated() {
    let scene = Scene::delivered().joined().given(Role::Admin, JoinCase {}).given(Role::Admin, LeaveCase {});
    assert_eq!(scene.told(Side::Buyer), "agent_left_others");
    let mut scene = scene.later(Duration::hours(1));
    assert!(!kinds(&scene).contains(&E::CaseEscalated), "the agent is still in");
    scene.ok(Role::Agent, LeaveCase {});
    assert_eq!(scene.told(Side::Buyer), "agent_left");
    scene.pass(Duration::minutes(15));
    assert!(kinds(&scene).contains(&E::CaseEscalated), "nobody came");
    let handed = Scene::delivered().joined().given(Role::Admin, JoinCase {});
    let handed = handed.given(Role::Agent, HandOverCase { to: user("agent2") }).later(Duration::hours(1));
    let told = Event::CaseHandedOver { from: Some(user("agent")), respond_by: None };
    assert_eq!(handed.last(E::CaseHandedOver), &told);
    assert!(!kinds(&handed).contains(&E::CaseEscalated), "the admin is still in");
}

/// `T_resolution`: back to the agent.
#[test]
fn a_resolution_lapses() {
    let propose = ProposeResolution { option: Resolution::Resume };
    let scene = Scene::delivered().joined().given(Role::Agent, propose).later(Duration::hours(48));
    assert!(scene.order.case.as_ref().unwrap().resolution.is_none());
}

/// I10: work that is handed over while its due date stands still is not late for it, nor is a later revision.
#[test]
fn a_delivery_during_a_case_keeps_the_time_that_stood_still() {
    let scene = Scene::in_progress();
    let due_at = scene.order.due_at.unwrap();
    let scene = scene.given(Role::Buyer, dispute()).later(Duration::days(30));
    let scene = scene.given(Role::Seller, files(1)).later(Duration::days(1));
    assert_eq!(scene.order.due_at, Some(due_at + Duration::days(30)), "until the work was there");
    let mut scene = scene.given(Role::Buyer, CloseDispute {});
    let left = due_at + Duration::days(30) - scene.now;
    assert_eq!(left, Duration::days(6));
    scene.ok(Role::Buyer, revise(1));
    assert_eq!(scene.order.due_at, Some(scene.now + left), "what was left to work");
}

/// I10, D9: time in a case counts against nobody.
#[test]
fn clocks_stand_still_during_a_case() {
    let scene = Scene::delivered().later(Duration::days(1));
    let before = scene.order.review_by().unwrap();
    let scene = scene.given(Role::Buyer, dispute()).later(Duration::days(30));
    assert_eq!(scene.state(), State::Delivered, "the review waits");
    let scene = scene.given(Role::Buyer, CloseDispute {});
    assert_eq!(scene.order.review_by(), Some(before + Duration::days(30)));
    let working = Scene::in_progress();
    let due = working.order.due_at.unwrap();
    let working =
        working.given(Role::Buyer, dispute()).later(Duration::days(10)).given(Role::Buyer, CloseDispute {});
    assert_eq!((working.order.due_at, working.order.overdue), (Some(due + Duration::days(10)), false));
}

/// A delivery made during a case starts the review paused.
#[test]
fn a_delivery_during_a_case_waits_for_its_review() {
    let scene = Scene::in_progress()
        .given(Role::Buyer, dispute())
        .given(Role::Seller, files(1))
        .later(Duration::days(20));
    assert_eq!(scene.state(), State::Delivered);
    let scene = scene.given(Role::Buyer, CloseDispute {});
    assert_eq!(scene.order.review_by(), Some(scene.now + Duration::days(7)));
}

/// Product "Time", D9: a proposal that lapsed while nothing fired gives back the time it was open, and no more.
#[test]
fn a_late_lapse_moves_no_other_clock() {
    let idle = |scene: &Scene| scene.order.timers[&TimerKind::Idle].fire_at;
    let scene = Scene::in_progress();
    let before = idle(&scene);
    let update = ProposeUpdate { revisions: Some(5), ..ProposeUpdate::default() };
    let scene = scene.given(Role::Buyer, update);
    let mut late = scene.clone();
    late.now += Duration::days(6);
    assert_eq!(late.fire(), 1);
    assert_eq!(idle(&late), before + Duration::hours(48));
    assert_eq!(idle(&scene.later(Duration::days(6))), idle(&late));
}

/// Product "Time": after a long standstill everything overdue fires once, in order.
#[test]
fn a_standstill_changes_no_outcome() {
    let mut scene = Scene::in_progress();
    scene.now += Duration::days(60);
    let first = clock::due(&scene.order, scene.now).unwrap();
    assert_eq!(first.kind, TimerKind::Due);
    let id = first.id(&scene.order);
    let change = change::fire(&scene.order, scene.head(), &scene.moment()).unwrap();
    assert_eq!(change.id, id, "every scheduler derives the same id");
    assert_eq!(scene.fire(), 2);
    assert_eq!(kinds(&scene)[2..], [E::OrderOverdue, E::OrderIdle]);
    assert_eq!(scene.fire(), 0);
}
