//! One human with one connection and any number of orders: hears everything, has it judged, remembers the newest
//! snapshot of each room.

use std::{collections::HashMap, sync::Arc};

use client::{Client, ConnectionState, Event, Events, Options};
use parking_lot::Mutex;
use protocol::{SeenEntry, Snapshot, domain::ids::OrderId};
use tokio::sync::Notify;

use crate::{
    judge::Reader,
    mark::{Audience, Mark},
    participant::Shared,
    scan::EntryHeard,
};

/// A person.
#[derive(Debug)]
pub struct Person {
    /// Their id.
    pub user: String,
    /// Their token, for what goes over HTTP.
    pub token: String,
    /// Their connection.
    pub client: Client,
    /// What reaches an agent who has just come in was due long ago: only parties tell how long a delivery takes.
    is_party: bool,
    rooms: Mutex<HashMap<OrderId, Seen>>,
    moved: Notify,
}

/// One room as they know it.
#[derive(Debug)]
struct Seen {
    room: u32,
    reader: Reader,
    snapshot: Option<Arc<Snapshot>>,
}

impl Person {
    /// Begins to connect, and hears from then on.
    pub fn arrive(
        shared: &Arc<Shared>,
        user: String,
        token: String,
        urls: Vec<String>,
        is_party: bool,
    ) -> Arc<Self> {
        let mut options = Options::new(urls, token.clone());
        options.client = "order-chat-load".into();
        let (client, events) = Client::connect(options);
        let rooms = Mutex::default();
        let person = Arc::new(Self { user, token, client, is_party, rooms, moved: Notify::new() });
        tokio::spawn(listen(person.clone(), shared.clone(), events));
        person
    }

    /// They have to do with a room: what comes from it is expected, everything else is a leak.
    pub fn knows(&self, order: OrderId, room: u32) {
        let seen = Seen { room, reader: Reader::default(), snapshot: None };
        self.rooms.lock().entry(order).or_insert(seen);
    }

    /// The newest snapshot.
    pub fn snapshot(&self, order: OrderId) -> Option<Arc<Snapshot>> {
        self.rooms.lock().get(&order)?.snapshot.clone()
    }

    /// How far they have heard.
    pub fn reader(&self, order: OrderId) -> Reader {
        self.rooms.lock().get(&order).map(|seen| seen.reader.clone()).unwrap_or_default()
    }

    /// Waits until something is true of what they have seen; the caller bounds the time.
    pub async fn until(&self, holds: impl Fn(&Self) -> bool) {
        loop {
            let moved = self.moved.notified();
            if holds(self) {
                return;
            }
            // Notified before we began to wait is not told again: look again soon.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(100), moved).await;
        }
    }

    fn may_see(&self, audience: Audience) -> bool {
        let Audience::Room(room) = audience else { return false };
        self.rooms.lock().values().any(|seen| seen.room == room)
    }

    fn heard(&self, shared: &Shared, order: OrderId, entry: &SeenEntry) {
        let Ok(json) = serde_json::to_string(entry) else { return };
        let mut rooms = self.rooms.lock();
        let Some(seen) = rooms.get_mut(&order) else { return };
        let heard = EntryHeard { seq: entry.seq.0, id: entry.id.0, json: &json };
        shared.judge.heard(&self.user, seen.room, &mut seen.reader, &heard);
        let shard = seen.room as usize;
        drop(rooms);
        if !self.is_party {
            return;
        }
        if let Some(mark) = Mark::of(entry.id.0, shared.judge.run()) {
            let us = shared.now_us().saturating_sub(mark.due_us);
            shared.figures.note(shard, mark.due_us, |noted| noted.delivery.record_us(us));
        }
        shared.figures.counters.delivered.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    fn start_over(&self, order: OrderId) {
        if let Some(seen) = self.rooms.lock().get_mut(&order) {
            (seen.snapshot, seen.reader) = (None, Reader::default());
        }
    }

    fn shown(&self, order: OrderId, snapshot: Snapshot) {
        if let Some(seen) = self.rooms.lock().get_mut(&order) {
            seen.snapshot = Some(Arc::new(snapshot));
        }
    }

    /// Events of our own client, searched as what they say.
    fn search(&self, shared: &Shared, event: &Event) {
        let text = match event {
            Event::Entry { entry, .. } => entry.event.json().to_owned(),
            Event::Snapshot { snapshot, .. } | Event::Subscribed { snapshot, .. } => {
                serde_json::to_string(snapshot).unwrap_or_default()
            }
            Event::Inbox(line) => serde_json::to_string(line).unwrap_or_default(),
            _ => return,
        };
        shared.judge.search(&self.user, 0, &text, |audience| self.may_see(audience));
    }
}

async fn listen(person: Arc<Person>, shared: Arc<Shared>, mut events: Events) {
    while let Some(event) = events.next().await {
        person.search(&shared, &event);
        match event {
            Event::Entry { order, entry } => person.heard(&shared, order, &entry),
            Event::Snapshot { order, snapshot } | Event::Subscribed { order, snapshot, .. } => {
                person.shown(order, *snapshot);
            }
            // Access that was withdrawn leaves nothing to act on; who comes again, and whoever is told that this is
            // another history, hears it from its start.
            Event::Unsubscribed { order, .. } | Event::Resynced { order } => person.start_over(order),
            Event::Connection(ConnectionState::Waiting { code, reason, .. }) => {
                shared.figures.ended(&format!("{code} {reason}"));
            }
            _ => {}
        }
        person.moved.notify_waiters();
    }
}
