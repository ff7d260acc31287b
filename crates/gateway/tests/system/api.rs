//! The HTTP side of a cluster, and the truth beside it: what hosts ask and what the checker reads.

use std::time::Duration;

use order_actions::{Store, StoreSettings};
use order_domain::{
    command::Command,
    event::Entry,
    ids::{CommandId, OrderId, UserId},
    order::Order,
    participant::AccountRole,
    policy::Presets,
    values::Seq,
};
use protocol::{
    Problem, SeenEntry, Snapshot,
    http::{
        orders::{CommandBody, Placed},
        rooms::EntriesPage,
    },
    server_frame::Ack,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::token;

/// How long "try again" is taken for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls to any node, with the host's token unless another is given.
pub struct Api {
    urls: Vec<String>,
    http: reqwest::Client,
    host: String,
    store: Store,
}

impl Api {
    pub async fn new(urls: Vec<String>, secret: &str, database_url: &str) -> Self {
        // Installed once for all scenarios of this process; the second one finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(15)).no_proxy().build();
        let host = UserId::new("host").expect("a user id");
        let host = token::sign(secret, &host, AccountRole::Host);
        let mut settings = StoreSettings::new(database_url, Presets::shipped());
        settings.statement_connections = 1;
        (settings.command_connections, settings.read_connections) = (1, 2);
        let store = Store::connect(settings).await.expect("the database answers");
        Self { urls, http: http.expect("an HTTP client"), host, store }
    }

    pub async fn is_ready(&self, node: usize) -> bool {
        let answer = self.http.get(format!("{}/readyz", self.urls[node])).send().await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    /// What the node counts, as text.
    pub async fn metrics(&self, node: usize) -> String {
        let answer = self.http.get(format!("{}/metrics", self.urls[node])).send().await;
        answer.expect("the node answers").text().await.expect("a body")
    }

    /// An order between two, with fields of the placement changed.
    pub async fn place(&self, node: usize, buyer: &UserId, seller: &UserId, changes: Value) -> OrderId {
        let mut placement = json!({
            "policy": "creator", "buyer": buyer, "seller": seller,
            "listing": {"id": "L-17", "title": "A logo"}, "price": {"amount": 15000, "currency": "USD"},
            "delivery_days": 7, "revisions": 2, "payment": "paid",
        });
        let fields = placement.as_object_mut().expect("an object");
        fields.extend(changes.as_object().cloned().unwrap_or_default());
        let key = uuid::Uuid::now_v7().to_string();
        let request = self.ask(Method::POST, node, "/v1/orders", &self.host);
        let request = request.header("Idempotency-Key", key).json(&placement);
        read::<Placed>(request, StatusCode::CREATED).await.order
    }

    /// A command; `Err` when it was refused, `None` when there was no answer.
    pub async fn command(
        &self,
        node: usize,
        token: &str,
        order: OrderId,
        id: CommandId,
        command: &Command,
    ) -> Option<Result<Ack, Problem>> {
        let body = CommandBody { id, command: command.clone(), expect_version: None };
        let request = self.ask(Method::POST, node, &format!("/v1/orders/{order}/commands"), token);
        let answer = request.json(&body).send().await.ok()?;
        if answer.status().is_success() {
            Some(Ok(answer.json().await.ok()?))
        } else {
            Some(Err(answer.json().await.ok()?))
        }
    }

    /// The whole timeline, page by page, and its head.
    pub async fn timeline(&self, node: usize, order: OrderId) -> (Vec<Entry>, Seq) {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq.0);
            let path = format!("/v1/orders/{order}/entries?after={after}&limit=200");
            let page: EntriesPage =
                read(self.ask(Method::GET, node, &path, &self.host), StatusCode::OK).await;
            let known = |entry: &SeenEntry| entry.read().expect("an event of this build");
            entries.extend(page.entries.iter().map(known));
            if !page.more {
                return (entries, page.head);
            }
        }
    }

    /// The order as it is stored, with the head it had at that moment.
    pub async fn stored(&self, order: OrderId) -> (Order, Seq) {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.store.room(order).await {
                Ok(room) => return (room.order.expect("the room of an order"), room.head),
                Err(error) => assert!(Instant::now() < end, "the room is not there: {error}"),
            }
        }
    }

    pub async fn snapshot(&self, node: usize, order: OrderId) -> Snapshot {
        read(self.ask(Method::GET, node, &format!("/v1/orders/{order}"), &self.host), StatusCode::OK).await
    }

    /// Any call, as somebody: status and body as text.
    pub async fn call(
        &self,
        node: usize,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (StatusCode, String) {
        let mut request = self.ask(method, node, path, token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("the node answers");
        (answer.status(), answer.text().await.expect("a body"))
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    fn ask(&self, method: Method, node: usize, path: &str, token: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.urls[node % self.urls.len()])).bearer_auth(token)
    }
}

/// Asks until there is an answer that is not "try again"; it must be the expected one.
async fn read<T: serde::de::DeserializeOwned>(request: RequestBuilder, expected: StatusCode) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        let request = request.try_clone().expect("a body of bytes");
        let answer = request.send().await.expect("the node answers");
        let (status, url) = (answer.status(), answer.url().clone());
        let body = answer.text().await.expect("a body");
        if status == StatusCode::SERVICE_UNAVAILABLE && Instant::now() < end {
            sleep(Duration::from_millis(250)).await; // the back-off of a client over HTTP
            continue;
        }
        assert_eq!(status, expected, "{url}: {body}");
        return serde_json::from_str(&body).unwrap_or_else(|error| panic!("{url}: {error}: {body}"));
    }
}
