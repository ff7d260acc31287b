//! Two nodes on a fresh database, gone at the end of the test.

use std::{env, net::SocketAddr, panic::AssertUnwindSafe, path::Path, sync::Arc};

use futures_util::FutureExt as _;
use gateway::{
    config::{Settings, Source},
    node::Node,
};
use order_actions::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

const SECRET: &str = "a secret of the tests, thirty-two bytes long";

/// Two nodes.
pub struct House {
    nodes: Vec<Node>,
    urls: Vec<String>,
    database: String,
}

/// Runs a test in a house; removes it, whether the test passed or not.
pub async fn with_nodes<F: Future<Output = ()>>(test: impl FnOnce(Arc<House>) -> F) {
    let house = Arc::new(House::open().await);
    let outcome = AssertUnwindSafe(test(house.clone())).catch_unwind().await;
    let Ok(house) = Arc::try_unwrap(house) else { panic!("the test keeps the house") };
    house.close().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl House {
    async fn open() -> Self {
        gateway::node::install_tls();
        let database = format!("load_{}", Uuid::now_v7().simple());
        run(format!("create database {database}")).await;
        Store::migrate(&url(&database)).await.expect("the migrations run");
        let mut nodes = Vec::new();
        for _ in 0..2 {
            nodes.push(Node::start(settings(&database)).await.expect("the node starts"));
        }
        let urls = nodes.iter().map(|node| format!("http://{}", node.address)).collect();
        Self { nodes, urls, database }
    }

    async fn close(self) {
        for node in self.nodes {
            node.drain().await;
        }
        run(format!("drop database {} with (force)", self.database)).await;
    }

    /// Where to, and whose tokens.
    pub fn arguments(&self, folder: &Path) -> Vec<&str> {
        let mut arguments = secret(folder);
        arguments.extend(["--url", &self.urls[0], "--url", &self.urls[1]]);
        arguments
    }

    /// Of both nodes.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Of the first node.
    pub fn address(&self) -> SocketAddr {
        self.nodes[0].address
    }
}

/// Whose tokens.
pub fn secret(folder: &Path) -> Vec<&'static str> {
    std::fs::write(folder.join("secret"), SECRET).expect("the test's own folder");
    // The test's folder lives as long as the run does.
    vec!["--secret-file", Box::leak(folder.join("secret").display().to_string().into_boxed_str())]
}

fn settings(database: &str) -> Settings {
    let variables = [
        ("ORDER_CHAT_LISTEN", "127.0.0.1:0".to_owned()),
        ("DATABASE_URL", url(database)),
        ("REDIS_URL", setting("TEST_REDIS_URL")),
        ("ORDER_CHAT_TOKEN_SECRET", SECRET.to_owned()),
        ("ORDER_CHAT_REDIS_PREFIX", database.to_owned()),
        ("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "0".to_owned()),
        ("ORDER_CHAT_LIMIT_SOCKETS_PER_USER", "0".to_owned()),
        ("ORDER_CHAT_FILES", env!("CARGO_TARGET_TMPDIR").to_owned()),
    ];
    let source = Source::new(variables.map(|(name, value)| (name.to_owned(), value)));
    Settings::read(source).expect("the settings are good")
}

fn url(database: &str) -> String {
    let maintenance = setting("TEST_DATABASE_URL");
    let (server, _) = maintenance.rsplit_once('/').expect("a URL ends in a database");
    format!("{server}/{database}")
}

async fn run(statement: String) {
    let mut connection =
        PgConnection::connect(&setting("TEST_DATABASE_URL")).await.expect("Postgres answers");
    connection.execute(AssertSqlSafe(statement)).await.expect("a statement of the tests' own");
}

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} names the tests' server: run cargo xtask test"))
}
