//! What is acknowledged is there (G1, trap 1), whatever callers drop and whenever.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use futures_util::future::join_all;
use order_actions::{ActionError, Store, StoreError, StoreSettings};
use order_domain::ids::OrderId;
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, buyer, eventually, gapless, id, placement, say, seller, settings},
};

/// Drops a future right after its poll of this number, or when it is done.
async fn drop_after(polls: usize, future: impl Future) {
    let (mut future, mut polled) = (pin!(future), 0);
    poll_fn(|context| {
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Pending if polled < polls => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

/// G1, G6: commands whose callers hang up at every possible moment happen once or not at all, and what is
/// acknowledged afterwards survives. One connection, so that whatever is left behind is met again.
#[tokio::test]
async fn callers_that_hang_up() {
    fresh(async |database| {
        let tight = StoreSettings {
            statement_connections: 1,
            command_connections: 1,
            read_connections: 1,
            background_connections: 1,
            ..settings(&database)
        };
        let store = Store::connect(tight).await.expect("the store opens");
        let world = World { store };
        let order = world.order(json!("creator")).await;
        for polls in (1..=4).cycle().take(24) {
            hang_up(&world, order, polls).await;
            world.done(&buyer(), order, json!({"type": "post_message", "text": "kept", "reply_to": 1})).await;
        }
        world.holds_together(order).await;
        let kept = "select count(*) from entries where event->>'text' = 'kept'";
        assert_eq!(database.count(kept).await, 24, "every acknowledged write survived");
        let open = "select count(*) from pg_stat_activity where datname = current_database()
            and state like 'idle in transaction%'";
        assert_eq!(database.count(open).await, 0);
    })
    .await;
}

/// Drops one of each kind of work after so many polls, then retries it with its id.
async fn hang_up(world: &World, order: OrderId, polls: usize) {
    let (answer, plain, placed) = (id(), id(), id());
    let reply = json!({"type": "post_message", "text": "once", "reply_to": 1});
    drop_after(polls, world.ask_as(&seller(), order, answer, reply.clone())).await;
    drop_after(polls, world.ask_as(&seller(), order, plain, say("once"))).await;
    drop_after(polls, world.store.place_order(placed, placement(json!("creator")))).await;
    drop_after(polls, world.store.room(order)).await;
    drop_after(polls, world.fire_due(3)).await;
    drop_after(polls, world.store.mark_read(vec![(order, buyer().user, order_domain::values::Seq(1))])).await;
    world.ask_as(&seller(), order, answer, reply).await.expect("settled by its id");
    world.ask_as(&seller(), order, plain, say("once")).await.expect("settled by its id");
    world.store.place_order(placed, placement(json!("creator"))).await.expect("settled by its id");
}

/// G1: a database that may lose what it acknowledged is refused at the start.
#[tokio::test]
async fn a_careless_database_is_refused() {
    fresh(async |database| {
        database.set("synchronous_commit = off").await;
        let refused = Store::connect(settings(&database)).await.expect_err("not durable");
        assert!(matches!(refused, StoreError::NotDurable("synchronous_commit")), "{refused}");
    })
    .await;
}

/// G1, G2, G6: sessions die in the middle of everything; whoever was told "try again" does, and each command
/// is there exactly once.
#[tokio::test]
async fn sessions_that_die() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let rooms = join_all((0..4).map(|_| world.order(json!("creator")))).await;
        let mut killer = database.connect().await;
        let killing = async {
            for _ in 0..40 {
                let kill = "select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() order by random() limit 3";
                sqlx::raw_sql(kill).execute(&mut killer).await.expect("killed");
                tokio::task::yield_now().await;
            }
        };
        let sending = join_all((0..200).map(async |n: usize| {
            let command = match n % 2 {
                0 => say("kept"),
                _ => json!({"type": "post_message", "text": "kept", "reply_to": 1}),
            };
            let id = id();
            eventually(async || match world.ask_as(&buyer(), rooms[n % 4], id, command.clone()).await {
                Ok(done) => Some(done),
                Err(ActionError::Unavailable(_)) => None,
                Err(other) => panic!("the rules have nothing against it: {other}"),
            })
            .await
        }));
        let (acknowledged, ()) = tokio::join!(sending, killing);
        for room in rooms {
            let entries = world.timeline(room).await;
            gapless(&entries);
            for done in acknowledged.iter().filter(|done| done.order == room) {
                let seq = usize::try_from(done.first.expect("an entry").0).expect("small");
                assert_eq!(entries[seq - 1].event.kind().as_str(), "message.posted");
            }
        }
        let kept = "select count(*) from entries where event->>'text' = 'kept'";
        assert_eq!(database.count(kept).await, 200, "each exactly once");
    })
    .await;
}

/// A new epoch is seen by every node.
#[tokio::test]
async fn epochs() {
    fresh(async |database| {
        let (one, two) = (World::on(&database).await, World::on(&database).await);
        let before = one.store.epoch().await.expect("an epoch");
        let rotated = two.store.rotate_epoch().await.expect("a new one");
        assert_ne!(before, rotated);
        assert_eq!(one.store.epoch().await.expect("an epoch"), rotated);
        one.store.ready().await.expect("ready");
    })
    .await;
}
