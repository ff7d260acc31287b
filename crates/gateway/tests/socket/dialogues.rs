//! The dialogues of protocol.md, one node.

use order_domain::participant::AccountRole;
use serde_json::json;

use crate::house::{new_id, token, token_for, with_nodes};
use crate::wire::Socket;

/// S4 of the socket: hello, subscribe, command, ack, entry, snapshot; both sides see the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_accepted_over_two_sockets() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        let room = buyer.subscribe(order).await;
        assert_eq!(room["snapshot"]["state"], "new");
        assert_eq!(room["head"], room["entries"].as_array().unwrap().last().unwrap()["seq"]);
        seller.subscribe(order).await;
        let ack = seller.command(order, json!({"type": "accept_order"})).await;
        assert_eq!((&ack["type"], &ack["duplicate"]), (&json!("ack"), &json!(false)), "{ack}");
        for socket in [&mut buyer, &mut seller] {
            let entry = socket.expect("entry").await;
            assert_eq!(entry["entry"]["seq"], ack["seq"]);
            let snapshot = socket.expect("snapshot").await;
            assert_eq!(snapshot["snapshot"]["state"], "in_progress");
            assert_eq!(snapshot["snapshot"]["version"], ack["version"]);
            assert!(snapshot["snapshot"]["head"].as_u64() >= ack["last_seq"].as_u64());
        }
    })
    .await;
}

/// G2: the same id again gives the first ack; another payload is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_id_happens_once() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut buyer = house.socket(0, "buyer").await;
        buyer.subscribe(order).await;
        let command = |text: &str, id| {
            json!({"type": "command", "id": id, "order": order, "command": {"type": "post_message", "text": text}})
        };
        let id = new_id();
        let first = buyer.ask(command("once", id)).await;
        let again = buyer.ask(command("once", id)).await;
        assert_eq!((&first["seq"], &again["seq"]), (&again["seq"], &first["seq"]));
        assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
        let other = buyer.ask(command("twice", id)).await;
        assert_eq!((&other["code"], &other["retry"]), (&json!("id_reused"), &json!(false)));
        buyer.post(order, "after").await;
        assert_eq!(buyer.texts(2).await, ["once", "after"]);
    })
    .await;
}

/// What one socket says in a room is said in that order, however fast it comes.
#[tokio::test(flavor = "multi_thread")]
async fn commands_of_a_socket_keep_their_order() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        seller.subscribe(order).await;
        let texts: Vec<String> = (0..30).map(|number| format!("text {number}")).collect();
        for (number, text) in texts.iter().enumerate() {
            let command = json!({"type": "post_message", "text": text});
            let frame =
                json!({"type": "command", "ref": number, "id": new_id(), "order": order, "command": command});
            buyer.send(&frame).await;
        }
        assert_eq!(seller.texts(30).await, texts);
    })
    .await;
}

/// Resume: everything after N, in pages, then live, without a hole; another epoch or too far is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_absence_is_caught_up_without_a_hole() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        house.grow(order, 450).await;
        let mut buyer = house.socket(0, "buyer").await;
        let room = buyer.ask(json!({"type": "subscribe", "order": order, "after": 0})).await;
        let mut seqs: Vec<u64> = seqs(&room["entries"]);
        let head = room["head"].as_u64().unwrap();
        while seqs.len() < usize::try_from(head).unwrap() {
            seqs.extend(self::seqs(&buyer.expect("entries").await["entries"]));
        }
        assert_eq!(seqs, (1..=head).collect::<Vec<_>>());
        let ack = buyer.post(order, "live").await;
        assert_eq!(buyer.expect("entry").await["entry"]["seq"], ack["seq"]);
        assert_eq!(ack["seq"], head + 1);

        let epoch = room["epoch"].clone();
        let again =
            buyer.ask(json!({"type": "subscribe", "order": order, "after": head + 1, "epoch": epoch})).await;
        assert_eq!(
            (&again["type"], again["entries"].as_array().map(Vec::len)),
            (&json!("subscribed"), Some(0))
        );
        for wrong in [json!({"after": head + 2, "epoch": epoch}), json!({"after": 1, "epoch": new_id()})] {
            let mut ask = json!({"type": "subscribe", "order": order});
            ask.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            assert_eq!(buyer.ask(ask).await["code"], "resync_required");
        }
        let newest = buyer.subscribe(order).await;
        assert_eq!(self::seqs(&newest["entries"]), (head - 48..=head + 1).collect::<Vec<_>>());
    })
    .await;
}

fn seqs(entries: &serde_json::Value) -> Vec<u64> {
    entries.as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

/// `history` pages backwards, `limit` above 200 means 200.
#[tokio::test(flavor = "multi_thread")]
async fn history_pages_backwards() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        house.grow(order, 210).await;
        let mut buyer = house.socket(0, "buyer").await;
        let page = buyer.ask(json!({"type": "history", "order": order, "before": 100, "limit": 10})).await;
        assert_eq!(seqs(&page["entries"]), (90..100).collect::<Vec<_>>());
        let page = buyer
            .ask(json!({"type": "history", "order": order, "before": 9_000_000, "limit": 100_000}))
            .await;
        assert_eq!(page["entries"].as_array().unwrap().len(), 200);
        let page = buyer.ask(json!({"type": "history", "order": order, "before": 1, "limit": 10})).await;
        assert!(page["entries"].as_array().unwrap().is_empty());
    })
    .await;
}

/// Signals: typing, presence and cursors reach the other and not oneself; typing ends by itself.
#[tokio::test(flavor = "multi_thread")]
async fn signals_reach_the_other_side() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        buyer.subscribe(order).await;
        seller.subscribe(order).await;
        let is = |kind: &'static str, value: serde_json::Value| {
            move |frame: &serde_json::Value| {
                frame["type"] == "signal"
                    && frame["kind"] == kind
                    && (frame["on"] == value || frame["state"] == value)
            }
        };
        let there = buyer.find(is("presence", json!("active"))).await;
        assert_eq!(there["user"], "seller");
        seller.send(&json!({"type": "presence", "state": "away"})).await;
        buyer.find(is("presence", json!("away"))).await;
        seller.send(&json!({"type": "typing", "order": order, "on": true})).await;
        buyer.find(is("typing", json!(true))).await;
        buyer.find(is("typing", json!(false))).await;
        let ack = seller.post(order, "read me").await;
        buyer.send(&json!({"type": "read", "order": order, "seq": 9_000_000_000_u64})).await;
        let read = seller.find(|frame| frame["kind"] == "read").await;
        assert_eq!(
            (&read["user"], &read["seq"]),
            (&json!("buyer"), &ack["seq"]),
            "beyond the head means the head"
        );
        seller.cut();
        buyer.find(is("presence", json!("gone"))).await;
        let cursors = house.socket(0, "buyer").await.subscribe(order).await["cursors"].clone();
        assert_eq!(cursors["buyer"], ack["seq"]);
    })
    .await;
}

/// A cursor never goes back, so nobody is told that it did.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_told_when_it_moves() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        buyer.subscribe(order).await;
        seller.subscribe(order).await;
        let (first, last) = (seller.post(order, "one").await, seller.post(order, "two").await);
        let reads = |seq: &serde_json::Value| json!({"type": "read", "order": order, "seq": seq});
        let is_read = |frame: &serde_json::Value| frame["kind"] == "read";
        buyer.send(&reads(&first["seq"])).await;
        assert_eq!(seller.find(is_read).await["seq"], first["seq"]);
        buyer.send(&reads(&json!(1))).await;
        // Answered after it: the mark before is noted, and written at the latest with the seller's.
        buyer.ask(json!({"type": "history", "order": order, "before": 2, "limit": 1})).await;
        seller.send(&reads(&last["seq"])).await;
        buyer.find(is_read).await;
        buyer.send(&reads(&last["seq"])).await;
        assert_eq!(seller.find(is_read).await["seq"], last["seq"]);
    })
    .await;
}

/// Who subscribes stands among the members as others see them from then on.
#[tokio::test(flavor = "multi_thread")]
async fn who_subscribes_is_there() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        let state = |room: &serde_json::Value, user: &str| {
            let members = room["members"].as_array().unwrap();
            members.iter().find(|member| member["user"] == user).unwrap()["presence"].clone()
        };
        let alone = buyer.subscribe(order).await;
        assert_eq!((state(&alone, "buyer"), state(&alone, "seller")), (json!("active"), json!("gone")));
        buyer.send(&json!({"type": "presence", "state": "away"})).await;
        seller.send(&json!({"type": "presence", "state": "away"})).await;
        let both = seller.subscribe(order).await;
        assert_eq!(state(&both, "seller"), "away");
        let again = buyer.subscribe(order).await;
        assert_eq!(state(&again, "buyer"), "away");
    })
    .await;
}

/// `inbox` goes to devices that do not follow the room, at most once a second.
#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_line_comes_to_devices_elsewhere() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        seller.subscribe(order).await;
        for text in ["one", "two", "three"] {
            seller.post(order, text).await;
        }
        let last = buyer.find(|frame| frame["type"] == "inbox" && frame["last"]["preview"] == "three").await;
        assert_eq!((&last["order"], &last["title"]), (&json!(order), &json!("A film")));
        assert!(seller.seen().all(|frame| frame["type"] != "inbox"));
    })
    .await;
}

/// A token is refreshed; another user's ends the socket with 4001, and one that runs out with 4203.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_refreshed_and_end() {
    with_nodes(1, |house| async move {
        let mut buyer = house.socket(0, "buyer").await;
        let fresh = buyer.ask(json!({"type": "refresh", "token": token("buyer", AccountRole::User)})).await;
        assert_eq!(fresh["type"], "refreshed");
        buyer.send(&json!({"type": "refresh", "ref": 9, "token": token("seller", AccountRole::User)})).await;
        assert_eq!(buyer.closed().await, 4001);

        let mut short = Socket::connect(house.nodes[0].address).await;
        let token = token_for("buyer", AccountRole::User, chrono::TimeDelta::seconds(2));
        short.send(&json!({"type": "hello", "token": token})).await;
        short.expect("welcome").await;
        assert_eq!(short.closed().await, 4203);
    })
    .await;
}

/// G8: a revocation closes the user's sockets, and nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_user_is_out_at_once() {
    with_nodes(2, |house| async move {
        let (mut here, mut there) = (house.socket(0, "buyer").await, house.socket(1, "buyer").await);
        let mut other = house.socket(1, "seller").await;
        let user = order_domain::ids::UserId::new("buyer").unwrap();
        house.nodes[0].state.rooms.user_revoked(&user, chrono::Utc::now());
        assert_eq!(here.closed().await, 4001);
        assert_eq!(there.closed().await, 4001);
        assert!(other.is_alive().await);
    })
    .await;
}

/// Leaving a room is answered, and nothing comes from it any more.
#[tokio::test(flavor = "multi_thread")]
async fn an_unsubscribed_room_is_silent() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        buyer.subscribe(order).await;
        let left = buyer.ask(json!({"type": "unsubscribe", "order": order})).await;
        assert_eq!((&left["type"], left.get("reason")), (&json!("unsubscribed"), None));
        seller.post(order, "hello?").await;
        buyer.expect("inbox").await;
        assert!(buyer.seen().all(|frame| frame["type"] != "entry"));
        assert_eq!(house.nodes[0].state.rooms.room_count(), 0);
    })
    .await;
}

/// A repeated `subscribe` is answered again and serves nothing twice; rooms and sockets have their limits.
#[tokio::test(flavor = "multi_thread")]
async fn subscribing_twice_serves_once() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        for _ in 0..3 {
            buyer.subscribe(order).await;
        }
        seller.post(order, "once").await;
        seller.post(order, "twice").await;
        assert_eq!(buyer.texts(2).await, ["once", "twice"]);
        assert!(buyer.is_alive().await && buyer.seen().all(|frame| frame["type"] != "entry"));

        let mut others = Vec::new();
        for _ in 0..19 {
            others.push(house.socket(0, "buyer").await);
        }
        let mut one_too_many = Socket::connect(house.nodes[0].address).await;
        one_too_many.send(&json!({"type": "hello", "token": token("buyer", AccountRole::User)})).await;
        assert_eq!(one_too_many.closed().await, 4102);
    })
    .await;
}

/// A second `hello` and a room too many: the one ends the socket, the other is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_follows_so_many_rooms() {
    with_nodes(1, |house| async move {
        let mut buyer = house.socket(0, "buyer").await;
        for _ in 0..200 {
            let order = house.order().await;
            buyer.subscribe(order).await;
        }
        let order = house.order().await;
        assert_eq!(buyer.ask(json!({"type": "subscribe", "order": order})).await["code"], "too_many_rooms");
        assert_eq!(house.nodes[0].state.rooms.room_count(), 200);
        buyer.cut();
        while house.nodes[0].state.rooms.room_count() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
