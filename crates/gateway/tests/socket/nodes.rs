//! Two nodes: what one commits the other delivers, with and without the fan-out's help.

use serde_json::{Value, json};

use crate::house::with_nodes;

/// G3, G4: both nodes show the same entries and snapshots, in the same order.
#[tokio::test(flavor = "multi_thread")]
async fn both_nodes_show_the_same() {
    with_nodes(2, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 1).await;
        let head = buyer.subscribe(order).await["head"].as_u64().unwrap();
        seller.subscribe(order).await;
        seller.command(order, json!({"type": "accept_order"})).await;
        for number in 0..10 {
            let (who, other) =
                if number % 2 == 0 { (&mut buyer, &mut seller) } else { (&mut seller, &mut buyer) };
            who.post(order, &format!("{number}")).await;
            let arrived = other.find(|frame| frame["entry"]["event"]["text"] == format!("{number}")).await;
            assert_eq!(arrived["type"], "entry");
        }
        let snapshot = buyer.expect("snapshot").await;
        assert_eq!(snapshot["snapshot"]["state"], "in_progress");
        let last = buyer.subscribe(order).await;
        let (first, second) = (last["entries"].clone(), seller.subscribe(order).await["entries"].clone());
        assert_eq!(first, second);
        assert!(last["head"].as_u64().unwrap() > head + 10);
    })
    .await;
}

/// G4: cut on one node, resumed on the other, with what happened between.
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_socket_resumes_on_the_other_node() {
    with_nodes(2, |house| async move {
        let order = house.order().await;
        let mut seller = house.socket(0, "seller").await;
        let mut buyer = house.socket(0, "buyer").await;
        let room = buyer.subscribe(order).await;
        let (mut cursor, epoch) = (room["head"].as_u64().unwrap(), room["epoch"].clone());
        for round in 0..6 {
            buyer.cut();
            for part in 0..3 {
                seller.post(order, &format!("{round}.{part}")).await;
            }
            buyer = house.socket(round % 2, "buyer").await;
            let resume = json!({"type": "subscribe", "order": order, "after": cursor, "epoch": epoch});
            let missed = buyer.ask(resume).await;
            let texts: Vec<_> =
                missed["entries"].as_array().unwrap().iter().map(|e| e["event"]["text"].clone()).collect();
            assert_eq!(texts, (0..3).map(|part| json!(format!("{round}.{part}"))).collect::<Vec<_>>());
            cursor = missed["head"].as_u64().unwrap();
        }
    })
    .await;
}

/// G11: an entry that nobody was told of is delivered by the sweep, and so is the snapshot it calls for.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_publish_is_healed() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut buyer = house.socket(0, "buyer").await;
        buyer.subscribe(order).await;
        house.behind_their_backs("seller", order, json!({"type": "accept_order"})).await;
        house.behind_their_backs("seller", order, json!({"type": "post_message", "text": "lost"})).await;
        buyer.find(|frame| frame["entry"]["event"]["text"] == "lost").await;
        let snapshot = buyer.expect("snapshot").await;
        assert_eq!(snapshot["snapshot"]["state"], "in_progress");
        let mut seller = house.socket(0, "seller").await;
        seller.post(order, "found").await;
        assert_eq!(buyer.texts(1).await, ["found"]);
    })
    .await;
}

/// Signals and presence cross the nodes.
#[tokio::test(flavor = "multi_thread")]
async fn signals_cross_the_nodes() {
    with_nodes(2, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 1).await;
        buyer.subscribe(order).await;
        seller.subscribe(order).await;
        let there = buyer.find(|frame| frame["kind"] == "presence").await;
        assert_eq!((&there["user"], &there["state"]), (&json!("seller"), &json!("active")));
        let greeted = seller.find(|frame| frame["kind"] == "presence").await;
        assert_eq!(
            (&greeted["user"], &greeted["state"]),
            (&json!("buyer"), &json!("active")),
            "nodes answer newcomers"
        );
        seller.send(&json!({"type": "typing", "order": order, "on": true})).await;
        let typing = buyer.find(|frame| frame["kind"] == "typing").await;
        assert_eq!((&typing["user"], &typing["on"]), (&json!("seller"), &json!(true)));
        seller.send(&json!({"type": "read", "order": order, "seq": 1})).await;
        assert_eq!(buyer.find(|frame| frame["kind"] == "read").await["seq"], 1);
        seller.cut();
        buyer.find(|frame| frame["kind"] == "presence" && frame["state"] == "gone").await;
    })
    .await;
}

/// An inbox line comes to the node that has the device.
#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_line_crosses_the_nodes() {
    with_nodes(2, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(1, 0).await;
        seller.post(order, "over there").await;
        // The placement may still have a line of its own on its way.
        let told = |frame: &Value| frame["type"] == "inbox" && frame["last"]["preview"] == "over there";
        assert_eq!(buyer.find(told).await["order"], json!(order));
    })
    .await;
}

/// S3, S35, G11: a room that moved while nobody said so comes to devices that do not follow it, once.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_inbox_line_is_found() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, _seller) = house.parties(0, 0).await;
        house.behind_their_backs("seller", order, json!({"type": "accept_order"})).await;
        house.behind_their_backs("seller", order, json!({"type": "post_message", "text": "lost"})).await;
        // A look may fall between the two, and tell of the first alone.
        let lost = buyer.find(|frame| frame["type"] == "inbox" && frame["last"]["preview"] == "lost").await;
        assert_eq!(lost["order"], json!(order));
        let mut seller = house.socket(0, "seller").await;
        seller.post(order, "found").await;
        buyer.find(|frame| frame["type"] == "inbox" && frame["last"]["preview"] == "found").await;
        let mut others = buyer.seen().filter(|frame| frame["type"] == "inbox");
        assert!(
            others.all(|line| line["head"].as_u64() < lost["head"].as_u64()),
            "what was told is not told again"
        );
    })
    .await;
}

/// G15: a drain answers what was asked, says goodbye with 4200, and the client resumes on the other node.
#[tokio::test(flavor = "multi_thread")]
async fn a_drained_node_says_goodbye() {
    with_nodes(2, |house| async move {
        let order = house.order().await;
        let mut buyer = house.socket(0, "buyer").await;
        buyer.subscribe(order).await;
        let ack = buyer.post(order, "before").await;
        house.nodes[0].state.drain.begin();
        house.nodes[0].state.rooms.drain().await;
        assert_eq!(buyer.closed().await, 4200);
        assert_eq!(house.nodes[0].state.rooms.socket_count(), 0);
        let mut again = house.socket(1, "buyer").await;
        let room = again.ask(json!({"type": "subscribe", "order": order, "after": ack["seq"]})).await;
        assert_eq!((&room["type"], &room["head"]), (&json!("subscribed"), &ack["seq"]));
    })
    .await;
}

/// G5: a new epoch sends everybody back, and cursors of the old one are refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_makes_everybody_read_anew() {
    with_nodes(2, |house| async move {
        let order = house.order().await;
        let (mut here, mut there) = (house.socket(0, "buyer").await, house.socket(1, "seller").await);
        let epoch = here.subscribe(order).await["epoch"].clone();
        there.subscribe(order).await;
        house.nodes[0].state.store.rotate_epoch().await.expect("rotated");
        assert_eq!((here.closed().await, there.closed().await), (4204, 4204));
        let mut again = house.socket(0, "buyer").await;
        let refused =
            again.ask(json!({"type": "subscribe", "order": order, "after": 1, "epoch": epoch})).await;
        assert_eq!(refused["code"], "resync_required");
        assert_ne!(again.subscribe(order).await["epoch"], epoch);
    })
    .await;
}
