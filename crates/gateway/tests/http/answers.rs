//! What is answered to whom: G2, G6 and G8 over HTTP, and every kind of request that is no good.

use std::{collections::BTreeSet, time::Duration};

use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpSocket,
    time::timeout,
};
use uuid::Uuid;

use crate::served::{SECRET, Served, placement, said};

fn problem(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{answer:?}");
}

#[tokio::test]
async fn what_is_no_good_is_answered_with_a_problem() {
    let node = Served::start().await;
    let order = node.order().await;
    let commands = format!("/v1/orders/{order}/commands");
    problem(&said(node.ask(Method::GET, "/v1/inbox")).await, 401, "unauthenticated");
    problem(&said(node.ask(Method::GET, "/v1/inbox").bearer_auth("a.b.c")).await, 401, "unauthenticated");
    problem(&said(node.ask(Method::GET, "/v1/inbox?token=abc")).await, 400, "unreadable");
    problem(&said(node.ask(Method::GET, "/v1/nowhere")).await, 404, "not_found");
    problem(&said(node.ask_as("buyer", Method::DELETE, "/v1/inbox")).await, 405, "method_not_allowed");
    problem(
        &said(node.ask_as("buyer", Method::POST, "/v1/orders").json(&placement())).await,
        403,
        "not_your_role",
    );
    problem(&said(node.ask_as("host", Method::GET, "/v1/desk/queue")).await, 403, "not_your_role");
    let give = || node.ask_as("seller", Method::POST, &commands);
    problem(&said(give().body("{")).await, 400, "unreadable");
    problem(&said(give().body("[1]")).await, 400, "unreadable");
    problem(&said(give().body("[".repeat(10_000))).await, 400, "unreadable");
    problem(&said(give().body(vec![b' '; 3 << 20])).await, 413, "body_too_large");
    problem(&said(give().json(&json!({"id": 7, "command": {}}))).await, 422, "bad_field");
    let unknown = json!({"id": Uuid::now_v7(), "command": {"type": "explode"}});
    problem(&said(give().json(&unknown)).await, 422, "unknown_command");
    for path in [order.as_str(), "not-a-uuid", "01900000-0000-7000-8000-000000000000"] {
        let look = node.ask_as("stranger", Method::GET, &format!("/v1/orders/{path}"));
        problem(&said(look).await, 404, "order_not_found");
    }
    let far = node.ask_as("buyer", Method::GET, &format!("/v1/orders/{order}?at_seq=99"));
    problem(&said(far).await, 422, "bad_field");
    node.stop().await;
}

#[tokio::test]
async fn an_id_makes_a_call_happen_once() {
    let node = Served::start().await;
    let key = Uuid::now_v7().to_string();
    let place = |listing: &str| {
        let mut purchase = placement();
        purchase["listing"]["title"] = listing.into();
        node.ask_as("host", Method::POST, "/v1/orders").header("Idempotency-Key", &key).json(&purchase)
    };
    let first = said(place("A film")).await;
    let again = said(place("A film")).await;
    assert_eq!((first.0, again.0), (201, 201));
    assert_eq!(first.1["order"], again.1["order"]);
    problem(&said(place("Another film")).await, 409, "id_reused");
    let commands = format!("/v1/orders/{}/commands", first.1["order"].as_str().unwrap());
    let give = |id: &str| {
        let body = json!({"id": id, "command": {"type": "post_message", "text": "Hello"}});
        node.ask_as("seller", Method::POST, &commands).json(&body)
    };
    let (id, other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let first = said(give(&id)).await;
    let again = said(give(&id).header("Idempotency-Key", &id)).await;
    assert_eq!((first.0, &first.1["duplicate"]), (200, &json!(false)));
    assert_eq!((&again.1["seq"], &again.1["duplicate"]), (&first.1["seq"], &json!(true)));
    problem(&said(give(&id).header("Idempotency-Key", &other)).await, 400, "unreadable");
    problem(&said(give(&id).header("Idempotency-Key", "soon")).await, 400, "unreadable");
    node.stop().await;
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once() {
    let node = Served::start().await;
    let inbox = || node.ask_as("buyer", Method::GET, "/v1/inbox");
    let before = inbox();
    let revoke = |who| node.ask_as(who, Method::POST, "/v1/users/buyer/revoke");
    problem(&said(revoke("seller")).await, 403, "not_your_role");
    assert_eq!(said(revoke("admin")).await.0, 200);
    problem(&said(before).await, 401, "unauthenticated");
    node.stop().await;
}

#[tokio::test]
async fn too_many_commands_are_told_to_wait() {
    let node = Served::start().await;
    let order = node.order().await;
    let path = format!("/v1/orders/{order}/commands");
    let mut refused = None;
    for _ in 0..200 {
        let body = json!({"id": Uuid::now_v7(), "command": {"type": "explode"}});
        let answer = node.ask_as("buyer", Method::POST, &path).json(&body).send().await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a burst has an end");
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let body: Value = refused.json().await.unwrap();
    assert_eq!((&body["code"], &body["retry"]), (&json!("rate_limited"), &json!(true)));
    node.stop().await;
}

/// To end an upload is a command like any other, even when there is none.
#[tokio::test]
async fn ends_of_uploads_have_a_budget() {
    let node = Served::start().await;
    let mut told = BTreeSet::new();
    for _ in 0..200 {
        let upload = format!("/v1/uploads/{}", Uuid::now_v7());
        let end = node.ask_as("buyer", Method::DELETE, &upload).header("tus-resumable", "1.0.0");
        told.insert(end.send().await.unwrap().status().as_u16());
    }
    assert_eq!(told, BTreeSet::from([404, 429]));
    node.stop().await;
}

/// Whoever only asks has a budget as well: eight connections to the database are for everybody. The host has none.
#[tokio::test]
async fn too_many_questions_are_told_to_wait() {
    let own = [
        ("ORDER_CHAT_TOKEN_SECRET", SECRET),
        ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "1"),
        ("ORDER_CHAT_LIMIT_ROOMS", "1"),
    ];
    let node = Served::start_with(&own).await;
    let ask = |who| node.ask_as(who, Method::GET, "/v1/inbox").send();
    let mut refused = None;
    for _ in 0..100 {
        let answer = ask("buyer").await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.status(), 200);
    }
    let refused = refused.expect("a burst has an end");
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(ask("seller").await.unwrap().status(), 200, "each user has an own budget");
    let order = node.order().await;
    for _ in 0..100 {
        let answer = node.ask_as("host", Method::GET, &format!("/v1/orders/{order}")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    node.stop().await;
}

/// Connections are bounded: one more waits at the door until another has left; and no address takes all of them.
#[tokio::test]
async fn one_connection_too_many_waits() {
    let own = [("ORDER_CHAT_TOKEN_SECRET", SECRET), ("ORDER_CHAT_LIMIT_CONNECTIONS", "4")];
    let node = Served::start_with(&own).await;
    let from = async |last: u8| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, last], 0).into()).unwrap();
        socket.connect(node.address()).await.unwrap()
    };
    let first = from(2).await;
    let mut answer = [0; 15];
    let turned_away = from(2).await.read(&mut answer).await;
    assert!(matches!(turned_away, Ok(0) | Err(_)), "it has its share");
    let others = (from(3).await, from(4).await, from(5).await);
    let mut waiting = from(6).await;
    waiting.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let early = timeout(Duration::from_millis(300), waiting.read_exact(&mut answer)).await;
    assert!(early.is_err(), "it was let in: {}", String::from_utf8_lossy(&answer));
    drop(first);
    timeout(Duration::from_secs(20), waiting.read_exact(&mut answer)).await.expect("its turn comes").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    drop(others);
    node.stop().await;
}

#[tokio::test]
async fn operators_and_readers_find_their_pages() {
    let node = Served::start().await;
    assert_eq!(said(node.ask(Method::GET, "/healthz")).await.0, 200);
    let ready = said(node.ask(Method::GET, "/readyz")).await;
    assert_eq!((ready.0, &ready.1["status"]), (200, &json!("ready")), "{ready:?}");
    let counts = said(node.ask(Method::GET, "/metrics")).await;
    let counts = counts.1.as_str().unwrap();
    for line in [
        "# HELP order_chat_http_requests_total ",
        "order_chat_fanout_deaf 0",
        "order_chat_fanout_deaf_seconds_total ",
        "order_chat_fanout_total{what=\"foreign_epoch\"} ",
        "order_chat_socket_closes_total{code=\"4201\"} ",
        "order_chat_unavailable_total{part=\"files\"} ",
        "order_chat_limited_total{limit=\"uploads\"} ",
        "order_chat_bad_tokens_total{reason=\"expired\"} ",
    ] {
        assert!(counts.contains(line), "{line} in {counts}");
    }
    let document = said(node.ask(Method::GET, "/openapi.json")).await.1;
    for (path, method) in
        [("/v1/orders", "post"), ("/v1/orders/{id}/case/entries", "post"), ("/v1/inbox", "get")]
    {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
    let docs = node.ask(Method::GET, "/docs").send().await.unwrap();
    assert_eq!(docs.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(docs.text().await.unwrap().contains("order-chat"));
    let accounts = said(node.ask(Method::GET, "/demo/accounts")).await.1["accounts"].clone();
    let roles: Vec<_> = accounts.as_array().unwrap().iter().map(|account| account["role"].clone()).collect();
    assert_eq!(roles, ["user", "user", "agent", "admin"], "never the host");
    node.stop().await;
}

#[tokio::test]
async fn only_pages_of_allowed_origins_may_call() {
    let node = Served::start().await;
    for (origin, allowed) in [("https://shop.example", true), ("https://elsewhere.example", false)] {
        let ask = node.ask(Method::GET, "/healthz").header(header::ORIGIN, origin);
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), allowed, "{origin}");
    }
    node.stop().await;
}
