//! Every line of protocol.md's rules, broken: the documented code, the server goes on, others notice nothing.

use chrono::TimeDelta;
use order_domain::participant::AccountRole;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};

use crate::{
    house::{House, new_id, token, token_for, with_nodes},
    wire::{Socket, refused, request},
};

/// Before the upgrade: origin, address, subprotocol, bearer.
#[tokio::test(flavor = "multi_thread")]
async fn upgrades_are_refused_in_http() {
    with_nodes(1, |house| async move {
        let address = house.nodes[0].address;
        for (headers, status) in [
            (vec![("origin", "https://evil.example")], 403),
            (vec![("sec-websocket-protocol", "graphql-ws")], 400),
            (vec![("authorization", "Bearer nonsense")], 401),
            (vec![("authorization", "Basic dXNlcjpwYXNz")], 401),
        ] {
            assert_eq!(refused(request(address, &headers)).await.status(), status, "{headers:?}");
        }
        let mut in_the_address = request(address, &[]);
        *in_the_address.uri_mut() = format!("ws://{address}/v1/socket?token=abc").parse().unwrap();
        assert_eq!(refused(in_the_address).await.status(), 400);
        let good = request(
            address,
            &[("origin", "https://shop.example"), ("sec-websocket-protocol", "x, order-chat.v1")],
        );
        assert!(Socket::open(good).await.is_alive().await);
        let bearer = format!("Bearer {}", token("buyer", AccountRole::User));
        let mut socket = Socket::open(request(address, &[("authorization", &bearer)])).await;
        socket.send(&json!({"type": "hello"})).await;
        socket.expect("welcome").await;
    })
    .await;
}

/// Before the hello: another frame, a bad token, silence.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_get_nothing() {
    with_nodes(1, |house| async move {
        let address = house.nodes[0].address;
        let old = token_for("buyer", AccountRole::User, TimeDelta::hours(-1));
        let good = token("buyer", AccountRole::User);
        let forged = format!("{}x", &good[..good.len() - 1]);
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJidXllciIsInJvbGUiOiJ1c2VyIiwiYXVkIjoib3JkZXItY2hhdCIsImV4cCI6OTk5OTk5OTk5OX0.";
        let cases: Vec<(Value, u16)> = vec![
            (json!({"type": "heartbeat"}), 4001),
            (json!({"type": "command", "ref": 1, "id": new_id(), "order": new_id(), "command": {"type": "fly"}}), 4001),
            (json!({"type": "subscribe", "ref": 1, "order": new_id()}), 4001),
            (json!({"type": "hello"}), 4001),
            (json!({"type": "hello", "token": ""}), 4001),
            (json!({"type": "hello", "token": old}), 4001),
            (json!({"type": "hello", "token": forged}), 4001),
            (json!({"type": "hello", "token": none}), 4001),
            (json!({"type": "hello", "token": 7}), 4000),
            (json!({"type": "hullo", "token": good}), 4000),
            (json!([]), 4000),
        ];
        for (frame, code) in cases {
            let mut socket = Socket::connect(address).await;
            socket.send(&frame).await;
            assert_eq!(socket.closed().await, code, "{frame}");
        }
        assert_eq!(Socket::connect(address).await.closed().await, 4005);
    })
    .await;
}

/// After the hello: whatever is no frame ends this socket with the right code, and only this one.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_frame_ends_the_socket() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut witness = house.socket(0, "seller").await;
        witness.subscribe(order).await;
        let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
        let cases: Vec<(Message, u16)> = vec![
            (Message::binary(vec![1, 2, 3]), 4000),
            (no_utf8(), 1007),
            (Message::text("x".repeat(65_537)), 1009),
            (Message::text("not json"), 4000),
            (Message::text(""), 4000),
            (Message::text(deep), 4000),
            (Message::text(r#"{"type":"hello","token":"x"}"#), 4000),
            (Message::text(r#"{"type":"fly"}"#), 4000),
            (Message::text("{}"), 4000),
            (text(json!({"type": "subscribe", "ref": 1})), 4000),
            (text(json!({"type": "subscribe", "ref": 1, "order": "7"})), 4000),
            (text(json!({"type": "subscribe", "ref": "1", "order": order})), 4000),
            (text(json!({"type": "subscribe", "ref": 1, "order": order, "after": -1})), 4000),
            (text(json!({"type": "subscribe", "ref": 1, "order": order, "after": 1.5})), 4000),
            (text(json!({"type": "history", "ref": 1, "order": order, "before": "x", "limit": 1})), 4000),
            (text(json!({"type": "command", "ref": 1, "id": "x", "order": order, "command": {}})), 4000),
            (text(json!({"type": "read", "order": order, "seq": -5})), 4000),
            (text(json!({"type": "typing", "order": order, "on": "yes"})), 4000),
            (text(json!({"type": "presence", "state": "gone"})), 4000),
            (Message::text(r#"{"type":"\ud800"}"#), 4000),
        ];
        for (message, code) in cases {
            let shown = format!("{message:?}").chars().take(80).collect::<String>();
            let mut socket = house.socket(0, "buyer").await;
            socket.send_raw(message).await;
            assert_eq!(socket.closed().await, code, "{shown}");
        }
        let nested = format!(r#"{{"type":"heartbeat","x":{}1{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
        let mut unharmed = house.socket(0, "buyer").await;
        unharmed.send_raw(Message::text(nested)).await;
        assert!(unharmed.is_alive().await, "unknown fields are ignored, however deep");
        goes_on(&house, &mut witness, order).await;
    })
    .await;
}

/// Whoever says goodbye is answered: browsers wait for it, and call it unclean without.
#[tokio::test(flavor = "multi_thread")]
async fn a_polite_close_is_answered() {
    with_nodes(1, |house| async move {
        let mut buyer = house.socket(0, "buyer").await;
        let close = CloseFrame { code: CloseCode::Normal, reason: "going home".into() };
        buyer.send_raw(Message::Close(Some(close))).await;
        assert_eq!(buyer.answered_close().await, Some(1000));
    })
    .await;
}

/// What is wrong inside of a frame is refused, and the socket stays.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_inside_is_refused() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut witness = house.socket(0, "seller").await;
        witness.subscribe(order).await;
        let mut buyer = house.socket(0, "buyer").await;
        for (command, code) in [
            (json!({"type": "fly"}), "unknown_command"),
            (json!({"type": "post_message", "text": "a\u{0}b"}), "bad_field"),
            (json!({"type": "post_message", "text": ""}), "bad_field"),
            (json!({"type": "post_message", "text": "x".repeat(4001)}), "bad_field"),
            (json!({"type": "post_message", "text": 7}), "bad_field"),
            (json!({"type": "accept_order"}), "not_your_role"),
            (json!({"type": "accept_delivery", "delivery": -1}), "bad_field"),
        ] {
            let answer = buyer.command(order, command.clone()).await;
            assert_eq!((&answer["type"], &answer["code"]), (&json!("rejected"), &json!(code)), "{command}: {answer}");
            assert_eq!(answer["retry"], false);
        }
        for frame in [
            json!({"type": "subscribe", "order": new_id()}),
            json!({"type": "history", "order": new_id(), "before": 5, "limit": 5}),
            json!({"type": "command", "id": new_id(), "order": new_id(), "command": {"type": "post_message", "text": "x"}}),
        ] {
            assert_eq!(buyer.ask(frame.clone()).await["code"], "order_not_found", "{frame}");
        }
        let far = buyer.ask(json!({"type": "subscribe", "order": order, "after": 9_007_199_254_740_993_u64})).await;
        assert_eq!(far["code"], "resync_required");
        goes_on(&house, &mut witness, order).await;
    })
    .await;
}

/// Another's room looks like no room at all, whatever is tried.
#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_sees_nothing() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let mut witness = house.socket(0, "seller").await;
        witness.subscribe(order).await;
        for (user, role) in [("stranger", AccountRole::User), ("agent", AccountRole::Agent)] {
            let mut outsider = house.socket_as(0, user, role).await;
            for frame in [
                json!({"type": "subscribe", "order": order}),
                json!({"type": "subscribe", "order": order, "after": 0}),
                json!({"type": "history", "order": order, "before": 5, "limit": 5}),
                json!({"type": "command", "id": new_id(), "order": order, "command": {"type": "post_message", "text": "x"}}),
                json!({"type": "command", "id": new_id(), "order": order, "command": {"type": "accept_order"}}),
            ] {
                assert_eq!(outsider.ask(frame.clone()).await["code"], "order_not_found", "{user}: {frame}");
            }
            outsider.send(&json!({"type": "typing", "order": order, "on": true})).await;
            outsider.send(&json!({"type": "read", "order": order, "seq": 1})).await;
            assert!(outsider.is_alive().await);
        }
        goes_on(&house, &mut witness, order).await;
        assert!(witness.seen().all(|frame| frame["type"] != "signal" || frame["user"] == "buyer"));
    })
    .await;
}

/// A text frame whose bytes are no UTF-8: a good library does not send it, so it is made by hand.
fn no_utf8() -> Message {
    let bytes: &[u8] = b"{\"type\":\"heartbeat\",\"x\":\"\xff\xfe\"}";
    Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), true))
}

fn text(frame: Value) -> Message {
    Message::text(frame.to_string())
}

/// The server goes on, and the witness sees what others do.
async fn goes_on(house: &House, witness: &mut Socket, order: order_domain::ids::OrderId) {
    let mut buyer = house.socket(0, "buyer").await;
    buyer.subscribe(order).await;
    buyer.post(order, "still here").await;
    assert_eq!(witness.texts(1).await, ["still here"]);
    assert!(witness.is_alive().await);
}
