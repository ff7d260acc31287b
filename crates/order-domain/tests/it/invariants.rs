//! Invariants on random histories: people, clocks and the host do what comes to mind, rightly and wrongly.

use chrono::Duration;
use order_domain::{
    change,
    clock::{self, TimerKind},
    command::*,
    event::{Event, EventKind},
    ids::{CommandId, ProposalId, ResolutionId},
    order::{Order, State},
    participant::{Actor, Role},
    payment::{BookingKind, Marked},
    policy::Settlement,
    values::Seq,
};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::{beginnings::beginnings, scene::*};

/// One thing that may come to somebody's mind.
#[derive(Clone, Debug)]
enum Step {
    /// A command of a role, with well-formed arguments where the order offers any.
    Command(Role, CommandKind, u8),
    /// The second agent tries too.
    OtherAgent(CommandKind),
    /// Hours pass, clocks fire.
    Pass(i64),
    /// Hours pass, nothing fires until the next command.
    Sleep(i64),
    /// The host books money.
    Book(BookingKind, i64),
    /// The host books exactly what it is asked for, if it is asked for anything.
    Settle(BookingKind),
}

fn kinds() -> impl Strategy<Value = CommandKind> {
    let acts: Vec<_> = CommandKind::ALL.iter().copied().filter(|kind| !kind.is_message()).collect();
    prop::sample::select(acts)
}

fn steps() -> impl Strategy<Value = Step> {
    let role = prop::sample::select(vec![Role::Buyer, Role::Seller, Role::Agent, Role::Admin]);
    let booking =
        || prop::sample::select(vec![BookingKind::Payment, BookingKind::Refund, BookingKind::Payout]);
    let amount = prop::sample::select(vec![0, 1, 4000, 5000, 10000, 11000, 15000, 15001]);
    prop_oneof![
        12 => (role, kinds(), any::<u8>()).prop_map(|(role, kind, n)| Step::Command(role, kind, n)),
        1 => kinds().prop_map(Step::OtherAgent),
        2 => (1_i64..400).prop_map(Step::Pass),
        1 => (1_i64..900).prop_map(Step::Sleep),
        2 => (booking(), amount).prop_map(|(kind, amount)| Step::Book(kind, amount)),
        2 => booking().prop_map(Step::Settle),
    ]
}

/// Arguments that fit the order as it stands: what a careful client would send.
pub fn well_formed(role: Role, kind: CommandKind, scene: &Scene, n: u8) -> Command {
    let order = &scene.order;
    let reason = || text("because");
    let due = scene.now + Duration::days(1 + i64::from(n));
    let delivery = order.delivery_no();
    let proposal = order.proposal.as_ref().map_or(ProposalId(Uuid::nil()), |open| open.id);
    let resolution = order.case.as_ref().and_then(|case| case.resolution.as_ref());
    let resolution = resolution.map_or(ResolutionId(Uuid::nil()), |open| open.id);
    match kind {
        CommandKind::SubmitRequirements => {
            let answers = order.form.iter().map(|question| (question.id.clone(), json!("ours")));
            SubmitRequirements { answers: answers.collect() }.into()
        }
        CommandKind::AcceptOrder => AcceptOrder { without_answers: true }.into(),
        CommandKind::DeclineOrder => DeclineOrder { reason: reason() }.into(),
        CommandKind::DeliverFiles => files(1 + u128::from(n % 3)).into(),
        CommandKind::DeliverExternal => DeliverExternal { place: text("there"), note: None }.into(),
        CommandKind::MarkSent => {
            MarkSent { eta: n.is_multiple_of(2).then_some(due), ..MarkSent::default() }.into()
        }
        CommandKind::MarkPaid => {
            let agreed = n.is_multiple_of(2) && order.payment.marked != Some(Marked::Agreed);
            MarkPaid { agreed }.into()
        }
        CommandKind::AcceptDelivery => AcceptDelivery { delivery }.into(),
        CommandKind::RequestRevision => revise(delivery).into(),
        CommandKind::ProposeUpdate if n.is_multiple_of(3) && order.revisions_used < 99 => {
            let other = order.revisions_allowed == order.revisions_used + 1;
            let revisions = order.revisions_used + 1 + u32::from(other);
            ProposeUpdate { revisions: Some(revisions), ..ProposeUpdate::default() }.into()
        }
        CommandKind::ProposeUpdate if n % 3 == 1 && may_price(role, scene) => {
            let price = order.price.amount.minor();
            let other = match n % 4 {
                0 if price > 0 => price / 2,
                2 if price > 0 => 0,
                _ => price + 5000,
            };
            ProposeUpdate { price: Some(amount(other)), ..ProposeUpdate::default() }.into()
        }
        CommandKind::ProposeUpdate => {
            // The terms may have this date already, and a proposal changes something.
            let other = if order.due_at == Some(due) { due + Duration::days(1) } else { due };
            ProposeUpdate { due_at: Some(other), ..ProposeUpdate::default() }.into()
        }
        CommandKind::AcceptUpdate => AcceptUpdate { proposal }.into(),
        CommandKind::DeclineUpdate => DeclineUpdate { proposal, reason: None }.into(),
        CommandKind::WithdrawUpdate => WithdrawUpdate { proposal }.into(),
        CommandKind::RequestCancel => cancel().into(),
        CommandKind::ConsentCancel => ConsentCancel {}.into(),
        CommandKind::WithdrawCancel => WithdrawCancel {}.into(),
        CommandKind::ApproveCancel => {
            let refund =
                if n.is_multiple_of(2) { order.refundable() } else { amount(order.refundable().minor() / 3) };
            ApproveCancel { refund, reason: reason() }.into()
        }
        CommandKind::RejectCancel => {
            RejectCancel { reason: reason(), new_due_at: n.is_multiple_of(2).then_some(due) }.into()
        }
        CommandKind::CancelOrder => CancelOrder { reason: reason() }.into(),
        CommandKind::OpenDispute => dispute().into(),
        CommandKind::CloseDispute => CloseDispute {}.into(),
        CommandKind::ClaimCase => ClaimCase {}.into(),
        CommandKind::JoinCase => JoinCase {}.into(),
        CommandKind::LeaveCase => LeaveCase {}.into(),
        CommandKind::HandOverCase => {
            let theirs = role == Role::Admin && scene.claimed_by() == Some("agent2");
            HandOverCase { to: user(if theirs { "agent" } else { "agent2" }) }.into()
        }
        CommandKind::ProposeResolution => ProposeResolution { option: outcome(order, n, due) }.into(),
        CommandKind::AcceptResolution => AcceptResolution { resolution }.into(),
        CommandKind::ResolveDispute => {
            ResolveDispute { option: outcome(order, n, due), reason: reason() }.into()
        }
        CommandKind::PostMessage | CommandKind::EditMessage | CommandKind::RetractMessage => unreachable!(),
    }
}

fn may_price(role: Role, scene: &Scene) -> bool {
    let actions = scene.actions(role);
    let update = actions.iter().find(|action| action.command == CommandKind::ProposeUpdate);
    update.is_some_and(|action| action.needs.iter().any(|need| need.field == "price"))
}

/// What the host is asked for.
fn asked_for(order: &Order, kind: BookingKind) -> i64 {
    let asked = match kind {
        BookingKind::Payment => order.owed(order.price.amount),
        BookingKind::Refund => order.payment.refund_due,
        BookingKind::Payout => order.payment.payout_due,
    };
    asked.minor()
}

fn outcome(order: &Order, n: u8, due_at: chrono::DateTime<chrono::Utc>) -> Resolution {
    let refund = order.refundable();
    match (n % 6, order.state.is_terminal()) {
        (0, false) => Resolution::Resume,
        (1, false) => Resolution::Extend { due_at },
        (2, false) => Resolution::ExtraRevision,
        (3, _) if refund.minor() > 1 => {
            let part = if n.is_multiple_of(2) { refund.minor() - 1 } else { 1 + refund.minor() / 4 };
            Resolution::PartialRefund { amount: amount(part) }
        }
        (4, _) => Resolution::Cancel { refund },
        _ => Resolution::Complete,
    }
}

fn play(mut scene: Scene, steps: &[Step], mut after: impl FnMut(&Scene, &Scene)) -> Scene {
    for (i, step) in steps.iter().enumerate() {
        let before = scene.clone();
        match step {
            Step::Command(role, kind, n) => {
                let command = well_formed(*role, *kind, &scene, *n);
                drop(scene.try_as(*role, command));
            }
            Step::OtherAgent(kind) => {
                let command = well_formed(Role::Agent, *kind, &scene, 0);
                drop(scene.try_by(&agent2(), command));
            }
            Step::Pass(hours) => scene.pass(Duration::hours(*hours)),
            Step::Sleep(hours) => scene.now += Duration::hours(*hours),
            Step::Book(kind, amount) => drop(scene.book(*kind, *amount, &format!("ref-{i}"))),
            Step::Settle(kind) => settle(&mut scene, *kind, &format!("ref-{i}")),
        }
        after(&before, &scene);
    }
    scene
}

fn settle(scene: &mut Scene, kind: BookingKind, reference: &str) {
    scene.fire();
    let amount = asked_for(&scene.order, kind);
    if amount > 0 {
        drop(scene.book(kind, amount, reference));
    }
}

fn asked_to_pay_out(scene: &Scene) -> i64 {
    let asked = scene.entries.iter().filter_map(|entry| match &entry.event {
        Event::PayoutRequested { amount } => Some(amount.minor()),
        _ => None,
    });
    asked.sum()
}

fn ends(order: &Order) -> Option<State> {
    order.state.is_terminal().then_some(order.state)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// I1, I2: seq has no hole, and folding the timeline gives the order, at the end and at every point.
    #[test]
    fn folding_gives_the_order(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40)) {
        play(beginning.scene(), &steps, |_, scene| {
            let seqs: Vec<u64> = scene.entries.iter().map(|entry| entry.seq.0).collect();
            assert_eq!(seqs, (1..=scene.head().0).collect::<Vec<_>>());
            let stored: Vec<_> = scene.entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
            let read: Vec<_> = stored.iter().map(|entry| serde_json::from_str(entry).unwrap()).collect();
            assert_eq!(Order::fold(scene.order.id, &read).unwrap(), scene.order);
            let doc = serde_json::to_value(&scene.order).unwrap();
            assert_eq!(serde_json::from_value::<Order>(doc).unwrap(), scene.order);
        });
    }

    /// I4, D3: what `actions` allows is accepted with well-formed arguments, what it does not is refused.
    #[test]
    fn actions_keep_their_promise(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40), n in any::<u8>()) {
        let mut scene = play(beginning.scene(), &steps, |_, _| ());
        scene.fire();
        for role in [Role::Buyer, Role::Seller, Role::Agent, Role::Admin] {
            for action in scene.actions(role) {
                if action.command.is_message() {
                    continue;
                }
                let command = well_formed(role, action.command, &scene, n);
                let answer = scene.clone().try_as(role, command.clone());
                match (&answer, action.allowed) {
                    (Ok(_), allowed) => prop_assert!(allowed, "{role:?} {command:?} accepted, {action:?}"),
                    (Err(refused), true) => prop_assert!(false, "{role:?} {command:?}: {refused}"),
                    (Err(refused), false) => prop_assert_eq!(Some(refused.code), action.code),
                }
                prop_assert!(action.allowed || action.message.is_some());
            }
        }
    }

    /// I4: `allowed_from` is the truth: a moment earlier it is refused, then it is accepted.
    #[test]
    fn allowed_from_is_the_moment(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..25)) {
        let mut scene = play(beginning.scene(), &steps, |_, _| ());
        scene.fire();
        for role in [Role::Buyer, Role::Seller] {
            for action in scene.actions(role) {
                let Some(from) = action.allowed_from else { continue };
                let mut early = scene.clone();
                early.now = from - Duration::milliseconds(1);
                prop_assert!(!early.action(role, action.command).allowed);
                let mut then = scene.clone();
                then.now = from;
                then.fire();
                // A clock that fires first may have taken the order elsewhere.
                if then.state() == scene.state() && then.order.case.is_none() {
                    prop_assert!(then.action(role, action.command).allowed, "{:?}", action);
                }
            }
        }
    }

    /// I5, I6, G7: revisions stay within the contract, an order ends once, money adds up and has somewhere to go.
    #[test]
    fn an_order_ends_once_and_its_money_adds_up(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..60)) {
        play(beginning.scene(), &steps, |before, after| {
            let (old, new) = (&before.order, &after.order);
            assert!(new.revisions_used <= new.revisions_allowed, "I5");
            if let Some(end) = ends(old) {
                assert!(new.state == end || new.state == State::Refunded, "I6: {end:?} to {:?}", new.state);
            }
            let payment = &new.payment;
            let sum = payment.held().plus(payment.released).plus(payment.refunded);
            assert_eq!(sum, payment.captured, "G7");
            assert!(payment.refund_due.plus(payment.payout_due) <= payment.captured, "promised more than there is");
            assert!(asked_to_pay_out(after) <= payment.captured.minor(), "G7: no money is paid out twice");
            if new.policy.settlement == Settlement::Escrow && new.state.is_terminal() {
                let promised = payment.refund_due.plus(payment.payout_due);
                assert!(payment.held() <= promised, "G7: held money has somewhere to go: {payment:?}");
            }
        });
    }

    /// G7: what a price leaves owed can be paid, and then the whole price is.
    #[test]
    fn what_is_owed_can_be_paid(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40)) {
        let mut scene = play(beginning.scene(), &steps, |_, _| ());
        scene.fire();
        let owed = asked_for(&scene.order, BookingKind::Payment);
        if scene.order.policy.settlement == Settlement::Escrow && owed > 0 {
            prop_assert!(scene.book(BookingKind::Payment, owed, "the rest").is_ok(), "{:?}", scene.order);
            prop_assert_eq!(asked_for(&scene.order, BookingKind::Payment), 0);
        }
    }

    /// G7: what is due back can be given back, all of it or a part, at every point.
    #[test]
    fn what_is_due_can_be_given_back(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40)) {
        play(beginning.scene(), &steps, |_, scene| {
            let mut scene = scene.clone();
            scene.fire();
            let due = asked_for(&scene.order, BookingKind::Refund);
            for part in [1, due].into_iter().filter(|part| (1..=due).contains(part)) {
                let mut scene = scene.clone();
                scene.book(BookingKind::Refund, part, "back").unwrap_or_else(|no| panic!("{no}: {:?}", scene.order));
                assert_eq!(asked_for(&scene.order, BookingKind::Refund), due - part);
            }
        });
    }

    /// I8: before the end a clock runs or a stated reason holds it.
    #[test]
    fn an_open_order_has_a_clock(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40)) {
        play(beginning.scene(), &steps, |_, scene| {
            let order = &scene.order;
            if !order.state.is_terminal() {
                let stated = order.case.is_some() || (order.without_answers && order.answers_missing());
                assert!(clock::next_wake(order).is_some() || stated, "{order:#?}");
                assert!(!order.timers.is_empty() || order.case.is_some(), "{order:#?}");
            }
        });
    }

    /// I9, D4: one prompt a transition, for both sides, complete, citing entries of this transition.
    #[test]
    fn a_transition_has_one_prompt(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..40)) {
        let scene = play(beginning.scene(), &steps, |_, _| ());
        for entries in scene.entries.chunk_by(|a, b| a.id == b.id) {
            let prompts = entries.iter().filter_map(|entry| match &entry.event {
                Event::BotPrompted { prompts } => Some((entry, prompts)),
                _ => None,
            });
            let prompts: Vec<_> = prompts.collect();
            assert_eq!(prompts.len(), 1, "{entries:#?}");
            let (entry, prompts) = prompts[0];
            assert_eq!(entry.by, Actor::nobody(Role::Bot));
            let cited: Vec<Seq> = entries[..entries.len() - 1].iter().map(|entry| entry.seq).collect();
            assert_eq!(prompts.because, cited);
            for prompt in [&prompts.buyer, &prompts.seller] {
                let empty = prompt.params.iter().find(|(_, value)| value.is_null());
                assert!(empty.is_none(), "{prompt:?}");
            }
        }
    }

    /// I10: whatever happens in a case, the time it was open is not taken from a clock.
    #[test]
    fn time_in_a_case_is_given_back(hours in 1_i64..2000) {
        let scene = Scene::delivered();
        let before = scene.order.review_by().unwrap();
        let scene = scene.given(Role::Buyer, dispute()).later(Duration::hours(hours)).given(Role::Buyer, CloseDispute {});
        prop_assert_eq!(scene.order.review_by(), Some(before + Duration::hours(hours)));
    }

    /// Product "Time": a late scheduler fires the same clocks in the same order, and leaves the others as they are.
    #[test]
    fn a_late_scheduler_changes_no_outcome(beginning in beginnings(), steps in prop::collection::vec(steps(), 0..6), hours in 1_i64..2200) {
        let scene = play(beginning.scene(), &steps, |_, _| ());
        let on_time = Firings::of(&scene, Duration::hours(hours), true);
        let late = Firings::of(&scene, Duration::hours(hours), false);
        prop_assert_eq!(on_time, late);
    }
}

/// What a scheduler did with the clocks that were armed before it looked. Those that a firing armed are left out:
/// they count from that firing.
#[derive(Debug, PartialEq)]
struct Firings {
    fired: Vec<(CommandId, Vec<EventKind>)>,
    left: Vec<(TimerKind, chrono::DateTime<chrono::Utc>)>,
}

impl Firings {
    fn of(scene: &Scene, time: Duration, on_time: bool) -> Self {
        let mut scene = scene.clone();
        scene.fire();
        let (until, armed) = (scene.now + time, scene.order.generation);
        let mut fired = Vec::new();
        while let Some(wake) = clock::due(&scene.order, until) {
            scene.now = if on_time { wake.at } else { until };
            let before = scene.order.timers[&wake.kind].generation <= armed;
            let change = change::fire(&scene.order, scene.head(), &scene.moment()).unwrap();
            let events = change.entries.iter().map(|entry| entry.event.kind()).collect();
            fired.extend(before.then_some((change.id, events)));
            scene.take(change);
        }
        let left = scene.order.timers.iter().filter(|(_, timer)| timer.generation <= armed);
        Self { fired, left: left.map(|(kind, timer)| (*kind, timer.fire_at)).collect() }
    }
}

/// I3: a derived firing id is the same whoever fires, and differs from arming to arming.
#[test]
fn firings_have_their_own_ids() {
    let scene = Scene::delivered();
    let wake = clock::next_wake(&scene.order).unwrap();
    let again = scene.given(Role::Buyer, revise(1)).given(Role::Seller, files(1));
    let other = clock::next_wake(&again.order).unwrap();
    assert_eq!((wake.kind, wake.reminder), (other.kind, other.reminder));
    assert_ne!(wake.id(&again.order), other.id(&again.order));
}

/// The whole step is pure: the same input gives the same change.
#[test]
fn the_same_step_gives_the_same_change() {
    let scene = Scene::delivered();
    let command = Command::from(AcceptDelivery { delivery: 1 });
    let asked =
        order_domain::decide::Asked { id: CommandId(Uuid::from_u128(99)), command: &command, files: &[] };
    let step = || {
        change::perform(&scene.order, scene.head(), &person(Role::Buyer), &asked, &scene.moment()).unwrap()
    };
    assert_eq!(step(), step());
}
