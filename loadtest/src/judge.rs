//! Was it right? Every participant's timeline is checked while the load runs; acks and the stored timeline afterwards.
//!
//! A run that is fast and wrong is red. Pure: it is fed by sockets and by the API, and does no IO itself.

mod breach;
mod findings;
#[cfg(test)]
mod tests;
mod timeline;

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use parking_lot::Mutex;
use uuid::Uuid;

pub use breach::{Breach, Fault};
pub use findings::{Findings, Verdict};
pub use timeline::{Reader, Timeline};

use crate::{
    mark::{Audience, Canaries, Mark},
    scan::EntryHeard,
};

/// What one room showed to all of its members, and which acks it gave.
#[derive(Debug, Default)]
pub struct RoomBook {
    /// Its entries, as the first member who heard each of them heard it.
    pub timeline: Timeline,
    acks: Mutex<Vec<(u64, Uuid)>>,
    last_acked: AtomicU64,
    last_stored: AtomicU64,
}

impl RoomBook {
    /// The command `id` is said to be stored at `seq`.
    pub fn acked(&self, seq: u64, id: Uuid) {
        self.last_acked.fetch_max(seq, Relaxed);
        self.acks.lock().push((seq, id));
    }

    /// So much was stored while everybody was still there.
    pub fn stored(&self, head: u64) {
        self.last_stored.fetch_max(head, Relaxed);
    }

    /// What every member must have: what one of them heard, and what was stored, though nobody heard it.
    pub fn exists(&self) -> u64 {
        self.timeline.len().max(self.last_stored.load(Relaxed))
    }

    /// How far everybody is waited for: acks count too, which may be wrong.
    pub fn head(&self) -> u64 {
        self.exists().max(self.last_acked.load(Relaxed))
    }

    /// How many acks there were.
    pub fn ack_count(&self) -> usize {
        self.acks.lock().len()
    }
}

/// Everything that is judged in one run.
#[derive(Debug)]
pub struct Judge {
    run: u32,
    rooms: Vec<RoomBook>,
    canaries: Canaries,
    entries: AtomicU64,
    frames: AtomicU64,
    acks: AtomicU64,
    acks_looked_up: AtomicU64,
    rooms_looked_up: AtomicU64,
    lost: AtomicU64,
    findings: Mutex<Findings>,
}

impl Judge {
    /// Over `rooms` rooms.
    pub fn new(run: u32, rooms: usize, canaries: Canaries) -> Self {
        Self {
            run,
            rooms: (0..rooms).map(|_| RoomBook::default()).collect(),
            canaries,
            entries: AtomicU64::new(0),
            frames: AtomicU64::new(0),
            acks: AtomicU64::new(0),
            acks_looked_up: AtomicU64::new(0),
            rooms_looked_up: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            findings: Mutex::default(),
        }
    }

    /// The run whose messages are judged.
    pub fn run(&self) -> u32 {
        self.run
    }

    /// The texts of the run.
    pub fn canaries(&self) -> &Canaries {
        &self.canaries
    }

    /// One room.
    pub fn room(&self, room: u32) -> &RoomBook {
        &self.rooms[room as usize]
    }

    /// A member heard an entry. True if it was the next one.
    pub fn heard(&self, who: &str, room: u32, reader: &mut Reader, entry: &EntryHeard<'_>) -> bool {
        self.entries.fetch_add(1, Relaxed);
        match self.room(room).timeline.take(reader, entry) {
            Ok(()) => true,
            Err(fault) => {
                self.found(Breach::new(who, room, fault));
                false
            }
        }
    }

    /// A member was told an entry once more, as it may be: is it still the same?
    pub fn heard_again(&self, who: &str, room: u32, entry: &EntryHeard<'_>) {
        self.entries.fetch_add(1, Relaxed);
        if let Err(fault) = self.room(room).timeline.agrees(entry) {
            self.found(Breach::new(who, room, fault));
        }
    }

    /// Searches whatever a participant received, in a room or beside all of them, for what others are not to see.
    pub fn search(
        &self,
        who: &str,
        room: impl Into<Option<u32>>,
        frame: &str,
        may_see: impl Fn(Audience) -> bool,
    ) {
        self.frames.fetch_add(1, Relaxed);
        if let Some(canary) = self.canaries.strangers(frame.as_bytes(), may_see) {
            self.found(Breach::new(who, room, Fault::Leak { canary }));
        }
    }

    /// Something is wrong.
    pub fn found(&self, breach: Breach) {
        self.findings.lock().add(&breach);
    }

    /// After the load: has this member everything up to `head`?
    pub fn is_complete(&self, who: &str, room: u32, reader: &Reader, head: u64) {
        let (last, missing) = (reader.last(), reader.missing());
        if last < head || missing > 0 {
            self.lost.fetch_add(head.saturating_sub(last) + missing, Relaxed);
            self.found(Breach::new(who, room, Fault::Behind { last, missing, head }));
        }
    }

    /// After the load: those members who have everything heard it in the same order.
    pub fn is_one_order<'a>(&self, room: u32, readers: impl Iterator<Item = &'a Reader>) {
        let head = self.room(room).timeline.len();
        let whole = readers.filter(|reader| reader.last() >= head && reader.missing() == 0);
        let orders: BTreeSet<u64> = whole.map(Reader::order).collect();
        if orders.len() > 1 {
            self.found(Breach::new("the members", room, Fault::Order { orders: orders.len() as u64 }));
        }
    }

    /// After a load of messages: every ack names the place where its message was delivered, and none stands twice.
    pub fn settle(&self, room: u32) {
        self.settle_acks(room);
        for (seq, id) in self.room(room).timeline.repeated(|id| Mark::of(id, self.run).is_some()) {
            self.found(Breach::new("the timeline", room, Fault::Twice { seq, id }));
        }
    }

    /// The same for commands that may cause several entries.
    pub fn settle_acks(&self, room: u32) {
        let book = self.room(room);
        let acks = book.acks.lock();
        for (seq, id) in acks.iter() {
            self.acks.fetch_add(1, Relaxed);
            if book.timeline.id_at(*seq) != Some(*id) {
                let elsewhere = book.timeline.place_of(*id);
                self.found(Breach::new("an ack", room, Fault::LostAck { seq: *seq, id: *id, elsewhere }));
            }
        }
    }

    /// After the load: the stored timeline, read through the API by `reader` up to `head`, is the one that members saw.
    pub fn looked_up(&self, room: u32, reader: &Reader, head: u64) {
        let book = self.room(room);
        self.rooms_looked_up.fetch_add(1, Relaxed);
        self.acks_looked_up.fetch_add(book.ack_count() as u64, Relaxed);
        self.is_complete("the API", room, reader, head);
        if book.timeline.len() > head {
            let fault = Fault::NotStored { delivered: book.timeline.len(), stored: head };
            self.found(Breach::new("the API", room, fault));
        }
        for (seq, id) in book.acks.lock().iter().filter(|(seq, _)| *seq > head) {
            let fault = Fault::LostAck { seq: *seq, id: *id, elsewhere: None };
            self.found(Breach::new("the API", room, fault));
        }
    }

    /// A stored timeline that cannot be read is not known to be right.
    pub fn cannot_look_up(&self, room: u32, error: &anyhow::Error) {
        self.found(Breach::new("the API", room, Fault::Unreadable { problem: format!("{error:#}") }));
    }

    /// What was found so far.
    pub fn verdict(&self) -> Verdict {
        let findings = self.findings.lock().clone();
        Verdict {
            entries_judged: self.entries.load(Relaxed),
            frames_searched: self.frames.load(Relaxed),
            acks_checked: self.acks.load(Relaxed),
            acks_looked_up: self.acks_looked_up.load(Relaxed),
            rooms_looked_up: self.rooms_looked_up.load(Relaxed),
            lost: self.lost.load(Relaxed),
            findings,
        }
    }
}
