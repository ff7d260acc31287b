//! Pages longer than may be asked for: each has its most, says that there is more, and the next begins where it ends.

use futures_util::future::try_join_all;
use order_actions::{AccountRole, Ask, Caller};
use order_domain::{
    command::Command,
    ids::{CommandId, OrderId, UserId},
    values::Text,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::served::{Served, placement, said};

async fn get_as(node: &Served, user: &str, path: &str) -> Value {
    let (status, body) = said(node.ask_as(user, Method::GET, path)).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn list<'a>(page: &'a Value, name: &str) -> &'a Vec<Value> {
    page[name].as_array().expect("a list")
}

fn seqs(page: &Value) -> Vec<u64> {
    list(page, "entries").iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

fn caller(user: &str, role: AccountRole) -> Caller {
    Caller { user: UserId::new(user).unwrap(), role, name: user.to_owned() }
}

fn new_id() -> CommandId {
    CommandId(Uuid::now_v7())
}

/// `limit` above 200 means 200, in both directions.
#[tokio::test]
async fn a_page_of_the_timeline_has_at_most_200_entries() {
    let node = Served::start().await;
    let order: OrderId = node.order().await.parse().unwrap();
    let hello = Command::decode(json!({"type": "post_message", "text": "Hello"})).unwrap();
    let posting = (0..205).map(|_| {
        let ask = Ask { order, id: new_id(), command: hello.clone(), expect_version: None };
        node.store().execute(caller("seller", AccountRole::User), ask)
    });
    try_join_all(posting).await.expect("all are accepted");
    let page =
        async |query: &str| get_as(&node, "buyer", &format!("/v1/orders/{order}/entries?{query}")).await;
    let first = page("after=0&limit=9999").await;
    assert_eq!((seqs(&first), &first["more"]), ((1..=200).collect(), &json!(true)));
    let head = first["head"].as_u64().unwrap();
    let rest = page("after=200&limit=9999").await;
    assert_eq!((seqs(&rest), &rest["more"]), ((201..=head).collect(), &json!(false)));
    let last = page(&format!("before={}&limit=201", head + 1)).await;
    assert_eq!((seqs(&last), &last["more"]), ((head - 199..=head).collect(), &json!(true)));
    assert_eq!(seqs(&page("limit=18446744073709551615").await).len(), 200);
    assert_eq!(seqs(&page("").await).len(), 50, "without a limit");
    node.stop().await;
}

/// `limit` above 50 means 50, 0 means 1; `next` leads through all rooms once.
#[tokio::test]
async fn a_page_of_the_inbox_has_at_most_50_rooms() {
    let node = Served::start().await;
    let purchase: order_domain::placement::Placement = serde_json::from_value(placement()).unwrap();
    for _ in 0..53 {
        node.store().place_order(new_id(), purchase.clone()).await.expect("it is placed");
    }
    let first = get_as(&node, "buyer", "/v1/inbox?limit=9999").await;
    assert_eq!((list(&first, "rooms").len(), &first["tabs"]["all"]), (50, &json!(53)));
    let next = first["next"].as_str().expect("there are more");
    let rest = get_as(&node, "buyer", &format!("/v1/inbox?limit=51&cursor={next}")).await;
    assert_eq!((list(&rest, "rooms").len(), rest.get("next")), (3, None));
    let mut orders: Vec<_> = [&first, &rest].into_iter().flat_map(|page| list(page, "rooms")).collect();
    orders.sort_by_key(|room| room["order"].to_string());
    orders.dedup_by_key(|room| &room["order"]);
    assert_eq!(orders.len(), 53, "each once");
    assert_eq!(list(&get_as(&node, "buyer", "/v1/inbox?limit=0").await, "rooms").len(), 1);
    node.stop().await;
}

/// `limit` above 200 means 200, 0 means 1.
#[tokio::test]
async fn a_page_of_the_desks_stream_has_at_most_200_entries() {
    let node = Served::start().await;
    let order: OrderId = node.order().await.parse().unwrap();
    let give = async |user: &str, role, command: Value| {
        let command = Command::decode(command).unwrap();
        let ask = Ask { order, id: new_id(), command, expect_version: None };
        node.store().execute(caller(user, role), ask).await.expect("it is allowed");
    };
    give("seller", AccountRole::User, json!({"type": "accept_order"})).await;
    let dispute = json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
    give("buyer", AccountRole::User, dispute).await;
    give("agent", AccountRole::Agent, json!({"type": "claim_case"})).await;
    let agent = caller("agent", AccountRole::Agent);
    for _ in 0..201 {
        let note = Text::new("A note.").unwrap();
        node.store().add_case_note(&agent, order, new_id(), note).await.expect("it is noted");
    }
    let path = format!("/v1/orders/{order}/case/entries");
    let first = get_as(&node, "agent", &format!("{path}?limit=9999")).await;
    assert_eq!((seqs(&first), &first["more"]), ((1..=200).collect(), &json!(true)));
    let rest = get_as(&node, "agent", &format!("{path}?after=200")).await;
    assert_eq!((seqs(&rest).first(), &rest["more"]), (Some(&201), &json!(false)));
    assert_eq!(seqs(&get_as(&node, "agent", &format!("{path}?limit=0")).await), [1]);
    node.stop().await;
}
