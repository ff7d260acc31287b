//! The bounded queue between whoever publishes and the publisher.

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
    waiting_bytes: Arc<AtomicUsize>,
    bytes_max: usize,
    inbox: Arc<Inbox>,
}

#[derive(Debug)]
pub(crate) struct Queue {
    batches: mpsc::Receiver<Vec<Publication>>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Outbox {
    pub(crate) fn new(limits: &Limits, inbox: Arc<Inbox>) -> (Self, Queue) {
        let (sender, receiver) = mpsc::channel(limits.outgoing_batches);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let queue = Queue { batches: receiver, waiting_bytes: Arc::clone(&waiting_bytes) };
        (Self { batches: sender, waiting_bytes, bytes_max: limits.outgoing_bytes, inbox }, queue)
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
        let waiting = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        if waiting + bytes > self.bytes_max || self.batches.try_send(batch).is_err() {
            self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
            self.inbox.counters.dropped_full.add(count);
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
        let taken = batches.into_iter().flatten().collect::<Vec<_>>();
        self.waiting_bytes.fetch_sub(weight(&taken), Ordering::AcqRel);
        Some(taken)
    }
}

fn weight(batch: &[Publication]) -> usize {
    batch.iter().map(|publication| HEADER_BYTES + publication.payload().len()).sum()
}
