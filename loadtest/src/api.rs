//! The HTTP side: places orders as the host, writes what only staff may see, reads stored timelines.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use protocol::{
    Problem,
    domain::{command::Command, ids::OrderId},
    http::orders::Placed,
    server_frame::Ack,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use rustls::ClientConfig;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{dialect::Dialect, session::Target, tokens::Role};

/// How long "try again" is taken for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: u32 = 200;

/// Calls to any node, each in turn.
pub struct Api {
    urls: Vec<String>,
    http: Client,
    host: String,
    turn: AtomicUsize,
    dialect: Dialect,
}

/// A page of a stored timeline; the entries as they arrived.
#[derive(Deserialize)]
pub struct StoredPage {
    /// The last seq that exists.
    pub head: u64,
    /// Ascending.
    pub entries: Vec<Box<RawValue>>,
    /// There are more.
    pub more: bool,
}

/// A peer's answer to a new room.
#[derive(Deserialize)]
struct Opened {
    room: OrderId,
}

impl Api {
    /// Calls as the host of the target's tokens.
    pub async fn new(Target { urls, back_end, tokens, dialer }: &Target) -> Result<Self> {
        let http = Client::builder().timeout(Duration::from_secs(30)).no_proxy();
        // The same roots as for sockets. It wants the value, not our reference to it.
        let http = http.tls_backend_preconfigured(ClientConfig::clone(&dialer.tls)).build()?;
        let user = tokens.known(Role::Host).and_then(|hosts| hosts.into_iter().next());
        let host = tokens.of(user.as_deref().unwrap_or("load-host"), Role::Host).await?;
        let urls = back_end.as_ref().map_or_else(|| urls.clone(), |url| vec![url.clone()]);
        Ok(Self { urls, http, host, turn: AtomicUsize::new(0), dialect: dialer.dialect })
    }

    /// What the deployment speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// An error in words unless every node says that it can serve.
    pub async fn is_ready(&self) -> Result<()> {
        for url in &self.urls {
            let asked = self.http.get(format!("{url}/readyz")).timeout(Duration::from_secs(5)).send().await;
            let answer = asked.with_context(|| format!("{url} does not answer"))?;
            if answer.status() != StatusCode::OK {
                bail!("{url} says that it cannot serve ({})", answer.status());
            }
        }
        Ok(())
    }

    /// A room for two: an order, or what a peer has instead.
    pub async fn open(&self, policy: &str, buyer: &str, seller: &str) -> Result<OrderId> {
        if self.dialect == Dialect::OrderChat {
            return self.place(policy, buyer, seller).await;
        }
        let opened: Opened = self.post("/rooms", &self.host, &json!({"members": [buyer, seller]})).await?;
        Ok(opened.room)
    }

    /// An order between two.
    pub async fn place(&self, policy: &str, buyer: &str, seller: &str) -> Result<OrderId> {
        let placement = json!({
            "policy": policy, "buyer": buyer, "seller": seller, "listing": {"id": "load", "title": "Load test"},
            "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
        });
        let placed: Placed<Value> = self.post("/v1/orders", &self.host, &placement).await?;
        Ok(placed.order)
    }

    /// A command of somebody.
    pub async fn command(&self, token: &str, order: OrderId, command: &Command) -> Result<Ack> {
        let body = json!({"id": Uuid::now_v7(), "command": command});
        self.post(&format!("/v1/orders/{order}/commands"), token, &body).await
    }

    /// A note among staff.
    pub async fn case_note(&self, token: &str, order: OrderId, text: &str) -> Result<Ack> {
        let body = json!({"id": Uuid::now_v7(), "text": text});
        self.post(&format!("/v1/orders/{order}/case/entries"), token, &body).await
    }

    /// Uploads a small picture in one request; gives the file's id.
    pub async fn upload(&self, token: &str, order: OrderId) -> Result<Value> {
        const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n of the load test";
        let (path, key) = (format!("/v1/orders/{order}/files"), Uuid::now_v7().to_string());
        let answer = self.answered(|| {
            let request = self.ask(Method::POST, &path, token).header("Idempotency-Key", &key);
            let request = request.header("Tus-Resumable", "1.0.0").header("Upload-Length", PICTURE.len());
            request.header("Content-Type", "application/offset+octet-stream").body(PICTURE)
        });
        let answer = answer.await?;
        let place = answer.headers().get("Location").and_then(|place| place.to_str().ok());
        let id = place.and_then(|place| place.rsplit('/').next()).context("an upload has a place")?;
        Ok(Value::String(id.to_owned()))
    }

    /// What is stored after an entry.
    pub async fn stored(&self, order: OrderId, after: u64) -> Result<StoredPage> {
        let rooms = if self.dialect == Dialect::OrderChat { "/v1/orders" } else { "/rooms" };
        let path = format!("{rooms}/{order}/entries?after={after}&limit={PAGE}");
        self.read(|| self.ask(Method::GET, &path, &self.host)).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, token: &str, body: &Value) -> Result<T> {
        let key = Uuid::now_v7().to_string();
        let keyless = body.get("id").is_some();
        self.read(|| {
            let request = self.ask(Method::POST, path, token).json(body);
            // A body's own id is the key; another one beside it would be refused.
            if keyless { request } else { request.header("Idempotency-Key", &key) }
        })
        .await
    }

    fn ask(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let turn = self.turn.fetch_add(1, Relaxed);
        self.http.request(method, format!("{}{path}", self.urls[turn % self.urls.len()])).bearer_auth(token)
    }

    /// Asks until there is an answer that is not "try again".
    async fn read<T: DeserializeOwned>(&self, request: impl Fn() -> RequestBuilder) -> Result<T> {
        let answer = self.answered(request).await?;
        let url = answer.url().path().to_owned();
        answer.json().await.with_context(|| format!("{url} answers something else"))
    }

    /// The answer of a success.
    async fn answered(&self, request: impl Fn() -> RequestBuilder) -> Result<Response> {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = request().send().await.context("no answer over HTTP")?;
            let (status, url) = (answer.status(), answer.url().path().to_owned());
            if status.is_success() {
                return Ok(answer);
            }
            let body = answer.text().await.unwrap_or_default();
            let problem: Option<Problem> = serde_json::from_str(&body).ok();
            let retry =
                status == StatusCode::SERVICE_UNAVAILABLE || problem.as_ref().is_some_and(|p| p.retry);
            if !retry || Instant::now() > end {
                let detail = problem.map_or(body, |problem| problem.detail);
                bail!("{url} answers {status}: {detail}");
            }
            let wait_ms = problem.and_then(|problem| problem.retry_after_ms).unwrap_or(250);
            sleep(Duration::from_millis(wait_ms.clamp(50, 5000))).await;
        }
    }
}
