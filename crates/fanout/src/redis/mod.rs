//! The Redis twin: for each part of the channels one connection that listens, one that publishes. On one server there is
//! one part; on a cluster there are several, each wherever its slot is.
//!
//! `redis`'s own `ConnectionManager` is not used: with nothing but subscriptions it gives up
//! after six tries and stays deaf. Here the listener retries for ever and believes only
//! its own canary.

mod address;
mod ear;
mod listener;
mod outbox;
pub(crate) mod parts;
mod publisher;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::channel::{Channel, Names};
use crate::ensemble::Ensemble;
use crate::error::FanoutError;
use crate::inbox::Inbox;
use crate::interest::{Interest, Standing};
use crate::publication::{Incoming, Publication};
use crate::settings::FanoutSettings;

use address::Address;
use listener::Listener;
use outbox::{Bell, Outbox};
use publisher::Publisher;
use wire::Wire;

#[derive(Debug)]
pub(crate) struct Remote {
    pub(crate) inbox: Arc<Inbox>,
    names: Names,
    parts: Vec<Part>,
    subscribed_wait: Duration,
    flush_wait: Duration,
    _tasks: JoinSet<()>,
}

/// What is wanted in a part, and what is to be told there.
#[derive(Debug)]
struct Part {
    interest: Arc<Interest>,
    outbox: Outbox,
}

impl Remote {
    pub(crate) fn start(
        url: &str,
        settings: FanoutSettings,
    ) -> Result<(Self, mpsc::Receiver<Incoming>), FanoutError> {
        let FanoutSettings { prefix, node, epoch, limits, pace, cluster_parts, .. } = settings;
        let address = Address::parse(url, &pace)?;
        let names = Names::new(&prefix, cluster_parts);
        let (inbox, incoming) = Inbox::new(node, epoch, limits.incoming);
        let (subscribed_wait, flush_wait) = (pace.subscribed, pace.answer);

        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&inbox).announce_generations());
        let (addresses, wire) = match cluster_parts {
            None => (vec![address], Wire::Plain),
            Some(_) => (names.slots().map(|slot| address.of_slot(slot)).collect(), Wire::Sharded),
        };
        let ensemble = Arc::new(Ensemble::new(addresses.len(), Arc::clone(&inbox)));
        let mut parts = Vec::with_capacity(addresses.len());
        for (part, address) in addresses.into_iter().enumerate() {
            let (bell, interest) = (Arc::new(Bell::default()), Arc::new(Interest::default()));
            let (outbox, queue) = Outbox::new(&limits, Arc::clone(&inbox));
            let line = Line { address, wire, names: names.clone(), part, inbox: Arc::clone(&inbox) };
            tasks.spawn(Publisher::new(line.clone(), Arc::clone(&bell), pace.pause_max).run(queue));
            let listener = Listener {
                line,
                ensemble: Arc::clone(&ensemble),
                interest: Arc::clone(&interest),
                bell,
                limits: limits.clone(),
                pace: pace.clone(),
            };
            tasks.spawn(listener.run());
            parts.push(Part { interest, outbox });
        }
        Ok((Self { inbox, names, parts, subscribed_wait, flush_wait, _tasks: tasks }, incoming))
    }

    pub(crate) fn want(&self, channel: Channel) {
        self.part(&channel).interest.want(channel);
    }

    pub(crate) fn unwant(&self, channel: Channel) {
        self.part(&channel).interest.unwant(channel);
    }

    /// In order within a channel, which is within a part.
    pub(crate) fn publish(&self, batch: Vec<Publication>) {
        if let [part] = &self.parts[..] {
            return part.outbox.put(batch);
        }
        let mut batches: Vec<Vec<Publication>> = vec![Vec::new(); self.parts.len()];
        for publication in batch {
            batches[self.names.part(&publication.channel())].push(publication);
        }
        for (part, batch) in self.parts.iter().zip(batches) {
            part.outbox.put(batch);
        }
    }

    pub(crate) async fn flush(&self) {
        let all = async {
            for part in &self.parts {
                part.outbox.emptied().await;
            }
        };
        let _ = timeout(self.flush_wait, all).await; // what is left is the sweep's
    }

    pub(crate) async fn subscribed(&self, channel: &Channel) -> bool {
        if self.inbox.pulse.is_deaf() {
            return false;
        }
        match self.part(channel).interest.standing(channel) {
            Standing::Unwanted => false,
            Standing::Confirmed => true,
            Standing::Asked(asked) => matches!(timeout(self.subscribed_wait, asked).await, Ok(Ok(()))),
        }
    }

    fn part(&self, channel: &Channel) -> &Part {
        &self.parts[self.names.part(channel)]
    }
}

/// Where a part's channels are, and what they are called there.
#[derive(Clone, Debug)]
struct Line {
    address: Address,
    wire: Wire,
    names: Names,
    part: usize,
    inbox: Arc<Inbox>,
}

impl Line {
    fn canary(&self) -> String {
        self.names.canary(self.part, self.inbox.node)
    }
}
