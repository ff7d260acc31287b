//! One node that serves a test, and a caller of it.

use std::{fs, net::SocketAddr, path::PathBuf};

use chrono::{TimeDelta, Utc};
use gateway::{
    config::{Secret, Settings, Source},
    node::Node,
    state::AppState,
    tokens::{TokenRequest, sign},
};
use order_actions::Store;
use order_domain::{ids::UserId, participant::AccountRole};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::{database::Database, document::document};

/// Signs the tokens of `ask_as`.
pub const SECRET: &str = "a secret of the tests, thirty-two bytes long";

/// A node on a database and a folder of its own, without Redis.
pub struct Served {
    node: Node,
    database: Database,
    folder: TempDir,
    variables: Vec<(String, String)>,
    client: Client,
}

impl Served {
    /// Listens on a free port, in demo mode.
    pub async fn start() -> Self {
        Self::start_with(&[("ORDER_CHAT_TOKEN_SECRET", SECRET), ("ORDER_CHAT_DEMO", "1")]).await
    }

    /// Listens on a free port, under these settings too.
    pub async fn start_with(own: &[(&str, &str)]) -> Self {
        gateway::node::install_tls();
        let database = Database::fresh().await;
        let (url, prefix) = (database.url(), database.name().to_owned());
        let folder = TempDir::new().expect("a folder for files");
        let files = folder.path().to_str().expect("a plain path").to_owned();
        let variables = [
            ("ORDER_CHAT_LISTEN", "127.0.0.1:0"),
            ("DATABASE_URL", &url),
            ("ORDER_CHAT_REDIS_PREFIX", &prefix),
            ("ORDER_CHAT_ALLOWED_ORIGINS", "https://shop.example"),
            ("ORDER_CHAT_FILES", &files),
        ];
        let variables = variables.iter().chain(own);
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables: Vec<_> = variables.collect();
        let node = start(&variables).await;
        Self { node, database, folder, variables, client: Client::new() }
    }

    /// Another node on the same database and folder.
    pub async fn another(&self) -> Node {
        start(&self.variables).await
    }

    /// Its parts.
    pub fn state(&self) -> &AppState {
        &self.node.state
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.node.address
    }

    /// Bytes of files that lie in its folder, by their paths.
    pub fn lying(&self) -> Vec<PathBuf> {
        let (mut found, mut waiting) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(inside) = waiting.pop() {
            for entry in fs::read_dir(inside).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() { waiting.push(path) } else { found.push(path) }
            }
        }
        found
    }

    /// A connection of a stranger's to the node's database.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.database.url()).await.expect("Postgres answers")
    }

    /// A statement against the node's database, for times that no test waits for.
    pub async fn sql(&self, statement: &'static str) {
        self.connect().await.execute(statement).await.expect("a statement of the tests' own");
    }

    /// One number that the node's database knows.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&mut self.connect().await).await.expect("a count")
    }

    /// The truth, for what would take too many calls.
    pub fn store(&self) -> &Store {
        &self.node.state.store
    }

    /// Drains the node, removes the database.
    pub async fn stop(self) {
        self.node.drain().await;
        self.database.remove().await;
    }

    /// As its pages would say it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.node.address)
    }

    /// A request without a token.
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.node.address))
    }

    /// A request of `user`; the names of staff and host accounts are their roles.
    pub fn ask_as(&self, user: &str, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).bearer_auth(token(user))
    }

    /// Places an order of buyer and seller; its id.
    pub async fn order(&self) -> String {
        let placed = said(self.ask_as("host", Method::POST, "/v1/orders").json(&placement())).await;
        assert_eq!(placed.0, 201, "{placed:?}");
        placed.1["order"].as_str().expect("an id").to_owned()
    }
}

/// A purchase.
pub fn placement() -> Value {
    json!({
        "policy": "creator", "buyer": "buyer", "seller": "seller", "listing": {"id": "L-17", "title": "A film"},
        "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
    })
}

/// Status and body of an answer, which is as the document says; a body that is no JSON as a string.
pub async fn said(request: RequestBuilder) -> (u16, Value) {
    let (client, request) = request.build_split();
    let request = request.expect("the request is one");
    let (method, url) = (request.method().clone(), request.url().clone());
    let sent = request.body().and_then(reqwest::Body::as_bytes);
    let sent = sent.and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let answer = client.execute(request).await.expect("the node answers");
    let status = answer.status().as_u16();
    let body = answer.text().await.expect("the answer ends");
    let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    document(&url).await.check(&method, url.path(), sent.as_ref(), status, &body);
    (status, body)
}

async fn start(variables: &[(String, String)]) -> Node {
    let settings = Settings::read(Source::new(variables.to_vec())).expect("the settings are good");
    Node::start(settings).await.expect("the node starts")
}

/// Signed for `user`, as by the host.
pub fn token(user: &str) -> String {
    token_for(user, TimeDelta::hours(1))
}

/// The same, for a while.
pub fn token_for(user: &str, ttl: TimeDelta) -> String {
    let role = match user {
        "host" => AccountRole::Host,
        "agent" => AccountRole::Agent,
        "admin" => AccountRole::Admin,
        _ => AccountRole::User,
    };
    let user = UserId::new(user).expect("a user id");
    let request = TokenRequest { user, role, name: None, ttl };
    sign(&Secret::new(SECRET), &request, Utc::now())
}
