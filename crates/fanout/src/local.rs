//! The in-process twin: nodes of one process on a shared bus. For one node without Redis,
//! and for tests. What it delivers goes through the same bytes and the same filter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::{BufMut, Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::channel::Channel;
use crate::header::{HEADER_BYTES, Header, PAYLOAD_BYTES_MAX};
use crate::inbox::Inbox;
use crate::publication::{Incoming, Publication};
use crate::settings::FanoutSettings;

/// Where the nodes of one process meet. Clones are the same bus.
#[derive(Clone, Debug, Default)]
pub struct LocalBus {
    listeners: Arc<Mutex<HashMap<Channel, Vec<Arc<Inbox>>>>>,
}

#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) inbox: Arc<Inbox>,
    bus: LocalBus,
    _tasks: JoinSet<()>,
}

impl LocalBus {
    /// A bus without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    fn listeners(&self) -> MutexGuard<'_, HashMap<Channel, Vec<Arc<Inbox>>>> {
        self.listeners.lock().expect("nothing panics while holding it")
    }
}

impl Local {
    pub(crate) fn start(bus: &LocalBus, settings: &FanoutSettings) -> (Self, mpsc::Receiver<Incoming>) {
        let (inbox, incoming) = Inbox::new(settings.node, settings.epoch, settings.limits.incoming);
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&inbox).announce_generations());
        inbox.counters.attempts.add(1);
        inbox.heard();
        (Self { inbox, bus: bus.clone(), _tasks: tasks }, incoming)
    }

    pub(crate) fn subscribe(&self, channel: Channel) {
        let mut listeners = self.bus.listeners();
        let here = listeners.entry(channel).or_default();
        if !here.iter().any(|inbox| inbox.node == self.inbox.node) {
            here.push(Arc::clone(&self.inbox));
        }
    }

    pub(crate) fn unsubscribe(&self, channel: &Channel) {
        let mut listeners = self.bus.listeners();
        if let Some(here) = listeners.get_mut(channel) {
            here.retain(|inbox| inbox.node != self.inbox.node);
            if here.is_empty() {
                listeners.remove(channel);
            }
        }
    }

    pub(crate) fn is_subscribed(&self, channel: &Channel) -> bool {
        let listeners = self.bus.listeners();
        listeners.get(channel).is_some_and(|here| here.iter().any(|inbox| inbox.node == self.inbox.node))
    }

    /// Routed under the bus's lock, so that all nodes hear one node's news in its order.
    pub(crate) fn publish(&self, batch: &[Publication]) {
        let listeners = self.bus.listeners();
        for publication in batch {
            if publication.payload().len() > PAYLOAD_BYTES_MAX {
                self.inbox.counters.dropped_large.add(1);
                continue;
            }
            self.inbox.counters.published.add(1);
            let here = listeners.get(&publication.channel()).map_or(&[][..], Vec::as_slice);
            self.route(publication, here);
        }
    }

    fn route(&self, publication: &Publication, listeners: &[Arc<Inbox>]) {
        let mut others = listeners.iter().filter(|inbox| inbox.node != self.inbox.node).peekable();
        if others.peek().is_some() {
            let bytes = self.encoded(publication);
            for inbox in others {
                inbox.take(bytes.clone());
            }
        }
    }

    fn encoded(&self, publication: &Publication) -> Bytes {
        let payload = publication.payload();
        let mut bytes = BytesMut::with_capacity(HEADER_BYTES + payload.len());
        Header::of(publication, self.inbox.node, self.inbox.epoch()).write(&mut bytes);
        bytes.put_slice(payload);
        bytes.freeze()
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.bus.listeners().retain(|_, here| {
            here.retain(|inbox| inbox.node != self.inbox.node);
            !here.is_empty()
        });
    }
}
