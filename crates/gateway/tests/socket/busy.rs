//! A socket that always has something to write: it is heard, answered and ended all the same.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gateway::node::Node;
use order_domain::{ids::OrderId, participant::AccountRole};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{interval, timeout},
};

use crate::{
    house::{House, new_id, token, token_for, with_nodes, with_settings},
    kernel,
    lock::Lock,
    raw,
    wire::Socket,
};

/// Texts of 16 KB: more than queue, kernel and reader hold together.
const BACKLOG: u32 = 400;
/// When the kernel has taken nothing more for so many commands, it takes nothing more.
const STILL: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(20);

/// Who catches up over a bad line is heard meanwhile: commands are carried out and pings answered before the backlog
/// has passed, and no entry is missing for it.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_behind_is_heard_and_answered() {
    with_settings(1, &[("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0")], |house| async move {
        let (order, other) = (house.order().await, house.order().await);
        let last = backlog(&house, order).await;
        let subscribe = json!({"type": "subscribe", "ref": 1, "order": order, "after": 0});
        let token = token("seller", AccountRole::User);
        let (mut behind, mut bytes) = raw::subscribed(house.nodes[0].address, &token, &subscribe).await;
        let own = behind.local_addr().unwrap();
        let (mut still, mut held) = (0, None);
        while still < STILL {
            let before = head(&house.nodes[0], other).await;
            let text = json!({"type": "post_message", "text": "heard"});
            let ask = json!({"type": "command", "ref": 2, "id": new_id(), "order": other, "command": text});
            behind.write_all(&raw::masked(&ask)).await.unwrap();
            let heard = async {
                while head(&house.nodes[0], other).await == before {
                    tokio::task::yield_now().await;
                }
            };
            timeout(PATIENCE, heard).await.expect("the command is carried out");
            let holds = kernel::holds(house.nodes[0].address, own);
            still = if holds == held && holds > Some(0) { still + 1 } else { 0 };
            held = holds;
        }
        behind.write_all(&raw::ping(b"there?")).await.unwrap();

        let (mut seqs, mut pong) = (Vec::new(), None);
        while seqs.last() != Some(&last) {
            let (opcode, payload) = raw::next_frame(&mut behind, &mut bytes).await;
            match opcode {
                1 => seqs.extend(seqs_of(&payload)),
                10 => pong = Some((payload, seqs.len())),
                other => panic!("a frame of kind {other} after {} entries", seqs.len()),
            }
        }
        let (word, entries_before) = pong.expect("the ping is answered before the backlog has passed");
        assert_eq!(word, b"there?");
        assert!(entries_before < seqs.len());
        assert_eq!(seqs, (1..=last).collect::<Vec<_>>());
    })
    .await;
}

/// G8: a token that ends while there is a backlog ends the socket then, and not when the backlog has passed.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_is_noticed_while_there_is_a_backlog() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let last = backlog(&house, order).await;
        let ends_at = Utc::now() + TimeDelta::seconds(3);
        let token = token_for("seller", AccountRole::User, TimeDelta::seconds(3));
        let subscribe = json!({"type": "subscribe", "ref": 1, "order": order, "after": 0});
        let (mut behind, mut bytes) = raw::subscribed(house.nodes[0].address, &token, &subscribe).await;
        // A line of 64 kbit/s, until the token is over; then a good one.
        let (mut line, mut piece) = (interval(Duration::from_millis(100)), [0; 800]);
        while Utc::now() < ends_at {
            line.tick().await;
            let read = behind.read(&mut piece).await.unwrap();
            bytes.extend(&piece[..read]);
        }
        timeout(PATIENCE, behind.read_to_end(&mut bytes)).await.expect("it ends").unwrap();
        let mut frames = raw::frames(&bytes);
        let (opcode, close) = frames.pop().unwrap();
        assert_eq!((opcode, u16::from_be_bytes([close[0], close[1]])), (8, 4203));
        let texts = frames.iter().filter(|(opcode, _)| *opcode == 1);
        let reached = texts.flat_map(|(_, payload)| seqs_of(payload)).max();
        assert!(reached.is_some_and(|seq| seq < last), "the rest is for the next token");
    })
    .await;
}

/// Who asks for many pages and takes them slowly gets every one of them: that is no slow reader.
#[tokio::test(flavor = "multi_thread")]
async fn pages_wait_for_their_reader() {
    const PAGES: usize = 60;
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let last = backlog(&house, order).await;
        let token = token("seller", AccountRole::User);
        let subscribe = json!({"type": "subscribe", "ref": 0, "order": order});
        let (mut behind, mut bytes) = raw::subscribed(house.nodes[0].address, &token, &subscribe).await;
        for page in 1..=PAGES {
            let history =
                json!({"type": "history", "ref": page, "order": order, "before": last, "limit": 200});
            behind.write_all(&raw::masked(&history)).await.unwrap();
        }
        let mut answered = 0;
        while answered < PAGES {
            let (opcode, payload) = raw::next_frame(&mut behind, &mut bytes).await;
            assert_eq!(opcode, 1, "closed after {answered} pages");
            let frame: Value = serde_json::from_slice(&payload).unwrap();
            answered += usize::from(frame["ref"].as_u64().is_some_and(|page| page > 0));
        }
    })
    .await;
}

/// What has not begun when a socket ends is not done: nobody would hear of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_behind_the_end_is_not_done() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let node = Node::start(house.settings()).await.expect("the node starts");
        let mut socket = Socket::connect(node.address).await;
        socket.send(&json!({"type": "hello", "token": token("seller", AccountRole::User)})).await;
        let ask =
            |command| json!({"type": "command", "ref": 1, "id": new_id(), "order": order, "command": command});
        let mut room = Lock::on_room(&house, order).await;
        socket.send(&ask(json!({"type": "accept_order"}))).await;
        room.is_met().await;
        socket.send(&ask(json!({"type": "post_message", "text": "waits"}))).await;
        socket.send(&json!({"type": "nonsense"})).await;
        assert_eq!(socket.closed().await, 4000);
        room.release().await;
        // It waits for every lane.
        node.drain().await;
        let events = house.socket(0, "buyer").await.subscribe(order).await["entries"].clone();
        let has = |kind| events.as_array().unwrap().iter().any(|entry| entry["event"]["type"] == kind);
        assert!(has("order.accepted") && !has("message.posted"), "{events}");
    })
    .await;
}

/// Grows an order by more than any buffer holds; its last seq.
async fn backlog(house: &House, order: OrderId) -> u64 {
    house.grow_by(order, BACKLOG, &"\u{1F9F1}".repeat(4000)).await;
    head(&house.nodes[0], order).await
}

async fn head(node: &Node, order: OrderId) -> u64 {
    node.state.store.heads(&[order]).await.expect("Postgres answers")[0].head.0
}

/// The seqs of a page.
fn seqs_of(payload: &[u8]) -> Vec<u64> {
    let frame: Value = serde_json::from_slice(payload).expect("frames are JSON");
    let entries = frame["entries"].as_array().into_iter().flatten();
    entries.map(|entry| entry["seq"].as_u64().expect("an entry has a seq")).collect()
}
