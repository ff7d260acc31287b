//! One visit: as an application would, over one connection and the API.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use client::{Client, Event, Events, Options};
use parking_lot::Mutex;
use protocol::{
    domain::{ids::OrderId, values::Seq},
    http::inbox::InboxPage,
};
use rand::{Rng as _, rngs::StdRng};
use reqwest::{Client as Http, StatusCode};
use tokio::time::Instant;

use super::{Seen, Step};
use crate::participant::Dialer;

/// Rooms of a page, and entries of one.
const ROOMS: u32 = 50;
const ENTRIES: u32 = 50;
const TRY_AGAIN: Duration = Duration::from_millis(250);

/// A visit.
pub struct Visit {
    /// When they come.
    pub due: Instant,
    /// Which node.
    pub url: String,
    /// Whose.
    pub token: String,
    /// Which room.
    pub chance: StdRng,
    /// How far back they read.
    pub pages_back: u32,
    /// Whom to believe.
    pub dialer: Dialer,
    /// Where it is written down.
    pub seen: Arc<Mutex<Seen>>,
}

impl Visit {
    /// Comes, looks around, leaves.
    pub async fn go(mut self) -> Result<()> {
        let mut options = Options::new(vec![self.url.clone()], self.token.clone());
        options.client = "order-chat-load".into();
        let (client, events) = Client::connect(options);
        client.connected().await.context("somebody cannot get in")?;
        self.took(Step::Greeting, self.due);
        let looked = self.look_around(&client, events).await;
        client.close().await;
        looked
    }

    async fn look_around(&mut self, client: &Client, mut events: Events) -> Result<()> {
        let tls = rustls::ClientConfig::clone(&self.dialer.tls);
        let http = Http::builder().no_proxy().tls_backend_preconfigured(tls).build()?;
        // A browser's connection is open already when a page is asked for.
        self.inbox(&http, Some(1), None).await?;
        let began = Instant::now();
        let mut page = self.inbox(&http, None, None).await?;
        self.took(Step::Inbox, began);
        if let Some(next) = page.next.clone() {
            let began = Instant::now();
            page.rooms.extend(self.inbox(&http, None, Some(&next)).await?.rooms);
            self.took(Step::InboxPage, began);
        }
        ensure!(!page.rooms.is_empty(), "a user of the plan has no rooms: browse a deployment that has");
        let room = &page.rooms[self.chance.random_range(0..page.rooms.len())];
        let mut oldest = self.open(client, &mut events, room.order, room.head).await?;
        for _ in 0..self.pages_back {
            if oldest > 1 {
                oldest = self.back(client, room.order, oldest).await?;
            }
        }
        Ok(())
    }

    async fn inbox(&self, http: &Http, limit: Option<u32>, cursor: Option<&str>) -> Result<InboxPage> {
        let limit = limit.unwrap_or(ROOMS);
        let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let address = format!("{}/v1/inbox?limit={limit}{cursor}", self.url);
        loop {
            let answer = http.get(&address).bearer_auth(&self.token).send().await?;
            if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
                return answer.error_for_status()?.json().await.context("an inbox answers something else");
            }
            // "Try again": the wait is part of how long it took, and the visit's end bounds it.
            tokio::time::sleep(TRY_AGAIN).await;
        }
    }

    /// Until the newest entry is there; gives the oldest that is shown.
    async fn open(&self, client: &Client, events: &mut Events, order: OrderId, head: Seq) -> Result<u64> {
        let began = Instant::now();
        client.subscribe(order).await.context("a room does not open")?;
        let mut seqs = Vec::new();
        while seqs.last().is_none_or(|last| *last < head.0) {
            let event = events.next().await.context("the connection ended while a room opened")?;
            if let Event::Entry { entry, .. } = event {
                seqs.push(entry.seq.0);
            }
        }
        self.took(Step::Open, began);
        self.seen.lock().page(&seqs, (seqs[0], head.0));
        Ok(seqs[0])
    }

    async fn back(&self, client: &Client, order: OrderId, before: u64) -> Result<u64> {
        let began = Instant::now();
        let page = client.history(order, Seq(before), ENTRIES).await.context("a page does not come")?;
        self.took(Step::Back, began);
        let seqs: Vec<u64> = page.entries.iter().map(|entry| entry.seq.0).collect();
        let low = before.saturating_sub(u64::from(ENTRIES)).max(1);
        self.seen.lock().page(&seqs, (low, before - 1));
        Ok(low)
    }

    fn took(&self, step: Step, began: Instant) {
        self.seen.lock().took(step, began.elapsed());
    }
}
