//! Of conflicting commands one wins (G7), and seq has no gaps however many write (G3, I1).

use futures_util::future::join_all;
use order_actions::{ActionError, Ask, Committed};
use order_domain::{command::Command, event::FileRef, ids::OrderId, order::State, rejection::Code};
use serde_json::json;
use sqlx::Connection as _;

use crate::{
    database::{Database, fresh},
    world::{World, buyer, code, eventually, gapless, id, say, seller},
};

/// `expect_version` refuses what was decided on an older order; messages do not count.
#[tokio::test]
async fn the_expected_version() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        world.done(&buyer(), order, say("Hi")).await;
        let command = Command::decode(json!({"type": "accept_order"})).expect("a command");
        let ask =
            |expected| Ask { order, id: id(), command: command.clone(), expect_version: Some(expected) };
        assert_eq!(code(world.store.execute(seller(), ask(2)).await), Code::VersionConflict);
        let accepted = world.store.execute(seller(), ask(1)).await.expect("the version holds");
        assert_eq!(accepted.version, 2);
        // The version is asked before the role.
        assert_eq!(code(world.store.execute(buyer(), ask(1)).await), Code::VersionConflict);
    })
    .await;
}

/// Accept against decline, on two nodes, ten orders at once.
#[tokio::test]
async fn one_of_two_wins() {
    fresh(async |database| {
        let (one, two) = (World::on(&database).await, World::on(&database).await);
        let duels = (0..10).map(async |_| {
            let order = one.order(json!("creator")).await;
            let seller = seller();
            let accept = one.ask(&seller, order, json!({"type": "accept_order"}));
            let decline = two.ask(&seller, order, json!({"type": "decline_order", "reason": "No time"}));
            let outcomes: (Result<_, _>, Result<_, _>) = tokio::join!(accept, decline);
            let state = one.stored(order).await.state;
            match outcomes {
                (Ok(_), Err(_)) => assert_eq!(state, State::InProgress),
                (Err(_), Ok(_)) => assert_eq!(state, State::Declined),
                other => panic!("exactly one wins: {other:?}"),
            }
            one.holds_together(order).await;
        });
        join_all(duels).await;
    })
    .await;
}

/// What a party may plainly do asks for no lock: one of another's that bars only lockers is not met. A refusal waits for it.
#[tokio::test]
async fn a_plain_act_takes_no_lock() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        let mut rival = database.connect().await;
        let mut held = rival.begin().await.expect("a transaction");
        let bar = "select 1 from heads where order_id = $1 for key share";
        sqlx::query(bar).bind(order.0).execute(&mut *held).await.expect("held");
        world.done(&buyer(), order, json!({"type": "propose_update", "revisions": 4})).await;
        let refused = world.ask(&buyer(), order, json!({"type": "accept_delivery", "delivery": 1})).await;
        assert!(
            matches!(refused, Err(ActionError::Unavailable(_))),
            "what is refused is refused under the lock"
        );
        held.commit().await.expect("it lets go");
        assert_eq!(
            world.refused(&buyer(), order, json!({"type": "accept_delivery", "delivery": 1})).await,
            Code::WrongState
        );
        world.holds_together(order).await;
    })
    .await;
}

/// What was decided on a room that somebody wrote to in between is decided again, and written once.
#[tokio::test]
async fn who_is_overtaken_decides_again() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let touch = "update heads set version = version where order_id = $1";
        let file = world.file(order).await;
        let said = overtaken(&database, &world, &file, order, (WAITS, touch)).await;
        let said = said.expect("nothing speaks against it");
        assert_eq!(world.timeline(order).await.len() as u64, said.last.expect("an entry").0);

        let archive = "update heads set archived = true where order_id = $1";
        assert_eq!(
            code(overtaken(&database, &world, &file, order, (WAITS, archive)).await),
            Code::RoomClosed
        );
        world.holds_together(order).await;
        assert_eq!(database.count(POSTED).await, 1);
    })
    .await;
}

/// Somebody waits for a lock.
const WAITS: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'";
/// They have for longer than a decision holds.
const WAITS_LONG: &str = "select count(*) from pg_stat_activity where datname = current_database()
    and wait_event_type = 'Lock' and query_start < clock_timestamp() - interval '1 second'";
const POSTED: &str = "select count(*) from entries where event->>'type' = 'message.posted'";

/// A message with a file that has read the room, and looks for its file until something is so and a rival has had the room.
async fn overtaken(
    database: &Database,
    world: &World,
    file: &FileRef,
    order: OrderId,
    (until, rival): (&'static str, &'static str),
) -> Result<Committed, ActionError> {
    let mut connection = database.connect().await;
    let mut held = connection.begin().await.expect("a transaction");
    sqlx::query("lock table files").execute(&mut *held).await.expect("nobody reads files");
    let seller = seller();
    let write = async {
        eventually(async || (database.count(until).await > 0).then_some(())).await;
        sqlx::query(rival).bind(order.0).execute(&mut *held).await.expect("the room is free");
        held.commit().await.expect("the rival is first");
    };
    let command = json!({"type": "post_message", "text": "See", "files": [file.id]});
    tokio::join!(world.ask(&seller, order, command), write).0
}

/// G6: what was decided without a lock is written within a second, or decided again under it: here that lock cannot be had.
#[tokio::test]
async fn what_was_decided_long_ago_is_not_written() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let file = world.file(order).await;
        let mut rival = database.connect().await;
        let mut bar = rival.begin().await.expect("a transaction");
        let lockers = "select 1 from heads where order_id = $1 for key share";
        sqlx::query(lockers).bind(order.0).execute(&mut *bar).await.expect("held");
        let nothing = "select 1 from heads where order_id = $1";
        let late = overtaken(&database, &world, &file, order, (WAITS_LONG, nothing)).await;
        assert!(matches!(late, Err(ActionError::Unavailable(_))), "{late:?}");
        bar.rollback().await.expect("it lets go");
        world.holds_together(order).await;
        assert_eq!(database.count(POSTED).await, 0);
    })
    .await;
}

/// G6: who was refused because a time was over is not belied by an older copy of what they asked: it finds another
/// version of the room.
#[tokio::test]
async fn a_refusal_by_time_leaves_older_copies_nothing() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let said = world.done(&buyer(), order, say("Hi")).await.last.expect("an entry");
        let age =
            "update entries set at = at - interval '16 minutes' where event->>'type' = 'message.posted'";
        sqlx::query(age).execute(&mut database.connect().await).await.expect("it is older");
        let version = "select xmin::text::bigint from heads";
        let before = database.count(version).await;
        let edit = json!({"type": "edit_message", "seq": said.0, "text": "Hello"});
        assert_eq!(world.refused(&buyer(), order, edit).await, Code::WindowClosed);
        assert_ne!(database.count(version).await, before);
    })
    .await;
}

/// Commands and messages of both sides on two nodes, in one room.
#[tokio::test]
async fn many_writers_leave_no_gap() {
    fresh(async |database| {
        let nodes = [World::on(&database).await, World::on(&database).await];
        let order = nodes[0].order(json!("creator")).await;
        let writers = (0..60).map(async |n| {
            let (node, who) = (&nodes[n % 2], if n % 3 == 0 { buyer() } else { seller() });
            let command = match n % 4 {
                0 => json!({"type": "post_message", "text": "an answer", "reply_to": 1}),
                1 => json!({"type": "propose_update", "revisions": n}),
                _ => say("talk"),
            };
            drop(node.ask(&who, order, command).await);
        });
        join_all(writers).await;
        gapless(&nodes[0].timeline(order).await);
        nodes[1].holds_together(order).await;
    })
    .await;
}
