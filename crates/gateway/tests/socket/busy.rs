//! A socket that always has something to write: it is heard, answered and ended all the same.

use std::{net::SocketAddr, time::Duration};

use chrono::{TimeDelta, Utc};
use gateway::node::Node;
use order_domain::{ids::OrderId, participant::AccountRole};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{interval, timeout},
};

use crate::{
    house::{House, new_id, token, token_for, with_nodes},
    kernel,
    lock::Lock,
    raw,
};

/// Texts of 16 KB: more than queue, kernel and reader hold together.
const BACKLOG: u32 = 400;
/// When the kernel has taken nothing more while the database was asked so often, it takes nothing more.
const STILL: u32 = 100;
/// Seven of these texts fit into a page, and it is not a tenth longer than they are.
const PAGE: usize = 7 * 16_000 * 11 / 10;
const PATIENCE: Duration = Duration::from_secs(20);

/// Who catches up over a bad line is heard meanwhile: commands are carried out and pings answered before the backlog
/// has passed, and no entry is missing for it.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_behind_is_heard_and_answered() {
    with_nodes(1, |house| async move {
        let (order, other) = (house.order().await, house.order().await);
        let last = backlog(&house, order).await;
        let token = token("seller", AccountRole::User);
        let mut behind = Behind::on(&house.nodes[0], &token, order).await;
        behind.is_full(&house).await;
        let before = head(&house.nodes[0], other).await;
        behind.ask(&post(other)).await;
        behind.send(&raw::ping(b"there?")).await;
        let heard = async { while head(&house.nodes[0], other).await == before {} };
        timeout(PATIENCE, heard).await.expect("the command is carried out while nothing can be written");

        let (mut seqs, mut pong) = (Vec::new(), None);
        while seqs.last() != Some(&last) {
            let (opcode, payload) = behind.next_frame().await;
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

/// G8: a token that ends while nothing can be written ends the socket then: nothing more is taken on or begun, and of
/// what waits nothing leaves.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_is_noticed_while_there_is_a_backlog() {
    with_nodes(1, |house| async move {
        let (order, other) = (house.order().await, house.order().await);
        let last = backlog(&house, order).await;
        let before = head(&house.nodes[0], other).await;
        let node = Node::start(house.settings()).await.expect("the node starts");
        let ends_at = Utc::now() + TimeDelta::seconds(10);
        let token = token_for("seller", AccountRole::User, TimeDelta::seconds(10));
        let mut behind = Behind::on(&node, &token, order).await;
        behind.is_full(&house).await;
        // A line of 64 kbit/s, until the token is over; then nothing is read until the socket is given up.
        let (mut line, mut piece) = (interval(Duration::from_millis(100)), [0; 800]);
        while Utc::now() < ends_at {
            line.tick().await;
            let read = behind.stream.read(&mut piece).await.unwrap();
            behind.bytes.extend(&piece[..read]);
        }
        behind.ask(&post(other)).await;
        let (read, on_its_way) = (behind.bytes.len(), behind.on_its_way());
        let given_up = async {
            while node.state.rooms.socket_count() > 0 {
                head(&house.nodes[0], other).await;
            }
        };
        timeout(PATIENCE, given_up).await.expect("it is noticed while nothing can be written");
        let bytes = behind.read_to_end().await;
        node.drain().await;
        let more = (bytes.len() - read).saturating_sub(on_its_way);
        assert!(more <= PAGE, "no more than the rest of one frame, and a goodbye: {more}");
        assert_eq!(head(&house.nodes[0], other).await, before, "asked with a token that was over");
        let (closes, texts): (Vec<_>, Vec<_>) =
            raw::frames(&bytes).into_iter().partition(|(opcode, _)| *opcode == 8);
        let codes: Vec<_> =
            closes.iter().map(|(_, close)| u16::from_be_bytes([close[0], close[1]])).collect();
        assert!(codes.iter().all(|code| *code == 4203), "{codes:?}");
        let reached = texts.iter().flat_map(|(_, payload)| seqs_of(payload)).max();
        assert!(reached.is_some_and(|seq| seq < last), "the rest is for the next token");
    })
    .await;
}

/// Who asks for many pages and takes them late gets every one of them: that is no slow reader.
#[tokio::test(flavor = "multi_thread")]
async fn pages_wait_for_their_reader() {
    const PAGES: usize = 60;
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let last = backlog(&house, order).await;
        let token = token("seller", AccountRole::User);
        let mut behind = Behind::on(&house.nodes[0], &token, order).await;
        for page in 1..=PAGES {
            let history = json!({"type": "history", "ref": page, "order": order, "before": last, "limit": 7});
            behind.ask(&history).await;
        }
        behind.is_full(&house).await;
        let mut answered = 0;
        while answered < PAGES {
            let (opcode, payload) = behind.next_frame().await;
            assert_eq!(opcode, 1, "closed after {answered} pages");
            let frame: Value = serde_json::from_slice(&payload).unwrap();
            answered += usize::from(frame["ref"].as_u64().is_some_and(|page| page > 0));
        }
    })
    .await;
}

/// G8: a page that waited for its reader is not given to whoever had to go meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waited_is_refused_to_who_had_to_go() {
    with_nodes(1, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 0).await;
        let last = backlog(&house, order).await;
        seller.command(order, json!({"type": "accept_order"})).await;
        let dispute =
            json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
        buyer.command(order, dispute).await;
        let mut agent = house.socket_as(0, "agent", AccountRole::Agent).await;
        agent.command(order, json!({"type": "claim_case"})).await;
        agent.command(order, json!({"type": "join_case"})).await;
        let mut behind = Behind::on(&house.nodes[0], &token("agent", AccountRole::Agent), order).await;
        behind.is_full(&house).await;
        behind.ask(&json!({"type": "history", "ref": 7, "order": order, "before": last, "limit": 7})).await;
        behind.is_heard().await;
        let closed = buyer.command(order, json!({"type": "close_dispute"})).await;
        assert_eq!(closed["type"], "ack", "{closed}");
        let answer = loop {
            let (opcode, payload) = behind.next_frame().await;
            assert_eq!(opcode, 1, "it reads on in time");
            let frame: Value = serde_json::from_slice(&payload).unwrap();
            if frame["ref"] == 7 {
                break frame;
            }
        };
        assert_eq!(answer["type"], "rejected", "{answer}");
    })
    .await;
}

/// What has not begun when a socket ends is not done, although its last words are still being written: nobody would
/// hear of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_behind_the_end_is_not_done() {
    with_nodes(1, |house| async move {
        let (order, other) = (house.order().await, house.order().await);
        backlog(&house, order).await;
        let node = Node::start(house.settings()).await.expect("the node starts");
        let mut behind = Behind::on(&node, &token("seller", AccountRole::User), order).await;
        behind.is_full(&house).await;
        let before = head(&house.nodes[0], other).await;
        let mut room = Lock::on_room(&house, other).await;
        let accept = json!({"type": "command", "ref": 2, "id": new_id(), "order": other,
            "command": {"type": "accept_order"}});
        let nonsense = json!({"type": "nonsense"});
        behind.ask(&accept).await;
        timeout(PATIENCE, room.is_met()).await.expect("the first one is begun");
        behind.send(&[&post(other), &nonsense].map(raw::masked).concat()).await;
        behind.is_heard().await;
        room.release().await;
        let done = async { while head(&house.nodes[0], other).await == before {} };
        timeout(PATIENCE, done).await.expect("the first one is done");
        behind.read_to_end().await;
        // It waits for every lane.
        node.drain().await;
        let events = house.socket(0, "buyer").await.subscribe(other).await["entries"].clone();
        let has = |kind| events.as_array().unwrap().iter().any(|entry| entry["event"]["type"] == kind);
        assert!(has("order.accepted") && !has("message.posted"), "{events}");
    })
    .await;
}

/// A client that has far to catch up, and does not read until it is told to.
struct Behind {
    stream: TcpStream,
    /// What it has read.
    bytes: Vec<u8>,
    node: SocketAddr,
}

impl Behind {
    async fn on(node: &Node, token: &str, order: OrderId) -> Self {
        let subscribe = json!({"type": "subscribe", "ref": 0, "order": order, "after": 0});
        let (stream, bytes) = raw::subscribed(node.address, token, &subscribe).await;
        Self { stream, bytes, node: node.address }
    }

    /// Until the node cannot write any more.
    async fn is_full(&self, house: &House) {
        let own = self.stream.local_addr().unwrap();
        let (mut still, mut held) = (0, None);
        while still < STILL {
            // Answered or not, it was asked.
            house.nodes[0].state.store.epoch().await.ok();
            let holds = kernel::queues(self.node, own).map(|(unsent, _)| unsent);
            still = if holds == held && holds > Some(0) { still + 1 } else { 0 };
            held = holds;
        }
    }

    /// What the kernel has of the node's, and the client has not read.
    fn on_its_way(&self) -> usize {
        let own = self.stream.local_addr().unwrap();
        let (unsent, _) = kernel::queues(self.node, own).expect("the socket is open");
        let (_, unread) = kernel::queues(own, self.node).expect("the socket is open");
        usize::try_from(unsent + unread).unwrap()
    }

    /// Until the node has read what was sent.
    async fn is_heard(&self) {
        let own = self.stream.local_addr().unwrap();
        let heard = async {
            while kernel::queues(self.node, own).is_some_and(|(_, unread)| unread > 0) {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, heard).await.expect("the node reads it");
    }

    async fn ask(&mut self, frame: &Value) {
        self.send(&raw::masked(frame)).await;
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the socket takes it");
    }

    async fn next_frame(&mut self) -> (u8, Vec<u8>) {
        raw::next_frame(&mut self.stream, &mut self.bytes).await
    }

    async fn read_to_end(mut self) -> Vec<u8> {
        // Cut off, when its line was too slow even for a goodbye.
        timeout(PATIENCE, self.stream.read_to_end(&mut self.bytes)).await.expect("it ends").ok();
        self.bytes
    }
}

fn post(order: OrderId) -> Value {
    let command = json!({"type": "post_message", "text": "heard"});
    json!({"type": "command", "ref": 1, "id": new_id(), "order": order, "command": command})
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
