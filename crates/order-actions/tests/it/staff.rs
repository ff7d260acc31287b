//! The desk: its queue, its own stream, and who hands over to whom (L33, L34, L40, D11, I7).

use std::time::Duration;

use order_actions::AccountRole;
use order_domain::{
    event::CaseEvent,
    ids::OrderId,
    rejection::Code,
    values::{Seq, Text},
};
use serde_json::json;

use crate::{
    database::{Database, fresh},
    world::{
        World, admin, agent, buyer, caller, code, eventually, id, other_agent, rejection, say, seller, told,
    },
};

async fn disputed(database: &Database) -> (World, OrderId) {
    let world = World::on(database).await;
    let order = world.order(json!("creator")).await;
    let dispute = json!({"type": "open_dispute", "reason": "Nothing came", "cx_join": true});
    world.done(&buyer(), order, dispute).await;
    (world, order)
}

/// G2: whoever lost the answer to a note is told that it is there, even after the case has closed; a new one is refused.
#[tokio::test]
async fn a_note_is_repeated_after_the_case() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        world.done(&agent(), order, json!({"type": "claim_case"})).await;
        let (note, text) = (id(), Text::new("Asked for the invoice").expect("a text"));
        world.store.add_case_note(&agent(), order, note, text.clone()).await.expect("a note");
        world.done(&buyer(), order, json!({"type": "close_dispute"})).await;
        let again =
            world.store.add_case_note(&agent(), order, note, text.clone()).await.expect("it is there");
        assert!(again.duplicate);
        let other = world.store.add_case_note(&agent(), order, id(), text).await;
        assert_eq!(code(other), Code::OrderNotFound);
    })
    .await;
}

/// What agents do and write stands in a stream of its own, gapless; nothing of it in the timeline (I1, I7).
#[tokio::test]
async fn the_case_stream_is_apart() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        world.done(&agent(), order, json!({"type": "claim_case"})).await;
        world.store.access(&agent(), order).await.expect("a first look");
        world.store.access(&agent(), order).await.expect("a second look");
        let text = Text::new("canary-of-the-desk").expect("a text");
        let note = id();
        world.store.add_case_note(&agent(), order, note, text.clone()).await.expect("a note");
        assert!(
            world.store.add_case_note(&agent(), order, note, text).await.expect("noted before").duplicate
        );
        world.store.access(&admin(), order).await.expect("an admin's look");

        let page = world.store.case_entries(&admin(), order, Seq(0), 50).await.expect("staff read it");
        let seqs: Vec<u64> = page.entries.iter().map(|entry| entry.seq.0).collect();
        assert_eq!(seqs, [1, 2, 3, 4]);
        let events: Vec<_> = page.entries.into_iter().map(|entry| entry.event).collect();
        assert!(matches!(
            &events[..],
            [CaseEvent::Claimed { .. }, CaseEvent::Read {}, CaseEvent::Noted { .. }, CaseEvent::Read {}]
        ));
        assert_eq!(code(world.store.case_entries(&buyer(), order, Seq(0), 50).await), Code::NotYourRole);
        assert_eq!(told(&world.timeline(order).await), ["order.placed", "dispute.opened"]);
        let leaks =
            "select count(*) from entries where event::text like '%canary%' or event->>'type' like 'case.%'";
        assert_eq!(database.count(leaks).await, 0);
    })
    .await;
}

/// S30: the queue knows every open case, the longest waiting first, and who has it.
#[tokio::test]
async fn the_queue_of_the_desk() {
    fresh(async |database| {
        let (world, first) = disputed(&database).await;
        let second = world.order(json!("creator")).await;
        let dispute = json!({"type": "open_dispute", "reason": "Rude", "cx_join": true});
        world.done(&seller(), second, dispute).await;
        world.done(&agent(), second, json!({"type": "claim_case"})).await;
        let queue = world.store.desk_queue(&agent(), None, 100).await.expect("the queue").cases;
        assert_eq!(queue.iter().map(|case| case.order).collect::<Vec<_>>(), [first, second]);
        assert_eq!((&queue[0].claimed_by, &queue[1].claimed_by), (&None, &Some(agent().user)));
        assert_eq!(queue[0].reason.as_deref(), Some("Nothing came"));
        assert_eq!(queue[0].reference.as_deref(), Some("A-17"), "orders of one listing are told apart");
        assert_eq!(code(world.store.desk_queue(&buyer(), None, 100).await), Code::NotYourRole);
        world.done(&buyer(), first, json!({"type": "close_dispute"})).await;
        assert_eq!(world.store.desk_queue(&agent(), None, 100).await.expect("the queue").cases.len(), 1);
    })
    .await;
}

/// `T_cx`: a case that nobody joined in time stands at the front until somebody does; the queue comes in pages.
#[tokio::test]
async fn an_escalated_case_comes_first() {
    fresh(async |database| {
        let (world, waits_longest) = disputed(&database).await;
        let urgent = world.order(json!({"preset": "creator", "cx_response_s": 1})).await;
        let last = world.order(json!("creator")).await;
        for order in [urgent, last] {
            let dispute = json!({"type": "open_dispute", "reason": "Rude", "cx_join": true});
            world.done(&seller(), order, dispute).await;
        }
        assert_eq!(queue(&world, 1).await, [waits_longest, urgent, last]);
        eventually(async || {
            world.fire_due(10).await.expect("the database answers");
            let escalated = told(&world.timeline(urgent).await).contains(&"case.escalated");
            escalated.then_some(())
        })
        .await;
        for limit in [1, 2, 100] {
            assert_eq!(queue(&world, limit).await, [urgent, waits_longest, last]);
        }
        let front = world.store.desk_queue(&agent(), None, 1).await.expect("the queue");
        let case = world.stored(urgent).await.case.expect("a case");
        assert!(case.escalated_at.is_some());
        assert_eq!(front.cases[0].escalated_at, case.escalated_at);
        world.done(&other_agent(), urgent, json!({"type": "claim_case"})).await;
        let front = world.store.desk_queue(&agent(), None, 1).await.expect("the queue").cases.remove(0);
        assert_eq!(front.claimed_by, Some(other_agent().user));
        let held = world.store.room(urgent).await.expect("the room").claim.expect("a claim");
        assert_eq!(front.claimable_from, Some(held.until), "a claim has a time of its own");
        let claim = async || world.ask(&agent(), urgent, json!({"type": "claim_case"})).await.ok();
        let taken = eventually(claim).await;
        assert_eq!(taken.agents_out, [other_agent().user], "L33: who did not come is out");
        assert_eq!(code(world.store.access(&other_agent(), urgent).await), Code::NotJoined);
        world.done(&agent(), urgent, json!({"type": "join_case"})).await;
        let cases = world.store.desk_queue(&agent(), None, 100).await.expect("the queue").cases;
        assert!(cases.iter().all(|case| case.claimable_from.is_none()), "somebody is in");
        assert_eq!(queue(&world, 2).await, [waits_longest, urgent, last], "somebody came");
        world.holds_together(urgent).await;
        let beyond = "rest.-100000000000000.0190aaaa-0000-7000-8000-000000000001";
        for bad in ["", "x", "front.1", "back.1.0190aaaa-0000-7000-8000-000000000001", beyond] {
            let refused = rejection(world.store.desk_queue(&agent(), Some(bad), 100).await);
            assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some("cursor")));
        }
    })
    .await;
}

/// The whole queue, page by page.
async fn queue(world: &World, limit: u32) -> Vec<OrderId> {
    let mut orders = Vec::new();
    let mut next = None;
    loop {
        let page = world.store.desk_queue(&agent(), next.as_deref(), limit).await.expect("a page");
        assert!(page.cases.len() <= limit as usize);
        orders.extend(page.cases.iter().map(|case| case.order));
        next = page.next;
        if next.is_none() {
            return orders;
        }
    }
}

/// L40: only to a known agent; the one who hands over is out at once.
#[tokio::test]
async fn handing_over() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        for command in ["claim_case", "join_case"] {
            world.done(&agent(), order, json!({"type": command})).await;
        }
        let hand_over = json!({"type": "hand_over_case", "to": "agent-2"});
        assert_eq!(world.refused(&agent(), order, hand_over.clone()).await, Code::BadField);
        let name = Some("Second agent".to_owned());
        world.store.seen_user(other_agent().user, AccountRole::Agent, name).await.expect("a token was seen");
        let handed = world.done(&agent(), order, hand_over).await;
        assert_eq!(handed.agents_out, [agent().user]);
        let view = handed.room.expect("a snapshot's stuff");
        assert_eq!(view.claimed_by(), Some(&other_agent().user));
        assert_eq!(
            view.name_of(&other_agent().user),
            "Second agent",
            "who came in by this has a name at once"
        );
        assert_eq!(code(world.store.access(&agent(), order).await), Code::NotJoined);
        world.done(&other_agent(), order, json!({"type": "join_case"})).await;
        let left = world.done(&other_agent(), order, json!({"type": "leave_case"})).await;
        assert_eq!(left.agents_out, [other_agent().user]);
        assert!(left.desk_changed);
        world.holds_together(order).await;
    })
    .await;
}

/// L33: an admin, who need not be in the room, gives the case to another agent.
#[tokio::test]
async fn reassigning() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        world.done(&agent(), order, json!({"type": "claim_case"})).await;
        world.store.seen_user(other_agent().user, AccountRole::Agent, None).await.expect("a token was seen");
        let hand_over = json!({"type": "hand_over_case", "to": "agent-2"});
        let given = world.done(&admin(), order, hand_over).await;
        assert_eq!(given.agents_out, [agent().user]);
        assert_eq!(code(world.store.access(&agent(), order).await), Code::NotJoined);
        world.done(&other_agent(), order, json!({"type": "join_case"})).await;
        world.holds_together(order).await;
    })
    .await;
}

/// G2, G6: an agent whose own command ended their access, and who lost the answer, is told that it happened.
#[tokio::test]
async fn the_last_word_can_be_repeated() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        for command in ["claim_case", "join_case"] {
            world.done(&agent(), order, json!({"type": command})).await;
        }
        let (id, leave) = (id(), json!({"type": "leave_case"}));
        let left = world.ask_as(&agent(), order, id, leave.clone()).await.expect("the agent leaves");
        let again = world.ask_as(&agent(), order, id, leave).await.expect("the stored outcome");
        assert_eq!((again.duplicate, again.first), (true, left.first));
        assert_eq!(code(world.ask_as(&agent(), order, id, say("still here")).await), Code::IdReused);
    })
    .await;
}

/// An admin who joined reads on when the case closes: that is no access withdrawn.
#[tokio::test]
async fn admins_stay() {
    fresh(async |database| {
        let (world, order) = disputed(&database).await;
        let boss = caller("admin", AccountRole::Admin);
        world.store.seen_user(boss.user.clone(), boss.role, None).await.expect("a token was seen");
        world.done(&boss, order, json!({"type": "join_case"})).await;
        let resolve = json!({"type": "resolve_dispute", "option": {"kind": "resume"}, "reason": "Go on"});
        let resolved = world.done(&boss, order, resolve).await;
        assert!(resolved.agents_out.is_empty());
        world.store.access(&boss, order).await.expect("still there");
        world.holds_together(order).await;
    })
    .await;
}

/// A revocation is told to whoever asks since before it, and only moves forward.
#[tokio::test]
async fn revocations() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (store, user) = (&world.store, agent().user);
        let now = store.now().await.expect("the time");
        assert_eq!(store.revoked_until(&user).await.expect("an answer"), None);
        store.revoke(user.clone(), now).await.expect("revoked");
        store
            .revoke(user.clone(), now - Duration::from_hours(1))
            .await
            .expect("an older one changes nothing");
        assert_eq!(store.revoked_until(&user).await.expect("an answer"), Some(now));
        let told = store.revocations_since(now).await.expect("an answer");
        assert_eq!(told.iter().map(|r| (&r.user, r.up_to)).collect::<Vec<_>>(), [(&user, now)]);
        let later = now + Duration::from_mins(1);
        assert!(store.revocations_since(later).await.expect("an answer").is_empty());
    })
    .await;
}
