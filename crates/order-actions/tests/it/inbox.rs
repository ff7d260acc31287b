//! Inboxes: tabs, unread, pages, previews (S3, S7, S35, S39, S41, K13).

use std::collections::BTreeSet;

use order_actions::Unread;
use order_domain::{
    ids::OrderId,
    inbox_tab::InboxTab,
    order::{CaseKind, State},
    participant::Side,
    rejection::Code,
    values::{Seq, Text, Timestamp},
};
use serde_json::json;

use crate::{
    database::{Database, fresh},
    world::{World, buyer, code, id, placement, say, seller, user},
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
        assert_eq!(read(hi).await.expect("marked"), [(order, user("buyer"), hi)], "who moved, and how far");
        assert_eq!(unread("buyer").await, Unread { rooms: 0, entries: 0 }, "own entries never count");
        assert_eq!(read(Seq(1)).await.expect("nothing happens"), []);
        assert_eq!(unread("buyer").await.entries, 0, "never back");
        world.done(&seller(), order, say("Bye")).await;
        assert_eq!(unread("buyer").await, Unread { rooms: 1, entries: 1 });
        let moved = read(Seq(9_999)).await.expect("the head is meant");
        let room = store.room(order).await.expect("the room");
        assert_eq!(moved, [(order, user("buyer"), room.head)]);
        assert_eq!(room.cursors.get(&user("buyer")), Some(&room.head));
        assert_eq!(room.cursors.len(), 2, "strangers have no cursor here");
        assert!(hello > hi);
    })
    .await;
}

/// S7, S28: a line says that a case is open, and names the clock that runs out first, none while all stand still.
#[tokio::test]
async fn cases_and_clocks() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let line = async || {
            let line = world.store.inbox_room(&user("buyer"), order).await.expect("the database answers");
            line.expect("the buyer's room")
        };
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        let due_at = world.stored(order).await.due_at;
        assert_eq!((line().await.case, line().await.deadline), (None, due_at));
        let more = due_at.expect("due") + chrono::TimeDelta::days(3);
        world.done(&seller(), order, json!({"type": "propose_update", "due_at": more})).await;
        assert!(line().await.deadline < due_at, "an answer is due before the work");
        let proposal = world.stored(order).await.proposal.expect("a proposal").id;
        world.done(&buyer(), order, json!({"type": "decline_update", "proposal": proposal})).await;
        assert_eq!(line().await.deadline, due_at);
        world.done(&buyer(), order, json!({"type": "open_dispute", "reason": "x", "cx_join": true})).await;
        assert_eq!((line().await.case, line().await.deadline), (Some(CaseKind::Dispute), None));
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
        assert_eq!(first.reference.as_deref(), Some("A-17"), "five orders of one listing are told apart");
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

/// S7: pages follow what moved last, to the entry, although memberships follow in steps only. Rooms whose places
/// were taken at all kinds of moments, some within one step, are paged through and compared with a plain sort.
#[tokio::test]
async fn pages_are_in_order_between_the_steps() {
    fresh(async |database| {
        let world = World::on(&database).await;
        for n in 0..40 {
            let order = world.order(json!("creator")).await;
            if n % 3 == 0 {
                world.done(&seller(), order, json!({"type": "accept_order"})).await;
            }
        }
        // Stored times are set back: rooms every four minutes, each listed somewhat before it moved last.
        let back = "with n as (select order_id, row_number() over (order by order_id) as n from heads),
            h as (update heads h set at = h.at - n * interval '4 minutes',
                moved_at = h.at - n * interval '4 minutes' - (n * 7 % 10) * interval '1 minute'
                from n where n.order_id = h.order_id returning h.order_id, h.moved_at)
            update memberships m set moved_at = h.moved_at from h where h.order_id = m.order_id";
        sqlx::raw_sql(back).execute(&mut database.connect().await).await.expect("set back");
        let moves = async |order| world.done(&buyer(), order, say("again")).await;
        for tab in [InboxTab::All, InboxTab::New, InboxTab::Active] {
            for limit in [1, 3, 7, 50] {
                let paged = paged(&world, tab, limit).await;
                assert_eq!(paged, sorted(&database, tab).await, "{tab:?} by {limit}");
                moves(paged[paged.len() / 2]).await;
                moves(paged[0]).await;
            }
        }
        let steps = "select count(*) from heads h join memberships m on m.order_id = h.order_id
            where m.moved_at > h.at or m.moved_at <= h.at - interval '10 minutes' or m.moved_at <> h.moved_at";
        assert_eq!(database.count(steps).await, 0, "never more than a step behind");
        let now = world.store.now().await.expect("a clock");
        let since = now - chrono::TimeDelta::minutes(20);
        let moved = world.store.moved_since(&[user("buyer"), user("stranger")], since).await.expect("rooms");
        let moved: BTreeSet<_> = moved.into_iter().map(|(user, order, _)| (user, order)).collect();
        let recent = sorted_since(&database, since).await;
        assert_eq!(moved, recent.into_iter().map(|order| (user("buyer"), order)).collect());
    })
    .await;
}

/// All pages of the buyer's tab, one after the other.
async fn paged(world: &World, tab: InboxTab, limit: u32) -> Vec<OrderId> {
    let (mut rooms, mut cursor) = (Vec::new(), None);
    loop {
        let page = world.store.inbox(&user("buyer"), tab, cursor.as_deref(), limit).await.expect("a page");
        rooms.extend(page.rooms.iter().map(|room| room.order));
        cursor = page.next;
        if cursor.is_none() {
            return rooms;
        }
    }
}

async fn sorted(database: &Database, tab: InboxTab) -> Vec<OrderId> {
    let sorted = sqlx::query_scalar(
        "select h.order_id from heads h join memberships m on m.order_id = h.order_id and m.user_id = h.buyer
        where $1 in ('all', m.tab) order by h.at desc, h.order_id desc",
    );
    let sorted = sorted.bind(tab.as_str()).fetch_all(&mut database.connect().await).await;
    sorted.expect("a list").into_iter().map(OrderId).collect()
}

async fn sorted_since(database: &Database, since: Timestamp) -> Vec<OrderId> {
    let recent = sqlx::query_scalar("select order_id from heads where at >= $1 order by at desc").bind(since);
    let recent = recent.fetch_all(&mut database.connect().await).await;
    recent.expect("a list").into_iter().map(OrderId).collect()
}

/// A cursor that names a moment the database does not have is the caller's mistake, not a machine's.
#[tokio::test]
async fn forged_cursors_are_refused() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        for forged in ["-300000000000000", "99999999999999999", "9999999999999999999999", "", "1e3"] {
            let cursor = format!("{forged}.{order}");
            let refused = world.store.inbox(&user("buyer"), InboxTab::All, Some(&cursor), 5).await;
            assert_eq!(code(refused), Code::BadField, "{cursor}");
        }
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
