//! Who asks for too much is told when to come back; who does not listen is closed, and nobody else.

use serde_json::{Value, json};

use crate::{
    house::{House, new_id, with_nodes, with_settings},
    wire::{Socket, request},
};

/// Too many commands are told when to come back; the same id then works.
#[tokio::test(flavor = "multi_thread")]
async fn the_rate_limit_says_when() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut buyer = house.socket(0, "buyer").await;
        for number in 0..60 {
            buyer.send(&post(number, order)).await;
        }
        let refused = buyer.expect("rejected").await;
        assert_eq!((&refused["code"], &refused["retry"]), (&json!("rate_limited"), &json!(true)));
        assert!(refused["retry_after_ms"].as_u64().is_some_and(|wait| (1..=1000).contains(&wait)));
    })
    .await;
}

/// A command that says nothing that could be done counts like any other.
#[tokio::test(flavor = "multi_thread")]
async fn malformed_commands_are_limited_too() {
    with_settings(1, &[("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "1")], |house| async move {
        let order = house.order().await;
        let mut buyer = house.socket(0, "buyer").await;
        for number in 0..60 {
            let mut nonsense = post(number, order);
            nonsense["command"] = json!({"type": "explode"});
            buyer.send(&nonsense).await;
        }
        let too_fast =
            buyer.find(|frame| frame["type"] == "rejected" && frame["code"] == "rate_limited").await;
        assert!(too_fast["retry_after_ms"].is_u64());
    })
    .await;
}

/// 4101: who goes on for hundreds of refusals does not read them. What passes now and then is no excuse.
#[tokio::test(flavor = "multi_thread")]
async fn who_ignores_the_rate_limit_is_closed() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let (mut seller, mut buyer) = (house.socket(0, "seller").await, house.socket(0, "buyer").await);
        let (mut refusals, mut code) = (0, None);
        while code.is_none() && refusals < 5000 {
            buyer.send(&post(refusals, order)).await;
            match buyer.hear().await {
                Ok(frame) => refusals += u32::from(frame["code"] == "rate_limited"),
                Err(closed) => code = Some(closed),
            }
        }
        assert_eq!(code, Some(4101), "after {refusals} refusals");
        seller.post(order, "unharmed").await;
    })
    .await;
}

/// A device that comes back with all its rooms is not too fast, whatever else it says of each of them.
#[tokio::test(flavor = "multi_thread")]
async fn all_rooms_at_once_are_not_too_fast() {
    const ROOMS: usize = 200;
    with_nodes(1, |house| async move {
        let mut buyer = house.socket(0, "buyer").await;
        buyer.send(&json!({"type": "presence", "state": "active"})).await;
        for reference in 0..ROOMS {
            // Rooms that do not exist count like others.
            let order = uuid::Uuid::now_v7();
            buyer.send(&json!({"type": "subscribe", "ref": reference, "order": order})).await;
            buyer.send(&json!({"type": "read", "order": order, "seq": 1})).await;
        }
        for reference in 0..ROOMS {
            let answer = buyer.find(move |frame| frame["ref"] == reference).await;
            assert_ne!(answer["code"], "rate_limited", "{answer}");
        }
    })
    .await;
}

/// Too many frames besides commands are told when to come back; who goes on with whatever it is is closed: 4101.
#[tokio::test(flavor = "multi_thread")]
async fn other_frames_have_a_budget_too() {
    let own = &[("ORDER_CHAT_LIMIT_FRAMES_PER_S", "1"), ("ORDER_CHAT_LIMIT_ROOMS", "5")];
    with_settings(1, own, |house| async move {
        let order = house.order().await;
        let (mut seller, mut buyer) = (house.socket(0, "seller").await, house.socket(0, "buyer").await);
        seller.subscribe(order).await;
        for reference in 0..25 {
            buyer
                .send(&json!({"type": "history", "ref": reference, "order": order, "before": 1, "limit": 1}))
                .await;
        }
        let refused = buyer.expect("rejected").await;
        assert_eq!((&refused["code"], &refused["retry"]), (&json!("rate_limited"), &json!(true)));
        assert!(refused["retry_after_ms"].as_u64().is_some_and(|wait| (1..=1000).contains(&wait)));
        assert!(refused.get("id").is_none());
        for _ in 0..600 {
            buyer.send(&json!({"type": "typing", "order": order, "on": true})).await;
        }
        assert_eq!(buyer.closed().await, 4101);
        seller.post(order, "unharmed").await;
    })
    .await;
}

/// A connection attempt beyond the accept rate: 503 before the upgrade, with `Retry-After`; who is in stays.
#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_rate_are_told_when() {
    with_settings(1, &[("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "1")], |house| async move {
        let mut inside = house.socket(0, "seller").await;
        let answer = first_refused(&house).await;
        assert_eq!(answer.status(), 503);
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=2).contains(&wait), "{wait}");
        let problem: Value = serde_json::from_slice(answer.body().as_deref().unwrap()).unwrap();
        assert_eq!((&problem["code"], &problem["retry"]), (&json!("unavailable"), &json!(true)));
        assert!(inside.is_alive().await);
    })
    .await;
}

/// Behind a trusted balancer each client has a limit of its own; a header of anybody else's changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn clients_behind_a_balancer_are_told_apart() {
    let behind = async |house: &House, client: &str| {
        let request = request(house.nodes[0].address, &[("x-forwarded-for", client)]);
        Socket::try_open(request).await.is_ok()
    };
    let own = &[("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "1"), ("ORDER_CHAT_TRUSTED_PROXIES", "127.0.0.0/8")];
    with_settings(1, own, |house| async move {
        let mut refused = false;
        for _ in 0..100 {
            refused |= !behind(&house, "198.51.100.9, 192.0.2.1").await;
        }
        assert!(refused);
        assert!(behind(&house, "192.0.2.2").await);
    })
    .await;
    with_settings(1, &[("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "1")], |house| async move {
        let mut refused = false;
        for client in 0..100 {
            refused |= !behind(&house, &format!("192.0.2.{client}")).await;
        }
        assert!(refused);
    })
    .await;
}

async fn first_refused(house: &House) -> tokio_tungstenite::tungstenite::http::Response<Option<Vec<u8>>> {
    let mut taken = Vec::new();
    for _ in 0..100 {
        match Socket::try_open(request(house.nodes[0].address, &[])).await {
            Ok(socket) => taken.push(socket),
            Err(refused) => return refused,
        }
    }
    panic!("a hundred connections in a burst of ten");
}

fn post(number: u32, order: order_domain::ids::OrderId) -> Value {
    let command = json!({"type": "post_message", "text": "x"});
    json!({"type": "command", "ref": number, "id": new_id(), "order": order, "command": command})
}
