//! Callers over HTTP that do not wait for their answer.

use std::net::SocketAddr;

use order_domain::participant::AccountRole;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::{
    house::{new_id, token, with_nodes},
    kernel,
    lock::Lock,
};

/// G1, G6: a command whose caller hung up while it waited for the room's lock commits, is delivered, and the same id
/// tells so.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_outlives_its_caller() {
    with_nodes(1, |house| async move {
        let (order, address) = (house.order().await, house.nodes[0].address);
        let mut buyer = house.socket(0, "buyer").await;
        buyer.subscribe(order).await;
        let body = json!({"id": new_id(), "command": {"type": "accept_order"}});
        let path = format!("/v1/orders/{order}/commands");
        let bearer = token("seller", AccountRole::User);

        let mut room = Lock::on_room(&house, order).await;
        let mut caller = TcpStream::connect(address).await.unwrap();
        let own = caller.local_addr().unwrap();
        caller.write_all(&post(address, &path, &bearer, &body)).await.unwrap();
        room.is_met().await;
        drop(caller);
        let_go(address, own).await;
        room.release().await;

        let entry = buyer.expect("entry").await;
        assert_eq!(entry["entry"]["event"]["type"], "order.accepted");
        let again = reqwest::Client::new().post(format!("http://{address}{path}")).bearer_auth(&bearer);
        let again: Value = again.json(&body).send().await.unwrap().json().await.unwrap();
        assert_eq!((&again["duplicate"], &again["seq"]), (&json!(true), &entry["entry"]["seq"]));
    })
    .await;
}

fn post(address: SocketAddr, path: &str, bearer: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {bearer}\r\n\
        Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Until the node has dropped its end of a connection of ours, and with it whatever waited to answer.
async fn let_go(node: SocketAddr, caller: SocketAddr) {
    while kernel::queues(node, caller).is_some() {
        tokio::task::yield_now().await;
    }
}
