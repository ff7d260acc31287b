//! Pages, amounts, times and bodies at their edges: each has its own status and code, and none of them is a 500.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::served::{SECRET, Served, placement, said};

fn refused(answer: &(u16, Value), status: u16, code: &str, field: Option<&str>) {
    let (body, field) = (&answer.1, field.map(Value::from).unwrap_or_default());
    assert_eq!((answer.0, &body["code"], &body["field"]), (status, &json!(code), &field), "{answer:?}");
}

async fn post_as(node: &Served, user: &str, path: &str, body: &Value) -> (u16, Value) {
    said(node.ask_as(user, Method::POST, path).json(body)).await
}

async fn get_as(node: &Served, user: &str, path: &str) -> (u16, Value) {
    said(node.ask_as(user, Method::GET, path)).await
}

async fn give(node: &Served, user: &str, order: &str, command: Value) -> (u16, Value) {
    let body = json!({"id": Uuid::now_v7(), "command": command});
    post_as(node, user, &format!("/v1/orders/{order}/commands"), &body).await
}

fn seqs(page: &Value) -> Vec<u64> {
    page["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

/// G3: pages are ascending both ways, limits are clamped, and an order is shown as it was (D6).
#[tokio::test]
async fn pages_and_the_past() {
    let node = Served::start().await;
    let order = node.order().await;
    assert_eq!(give(&node, "seller", &order, json!({"type": "accept_order"})).await.0, 200);
    let page =
        async |query: &str| get_as(&node, "buyer", &format!("/v1/orders/{order}/entries?{query}")).await;
    let all = page("limit=9999").await.1;
    let head = all["head"].as_u64().unwrap();
    assert_eq!((seqs(&all), &all["more"]), ((1..=head).collect(), &json!(false)));
    let first = page("after=0&limit=1").await.1;
    assert_eq!((seqs(&first), &first["more"]), (vec![1], &json!(true)));
    let last = page(&format!("before={}&limit=1", u64::MAX)).await.1;
    assert_eq!((seqs(&last), &last["more"]), (vec![head], &json!(true)));
    assert_eq!(seqs(&page("limit=0").await.1).len(), 1, "less than one means one");
    assert_eq!(page("limit=99999999999").await.0, 200);
    for bad in ["limit=-1", "limit=abc", "limit="] {
        refused(&page(bad).await, 422, "bad_field", Some("limit"));
    }
    refused(&page("after=x").await, 422, "bad_field", Some("after"));
    refused(&page("after=1&before=3").await, 400, "unreadable", None);
    let at = async |seq: &str| get_as(&node, "buyer", &format!("/v1/orders/{order}?at_seq={seq}")).await;
    assert_eq!(at("1").await.1["state"], "new");
    assert_eq!(at(&head.to_string()).await.1["state"], "in_progress");
    for bad in ["0", "-1", "18446744073709551616", "18446744073709551615"] {
        refused(&at(bad).await, 422, "bad_field", Some("at_seq"));
    }
    node.stop().await;
}

/// Two payments with one number are one, and a wrong amount or currency is none.
#[tokio::test]
async fn payments_fit_the_order() {
    let node = Served::start().await;
    let mut purchase = placement();
    let own = Uuid::now_v7().to_string();
    purchase["payment"] = "unpaid".into();
    purchase["order"] = own.clone().into();
    let placed = post_as(&node, "host", "/v1/orders", &purchase).await;
    assert_eq!((placed.0, &placed.1["order"]), (201, &json!(own)), "the host chose the id");
    refused(&post_as(&node, "host", "/v1/orders", &purchase).await, 409, "already_done", Some("order"));
    let path = format!("/v1/orders/{own}/payments");
    let mut payment = json!({"id": Uuid::now_v7(), "kind": "payment", "amount": 15000, "currency": "USD", "reference": "P-1"});
    refused(&post_as(&node, "buyer", &path, &payment).await, 403, "not_your_role", None);
    payment["currency"] = "EUR".into();
    refused(&post_as(&node, "host", &path, &payment).await, 422, "bad_field", Some("currency"));
    payment["currency"] = "USD".into();
    payment["amount"] = 14999.into();
    refused(&post_as(&node, "host", &path, &payment).await, 409, "amount_mismatch", None);
    payment["amount"] = json!(1.5);
    refused(&post_as(&node, "host", &path, &payment).await, 422, "bad_field", Some("amount"));
    payment["amount"] = 15000.into();
    let paid = post_as(&node, "host", &path, &payment).await;
    assert_eq!((paid.0, &paid.1["duplicate"]), (200, &json!(false)), "{paid:?}");
    let again = post_as(&node, "host", &path, &payment).await;
    assert_eq!((again.0, &again.1["seq"], &again.1["duplicate"]), (200, &paid.1["seq"], &json!(true)));
    let nowhere = format!("/v1/orders/{}/payments", Uuid::now_v7());
    refused(&post_as(&node, "host", &nowhere, &payment).await, 404, "order_not_found", None);
    node.stop().await;
}

/// What the database cannot hold is refused before it gets there, by the name of its field.
#[tokio::test]
async fn bodies_that_no_table_could_hold() {
    let node = Served::start().await;
    let order = node.order().await;
    let profile =
        async |body: Value| said(node.ask_as("host", Method::PUT, "/v1/users/u1").json(&body)).await;
    assert_eq!(profile(json!({"name": "A B", "registered_at": "2020-01-01T00:00:00Z"})).await.0, 200);
    refused(&profile(json!({"name": "x".repeat(201)})).await, 422, "bad_field", Some("name"));
    refused(&profile(json!({"name": "x", "phone": "1".repeat(65)})).await, 422, "bad_field", Some("phone"));
    refused(&profile(json!({"name": "a\u{0}b"})).await, 422, "bad_field", Some("name"));
    let ancient = json!({"name": "x", "registered_at": "-9999-01-01T00:00:00Z"});
    refused(&profile(ancient).await, 422, "bad_field", Some("registered_at"));
    refused(
        &said(node.ask_as("host", Method::PUT, "/v1/users/%FF").json(&json!({}))).await,
        400,
        "unreadable",
        None,
    );
    refused(
        &said(node.ask_as("host", Method::PUT, "/v1/users/a%00b").json(&json!({}))).await,
        422,
        "bad_field",
        Some("id"),
    );
    let text = give(&node, "buyer", &order, json!({"type": "post_message", "text": "a\u{0}b"})).await;
    assert_eq!((text.0, &text.1["code"]), (422, &json!("bad_field")), "{text:?}");
    let raw = async |body: &str| {
        let path = format!("/v1/orders/{order}/commands");
        said(node.ask_as("buyer", Method::POST, &path).body(body.to_owned())).await
    };
    let id = Uuid::now_v7();
    let lone = format!(r#"{{"id":"{id}","command":{{"type":"post_message","text":"\ud800"}}}}"#);
    refused(&raw(&lone).await, 400, "unreadable", None);
    refused(&raw(r#"{"expect_version":1e999}"#).await, 400, "unreadable", None);
    let over = " ".repeat(1024 * 1024 + 1);
    refused(&raw(&over).await, 413, "body_too_large", None);
    for (field, value) in [
        ("delivery_days", json!(4_294_967_296_u64)),
        ("revisions", json!(-1)),
        ("seller", json!("buyer")),
        ("buyer", json!("a b")),
    ] {
        let mut purchase = placement();
        purchase[field] = value;
        refused(&post_as(&node, "host", "/v1/orders", &purchase).await, 422, "bad_field", Some(field));
    }
    for policy in [json!("nothing"), json!({"preset": "creator", "review_window_s": u64::MAX})] {
        let mut purchase = placement();
        purchase["policy"] = policy;
        let answer = post_as(&node, "host", "/v1/orders", &purchase).await;
        assert_eq!((answer.0, &answer.1["code"]), (422, &json!("bad_field")), "{answer:?}");
    }
    let mut purchase = placement();
    purchase["answers"] = json!({"a\u{0}": "b"});
    assert_eq!(post_as(&node, "host", "/v1/orders", &purchase).await.0, 422);
    node.stop().await;
}

/// D11: the desk's stream is for staff; a note is an ack; agents read once the case is theirs.
#[tokio::test]
async fn the_desk_keeps_its_notes_to_itself() {
    let node = Served::start().await;
    let order = node.order().await;
    let path = format!("/v1/orders/{order}/case/entries");
    give(&node, "seller", &order, json!({"type": "accept_order"})).await;
    let dispute = json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
    assert_eq!(give(&node, "buyer", &order, dispute).await.0, 200);
    let queue = get_as(&node, "agent", "/v1/desk/queue").await.1;
    assert_eq!(queue["cases"][0]["order"], json!(order));
    refused(&get_as(&node, "agent", &format!("/v1/orders/{order}")).await, 403, "not_joined", None);
    assert_eq!(give(&node, "agent", &order, json!({"type": "claim_case"})).await.0, 200);
    let queue = get_as(&node, "admin", "/v1/desk/queue?limit=1").await.1;
    assert_eq!(queue["cases"][0]["claimed_by_name"], "agent");
    let agents = get_as(&node, "agent", "/v1/desk/agents").await.1;
    assert_eq!(agents, json!({"agents": [{"user": "agent", "name": "agent"}]}));
    refused(&get_as(&node, "buyer", "/v1/desk/agents").await, 403, "not_your_role", None);
    let note = json!({"id": Uuid::now_v7(), "text": "canary of the desk"});
    let noted = post_as(&node, "agent", &path, &note).await;
    assert_eq!((noted.0, &noted.1["id"]), (200, &note["id"]), "{noted:?}");
    assert_eq!(post_as(&node, "agent", &path, &note).await.1["duplicate"], true);
    assert!(get_as(&node, "agent", &path).await.1.to_string().contains("canary of the desk"));
    for party in ["buyer", "seller"] {
        refused(&get_as(&node, party, &path).await, 403, "not_your_role", None);
        refused(&post_as(&node, party, &path, &note).await, 403, "not_your_role", None);
        let timeline = get_as(&node, party, &format!("/v1/orders/{order}/entries?limit=200")).await.1;
        assert!(!timeline.to_string().contains("canary"));
    }
    refused(&get_as(&node, "stranger", &path).await, 404, "order_not_found", None);
    node.stop().await;
}

/// Beyond a day's conversations there is no use in asking again: the answer says when there will be.
#[tokio::test]
async fn conversations_of_a_day() {
    let own = [("ORDER_CHAT_TOKEN_SECRET", SECRET), ("ORDER_CHAT_LIMIT_CONVERSATIONS_PER_DAY", "1")];
    let node = Served::start_with(&own).await;
    let open = async |with: &str| {
        post_as(&node, "buyer", "/v1/conversations", &json!({"with": with, "as": "buyer"})).await
    };
    assert_eq!(open("seller").await.0, 200);
    let answer = open("stranger").await;
    refused(&answer, 409, "too_many_conversations", None);
    assert_eq!((&answer.1["retry"], answer.1["allowed_from"].is_string()), (&json!(false), true));
    assert_eq!(open("seller").await.0, 200);
    node.stop().await;
}

/// The inbox counts by tab and what is unread; a conversation is found by its pair, whoever asks.
#[tokio::test]
async fn inbox_conversations_and_files() {
    let node = Served::start().await;
    let order = node.order().await;
    give(&node, "seller", &order, json!({"type": "post_message", "text": "Hello"})).await;
    let open = async |who: &str, with: &str, side: &str| {
        post_as(&node, who, "/v1/conversations", &json!({"with": with, "as": side})).await
    };
    let room = open("buyer", "seller", "buyer").await;
    assert_eq!((room.0, &room.1), (200, &open("seller", "buyer", "seller").await.1));
    refused(&open("buyer", "buyer", "buyer").await, 422, "bad_field", Some("with"));
    refused(&open("agent", "buyer", "buyer").await, 403, "not_your_role", None);
    refused(&open("host", "buyer", "buyer").await, 422, "bad_field", Some("user"));
    let inbox = get_as(&node, "buyer", "/v1/inbox?tab=new").await.1;
    assert_eq!((&inbox["tabs"]["all"], &inbox["tabs"]["conversations"]), (&json!(2), &json!(1)));
    assert_eq!((&inbox["rooms"][0]["order"], inbox["rooms"].as_array().unwrap().len()), (&json!(order), 1));
    assert!(inbox["rooms"][0]["unread"].as_u64().unwrap() >= 1);
    refused(&get_as(&node, "buyer", "/v1/inbox?tab=mine").await, 422, "bad_field", Some("tab"));
    refused(&get_as(&node, "buyer", "/v1/inbox?cursor=%00x").await, 422, "bad_field", Some("cursor"));
    let files = format!("/v1/orders/{order}/files");
    let mut file = json!({"id": Uuid::now_v7(), "name": "a.png", "size": 3, "sha256": "0".repeat(64), "type": "image/png"});
    let first = post_as(&node, "host", &files, &file).await;
    assert_eq!((first.0, &first.1), (201, &post_as(&node, "host", &files, &file).await.1), "once per id");
    refused(&post_as(&node, "buyer", &files, &file).await, 403, "not_your_role", None);
    refused(&post_as(&node, "stranger", &files, &file).await, 404, "order_not_found", None);
    file["size"] = 4.into();
    refused(&post_as(&node, "host", &files, &file).await, 409, "id_reused", None);
    file["sha256"] = "xyz".into();
    refused(&post_as(&node, "host", &files, &file).await, 422, "bad_field", Some("sha256"));
    node.stop().await;
}

/// Two tokens are none, a made-up method is counted with all others, and every call of the document is served.
#[tokio::test]
async fn addresses_methods_and_tokens() {
    let node = Served::start().await;
    let twice = node.ask_as("buyer", Method::GET, "/v1/inbox").bearer_auth("second");
    refused(&said(twice).await, 401, "unauthenticated", None);
    let odd = Method::from_bytes(b"BREW4711").unwrap();
    refused(&said(node.ask(odd, "/v1/inbox")).await, 405, "method_not_allowed", None);
    let counts = said(node.ask(Method::GET, "/metrics")).await.1;
    assert!(!counts.as_str().unwrap().contains("BREW4711"));
    let document = said(node.ask(Method::GET, "/openapi.json")).await.1;
    for (path, calls) in document["paths"].as_object().unwrap() {
        for method in calls.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = said(node.ask(method.clone(), &path.replace("{id}", "x"))).await;
            assert!([200, 401].contains(&answer.0), "{method} {path}: {answer:?}");
        }
    }
    node.stop().await;
}
