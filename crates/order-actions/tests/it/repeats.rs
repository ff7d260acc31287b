//! The same id twice (D2, G2, I3): the first answer again, or a refusal when the payload is another.

use futures_util::future::join_all;
use order_actions::{ActionError, UploadDraft as Draft, UploadError, UploadLimits as Limits};
use order_domain::rejection::Code;
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, agent, buyer, code, id, placement, say, seller, stranger},
};

/// G2: a retry gets the same seq and version, and writes nothing.
#[tokio::test]
async fn a_retry_gets_the_first_answer() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        for (who, command) in [(buyer(), say("Hi")), (seller(), json!({"type": "accept_order"}))] {
            let id = id();
            let first = world.ask_as(&who, order, id, command.clone()).await.expect("done");
            let again = world.ask_as(&who, order, id, command).await.expect("done before");
            assert!(again.duplicate && !first.duplicate);
            assert_eq!((again.first, again.last, again.version), (first.first, first.last, first.version));
            assert!(again.entries.is_empty());
            let other = world.ask_as(&who, order, id, say("Something else")).await;
            assert_eq!(code(other), Code::IdReused);
        }
        world.holds_together(order).await;
    })
    .await;
}

/// G2: twenty at once are one, for the group commit and for commands.
#[tokio::test]
async fn twenty_at_once_are_one() {
    fresh(async |database| {
        let (world, other) = (World::on(&database).await, World::on(&database).await);
        let order = world.order(json!("creator")).await;
        for (who, command) in [(buyer(), say("Hi")), (seller(), json!({"type": "accept_order"}))] {
            let id = id();
            let nodes = [&world, &other];
            let asks = (0..20).map(|n| nodes[n % 2].ask_as(&who, order, id, command.clone()));
            let answers: Vec<_> = join_all(asks).await.into_iter().map(|a| a.expect("one answer")).collect();
            assert_eq!(answers.iter().filter(|answer| !answer.duplicate).count(), 1);
            assert!(answers.iter().all(|answer| answer.first == answers[0].first));
        }
        world.holds_together(order).await;
    })
    .await;
}

/// An id belongs to its sender: another's use of it is another command.
#[tokio::test]
async fn ids_belong_to_their_sender() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, id) = (world.order(json!("creator")).await, id());
        let one = world.ask_as(&buyer(), order, id, say("Hi")).await.expect("done");
        let two = world.ask_as(&seller(), order, id, say("Hi")).await.expect("done");
        assert!(!two.duplicate && one.first < two.first);
        assert_eq!(code(world.ask_as(&stranger(), order, id, say("Hi")).await), Code::OrderNotFound);
    })
    .await;
}

/// A command that writes to the case stream only is remembered there (L33).
#[tokio::test]
async fn a_repeated_claim() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, id) = (world.order(json!("creator")).await, id());
        world
            .done(&buyer(), order, json!({"type": "open_dispute", "reason": "No answer", "cx_join": true}))
            .await;
        let claim = json!({"type": "claim_case"});
        let first = world.ask_as(&agent(), order, id, claim.clone()).await.expect("claimed");
        assert!(first.first.is_none() && first.desk_changed && first.room.is_some());
        let again = world.ask_as(&agent(), order, id, claim).await.expect("claimed before");
        assert!(again.duplicate && again.first.is_none());
        assert_eq!(code(world.ask_as(&agent(), order, id, say("Hi")).await), Code::IdReused);
    })
    .await;
}

/// L5: a purchase reported twice, even at once, is one order; the host's own order id is taken once.
#[tokio::test]
async fn a_purchase_reported_twice() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (command, purchase) = (id(), placement(json!("creator")));
        let reports = (0..8).map(|_| world.store.place_order(command, purchase.clone()));
        let placed: Vec<_> = join_all(reports).await.into_iter().map(|p| p.expect("placed")).collect();
        assert_eq!(placed.iter().filter(|p| !p.duplicate).count(), 1);
        assert!(
            placed
                .iter()
                .all(|p| (p.order, p.first, p.last) == (placed[0].order, placed[0].first, placed[0].last))
        );
        let cheaper = order_domain::placement::Placement { revisions: 1, ..purchase.clone() };
        assert_eq!(code(world.store.place_order(command, cheaper).await), Code::IdReused);
        let chosen = order_domain::placement::Placement { order: Some(placed[0].order), ..purchase };
        assert_eq!(code(world.store.place_order(id(), chosen).await), Code::AlreadyDone);
        assert_eq!(database.count("select count(*) from heads").await, 1);
    })
    .await;
}

/// G2: an upload that became a file is found by its id when the upload itself was cleared away.
#[tokio::test]
async fn a_finished_upload_is_repeated_however_late() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, once) = (world.order(json!("creator")).await, id());
        let begin = async |size| {
            let draft = Draft { name: "cut.mp4".into(), size };
            let limits =
                Limits { file_bytes: 0, room_bytes: 0, lifetime: std::time::Duration::from_hours(24) };
            world.store.create_upload(&buyer(), order, once, draft, limits).await
        };
        let begun = begin(10).await.expect("an upload");
        // As its end and the sweep a day later leave it.
        let file = "insert into files (order_id, id, name, size, sha256, media_type, user_id, at, stored)
            select order_id, id, name, size, repeat('0', 64), 'video/mp4', user_id, at, true from uploads";
        let mut connection = database.connect().await;
        for statement in [file, "delete from uploads"] {
            sqlx::query(statement).execute(&mut connection).await.expect("a day later");
        }
        let again = begin(10).await.expect("the same upload");
        assert_eq!((again.id, again.received, again.done), (begun.id, 10, true));
        let other = begin(11).await.expect_err("another payload");
        assert!(matches!(other, UploadError::Action(ActionError::Rejected(r)) if r.code == Code::IdReused));
    })
    .await;
}
