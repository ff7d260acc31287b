//! Messages are committed in groups (G2, G3): many rooms, repeated ids, held rooms, two nodes, a grown table.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use order_actions::{ActionError, Caller, Start, Store, StoreSettings};
use order_domain::{ids::OrderId, rejection::Code};
use serde_json::json;

use crate::{
    database::{Database, fresh},
    world::{World, buyer, code, eventually, gapless, id, say, seller, settings, stranger},
};

/// 300 messages of both sides on two nodes over 20 rooms, every fifth sent twice, strangers in between.
#[tokio::test]
async fn three_hundred_on_two_nodes() {
    fresh(async |database| {
        let nodes = [World::on(&database).await, World::on(&database).await];
        let rooms = join_all((0..20).map(|_| nodes[0].order(json!("creator")))).await;
        let sends = (0..300).map(async |n: usize| {
            let (node, room, id) = (&nodes[n % 2], rooms[n % rooms.len()], id());
            let who = if n.is_multiple_of(3) { buyer() } else { seller() };
            if n.is_multiple_of(10) {
                assert_eq!(code(node.ask(&stranger(), room, say("let me in")).await), Code::OrderNotFound);
            }
            let text = format!("message {n}");
            if !n.is_multiple_of(5) {
                return node.ask_as(&who, room, id, say(&text)).await.expect("said");
            }
            let other = &nodes[(n + 1) % 2];
            let both = tokio::join!(
                node.ask_as(&who, room, id, say(&text)),
                other.ask_as(&who, room, id, say(&text))
            );
            let (one, two) = (both.0.expect("said"), both.1.expect("said"));
            assert_eq!((one.first, one.duplicate), (two.first, !two.duplicate));
            one
        });
        let said = join_all(sends).await;
        for room in &rooms {
            let entries = nodes[1].timeline(*room).await;
            gapless(&entries);
            let seqs: Vec<_> = said.iter().filter(|s| s.order == *room).map(|s| s.first).collect();
            assert_eq!(entries.iter().filter(|e| e.event.kind().is_message()).count(), seqs.len());
            nodes[0].holds_together(*room).await;
        }
    })
    .await;
}

/// One sender's messages of one room keep the order in which they were handed in.
#[tokio::test]
async fn order_of_one_sender() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, buyer) = (world.order(json!("creator")).await, buyer());
        // join_all polls in order, so they are handed in in order.
        let said = join_all((0..600).map(|n| world.ask(&buyer, order, say(&format!("{n}"))))).await;
        let seqs: Vec<_> = said.into_iter().map(|said| said.expect("said").first).collect();
        assert!(seqs.is_sorted());
    })
    .await;
}

/// A room that somebody holds for long: its messages are told to try again in time, the others flow at once.
#[tokio::test]
async fn a_held_room_stalls_nobody() {
    fresh(async |database| {
        let nodes = [World::on(&database).await, World::on(&database).await];
        let held = nodes[0].order(json!("creator")).await;
        let free = join_all((0..10).map(|_| nodes[0].order(json!("creator")))).await;
        let mut holder = database.connect().await;
        sqlx::raw_sql("begin").execute(&mut holder).await.expect("begun");
        sqlx::query("select 1 from heads where order_id = $1 for update")
            .bind(held.0)
            .execute(&mut holder)
            .await
            .expect("held");
        let began = Instant::now();
        let ids: Vec<_> = (0..20).map(|_| id()).collect();
        let caller = buyer();
        let stuck = join_all((0..20).map(|n| nodes[n % 2].ask_as(&caller, held, ids[n], say("stuck"))));
        let flow = async {
            for _ in 0..10 {
                let slowest = join_all(free.iter().enumerate().map(async |(n, room)| {
                    let began = Instant::now();
                    nodes[n % 2].ask(&buyer(), *room, say("flow")).await.expect("said");
                    began.elapsed()
                }));
                let slowest = slowest.await.into_iter().max().expect("ten");
                assert!(slowest < Duration::from_millis(1900), "less than a lock is waited for: {slowest:?}");
            }
        };
        let (stuck, ()) = tokio::join!(stuck, flow);
        assert!(began.elapsed() < Duration::from_secs(5), "nobody waits as long as the holder likes");
        assert!(stuck.iter().all(|outcome| matches!(outcome, Err(ActionError::Unavailable(_)))));
        sqlx::raw_sql("rollback").execute(&mut holder).await.expect("let go");
        // G6: the same ids now happen, once.
        let again = join_all((0..20).map(|n| nodes[n % 2].ask_as(&caller, held, ids[n], say("stuck")))).await;
        assert!(again.iter().all(|outcome| outcome.as_ref().is_ok_and(|done| !done.duplicate)));
        nodes[0].holds_together(held).await;
    })
    .await;
}

/// One bad row fails alone: Postgres refuses the batch that it is in, and its neighbours are written.
#[tokio::test]
async fn a_bad_row_fails_alone() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, good) = (world.order(json!("creator")).await, buyer());
        let bad = Caller { name: "no\0name".into(), ..buyer() };
        let callers: Vec<_> = (0..60).map(|n| if n % 20 == 7 { &bad } else { &good }).collect();
        let outcomes = join_all(callers.iter().map(|caller| world.ask(caller, order, say("x")))).await;
        for (caller, outcome) in callers.iter().zip(outcomes) {
            match outcome {
                Ok(_) => assert_eq!(*caller, &good),
                refused => assert_eq!((*caller, code(refused)), (&bad, Code::BadField)),
            }
        }
        world.holds_together(order).await;
    })
    .await;
}

/// A full queue refuses at once instead of growing.
#[tokio::test]
async fn a_full_queue_refuses() {
    fresh(async |database| {
        let small = StoreSettings { post_queue_max: 8, post_batch_max: 4, ..settings(&database) };
        let store = Store::connect(small).await.expect("the store opens");
        let world = World { store };
        let (order, caller) = (world.order(json!("creator")).await, buyer());
        let outcomes = join_all((0..100).map(|_| world.ask(&caller, order, say("rush")))).await;
        let said = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!((8..100).contains(&said), "{said}");
        assert_eq!(world.timeline(order).await.iter().filter(|e| e.event.kind().is_message()).count(), said);
    })
    .await;
}

/// The statements were planned while the tables were empty, and must not scan them once they are not.
#[tokio::test]
async fn plans_stay_good_on_grown_tables() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let known = id();
        let repeat = async || world.ask_as(&buyer(), order, known, say("again")).await.expect("said");
        let read = async || {
            world.store.opening(order, Start::newest(5)).await.expect("an opening");
            world.store.access(&buyer(), order).await.expect("it is theirs");
            world.store.greeting(&buyer().user).await.expect("a greeting");
        };
        for _ in 0..8 {
            talk(&world, order, 2).await;
            repeat().await;
            read().await;
        }
        grow(&database).await;
        database.count("select 1::bigint from (select pg_stat_reset()) reset").await;
        for _ in 0..10 {
            talk(&world, order, 2).await;
            repeat().await;
            read().await;
        }
        // Sessions report what they did at the latest when they end.
        drop(world);
        let others = "select count(*) from pg_stat_activity where datname = current_database()
            and backend_type = 'client backend' and pid <> pg_backend_pid()";
        eventually(async || (database.count(others).await == 0).then_some(())).await;
        // With sequential scans off, a bad plan reads a whole index instead.
        for read in [
            "select sum(seq_tup_read)::bigint from pg_stat_user_tables where relname in ('heads', 'entries')",
            "select sum(idx_tup_read)::bigint from pg_stat_user_indexes where relname in ('heads', 'entries')",
        ] {
            let read = database.count(read).await;
            assert!(read < 5000, "a scan of a grown table reads 5000 rows and more: {read}");
        }
    })
    .await;
}

async fn talk(world: &World, order: OrderId, count: usize) {
    let caller = buyer();
    for _ in 0..count {
        world.ask(&caller, order, say("talk")).await.expect("said");
    }
}

async fn grow(database: &Database) {
    let mut connection = database.connect().await;
    let grow = "
        insert into heads (order_id, kind, at, version, buyer, seller)
            select gen_random_uuid(), 'order', now(), 1, 'a', 'b' from generate_series(1, 5000);
        insert into entries (order_id, seq, at, role, sender, command_id, event, for_buyer, for_seller, digest,
                last_seq, version)
            select order_id, n, now(), 'host', '@host', gen_random_uuid(), '{}', 0, 0, sha256('x'), n, 1
            from heads, generate_series(1, 4) n where buyer = 'a'";
    sqlx::raw_sql(grow).execute(&mut connection).await.expect("grown");
}
