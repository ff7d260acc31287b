//! The demo's accounts and its host, as this machine and as foreign pages meet them.

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::served::{SECRET, Served, placement, said};

fn problem(answer: &(u16, Value), status: u16, code: &str) {
    assert_eq!((answer.0, answer.1["code"].as_str()), (status, Some(code)), "{answer:?}");
}

/// A foreign page whose name was bound to 127.0.0.1 speaks to this node under its own name: it gets no tokens.
#[tokio::test]
async fn demo_accounts_are_for_this_machine_only() {
    let node = Served::start().await;
    let ask = |host: &str| said(node.ask(Method::GET, "/demo/accounts").header(header::HOST, host));
    for own in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
        assert_eq!(ask(own).await.0, 200, "{own}");
    }
    for foreign in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "10.0.0.1",
        "[::2]",
        "localhost:",
        "localhost:x",
    ] {
        problem(&ask(foreign).await, 403, "host_not_allowed");
    }
    node.stop().await;
}

/// A page of the node buys and pays for the demo accounts, with the answers that a host would get.
#[tokio::test]
async fn a_page_of_the_node_places_orders_and_pays() {
    let node = Served::start().await;
    let post = |path: &str, body: &Value| from_page(node.ask(Method::POST, path).json(body), &node.origin());
    let mut purchase = placement();
    purchase["payment"] = "unpaid".into();
    let fields = purchase.as_object_mut().unwrap();
    fields.retain(|name, _| !["buyer", "seller", "id"].contains(&name.as_str()));
    let placed = said(post("/demo/orders", &purchase)).await;
    assert_eq!(placed.0, 201, "{placed:?}");
    let parties = &placed.1["snapshot"]["parties"];
    assert_eq!((&parties["buyer"]["user"], &parties["seller"]["user"]), (&json!("buyer"), &json!("seller")));
    let number = placed.1["snapshot"]["reference"].as_str().unwrap();
    assert_eq!(number.len(), 6, "hosts number their orders: {number}");
    let path = format!("/demo/orders/{}/payments", placed.1["order"].as_str().unwrap());
    let payment = json!({"kind": "payment", "amount": 15000, "currency": "USD", "reference": "P-1"});
    assert_eq!(said(post(&path, &payment)).await.0, 200);
    assert_eq!(said(post(&path, &payment)).await.0, 409, "without an id of its own it is another payment");
    purchase["id"] = Uuid::now_v7().to_string().into();
    let once = said(post("/demo/orders", &purchase)).await;
    let again = said(post("/demo/orders", &purchase)).await;
    assert_eq!((once.0, &once.1["order"]), (201, &again.1["order"]));
    assert_eq!(once.1["snapshot"]["reference"], again.1["snapshot"]["reference"], "its number stays");
    purchase["id"] = Uuid::now_v7().to_string().into();
    purchase["seller"] = "buyer".into();
    problem(&said(post("/demo/orders", &purchase)).await, 422, "bad_field");
    assert_eq!(said(node.ask(Method::POST, "/demo/orders").json(&placement())).await.0, 201, "a program");
    node.stop().await;
}

/// What other pages post has no effect, whatever their browser says of them.
#[tokio::test]
async fn other_pages_cannot_act_for_the_host() {
    let node = Served::start().await;
    let own = node.origin();
    let port = own.rsplit(':').next().unwrap();
    let post = || node.ask(Method::POST, "/demo/orders").body(placement().to_string());
    let near = format!("http://localhost:{port}");
    for origin in
        ["https://evil.example", "null", "http://127.0.0.1:1", &near, &own.replace("http", "https"), ""]
    {
        let asked = post().header(header::ORIGIN, origin);
        problem(&said(asked).await, 403, "origin_not_allowed");
    }
    for site in ["cross-site", "same-site", "none", "SAME-ORIGIN"] {
        let asked = post().header("sec-fetch-site", site);
        problem(&said(asked).await, 403, "origin_not_allowed");
    }
    let rebound = post().header(header::HOST, "evil.example").header(header::ORIGIN, "http://evil.example");
    problem(&said(rebound).await, 403, "host_not_allowed");
    let pay = node.ask(Method::POST, &format!("/demo/orders/{}/payments", Uuid::now_v7()));
    problem(
        &said(pay.body("{}").header(header::ORIGIN, "https://evil.example")).await,
        403,
        "origin_not_allowed",
    );
    let inbox = said(node.ask_as("buyer", Method::GET, "/v1/inbox")).await.1;
    assert_eq!(inbox["tabs"]["all"], 0, "nothing was placed");
    node.stop().await;
}

#[tokio::test]
async fn without_the_demo_there_is_no_host_for_pages() {
    let node = Served::start_with(&[("ORDER_CHAT_TOKEN_SECRET", SECRET)]).await;
    let post = |path: &str| from_page(node.ask(Method::POST, path).json(&placement()), &node.origin());
    for path in ["/demo/orders", "/demo/orders/0190/payments"] {
        problem(&said(post(path)).await, 404, "not_found");
    }
    problem(&said(node.ask(Method::GET, "/demo/accounts")).await, 404, "not_found");
    node.stop().await;
}

fn from_page(request: RequestBuilder, origin: &str) -> RequestBuilder {
    request.header(header::ORIGIN, origin).header("sec-fetch-site", "same-origin")
}
