//! What many ask at once is answered together, and each gets what they would have got alone (G4, G8).

use futures_util::future::join_all;
use order_actions::{PAGE_MAX, Start};
use order_domain::{ids::OrderId, rejection::Code, values::Seq};
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, buyer, code, say, user},
};

/// The same room several times, different pages, a room that does not exist between two that do.
#[tokio::test]
async fn openings_asked_together_are_those_asked_alone() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (one, two) = (world.order(json!("creator")).await, world.order(json!("studio")).await);
        for n in 0..5 {
            world.ask(&buyer(), one, say(&format!("number {n}"))).await.expect("said");
        }
        let nowhere = OrderId(uuid::Uuid::now_v7());
        let asked = [
            (one, Start::newest(3)),
            (one, Start::After(Seq(2), PAGE_MAX)),
            (nowhere, Start::newest(3)),
            (two, Start::newest(50)),
            (one, Start::Before(Seq(4), 2)),
            (one, Start::After(Seq(1000), PAGE_MAX)),
        ];
        let answers = join_all(asked.map(|(order, start)| world.store.opening(order, start))).await;
        for ((order, start), answer) in asked.into_iter().zip(answers) {
            if order == nowhere {
                assert_eq!(code(answer), Code::OrderNotFound);
                continue;
            }
            let opening = answer.expect("an opening");
            let page = world.store.entries(order, start).await.expect("a page");
            assert_eq!((opening.page, opening.view.id), (page, order), "{start:?}");
        }
    })
    .await;
}

/// While others write, an opening has no hole and does not end beyond its own head.
#[tokio::test]
async fn openings_hold_together_while_others_write() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let caller = buyer();
        let talk = join_all((0..60).map(|_| world.ask(&caller, order, say("talk"))));
        let read = join_all((0..60).map(|_| world.store.opening(order, Start::After(Seq(0), PAGE_MAX))));
        let (_, openings) = futures_util::future::join(talk, read).await;
        for opening in openings {
            let opening = opening.expect("an opening");
            let seqs: Vec<u64> = opening.page.entries.iter().map(|entry| entry.seq.0).collect();
            assert_eq!(seqs, (1..=opening.view.head.0).collect::<Vec<_>>());
        }
    })
    .await;
}

/// What this build cannot read in one room fails whoever asked for that room, and nobody beside them.
#[tokio::test]
async fn an_unreadable_room_fails_alone() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (good, bad) = (world.order(json!("creator")).await, world.order(json!("creator")).await);
        let spoil = "update orders set doc = '{}' where order_id = $1";
        let mut connection = database.connect().await;
        sqlx::query(spoil).bind(bad.0).execute(&mut connection).await.expect("spoilt");
        let start = Start::newest(50);
        let asked = [good, bad, good, good].map(|order| world.store.opening(order, start));
        let outcomes: Vec<bool> = join_all(asked).await.iter().map(Result::is_ok).collect();
        assert_eq!(outcomes, [true, false, true, true]);
    })
    .await;
}

/// Of one account the last word counts, but a name is not forgotten because a later token had none.
#[tokio::test]
async fn accounts_seen_together_keep_their_names() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let seen = |name: Option<&str>| {
            world.store.seen_user(user("newcomer"), buyer().role, name.map(str::to_owned))
        };
        let told = join_all([seen(Some("First")), seen(Some("Second")), seen(None)]).await;
        assert!(told.iter().all(Result::is_ok));
        let profile = world.store.user(user("newcomer")).await.expect("an answer").expect("it is known");
        assert_eq!(profile.name, "Second");
    })
    .await;
}
