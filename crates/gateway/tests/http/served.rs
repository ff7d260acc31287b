//! One node that serves a test, and a caller of it.

use chrono::{TimeDelta, Utc};
use gateway::{
    config::{Secret, Settings, Source},
    node::Node,
    tokens::{TokenRequest, sign},
};
use order_actions::Store;
use order_domain::{ids::UserId, participant::AccountRole};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{database::Database, document::document};

/// Signs the tokens of `ask_as`.
pub const SECRET: &str = "a secret of the tests, thirty-two bytes long";

/// A node on a database of its own, without Redis.
pub struct Served {
    node: Node,
    database: Database,
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
        let variables = [
            ("ORDER_CHAT_LISTEN", "127.0.0.1:0"),
            ("DATABASE_URL", &url),
            ("ORDER_CHAT_REDIS_PREFIX", &prefix),
            ("ORDER_CHAT_ALLOWED_ORIGINS", "https://shop.example"),
        ];
        let variables =
            variables.iter().chain(own).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::read(Source::new(variables)).expect("the settings are good");
        let node = Node::start(settings).await.expect("the node starts");
        Self { node, database, client: Client::new() }
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

fn token(user: &str) -> String {
    let role = match user {
        "host" => AccountRole::Host,
        "agent" => AccountRole::Agent,
        "admin" => AccountRole::Admin,
        _ => AccountRole::User,
    };
    let user = UserId::new(user).expect("a user id");
    let request = TokenRequest { user, role, name: None, ttl: TimeDelta::hours(1) };
    sign(&Secret::new(SECRET), &request, Utc::now())
}
