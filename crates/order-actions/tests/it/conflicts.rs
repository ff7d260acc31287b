//! Of conflicting commands one wins (G7), and seq has no gaps however many write (G3, I1).

use futures_util::future::join_all;
use order_actions::{ActionError, Ask, Committed};
use order_domain::{command::Command, ids::OrderId, order::State, rejection::Code};
use serde_json::{Value, json};
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
        let refused = world.ask(&buyer(), order, json!({"type": "accept_delivery"})).await;
        assert!(
            matches!(refused, Err(ActionError::Unavailable(_))),
            "what is refused is refused under the lock"
        );
        held.commit().await.expect("it lets go");
        assert_eq!(
            world.refused(&buyer(), order, json!({"type": "accept_delivery"})).await,
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
        let accepted = overtaken(&database, &world, order, json!({"type": "accept_order"}), touch).await;
        assert_eq!(accepted.expect("nothing speaks against it").version, 2);
        world.holds_together(order).await;

        let archive = "update heads set archived = true where order_id = $1";
        let reply = json!({"type": "post_message", "text": "An answer", "reply_to": 1});
        let before = world.timeline(order).await.len();
        let refused = overtaken(&database, &world, order, reply, archive).await;
        assert_eq!(code(refused), Code::RoomClosed);
        assert_eq!(world.timeline(order).await.len(), before);
    })
    .await;
}

/// A command of the seller's that waits to write while a rival, who was there before it read, commits.
async fn overtaken(
    database: &Database,
    world: &World,
    order: OrderId,
    command: Value,
    rival: &'static str,
) -> Result<Committed, ActionError> {
    let mut connection = database.connect().await;
    let mut held = connection.begin().await.expect("a transaction");
    sqlx::query(rival).bind(order.0).execute(&mut *held).await.expect("the room is the rival's");
    let seller = seller();
    let commit = async {
        let waiting = "select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'";
        eventually(async || (database.count(waiting).await > 0).then_some(())).await;
        held.commit().await.expect("the rival is first");
    };
    tokio::join!(world.ask(&seller, order, command), commit).0
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
