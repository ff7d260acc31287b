//! What reaches one person, frame by frame as the server sent it: searched, judged and measured before our own client
//! makes something of it. A client that drops a repetition, heals a hole or ignores a stranger's room would hide them.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use parking_lot::Mutex;
use protocol::{SeenEntry, ServerFrame, Snapshot, domain::ids::OrderId};
use tokio::{sync::Notify, time::timeout};

use crate::{
    judge::{Breach, Fault, Reader},
    mark::{Audience, Mark},
    participant::Shared,
    scan::EntryHeard,
};

/// Notified before somebody began to wait is not told again: they look again this soon.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// One person's ears, and what they remember.
#[derive(Debug)]
pub struct Ears {
    user: String,
    /// What reaches an agent who has just come in was due long ago: only parties tell how long a delivery takes. And only
    /// parties must not see what is written among staff.
    is_party: bool,
    shared: Arc<Shared>,
    rooms: Mutex<HashMap<OrderId, Seen>>,
    moved: Notify,
}

/// One room as they know it.
#[derive(Debug)]
struct Seen {
    room: u32,
    reader: Reader,
    /// The next entry that may be told once more: the page that answers a `subscribe` begins where our client had asked,
    /// and more may have come before the answer.
    again: Option<u64>,
    snapshot: Option<Arc<Snapshot>>,
}

impl Ears {
    /// Of somebody who knows no room yet.
    pub fn new(shared: Arc<Shared>, user: String, is_party: bool) -> Self {
        Self { user, is_party, shared, rooms: Mutex::default(), moved: Notify::new() }
    }

    /// They have to do with a room: what comes from it is expected, everything else is a leak.
    pub fn knows(&self, order: OrderId, room: u32) {
        let seen = Seen { room, reader: Reader::default(), again: None, snapshot: None };
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

    /// What somebody may do next; `None` when they follow the room no more.
    pub fn shown(&self, order: OrderId, snapshot: Option<Snapshot>) {
        if let Some(seen) = self.rooms.lock().get_mut(&order) {
            seen.snapshot = snapshot.map(Arc::new);
        }
        self.moved.notify_waiters();
    }

    /// Waits until something is true of what they have seen; the caller bounds the time.
    pub async fn until(&self, holds: impl Fn(&Self) -> bool) {
        loop {
            let moved = self.moved.notified();
            if holds(self) {
                return;
            }
            let _ = timeout(LOOK_AGAIN, moved).await;
        }
    }

    /// A frame came.
    pub fn hear(&self, text: &str) {
        let frame = ServerFrame::decode(text).unwrap_or_else(|problem| {
            self.found(None, Fault::Unreadable { problem: problem.to_string() });
            None
        });
        let order = frame.as_ref().and_then(followed);
        let room = order.and_then(|order| self.rooms.lock().get(&order).map(|seen| seen.room));
        self.shared.judge.search(&self.user, room, text, |audience| self.may_see(audience));
        if let (Some(order), None) = (order, room) {
            return self.found(None, Fault::OtherRoom { order: order.to_string() });
        }
        match frame {
            Some(ServerFrame::Entry(frame)) => self.entries(frame.order, &[frame.entry], false),
            Some(ServerFrame::Entries(page)) => self.entries(page.order, &page.entries, false),
            Some(ServerFrame::Subscribed(page)) => self.entries(page.order, &page.entries, true),
            _ => {}
        }
    }

    fn entries(&self, order: OrderId, entries: &[SeenEntry], is_answer: bool) {
        if let Some(seen) = self.rooms.lock().get_mut(&order) {
            if is_answer {
                seen.again = entries.first().map(|entry| entry.seq.0);
            }
            entries.iter().for_each(|entry| self.entry(seen, entry));
        }
        self.moved.notify_waiters();
    }

    fn entry(&self, seen: &mut Seen, entry: &SeenEntry) {
        let json = serde_json::to_string(entry).expect("an entry is plain data");
        let heard = EntryHeard { seq: entry.seq.0, id: entry.id.0, json: &json };
        let Shared { judge, figures, .. } = &*self.shared;
        if seen.again.take_if(|again| *again == heard.seq).is_some() && heard.seq <= seen.reader.last() {
            seen.again = Some(heard.seq + 1);
            return judge.heard_again(&self.user, seen.room, &heard);
        }
        judge.heard(&self.user, seen.room, &mut seen.reader, &heard);
        if !self.is_party {
            return;
        }
        if let Some(mark) = Mark::of(heard.id, judge.run()) {
            let us = self.shared.now_us().saturating_sub(mark.due_us);
            figures.note(seen.room as usize, mark.due_us, |noted| noted.delivery.record_us(us));
        }
        figures.counters.delivered.fetch_add(1, Relaxed);
    }

    fn may_see(&self, audience: Audience) -> bool {
        match audience {
            Audience::Room(room) => self.rooms.lock().values().any(|seen| seen.room == room),
            Audience::Staff => !self.is_party,
        }
    }

    fn found(&self, room: Option<u32>, fault: Fault) {
        self.shared.judge.found(Breach::new(&self.user, room, fault));
    }
}

/// The room of a frame that comes only from rooms that are followed.
fn followed(frame: &ServerFrame) -> Option<OrderId> {
    match frame {
        ServerFrame::Entry(frame) => Some(frame.order),
        ServerFrame::Entries(page) => Some(page.order),
        ServerFrame::Subscribed(page) => Some(page.order),
        ServerFrame::Snapshot(frame) => Some(frame.order),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
