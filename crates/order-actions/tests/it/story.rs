//! An order lives from purchase to completion (S2, S13, S15, S22, S44, S47, S53; L5, L8, L13, L16, L17, L19, L51).

use order_actions::Start;
use order_domain::{
    order::State,
    payment::{Booking, BookingKind},
    values::{Amount, Seq, Text},
};
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, buyer, id, say, seller, told},
};

/// Purchase, talk, acceptance, delivery, revision, delivery again, acceptance, payout.
#[tokio::test]
async fn from_purchase_to_payout() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        world.done(&buyer(), order, say("Hello!")).await;
        let accepted = world.done(&seller(), order, json!({"type": "accept_order"})).await;
        assert_eq!((accepted.version, accepted.duplicate), (2, false));
        assert_eq!(
            accepted.room.expect("a snapshot's stuff").order.as_ref().map(|order| order.state),
            Some(State::InProgress)
        );
        let file = world.file(order).await;
        world
            .done(&seller(), order, json!({"type": "deliver_files", "files": [file.id], "note": "Here"}))
            .await;
        world
            .done(&buyer(), order, json!({"type": "request_revision", "delivery": 1, "text": "Louder"}))
            .await;
        let file = world.file(order).await;
        world.done(&seller(), order, json!({"type": "deliver_files", "files": [file.id]})).await;
        world.done(&buyer(), order, json!({"type": "accept_delivery", "delivery": 2})).await;
        pay_out(&world, order).await;

        let entries = world.timeline(order).await;
        assert_eq!(
            told(&entries),
            [
                "order.placed",
                "message.posted",
                "order.accepted",
                "delivery.submitted",
                "revision.requested",
                "delivery.submitted",
                "order.completed",
                "payout.requested",
                "payment.paid_out",
            ]
        );
        assert_eq!(world.stored(order).await.state, State::Completed);
        world.holds_together(order).await;
    })
    .await;
}

async fn pay_out(world: &World, order: order_domain::ids::OrderId) {
    let amount = Amount::new(15000).expect("an amount");
    let reference = Text::new("P-1").expect("a text");
    let booking = Booking { kind: BookingKind::Payout, amount, reference };
    let command = id();
    let booked = world.store.book(order, command, booking.clone()).await.expect("the payout is due");
    assert_eq!(told(&booked.entries), ["payment.paid_out"]);
    let again = world.store.book(order, command, booking).await.expect("the first answer again");
    assert!(again.duplicate && again.first == booked.first && again.entries.is_empty());
}

/// D6: the order at any seq is the fold up to it.
#[tokio::test]
async fn the_order_as_it_was() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        let first = world.store.room_at(order, Seq(1)).await.expect("a fold");
        assert_eq!(first.order.expect("an order").state, State::New);
        assert_eq!(first.head, Seq(1));
        let now = world.store.room(order).await.expect("the room");
        let last = world.store.room_at(order, now.head).await.expect("a fold");
        assert_eq!(last.order, now.order);
        world.store.room_at(order, now.head.next()).await.expect_err("beyond the head");
    })
    .await;
}

/// Pages go both ways, ascending, with the head (protocol: `history`, catch-up).
#[tokio::test]
async fn pages_both_ways() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        for n in 0..9 {
            world.done(&buyer(), order, say(&format!("{n}"))).await;
        }
        let seqs = |page: order_actions::Page| page.entries.iter().map(|e| e.seq.0).collect::<Vec<_>>();
        let store = &world.store;
        let head = store.entries(order, Start::newest(1)).await.expect("a page").head;
        assert_eq!(
            seqs(store.entries(order, Start::newest(3)).await.expect("a page")),
            [head.0 - 2, head.0 - 1, head.0]
        );
        assert_eq!(seqs(store.entries(order, Start::Before(Seq(4), 2)).await.expect("a page")), [2, 3]);
        assert_eq!(seqs(store.entries(order, Start::After(Seq(4), 2)).await.expect("a page")), [5, 6]);
        assert!(seqs(store.entries(order, Start::After(head, 2)).await.expect("a page")).is_empty());
        assert_eq!(store.heads(&[order]).await.expect("heads")[0].head, head);
    })
    .await;
}
