//! A reader that does not read: closed with 4201 or cut off, while the others' entries flow.

use std::{net::SocketAddr, time::Duration};

use order_domain::{ids::OrderId, participant::AccountRole};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

use crate::house::{token, with_nodes};

/// G14: stuck for good. The room flows on, the socket is gone within 15 s, its place in the room too.
#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_reader_is_closed_and_the_room_flows() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let stuck = stuck(house.nodes[0].address, order).await;
        let (mut buyer, seller) = (house.socket(0, "buyer").await, "seller");
        buyer.subscribe(order).await;
        let rooms = &house.nodes[0].state.rooms;
        assert_eq!(rooms.socket_count(), 2);
        let text = "x".repeat(4000);
        let began = Instant::now();
        let mut posted = 0;
        while rooms.socket_count() == 2 {
            let command = json!({"type": "post_message", "text": text});
            let command = order_domain::command::Command::decode(command).unwrap();
            let ask = order_actions::Ask { order, id: crate::house::new_id(), command, expect_version: None };
            let user = order_domain::ids::UserId::new(seller).unwrap();
            let caller = order_actions::Caller { user, role: AccountRole::User, name: seller.to_owned() };
            let committed = house.nodes[0].state.store.execute(caller, ask).await.unwrap();
            rooms.committed(committed);
            posted += 1;
            buyer.expect("entry").await;
            assert!(began.elapsed() < Duration::from_secs(60), "still open after {posted} entries");
        }
        assert!(buyer.is_alive().await);
        drop(stuck);
    })
    .await;
}

/// A connection that says hello and subscribes, and then never reads again.
async fn stuck(address: SocketAddr, order: OrderId) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let upgrade = format!(
        "GET /v1/socket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).await.unwrap();
    read_until(&mut stream, "\r\n\r\n").await;
    stream
        .write_all(&masked(&json!({"type": "hello", "token": token("seller", AccountRole::User)})))
        .await
        .unwrap();
    read_until(&mut stream, "\"welcome\"").await;
    stream.write_all(&masked(&json!({"type": "subscribe", "ref": 1, "order": order}))).await.unwrap();
    read_until(&mut stream, "\"subscribed\"").await;
    stream
}

async fn read_until(stream: &mut TcpStream, end: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(end) {
        let read =
            timeout(Duration::from_secs(20), stream.read_buf(&mut seen)).await.expect("it comes in time");
        assert_ne!(read.expect("the socket is open"), 0, "closed before {end}");
    }
}

/// A client's frame under the mask of zeros.
fn masked(frame: &serde_json::Value) -> Vec<u8> {
    let payload = frame.to_string().into_bytes();
    let length = u16::try_from(payload.len()).unwrap();
    let mut bytes = vec![0x81];
    if length < 126 {
        bytes.push(0x80 | u8::try_from(length).unwrap());
    } else {
        bytes.push(0x80 | 0x7E);
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}
