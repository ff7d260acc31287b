//! Nodes, tokens and orders of the tests.

use std::panic::AssertUnwindSafe;

use chrono::{TimeDelta, Utc};
use futures_util::FutureExt as _;
use gateway::{
    config::{Secret, Settings, Source},
    node::Node,
    tokens::{TokenRequest, sign},
};
use order_domain::{
    command::Command,
    ids::{CommandId, OrderId, UserId},
    participant::AccountRole,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    database::{Database, setting},
    wire::Socket,
};

const SECRET: &str = "a secret of the tests, thirty-two bytes long";

/// Some nodes on one database and one Redis.
pub struct House {
    pub nodes: Vec<Node>,
    database: Database,
    /// Settings of this house's own.
    own: &'static [(&'static str, &'static str)],
}

/// Runs a test in a house of `nodes`; drains and removes it, whether it passed or not.
pub async fn with_nodes<F>(nodes: usize, test: impl FnOnce(std::sync::Arc<House>) -> F)
where
    F: Future<Output = ()>,
{
    with_settings(nodes, &[], test).await;
}

/// The same, under these settings too.
pub async fn with_settings<F>(
    nodes: usize,
    own: &'static [(&'static str, &'static str)],
    test: impl FnOnce(std::sync::Arc<House>) -> F,
) where
    F: Future<Output = ()>,
{
    let house = std::sync::Arc::new(House::open(nodes, own).await);
    let outcome = AssertUnwindSafe(test(house.clone())).catch_unwind().await;
    let Ok(house) = std::sync::Arc::try_unwrap(house) else { panic!("the test keeps the house") };
    house.close().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl House {
    async fn open(nodes: usize, own: &'static [(&'static str, &'static str)]) -> Self {
        gateway::node::install_tls();
        let database = Database::fresh().await;
        let mut house = Self { nodes: Vec::new(), database, own };
        for _ in 0..nodes {
            let node = Node::start(house.settings()).await.expect("the node starts");
            house.nodes.push(node);
        }
        house
    }

    async fn close(self) {
        for node in self.nodes {
            node.drain().await;
        }
        self.database.remove().await;
    }

    /// What a node of this house is told.
    pub fn settings(&self) -> Settings {
        let variables = [
            ("ORDER_CHAT_LISTEN", "127.0.0.1:0".to_owned()),
            ("DATABASE_URL", self.database.url()),
            ("REDIS_URL", setting("TEST_REDIS_URL")),
            ("ORDER_CHAT_TOKEN_SECRET", SECRET.to_owned()),
            ("ORDER_CHAT_ALLOWED_ORIGINS", "https://shop.example".to_owned()),
            ("ORDER_CHAT_REDIS_PREFIX", self.database.name().to_owned()),
            ("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "0".to_owned()),
            ("ORDER_CHAT_FILES", env!("CARGO_TARGET_TMPDIR").to_owned()),
        ];
        let mut variables: std::collections::BTreeMap<_, _> = variables.into();
        variables.extend(self.own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let source = Source::new(variables.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Settings::read(source).expect("the settings are good")
    }

    /// Where the truth is, for a stranger's lock.
    pub fn database_url(&self) -> String {
        self.database.url()
    }

    /// A paid order of buyer and seller.
    pub async fn order(&self) -> OrderId {
        let placement = serde_json::from_value(json!({
            "policy": "creator", "buyer": "buyer", "seller": "seller", "listing": {"id": "L-17", "title": "A film"},
            "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
        }));
        let placement = placement.expect("the placement is well-formed");
        let placed = self.nodes[0].state.store.place_order(new_id(), placement).await;
        placed.expect("the placement is good").order
    }

    /// An order, and a socket of its buyer and of its seller on these nodes.
    pub async fn parties(&self, buyer: usize, seller: usize) -> (OrderId, Socket, Socket) {
        let order = self.order().await;
        (order, self.socket(buyer, "buyer").await, self.socket(seller, "seller").await)
    }

    /// So many messages of the seller past the gateways.
    pub async fn grow(&self, order: OrderId, messages: u32) {
        for number in 0..messages {
            let command = json!({"type": "post_message", "text": number.to_string()});
            self.behind_their_backs("seller", order, command).await;
        }
    }

    /// So many messages with this text of the seller past the gateways, as fast as they go.
    pub async fn grow_by(&self, order: OrderId, messages: u32, text: &str) {
        let command = json!({"type": "post_message", "text": text});
        let posting = (0..messages).map(|_| self.behind_their_backs("seller", order, command.clone()));
        futures_util::future::join_all(posting).await;
    }

    /// A command past the gateways: nobody is told of it.
    pub async fn behind_their_backs(&self, user: &str, order: OrderId, command: Value) {
        let command = Command::decode(command).expect("the command is well-formed");
        let ask = order_actions::Ask { order, id: new_id(), command, expect_version: None };
        let caller = order_actions::Caller { user: id(user), role: AccountRole::User, name: user.to_owned() };
        self.nodes[0].state.store.execute(caller, ask).await.expect("it is allowed");
    }

    /// A socket on a node that said hello.
    pub async fn socket(&self, node: usize, user: &str) -> Socket {
        self.socket_as(node, user, AccountRole::User).await
    }

    /// The same, with another kind of account.
    pub async fn socket_as(&self, node: usize, user: &str, role: AccountRole) -> Socket {
        let mut socket = Socket::connect(self.nodes[node].address).await;
        socket.send(&json!({"type": "hello", "token": token(user, role)})).await;
        let welcome = socket.expect("welcome").await;
        assert_eq!(welcome["user"], user);
        socket
    }
}

/// A token that is good for an hour.
pub fn token(user: &str, role: AccountRole) -> String {
    token_for(user, role, TimeDelta::hours(1))
}

/// A token that is good for so long from now.
pub fn token_for(user: &str, role: AccountRole, ttl: TimeDelta) -> String {
    let request = TokenRequest { user: id(user), role, name: Some(user.to_owned()), ttl };
    sign(&Secret::new(SECRET), &request, Utc::now())
}

fn id(user: &str) -> UserId {
    UserId::new(user).expect("a user id")
}

/// A new command id.
pub fn new_id() -> CommandId {
    CommandId(Uuid::now_v7())
}
