//! Nodes on a database of their own: what a scenario starts, harms and asks.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use local_servers::{free_port, random_hex};
use order_domain::{ids::UserId, participant::AccountRole};
use tokio::time::{Instant, sleep};

use crate::{
    api::Api,
    node::Node,
    servers::{Private, Servers},
    token,
};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// Several nodes, one Postgres, one Redis.
pub struct Cluster {
    // Nodes end before the servers they use.
    pub nodes: Vec<Node>,
    pub servers: Servers,
    pub api: Arc<Api>,
    secret: String,
    name: String,
}

impl Cluster {
    /// Starts `count` nodes and waits until all can serve.
    pub async fn start(name: &str, count: usize, private: Private) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{name}-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let servers = Servers::start(private).await;
        let secret = random_hex(32);
        let environment = environment(&servers, &secret);
        let node = |number| Node::new(&format!("{name}-node-{number}"), free_port(), environment.clone());
        let nodes: Vec<_> = (1..=count).map(node).collect();
        let api = Api::new(nodes.iter().map(Node::url).collect(), &secret, &servers.database_url()).await;
        let mut cluster = Self { nodes, servers, api: Arc::new(api), secret, name };
        cluster.nodes.iter_mut().for_each(Node::start);
        for node in 0..count {
            cluster.until_ready(node).await;
        }
        cluster
    }

    /// Waits until a node says that it can serve; gives when it did.
    pub async fn until_ready(&mut self, node: usize) -> Instant {
        let end = Instant::now() + READY_WITHIN;
        while !self.api.is_ready(node).await {
            self.nodes[node].check();
            let tail = || self.nodes[node].tail();
            assert!(Instant::now() < end, "node {node} is not ready; its log ends:\n{}", tail());
            sleep(Duration::from_millis(20)).await; // asked again: there is nothing to be told by
        }
        Instant::now()
    }

    pub fn token(&self, user: &UserId, role: AccountRole) -> String {
        token::sign(&self.secret, user, role)
    }

    pub fn secret(&self) -> &str {
        &self.secret
    }

    pub fn address(&self, node: usize) -> SocketAddr {
        self.nodes[node % self.nodes.len()].address()
    }

    /// All nodes, beginning with `first`.
    pub fn urls_from(&self, first: usize) -> Vec<String> {
        let count = self.nodes.len();
        (0..count).map(|offset| self.nodes[(first + offset) % count].url()).collect()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Ends everything and removes the database.
    pub async fn stop(mut self) {
        self.nodes.iter_mut().for_each(Node::check);
        self.nodes.iter().for_each(Node::forget_log);
        self.nodes.clear();
        self.servers.remove().await;
    }
}

fn environment(servers: &Servers, secret: &str) -> Vec<(String, String)> {
    let settings = [
        ("DATABASE_URL", servers.database_url()),
        ("REDIS_URL", servers.redis_url().to_owned()),
        ("ORDER_CHAT_TOKEN_SECRET", secret.to_owned()),
        ("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_SOCKETS_PER_USER", "0".to_owned()),
        ("ORDER_CHAT_LOG", std::env::var("SYSTEM_LOG").unwrap_or_else(|_| "info".to_owned())),
        ("ORDER_CHAT_FILES", env!("CARGO_TARGET_TMPDIR").to_owned()),
        ("RUST_BACKTRACE", "1".to_owned()),
    ];
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
