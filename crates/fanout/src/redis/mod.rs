//! The Redis twin: one dedicated connection that listens, one that publishes.
//!
//! `redis`'s own `ConnectionManager` is not used: with nothing but subscriptions it gives up
//! after six tries and stays deaf. Here the listener retries for ever and believes only
//! its own canary.

mod address;
mod ear;
mod listener;
mod outbox;
mod publisher;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::channel::{Channel, Names};
use crate::error::FanoutError;
use crate::inbox::Inbox;
use crate::interest::{Interest, Standing};
use crate::publication::{Incoming, Publication};
use crate::settings::FanoutSettings;

use address::Address;
use listener::Listener;
use outbox::{Bell, Outbox};
use publisher::Publisher;

#[derive(Debug)]
pub(crate) struct Remote {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) interest: Arc<Interest>,
    outbox: Outbox,
    subscribed_wait: Duration,
    flush_wait: Duration,
    _tasks: JoinSet<()>,
}

impl Remote {
    pub(crate) fn start(
        url: &str,
        settings: FanoutSettings,
    ) -> Result<(Self, mpsc::Receiver<Incoming>), FanoutError> {
        let FanoutSettings { prefix, node, epoch, limits, pace, .. } = settings;
        let address = Address::parse(url, &pace)?;
        let names = Names::new(&prefix);
        let bell = Arc::new(Bell::default());
        let interest = Arc::new(Interest::default());
        let (inbox, incoming) = Inbox::new(node, epoch, limits.incoming);
        let (outbox, queue) = Outbox::new(&limits, Arc::clone(&inbox));
        let (subscribed_wait, flush_wait) = (pace.subscribed, pace.answer);

        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&inbox).announce_generations());
        let publisher = Publisher::new(
            address.clone(),
            names.clone(),
            Arc::clone(&inbox),
            Arc::clone(&bell),
            pace.pause_max,
        );
        tasks.spawn(publisher.run(queue));
        let listener = Listener {
            address,
            names,
            inbox: Arc::clone(&inbox),
            interest: Arc::clone(&interest),
            bell,
            limits,
            pace,
        };
        tasks.spawn(listener.run());
        Ok((Self { inbox, interest, outbox, subscribed_wait, flush_wait, _tasks: tasks }, incoming))
    }

    pub(crate) fn publish(&self, batch: Vec<Publication>) {
        self.outbox.put(batch);
    }

    pub(crate) async fn flush(&self) {
        let _ = timeout(self.flush_wait, self.outbox.emptied()).await; // what is left is the sweep's
    }

    pub(crate) async fn subscribed(&self, channel: &Channel) -> bool {
        if self.inbox.pulse.is_deaf() {
            return false;
        }
        match self.interest.standing(channel) {
            Standing::Unwanted => false,
            Standing::Confirmed => true,
            Standing::Asked(asked) => matches!(timeout(self.subscribed_wait, asked).await, Ok(Ok(()))),
        }
    }
}
