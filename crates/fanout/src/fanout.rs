//! The handle that the gateway holds: the same for Redis and for the in-process twin.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::channel::Channel;
use crate::counters::Counts;
use crate::error::FanoutError;
use crate::health::Health;
use crate::inbox::Inbox;
use crate::local::{Local, LocalBus};
use crate::publication::{Incoming, Publication};
use crate::redis::Remote;
use crate::settings::FanoutSettings;

/// One node's place among the others. Cheap to clone; the last clone ends its tasks.
#[derive(Clone, Debug)]
pub struct Fanout {
    transport: Transport,
}

#[derive(Clone, Debug)]
enum Transport {
    Redis(Arc<Remote>),
    Local(Arc<Local>),
}

/// Whether a channel is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// From here on everything published reaches this node, or a generation follows.
    Heard,
    /// Not heard now. If the channel stays wanted, a generation follows as soon as it is.
    Degraded,
}

impl Fanout {
    /// Starts inside a Tokio runtime: on Redis, or alone when the settings name none. A Redis
    /// that is down is tried for ever; until it answers, the health is [`Health::Deaf`].
    pub fn start(settings: FanoutSettings) -> Result<(Self, mpsc::Receiver<Incoming>), FanoutError> {
        let Some(url) = settings.redis_url.clone() else {
            return Ok(Self::in_process(&LocalBus::new(), &settings));
        };
        let (remote, incoming) = Remote::start(&url, settings)?;
        Ok((Self { transport: Transport::Redis(Arc::new(remote)) }, incoming))
    }

    /// Starts the twin: several nodes in one process share a bus. Redis settings are not read.
    pub fn in_process(bus: &LocalBus, settings: &FanoutSettings) -> (Self, mpsc::Receiver<Incoming>) {
        let (local, incoming) = Local::start(bus, settings);
        (Self { transport: Transport::Local(Arc::new(local)) }, incoming)
    }

    /// Wants a channel. A set, not a count: one `unsubscribe` ends any number of these.
    pub fn subscribe(&self, channel: Channel) {
        match &self.transport {
            Transport::Redis(remote) => remote.want(channel),
            Transport::Local(local) => local.subscribe(channel),
        }
    }

    /// Waits until a channel that is wanted is heard: at most [`Pace::subscribed`], and not
    /// at all while deaf. The room's "subscribe first, then read the head".
    ///
    /// [`Pace::subscribed`]: crate::Pace::subscribed
    pub async fn subscribed(&self, channel: &Channel) -> Subscription {
        let heard = match &self.transport {
            Transport::Redis(remote) => remote.subscribed(channel).await,
            Transport::Local(local) => local.is_subscribed(channel),
        };
        if heard { Subscription::Heard } else { Subscription::Degraded }
    }

    /// No longer wants a channel. What is already on its way may still come.
    pub fn unsubscribe(&self, channel: &Channel) {
        match &self.transport {
            Transport::Redis(remote) => remote.unwant(channel.clone()),
            Transport::Local(local) => local.unsubscribe(channel),
        }
    }

    /// Tells the others, in this order, and does not wait. What finds no room is dropped and
    /// counted: the sweep heals it.
    pub fn publish(&self, batch: Vec<Publication>) {
        match &self.transport {
            Transport::Redis(remote) => remote.publish(batch),
            Transport::Local(local) => local.publish(&batch),
        }
    }

    /// Waits until everything published so far has left, at most [`Pace::answer`]. For the
    /// last words of a node that drains.
    ///
    /// [`Pace::answer`]: crate::Pace::answer
    pub async fn flush(&self) {
        if let Transport::Redis(remote) = &self.transport {
            remote.flush().await;
        }
    }

    /// From now on publications carry this epoch, and others' must.
    pub fn set_epoch(&self, epoch: Uuid) {
        self.inbox().set_epoch(epoch);
    }

    /// Whether this node hears the others.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.inbox().pulse.watch()
    }

    /// What happened so far.
    pub fn counters(&self) -> Counts {
        self.inbox().counts()
    }

    fn inbox(&self) -> &Inbox {
        match &self.transport {
            Transport::Redis(remote) => &remote.inbox,
            Transport::Local(local) => &local.inbox,
        }
    }
}
