//! What was multiplied is as good as what lived: the store agrees with it and goes on from it.

use dataset::{DatasetError, check, fill, lives};
use order_actions::{AccountRole, Ask, Caller, Store, StoreSettings};
use order_domain::{
    command::Command,
    ids::{CommandId, OrderId, UserId},
    inbox_tab::InboxTab,
    policy::Presets,
};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::database::{SMALL, count, filled};

const BIG: &str = "seller-big-1";

/// I1, I2, inboxes, timers, and the next command of orders that are not finished.
#[tokio::test]
async fn a_data_set_is_made_of_real_orders() {
    filled(async |url| {
        let store = Store::connect(StoreSettings::new(&*url, Presets::shipped())).await.expect("it opens");
        let again = fill(&url, SMALL, |_| {}).await;
        assert!(matches!(again, Err(DatasetError::NotEmpty)), "nothing is added to what is there");
        the_counts_agree(&url).await;
        let sampled = check::sample(&url, 200).await.expect("a sample");
        assert!(sampled.len() > 80, "spread over the data set: {}", sampled.len());
        for order in sampled {
            check::holds_together(&store, order).await.unwrap_or_else(|problem| panic!("{problem}"));
        }
        the_inbox_agrees(&store, &url).await;
        assert_eq!(store.claim_due(10).await.expect("an answer"), [], "nothing is due");
        let waiting = store.desk_queue(&lives::caller("agent-1", AccountRole::Agent), None, 100).await;
        let cases = waiting.expect("the queue").cases;
        let open = count(&url, "select count(*) from desk").await;
        assert!(
            !cases.is_empty() && cases.len() as u64 == open.cast_unsigned(),
            "open cases are at the desk"
        );
        for (order, seller) in new_orders(&url).await {
            accepts(&store, order, &seller).await;
        }
    })
    .await;
}

async fn the_counts_agree(url: &str) {
    let orders = i64::from(SMALL.orders) + i64::try_from(lives::lives(1).len()).expect("few");
    for counted in ["heads", "orders", "placements"] {
        let query = match counted {
            "heads" => "select count(*) from heads",
            "orders" => "select count(*) from orders",
            _ => "select count(*) from placements",
        };
        assert_eq!(count(url, query).await, orders, "{counted}");
    }
    let entries = count(url, "select count(*) from entries").await;
    assert!((17_000..24_000).contains(&entries), "about as many as asked for: {entries}");
    for (what, query) in [
        (
            "heads that are not their last entry",
            "select count(*) from heads h where head <> (select count(*) from entries e where e.order_id = h.order_id)",
        ),
        (
            "rooms that are not in two inboxes",
            "select count(*) from heads h where 2 <> (select count(*) from memberships m where m.order_id = h.order_id and m.moved_at = h.moved_at)",
        ),
        (
            "members that are no users",
            "select count(*) from memberships m where not exists (select 1 from users u where u.id = m.user_id)",
        ),
        (
            "documents that speak of another order or user",
            "select count(*) from orders o join heads h using (order_id) where o.doc->>'id' <> h.order_id::text or o.doc->>'buyer' <> h.buyer or o.doc->>'seller' <> h.seller",
        ),
        (
            "timers of an order that stands",
            "select count(*) from orders o where exists (select 1 from wakes w where w.order_id = o.order_id) <> exists (select 1 from jsonb_each(o.doc->'timers') t where t.value->>'paused_at' is null)",
        ),
        (
            "files that two rooms share",
            "select count(*) from (select 1 from files group by id having count(*) > 1) twice",
        ),
    ] {
        assert_eq!(count(url, query).await, 0, "{what}");
    }
    assert!(
        count(url, "select count(*) from case_entries").await > 0
            && count(url, "select count(*) from files").await > 0
    );
}

async fn the_inbox_agrees(store: &Store, url: &str) {
    let big = UserId::new(BIG).expect("a user id");
    let (mut cursor, mut rooms, mut entries, mut seen) = (None, 0, 0, 0);
    loop {
        let page = store.inbox(&big, InboxTab::All, cursor.as_deref(), 50).await.expect("a page");
        seen += page.rooms.len() as u64;
        rooms += page.rooms.iter().filter(|room| room.unread > 0).count() as u64;
        entries += page.rooms.iter().map(|room| room.unread).sum::<u64>();
        cursor = page.next;
        if cursor.is_none() {
            assert_eq!(page.tabs[&InboxTab::All], seen, "every room is on one page");
            break;
        }
    }
    let greeting = store.greeting(&big).await.expect("a greeting").unread;
    assert_eq!((greeting.rooms, greeting.entries), (rooms, entries));
    let known = count(url, "select count(*) from heads where seller = 'seller-big-1'").await;
    assert!(rooms > 0 && seen.cast_signed() == known, "{seen} of {known}");
}

async fn new_orders(url: &str) -> Vec<(OrderId, String)> {
    let mut connection = PgConnection::connect(url).await.expect("the database answers");
    let new = sqlx::query_as(
        "select order_id, seller from heads join orders using (order_id) where doc->>'state' = 'new' and seller like 'seller-%'",
    );
    let new: Vec<(Uuid, String)> = new.fetch_all(&mut connection).await.expect("a list");
    assert!(!new.is_empty(), "some wait for their seller");
    new.into_iter().map(|(order, seller)| (OrderId(order), seller)).collect()
}

async fn accepts(store: &Store, order: OrderId, seller: &str) {
    let caller: Caller = lives::caller(seller, AccountRole::User);
    let command = Command::decode(json!({"type": "accept_order"})).expect("a command");
    let ask = Ask { order, id: CommandId(Uuid::now_v7()), command, expect_version: Some(1) };
    store.execute(caller, ask).await.expect("it goes on from where it stands");
    check::holds_together(store, order).await.unwrap_or_else(|problem| panic!("{problem}"));
}
