//! The marketplace's back end, and what people do over HTTP: one small caller of the API.

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use protocol::domain::{
    ids::{CommandId, OrderId},
    participant::AccountRole,
    payment::BookingKind,
    values::{Amount, Money, Seq, Text},
};
use protocol::{
    Problem, Snapshot,
    http::{
        desk::DeskQueue,
        files::FileLink,
        orders::{PaymentBody, Placed},
        rooms::EntriesPage,
    },
    server_frame::Ack,
};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Stage, token};

/// Calls the API as one account.
#[derive(Clone)]
pub struct Caller {
    base: String,
    token: String,
    http: reqwest::Client,
}

impl Caller {
    /// An account at the node with this number.
    pub fn new(stage: &Stage, node: usize, user: &str, role: AccountRole, name: &str) -> Result<Self> {
        let base = stage.urls_from(node).into_iter().next().context("a node")?;
        let token = token::sign(&stage.secret, user, role, name)?;
        // One provider for the whole program; a second call finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The nodes of a story are on this machine: no proxy is asked for them.
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { base, token, http })
    }

    /// The marketplace itself.
    pub fn host(stage: &Stage) -> Result<Self> {
        Self::new(stage, 0, "host", AccountRole::Host, "Marketplace")
    }

    pub async fn put_user(&self, user: &str, name: &str) -> Result<()> {
        let body = serde_json::json!({"name": name, "registered_at": "2024-05-01T00:00:00Z"});
        self.call::<Value>(Method::PUT, &format!("users/{user}"), Some(&body)).await.map(drop)
    }

    pub async fn place(&self, placement: &Value) -> Result<Placed> {
        self.call(Method::POST, "orders", Some(placement)).await
    }

    /// Reports money that moved.
    pub async fn book(
        &self,
        order: OrderId,
        kind: BookingKind,
        money: Money,
        reference: &str,
    ) -> Result<Ack> {
        let id = CommandId(Uuid::now_v7());
        let reference = Text::new(reference)?;
        let body = PaymentBody { id, kind, amount: money.amount, currency: money.currency, reference };
        self.call(Method::POST, &format!("orders/{order}/payments"), Some(&body)).await
    }

    /// Uploads a file in one request (tus, creation with upload), and looks at what became of it.
    pub async fn file(&self, order: OrderId, name: &str, content: &[u8]) -> Result<FileLink> {
        let name = BASE64_STANDARD.encode(name);
        let request =
            self.http.post(format!("{}/v1/orders/{order}/files", self.base)).bearer_auth(&self.token);
        let request = request.header("Tus-Resumable", "1.0.0").header("Upload-Length", content.len());
        let request = request.header("Upload-Metadata", format!("filename {name}"));
        let request =
            request.header("Content-Type", "application/offset+octet-stream").body(content.to_vec());
        let answer = request.send().await.context("an upload")?.error_for_status()?;
        let place = answer.headers().get("Location").context("an upload has a place")?.to_str()?;
        let id = place.rsplit('/').next().context("a place ends in an id")?;
        let file: FileLink = self.call(Method::GET, &format!("files/{id}"), None::<&()>).await?;
        ensure!(file.sha256 == format!("{:x}", Sha256::digest(content)), "other bytes arrived");
        Ok(file)
    }

    pub async fn snapshot(&self, order: OrderId) -> Result<Snapshot> {
        self.call(Method::GET, &format!("orders/{order}"), None::<&()>).await
    }

    /// The order as it was.
    pub async fn snapshot_at(&self, order: OrderId, seq: Seq) -> Result<Snapshot> {
        self.call(Method::GET, &format!("orders/{order}?at_seq={seq}"), None::<&()>).await
    }

    /// The whole timeline, page by page.
    pub async fn timeline(&self, order: OrderId) -> Result<Vec<protocol::SeenEntry>> {
        let mut timeline = Vec::new();
        loop {
            let path = format!("orders/{order}/entries?after={}&limit=50", timeline.len());
            let page: EntriesPage = self.call(Method::GET, &path, None::<&()>).await?;
            timeline.extend(page.entries);
            if !page.more {
                return Ok(timeline);
            }
        }
    }

    pub async fn desk_queue(&self) -> Result<DeskQueue> {
        self.call(Method::GET, "desk/queue", None::<&()>).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + ?Sized)>,
    ) -> Result<T> {
        let what = format!("{method} /v1/{path}");
        let mut request =
            self.http.request(method, format!("{}/v1/{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.with_context(|| what.clone())?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            let problem = serde_json::from_str::<Problem>(&text).map(|problem| problem.detail);
            bail!("{what}: {status}: {}", problem.unwrap_or(text));
        }
        serde_json::from_str(&text).with_context(|| format!("{what} answered {text}"))
    }
}

/// So many dollars and cents.
pub fn usd(minor: i64) -> Result<Money> {
    let currency = "USD".to_owned().try_into()?;
    Ok(Money { amount: Amount::new(minor)?, currency })
}
