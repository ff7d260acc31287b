//! What reaches this node: filtered, counted, bounded.
//!
//! Taking never waits: the one reader of Redis must not stand still for a slow node. What
//! finds no room is dropped, and a new generation makes up for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::counters::{Counters, Counts};
use crate::header::{Header, Kind};
use crate::health::Pulse;
use crate::publication::{Incoming, Publication};

#[derive(Debug)]
pub(crate) struct Inbox {
    pub(crate) node: Uuid,
    pub(crate) counters: Counters,
    pub(crate) pulse: Pulse,
    epoch: RwLock<Uuid>,
    door: mpsc::Sender<Incoming>,
    generation: AtomicU64,
    to_announce: watch::Sender<u64>,
    /// Something was dropped and the generation that makes up for it is not yet at the door.
    gap: AtomicBool,
}

/// What a message was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    OwnCanary,
    Other,
}

impl Inbox {
    pub(crate) fn new(node: Uuid, epoch: Uuid, room: usize) -> (Arc<Self>, mpsc::Receiver<Incoming>) {
        let (door, incoming) = mpsc::channel(room);
        let inbox = Self {
            node,
            counters: Counters::default(),
            pulse: Pulse::deaf(),
            epoch: RwLock::new(epoch),
            door,
            generation: AtomicU64::new(0),
            to_announce: watch::Sender::new(0),
            gap: AtomicBool::new(false),
        };
        (Arc::new(inbox), incoming)
    }

    /// Sorts one message. Never waits, never panics, whatever the bytes.
    pub(crate) fn take(&self, mut bytes: Bytes) -> Taken {
        let Ok(header) = Header::take(&mut bytes) else { return self.unparsable() };
        if header.node == self.node {
            return if header.kind == Kind::Canary { Taken::OwnCanary } else { Taken::Other };
        }
        if header.epoch != self.epoch() {
            self.counters.foreign_epoch.add(1);
            return Taken::Other;
        }
        match header.publication(bytes) {
            Ok(publication) => self.deliver(publication),
            Err(_) => return self.unparsable(),
        }
        Taken::Other
    }

    fn deliver(&self, publication: Publication) {
        if self.door.try_send(Incoming::News(publication)).is_ok() {
            self.counters.received.add(1);
        } else {
            self.counters.dropped_slow.add(1);
            self.after_a_gap();
        }
    }

    /// One generation for a whole burst of drops.
    fn after_a_gap(&self) {
        if !self.gap.swap(true, Ordering::AcqRel) {
            self.pulse.still_heard(self.next_generation());
        }
    }

    fn unparsable(&self) -> Taken {
        self.counters.unparsable.add(1);
        Taken::Other
    }

    /// Everything wanted is heard from here on: what came before may be missing.
    pub(crate) fn heard(&self) -> u64 {
        let generation = self.next_generation();
        self.pulse.heard(generation);
        generation
    }

    fn next_generation(&self) -> u64 {
        let generation = self.generation.fetch_add(1, Ordering::AcqRel) + 1;
        self.counters.generations.add(1);
        self.to_announce.send_if_modified(|newest| {
            let newer = generation > *newest;
            *newest = generation.max(*newest);
            newer
        });
        generation
    }

    /// Brings each new generation to the door and waits there for room. Ends with the node.
    pub(crate) async fn announce_generations(self: Arc<Self>) {
        let mut to_announce = self.to_announce.subscribe();
        let mut announced = 0;
        while to_announce.wait_for(|newest| *newest > announced).await.is_ok() {
            let Ok(place) = self.door.reserve().await else { return };
            // Before the sending: a drop in between asks for one generation too many, not too few.
            self.gap.store(false, Ordering::Release);
            announced = *to_announce.borrow_and_update();
            place.send(Incoming::Generation(announced));
        }
    }

    pub(crate) fn epoch(&self) -> Uuid {
        *self.epoch.read().expect("nothing panics while holding it")
    }

    pub(crate) fn set_epoch(&self, epoch: Uuid) {
        *self.epoch.write().expect("nothing panics while holding it") = epoch;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counters.snapshot(self.pulse.deaf_time())
    }
}
