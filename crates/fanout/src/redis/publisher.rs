//! Publishes what waits, one pipeline for all of it, on a connection of its own.
//!
//! While Redis is away it drops and counts instead of keeping: old news helps nobody, the
//! sweep of the other nodes is faster.

use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use redis::aio::{ConnectionLike as _, MultiplexedConnection};
use redis::{Pipeline, RedisResult, Value};
use tokio::time::Instant;

use crate::backoff::pause;
use crate::header::Header;
use crate::publication::Publication;
use crate::redis::Line;
use crate::redis::outbox::{Bell, Queue};

pub(crate) struct Publisher {
    line: Line,
    bell: Arc<Bell>,
    pause_max: Duration,
    connection: Option<MultiplexedConnection>,
    failures: u32,
    not_before: Instant,
}

impl Publisher {
    pub(crate) fn new(line: Line, bell: Arc<Bell>, pause_max: Duration) -> Self {
        Self { line, bell, pause_max, connection: None, failures: 0, not_before: Instant::now() }
    }

    pub(crate) async fn run(mut self, mut queue: Queue) {
        let bell = Arc::clone(&self.bell);
        loop {
            tokio::select! {
                biased;
                () = bell.renew.notified() => self.renew().await,
                () = bell.canary.notified() => self.publish_canary().await,
                taken = queue.take() => match taken {
                    Some(publications) => {
                        self.publish(&publications).await;
                        queue.done(&publications);
                    }
                    None => return,
                },
            }
        }
    }

    async fn renew(&mut self) {
        (self.connection, self.not_before) = (None, Instant::now());
        self.connect_if_due().await;
    }

    async fn publish_canary(&mut self) {
        let mut bytes = BytesMut::new();
        let inbox = &self.line.inbox;
        Header::canary(inbox.node, inbox.epoch()).write(&mut bytes);
        let mut pipeline = Pipeline::with_capacity(1);
        pipeline.cmd(self.line.wire.publish()).arg(self.line.canary()).arg(&bytes[..]);
        let _ = self.send(&pipeline).await; // that it is not heard is what the listener finds out
    }

    async fn publish(&mut self, publications: &[Publication]) {
        let pipeline = self.pipeline(publications);
        let counters = &Arc::clone(&self.line.inbox).counters;
        match self.send(&pipeline).await {
            Some(replies) => {
                let refused = replies.iter().filter(|reply| matches!(reply, Value::ServerError(_))).count();
                counters.refused.add(refused);
                counters.published.add(publications.len() - refused);
            }
            None => counters.dropped_away.add(publications.len()),
        }
    }

    fn pipeline(&self, publications: &[Publication]) -> Pipeline {
        let (node, epoch) = (self.line.inbox.node, self.line.inbox.epoch());
        let mut pipeline = Pipeline::with_capacity(publications.len());
        let mut bytes = BytesMut::new();
        for publication in publications {
            bytes.clear();
            Header::of(publication, node, epoch).write(&mut bytes);
            bytes.put_slice(publication.payload());
            pipeline
                .cmd(self.line.wire.publish())
                .arg(self.line.names.of(&publication.channel()))
                .arg(&bytes[..]);
        }
        pipeline
    }

    /// The replies, or none when Redis did not give them. A connection that turns out to be
    /// dead, or to lead to a server that lost the slot, is replaced once: to repeat is harmless.
    async fn send(&mut self, pipeline: &Pipeline) -> Option<Vec<Value>> {
        for _ in 0..2 {
            self.connect_if_due().await;
            match ask(self.connection.as_mut()?, pipeline).await {
                Ok(replies) if replies.iter().any(is_elsewhere) => {
                    tracing::debug!("the slot is elsewhere, taking a new connection");
                    self.connection = None;
                }
                Ok(replies) => return Some(replies),
                Err(error) => {
                    tracing::debug!(%error, "publishing failed, taking a new connection");
                    self.connection = None;
                    if !error.is_connection_dropped() {
                        return None;
                    }
                }
            }
        }
        None
    }

    async fn connect_if_due(&mut self) {
        if self.connection.is_some() || Instant::now() < self.not_before {
            return;
        }
        match self.line.address.publishing().await {
            Ok(connection) => (self.connection, self.failures) = (Some(connection), 0),
            Err(error) => {
                tracing::debug!(%error, "Redis cannot be reached for publishing");
                self.not_before = Instant::now() + pause(self.failures, self.pause_max, &mut rand::rng());
                self.failures = self.failures.saturating_add(1);
            }
        }
    }
}

/// Said by a server of a cluster that does not own the slot, or cannot serve it now.
fn is_elsewhere(reply: &Value) -> bool {
    const ELSEWHERE: [&str; 5] = ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY"];
    matches!(reply, Value::ServerError(error) if ELSEWHERE.contains(&error.code()))
}

async fn ask(connection: &mut MultiplexedConnection, pipeline: &Pipeline) -> RedisResult<Vec<Value>> {
    connection.req_packed_commands(pipeline, 0, pipeline.len()).await
}
