//! The bounded queue between whoever publishes and the publisher.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};

use crate::header::{HEADER_BYTES, PAYLOAD_BYTES_MAX};
use crate::inbox::Inbox;
use crate::publication::Publication;
use crate::settings::Limits;

/// Batches that one pipeline takes at most.
const BATCHES_PER_PIPELINE: usize = 256;

/// Requests of the listener to the publisher; ringing twice is ringing once.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    /// Publish the canary.
    pub(crate) canary: Notify,
    /// Take a new connection: the present one may lead to a server that nobody hears.
    pub(crate) renew: Notify,
}

#[derive(Debug)]
pub(crate) struct Outbox {
    batches: mpsc::Sender<Vec<Publication>>,
    backlog: Arc<Backlog>,
    bytes_max: usize,
    inbox: Arc<Inbox>,
}

#[derive(Debug)]
pub(crate) struct Queue {
    batches: mpsc::Receiver<Vec<Publication>>,
    backlog: Arc<Backlog>,
}

/// What waits or is on its way to Redis.
#[derive(Debug, Default)]
struct Backlog {
    bytes: AtomicUsize,
    empty: Notify,
}

impl Outbox {
    pub(crate) fn new(limits: &Limits, inbox: Arc<Inbox>) -> (Self, Queue) {
        let (sender, receiver) = mpsc::channel(limits.outgoing_batches);
        let backlog = Arc::new(Backlog::default());
        let queue = Queue { batches: receiver, backlog: Arc::clone(&backlog) };
        (Self { batches: sender, backlog, bytes_max: limits.outgoing_bytes, inbox }, queue)
    }

    /// Queues a batch, or drops and counts it.
    pub(crate) fn put(&self, mut batch: Vec<Publication>) {
        let whole = batch.len();
        batch.retain(|publication| publication.payload().len() <= PAYLOAD_BYTES_MAX);
        self.inbox.counters.dropped_large.add(whole - batch.len());
        let (count, bytes) = (batch.len(), weight(&batch));
        if count == 0 {
            return;
        }
        let waiting = self.backlog.bytes.fetch_add(bytes, Ordering::AcqRel);
        if waiting + bytes > self.bytes_max || self.batches.try_send(batch).is_err() {
            self.backlog.shrink(bytes);
            self.inbox.counters.dropped_full.add(count);
        }
    }

    /// Resolves once nothing waits and nothing is on its way.
    pub(crate) async fn emptied(&self) {
        loop {
            let mut empty = pin!(self.backlog.empty.notified());
            empty.as_mut().enable(); // before the look, or the last word could fall in between
            if self.backlog.bytes.load(Ordering::Acquire) == 0 {
                return;
            }
            empty.await;
        }
    }
}

impl Queue {
    /// All that waits, in order; none once nobody can publish any more. Cancel-safe.
    pub(crate) async fn take(&mut self) -> Option<Vec<Publication>> {
        let mut batches = Vec::new();
        if self.batches.recv_many(&mut batches, BATCHES_PER_PIPELINE).await == 0 {
            return None;
        }
        Some(batches.into_iter().flatten().collect())
    }

    /// What was taken is with Redis, or given up.
    pub(crate) fn done(&self, taken: &[Publication]) {
        self.backlog.shrink(weight(taken));
    }
}

impl Backlog {
    fn shrink(&self, bytes: usize) {
        if self.bytes.fetch_sub(bytes, Ordering::AcqRel) == bytes {
            self.empty.notify_waiters();
        }
    }
}

fn weight(batch: &[Publication]) -> usize {
    batch.iter().map(|publication| HEADER_BYTES + publication.payload().len()).sum()
}
