//! Inboxes: tabs, unread, pages, previews (S3, S7, S35, S39, S41, K13).

use order_actions::Unread;
use order_domain::inbox_tab::InboxTab;
use order_domain::{
    order::State,
    participant::Side,
    values::{Seq, Text},
};
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, buyer, id, placement, say, seller, user},
};

/// Unread = entries after the cursor that are neither one's own nor the chatbot's.
#[tokio::test]
async fn unread_is_what_others_did() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let store = &world.store;
        let order = world.order(json!("creator")).await;
        let unread = async |who| store.greeting(&user(who)).await.expect("a count").unread;
        assert_eq!(unread("seller").await, Unread { rooms: 1, entries: 1 }, "S35: a purchase is a bubble");
        assert_eq!(unread("buyer").await, Unread { rooms: 1, entries: 1 }, "the host placed it");
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        let hi = world.done(&seller(), order, say("Hi")).await.first.expect("an entry");
        let hello = world.done(&buyer(), order, say("Hello")).await.first.expect("an entry");
        assert_eq!(unread("buyer").await, Unread { rooms: 1, entries: 3 }, "S3");
        let read = |seq| store.mark_read(vec![(order, user("buyer"), seq), (order, user("stranger"), seq)]);
        read(hi).await.expect("marked");
        assert_eq!(unread("buyer").await, Unread { rooms: 0, entries: 0 }, "own entries never count");
        read(Seq(1)).await.expect("nothing happens");
        assert_eq!(unread("buyer").await.entries, 0, "never back");
        world.done(&seller(), order, say("Bye")).await;
        assert_eq!(unread("buyer").await, Unread { rooms: 1, entries: 1 });
        read(Seq(9_999)).await.expect("the head is meant");
        let room = store.room(order).await.expect("the room");
        assert_eq!(room.cursors.get(&user("buyer")), Some(&room.head));
        assert_eq!(room.cursors.len(), 2, "strangers have no cursor here");
        assert!(hello > hi);
    })
    .await;
}

/// S7, S41: tabs by status with counts, pages by what moved last, each with its last entry and next step.
#[tokio::test]
async fn tabs_and_pages() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let store = &world.store;
        let mut orders = Vec::new();
        for _ in 0..5 {
            orders.push(world.order(json!("creator")).await);
        }
        world.done(&seller(), orders[0], json!({"type": "accept_order"})).await;
        world.done(&seller(), orders[1], json!({"type": "decline_order", "reason": "No"})).await;
        world
            .done(&buyer(), orders[2], json!({"type": "open_dispute", "reason": "x", "cx_join": true}))
            .await;
        store.open_conversation(&buyer(), user("other"), Side::Buyer).await.expect("a conversation");
        world.done(&buyer(), orders[3], say(&"long ".repeat(100))).await;
        let page = store.inbox(&user("buyer"), InboxTab::All, None, 4).await.expect("a page");
        let counts: Vec<u64> = page.tabs.values().copied().collect();
        assert_eq!(
            counts,
            [6, 2, 1, 0, 1, 1, 1],
            "all, new, active, delivered, disputed, done, conversations"
        );
        assert_eq!(page.rooms.len(), 4);
        let first = &page.rooms[0];
        assert_eq!((first.order, first.state, first.title.as_str()), (orders[3], Some(State::New), "A film"));
        let last = first.last.as_ref().expect("somebody did something");
        assert_eq!(last.preview.chars().count(), 140);
        assert!(first.next_step.is_some() && first.deadline.is_some());
        let rest = store.inbox(&user("buyer"), InboxTab::All, page.next.as_deref(), 4).await.expect("a page");
        assert_eq!((rest.rooms.len(), rest.next), (2, None));
        let mut all: Vec<_> = page.rooms.iter().chain(&rest.rooms).map(|room| room.order).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6, "no room twice");
        let disputed = store.inbox(&user("seller"), InboxTab::Disputed, None, 50).await.expect("a page");
        assert_eq!(disputed.rooms[0].order, orders[2]);
        let one = store.inbox_room(&user("seller"), orders[3]).await.expect("a room").expect("hers");
        assert_eq!((one.unread, one.other), (2, user("buyer")));
        assert_eq!(store.inbox_room(&user("stranger"), orders[3]).await.expect("an answer"), None);
        store.inbox(&user("buyer"), InboxTab::All, Some("x"), 4).await.expect_err("no cursor of ours");
    })
    .await;
}

/// Names are the host's, else the token's, else the id; contact data is no part of any view (S96).
#[tokio::test]
async fn names() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let mut purchase = placement(json!("craft"));
        purchase.shipping_address = Some(Text::new("canary street 1").expect("a text"));
        let order = world.store.place_order(id(), purchase).await.expect("placed").order;
        let seen = |name: &str| {
            world.store.seen_user(user("buyer"), order_actions::AccountRole::User, Some(name.into()))
        };
        seen("From a token").await.expect("seen");
        let view = world.store.room(order).await.expect("the room");
        assert_eq!((view.name_of(&user("buyer")), view.name_of(&user("seller"))), ("From a token", "seller"));
        let profile = order_actions::Profile {
            name: "From the host".into(),
            email: None,
            phone: None,
            locale: None,
            registered_at: None,
            avatar_url: None,
        };
        world.store.put_user(user("buyer"), profile.clone()).await.expect("put");
        seen("Another").await.expect("seen");
        let view = world.store.room(order).await.expect("the room");
        assert_eq!(view.name_of(&user("buyer")), "From the host");
        let long = order_actions::Profile { name: "x".repeat(201), ..profile };
        world.store.put_user(user("buyer"), long).await.expect_err("too long");
        assert_eq!(view.members().len(), 2);
        let leaks =
            "select count(*) from entries e, orders o where e.event::text || o.doc::text like '%canary%'";
        assert_eq!(database.count(leaks).await, 0);
    })
    .await;
}
