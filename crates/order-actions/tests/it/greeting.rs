//! What a user is welcomed with (S3, S35): always the sum of what is unread, however it is found.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use order_actions::{Store, Unread};
use order_domain::{ids::OrderId, values::Seq};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use sqlx::Connection as _;

use crate::{
    database::{Database, fresh},
    world::{World, buyer, say, seller, user},
};

/// Time goes by for every room: as long as nobody looks at the clock, that is the same as rooms that are older.
async fn pass(database: &Database, span: &str) {
    let mut connection = database.connect().await;
    // The rooms first, and until the end: as whoever writes.
    let mut older = connection.begin().await.expect("begun");
    for statement in [
        "update heads set at = at - $1::text::interval, moved_at = moved_at - $1::text::interval",
        "update memberships set moved_at = moved_at - $1::text::interval",
    ] {
        sqlx::query(statement).bind(span).execute(&mut *older).await.expect("older");
    }
    older.commit().await.expect("committed");
}

/// What the rooms themselves say.
async fn counted(database: &Database, who: &str) -> Unread {
    let count = sqlx::query_as::<_, (i64, i64)>(
        "select count(*) filter (where unread > 0), coalesce(sum(unread), 0)::bigint from (
            select case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count as unread
            from memberships m join heads h using (order_id) where m.user_id = $1 and m.side is not null) rooms",
    );
    let (rooms, entries) = count.bind(who).fetch_one(&mut database.connect().await).await.expect("a count");
    Unread { rooms: rooms.unsigned_abs(), entries: entries.unsigned_abs() }
}

async fn greeted(store: &Store, who: &str) -> Unread {
    store.greeting(&user(who)).await.expect("a greeting").unread
}

/// Whatever is said, read, settled, and however long nothing happens in between.
#[tokio::test]
async fn a_greeting_is_the_sum_of_all_rooms() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let mut rooms = Vec::new();
        for _ in 0..4 {
            rooms.push(world.order(json!("creator")).await);
        }
        let seed = rand::random();
        let mut dice = StdRng::seed_from_u64(seed);
        let mut quiet = 0;
        for step in 0..150 {
            let room: OrderId = *rooms.choose(&mut dice).expect("a room");
            match dice.random_range(0..6) {
                0 => drop(world.done(&seller(), room, say("Hello")).await),
                1 => drop(world.done(&buyer(), room, say("Hi")).await),
                2 => {
                    let order = world.stored(room).await;
                    let accept = json!({"type": "accept_order"});
                    if order.state == order_domain::order::State::New {
                        world.done(&seller(), room, accept).await;
                    }
                }
                3 => {
                    let reader = user(["buyer", "seller"].choose(&mut dice).expect("a side"));
                    let reads = vec![(room, reader, Seq(dice.random_range(1..12)))];
                    world.store.mark_read(reads).await.expect("marked");
                }
                4 => pass(&database, ["7 minutes", "25 minutes"].choose(&mut dice).expect("a span")).await,
                _ => {
                    for who in ["buyer", "seller"] {
                        quiet += world.store.settle(&user(who)).await.expect("settled");
                    }
                }
            }
            for who in ["buyer", "seller"] {
                let greeting = greeted(&world.store, who).await;
                assert_eq!(greeting, counted(&database, who).await, "{who}, step {step} of seed {seed}");
            }
        }
        assert!(quiet > 0, "seed {seed}: some rooms were quiet");
    })
    .await;
}

/// Who writes, who reads and what settles get in each other's way all the time, and no count is lost.
#[tokio::test]
async fn rooms_are_settled_beside_writers_and_readers() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let mut rooms = Vec::new();
        for _ in 0..3 {
            rooms.push(world.order(json!("creator")).await);
        }
        let settles = AtomicU64::new(0);
        let writing = async {
            for n in 0..60 {
                let room = rooms[n % rooms.len()];
                let writer = if n % 2 == 0 { buyer() } else { seller() };
                world.done(&writer, room, say("Hello")).await;
            }
        };
        let reading = async {
            for n in 0..60 {
                let reads = vec![(rooms[n % rooms.len()], user("seller"), Seq(n as u64))];
                world.store.mark_read(reads).await.expect("marked");
            }
        };
        let settling = async {
            loop {
                pass(&database, "11 minutes").await;
                for who in ["buyer", "seller"] {
                    settles.fetch_add(world.store.settle(&user(who)).await.expect("settled"), Relaxed);
                }
            }
        };
        tokio::select! {
            _ = async { tokio::join!(writing, reading) } => {}
            () = settling => {}
        }
        for who in ["buyer", "seller"] {
            assert_eq!(greeted(&world.store, who).await, counted(&database, who).await, "{who}");
        }
        assert!(settles.load(Relaxed) > 0, "rooms were quiet in between");
    })
    .await;
}

/// An entry that is on its way when a room is settled is not lost from the count: its room is held, and left out.
#[tokio::test]
async fn a_room_that_somebody_writes_to_is_not_quiet() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let held = world.order(json!("creator")).await;
        let quiet = world.order(json!("creator")).await;
        pass(&database, "1 hour").await;
        let mut writer = database.connect().await;
        for statement in ["begin", "select 1 from heads order by order_id limit 1 for update"] {
            sqlx::raw_sql(statement).execute(&mut writer).await.expect("held");
        }
        assert!(held < quiet);
        assert_eq!(world.store.settle(&user("seller")).await.expect("settled"), 1);
        sqlx::raw_sql("rollback").execute(&mut writer).await.expect("let go");
        assert_eq!(world.store.settle(&user("seller")).await.expect("settled"), 1);
        assert_eq!(world.store.settle(&user("seller")).await.expect("settled"), 0, "once");
        world.done(&buyer(), held, say("Hello")).await;
        assert_eq!(greeted(&world.store, "seller").await, Unread { rooms: 2, entries: 3 });
    })
    .await;
}

/// The next entry of a quiet room moves it even when the database's clock was set back by then.
#[tokio::test]
async fn a_clock_that_is_set_back_loses_nothing() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        pass(&database, "1 hour").await;
        assert_eq!(world.store.settle(&user("seller")).await.expect("settled"), 1);
        // An hour back: the room moved just now.
        pass(&database, "-1 hour").await;
        world.done(&buyer(), order, say("Hello")).await;
        assert_eq!(greeted(&world.store, "seller").await, Unread { rooms: 1, entries: 2 });
    })
    .await;
}

/// Who has many rooms pays once: after the greeting they are settled, and the next one looks at none of them.
#[tokio::test]
async fn many_rooms_are_settled_by_a_greeting() {
    fresh(async |database| {
        let world = World::on(&database).await;
        for _ in 0..51 {
            world.order(json!("creator")).await;
        }
        pass(&database, "1 hour").await;
        let first = greeted(&world.store, "seller").await;
        assert_eq!(first, Unread { rooms: 51, entries: 51 });
        let settled = async || {
            let count = sqlx::query_scalar::<_, i64>(
                "select count(*) from memberships where user_id = 'seller' and quiet_unread = 1",
            );
            let count = count.fetch_one(&mut database.connect().await).await.expect("a count");
            (count == 51).then_some(())
        };
        crate::world::eventually(settled).await;
        assert_eq!(greeted(&world.store, "seller").await, first);
    })
    .await;
}
