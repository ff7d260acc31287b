//! What a node keeps allocated for one socket at rest: hello said, its own room followed, nothing to say.
//!
//! The node runs on the measured thread, its clients on another one. What the kernel keeps is not in it.

use std::{collections::BTreeMap, net::SocketAddr, sync::mpsc as blocking, thread};

use allocation_counter::{AllocationInfo, measure};
use chrono::{TimeDelta, Utc};
use gateway::{
    config::{Secret, Settings, Source},
    node::Node,
    tokens::{TokenRequest, sign},
};
use order_domain::{
    ids::{CommandId, OrderId, UserId},
    participant::AccountRole,
};
use serde_json::json;
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
};
use uuid::Uuid;

use crate::{database::Database, raw};

const SOCKETS: usize = 50;
/// So many times; the least counts, because what else the node does at such a moment only adds to it.
const TIMES: usize = 6;
/// What is made once for all of them is made for these.
const BEFORE: usize = 32;
/// Questions to the database after the last answer: until then everything is at rest.
const AT_REST: usize = 50;
const SECRET: &str = "a secret of the tests, thirty-two bytes long";

/// Allocations and bytes that stay for fifty of them.
pub fn fifty_sockets() -> (u64, u64) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (database, node) = runtime.block_on(start());
    let rooms = runtime.block_on(rooms(&node));
    let mut people = People::of(node.address, rooms);
    people.come(&runtime, &node, BEFORE);
    let kept = (0..TIMES).map(|_| {
        let AllocationInfo { count_current, bytes_current, .. } =
            measure(|| people.come(&runtime, &node, SOCKETS));
        (count_current, bytes_current)
    });
    let (counts, bytes): (Vec<_>, Vec<_>) = kept.unzip();
    assert_eq!(node.state.rooms.socket_count(), BEFORE + TIMES * SOCKETS);
    drop(people);
    runtime.block_on(async {
        node.drain().await;
        database.remove().await;
    });
    let least = |kept: Vec<i64>| {
        let least = kept.into_iter().min().and_then(|least| u64::try_from(least).ok());
        least.expect("sockets keep something")
    };
    (least(counts), least(bytes))
}

async fn start() -> (Database, Node) {
    gateway::node::install_tls();
    let database = Database::fresh().await;
    let variables = BTreeMap::from([
        ("ORDER_CHAT_LISTEN", "127.0.0.1:0".to_owned()),
        ("DATABASE_URL", database.url()),
        ("ORDER_CHAT_REDIS_PREFIX", database.name().to_owned()),
        ("ORDER_CHAT_TOKEN_SECRET", SECRET.to_owned()),
        ("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "0".to_owned()),
        ("ORDER_CHAT_FILES", env!("CARGO_TARGET_TMPDIR").to_owned()),
    ]);
    let source = Source::new(variables.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let settings = Settings::read(source).expect("the settings are good");
    (database, Node::start(settings).await.expect("the node starts"))
}

/// A room for each, of buyers of its own.
async fn rooms(node: &Node) -> Vec<(String, OrderId)> {
    let mut rooms = Vec::new();
    for number in 0..BEFORE + TIMES * SOCKETS {
        let buyer = format!("buyer-{number}");
        let placement = serde_json::from_value(json!({
            "policy": "creator", "buyer": buyer, "seller": "seller", "listing": {"id": "L-17", "title": "A film"},
            "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
        }));
        let placement = placement.expect("the placement is well-formed");
        let placed = node.state.store.place_order(CommandId(Uuid::now_v7()), placement).await;
        rooms.push((buyer, placed.expect("the placement is good").order));
    }
    rooms
}

/// The clients, on their own thread until they are dropped.
struct People {
    wanted: blocking::Sender<()>,
    there: mpsc::Receiver<()>,
}

impl People {
    fn of(node: SocketAddr, rooms: Vec<(String, OrderId)>) -> Self {
        let (wanted, next) = blocking::channel();
        let (came, there) = mpsc::channel(1);
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            let mut sockets = Vec::new();
            for (user, order) in rooms {
                let Ok(()) = next.recv() else { return };
                let subscribe = json!({"type": "subscribe", "ref": 1, "order": order});
                sockets.push(runtime.block_on(raw::subscribed(node, &token(&user), &subscribe)));
                came.blocking_send(()).expect("somebody waits for it");
            }
            let _ = next.recv(); // until nobody needs them any more
        });
        Self { wanted, there }
    }

    /// So many more, one after the other.
    fn come(&mut self, runtime: &Runtime, node: &Node, sockets: usize) {
        runtime.block_on(async {
            for _ in 0..sockets {
                self.wanted.send(()).expect("they come");
                self.there.recv().await.expect("it is there");
            }
            for _ in 0..AT_REST {
                node.state.store.epoch().await.expect("Postgres answers");
            }
        });
    }
}

fn token(user: &str) -> String {
    let user = UserId::new(user).expect("a user id");
    let request = TokenRequest { user, role: AccountRole::User, name: None, ttl: TimeDelta::hours(1) };
    sign(&Secret::new(SECRET), &request, Utc::now())
}
