//! What a participant makes of what it heard: judged, measured, and kept over connections.

use std::sync::atomic::Ordering::Relaxed;

use super::{Participant, line::SUBSCRIBE};
use crate::{
    judge::{Breach, Fault},
    mark::Mark,
    scan::EntryHeard,
};

impl Participant {
    pub(super) fn entry(&mut self, order: &str, entry: &EntryHeard<'_>) {
        if entry.seq <= self.paged && order == self.order() {
            return;
        }
        self.take(order, entry);
        let (shared, shard) = (&self.shared, self.seat.number as usize);
        if let Some(mark) = Mark::of(entry.id, shared.judge.run()) {
            let us = shared.now_us().saturating_sub(mark.due_us);
            if shared.figures.note(shard, mark.due_us, |noted| noted.delivery.record_us(us)) {
                shared.figures.counters.delivered.fetch_add(1, Relaxed);
            }
        }
        self.perhaps_caught_up();
    }

    /// What comes late because we were away is delivered, but says nothing about the time a delivery takes.
    pub(super) fn page(
        &mut self,
        order: Option<&str>,
        entries: &[EntryHeard<'_>],
        head: u64,
        epoch: Option<uuid::Uuid>,
    ) {
        self.epoch = epoch.or(self.epoch);
        for entry in entries {
            match order {
                Some(order) => self.take(order, entry),
                None => self.judge(entry),
            }
            let mark = Mark::of(entry.id, self.shared.judge.run());
            if mark.is_some_and(|mark| self.shared.figures.is_measured(mark.due_us)) {
                self.shared.figures.counters.delivered.fetch_add(1, Relaxed);
            }
        }
        if let Some((_, to_reach @ None)) = &mut self.returning {
            *to_reach = Some(head);
        }
        self.perhaps_caught_up();
    }

    fn take(&mut self, order: &str, entry: &EntryHeard<'_>) {
        if order != self.order() {
            let fault = Fault::OtherRoom { order: order.to_owned() };
            return self.shared.judge.found(Breach::new(&self.name, self.seat.room, fault));
        }
        self.judge(entry);
    }

    fn judge(&mut self, entry: &EntryHeard<'_>) {
        self.shared.judge.heard(&self.name, self.seat.room, &mut self.reader, entry);
        self.shared.heard[self.seat.number as usize].store(self.reader.last(), Relaxed);
    }

    fn perhaps_caught_up(&mut self) {
        let Some((due_us, Some(head))) = self.returning else { return };
        if self.reader.last() >= head {
            self.returning = None;
            let took = self.shared.now_us().saturating_sub(due_us);
            let figures = &self.shared.figures;
            // A return belongs to the phase in which it ends.
            figures.note(self.seat.number as usize, u64::MAX, |noted| noted.resume.record_us(took));
            figures.counters.resumed.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn ack(&mut self, reference: i64, id: uuid::Uuid, seq: u64) {
        // Acks come nearly in the order of the messages: what is looked for is at the front.
        let Some(at) = self.pending.iter().position(|(pending, _)| *pending == reference) else { return };
        let Some((_, mark)) = self.pending.remove(at) else { return };
        let shared = &self.shared;
        if mark.id() != id {
            let fault = Fault::LostAck { seq, id: mark.id(), elsewhere: None };
            return shared.judge.found(Breach::new(&self.name, self.seat.room, fault));
        }
        shared.judge.room(self.seat.room).acked(seq, id);
        let us = shared.now_us().saturating_sub(mark.due_us);
        let shard = self.seat.number as usize;
        if shared.figures.note(shard, mark.due_us, |noted| noted.ack.record_us(us)) {
            shared.figures.counters.acked.fetch_add(1, Relaxed);
        }
    }

    /// True if it is to be said again.
    pub(super) fn rejected(&mut self, reference: i64, code: &str, retry: bool) -> bool {
        self.shared.figures.refused(code);
        if reference == SUBSCRIBE {
            return retry;
        }
        let Some(at) = self.pending.iter().position(|(pending, _)| *pending == reference) else {
            return false;
        };
        if !retry {
            let gone = self.pending.remove(at);
            if gone.is_some_and(|(_, mark)| self.shared.figures.is_measured(mark.due_us)) {
                self.shared.figures.counters.rejected.fetch_add(1, Relaxed);
            }
        }
        retry
    }
}
