//! A reader that does not read: closed with 4201 or cut off, while the others' entries flow.

use std::{net::SocketAddr, time::Duration};

use order_domain::{ids::OrderId, participant::AccountRole};
use serde_json::json;
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    time::{Instant, timeout},
};

use crate::{
    house::{token, with_nodes},
    raw,
};

/// G14: stuck for good. The room flows on, the socket is gone within 15 s, its place in the room too.
#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_reader_is_closed_and_the_room_flows() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let (stuck, _) = stuck(house.nodes[0].address, order).await;
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

/// G14: one that stopped, and reads on in time, finds what it was sent without a gap, and then why it is closed: 4201.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_too_slow_is_told_so() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let (mut stuck, mut bytes) = stuck(house.nodes[0].address, order).await;
        let state = &house.nodes[0].state;
        // 400 texts of 16 KB are more than the queue, the kernel and the reader hold together.
        let text = "\u{1F9F1}".repeat(4000);
        let command = json!({"type": "post_message", "text": text});
        let command = order_domain::command::Command::decode(command).unwrap();
        let buyer = order_domain::ids::UserId::new("buyer").unwrap();
        let caller = order_actions::Caller {
            user: buyer,
            role: order_actions::AccountRole::User,
            name: "buyer".to_owned(),
        };
        let posting = (0..400).map(|_| {
            let id = crate::house::new_id();
            let ask = order_actions::Ask { order, id, command: command.clone(), expect_version: None };
            state.store.execute(caller.clone(), ask)
        });
        let mut committed = futures_util::future::try_join_all(posting).await.unwrap();
        committed.sort_by_key(|done| done.first);
        let first = committed[0].first.unwrap().0;
        committed.into_iter().for_each(|done| state.rooms.committed(done));

        timeout(Duration::from_secs(20), stuck.read_to_end(&mut bytes)).await.expect("it ends").unwrap();
        let mut frames = raw::frames(&bytes);
        let (opcode, close) = frames.pop().unwrap();
        assert_eq!((opcode, u16::from_be_bytes([close[0], close[1]])), (8, 4201));
        let mut texts: Vec<serde_json::Value> =
            frames.iter().map(|(_, payload)| serde_json::from_slice(payload).unwrap()).collect();
        let goodbye = texts.pop().unwrap();
        assert_eq!((&goodbye["type"], &goodbye["code"]), (&json!("goodbye"), &json!(4201)));
        let seqs: Vec<_> = texts.iter().filter_map(|frame| frame["entry"]["seq"].as_u64()).collect();
        assert_eq!(seqs, (first..first + seqs.len() as u64).collect::<Vec<_>>());
        assert!(seqs.len() < 400, "the rest is for the resume");
    })
    .await;
}

async fn stuck(address: SocketAddr, order: OrderId) -> (TcpStream, Vec<u8>) {
    let subscribe = json!({"type": "subscribe", "ref": 1, "order": order});
    raw::subscribed(address, &token("seller", AccountRole::User), &subscribe).await
}
