//! What a participant makes of what it heard: judged, measured, and kept over connections.

use std::sync::atomic::Ordering::Relaxed;

use super::{Participant, Pending, Return, line::SUBSCRIBE};
use crate::{
    judge::{Breach, Fault},
    mark::Mark,
    scan::EntryHeard,
};

impl Participant {
    pub(super) fn entry(&mut self, order: &str, entry: &EntryHeard<'_>) {
        if entry.seq <= self.paged && order == self.order() && self.again.insert(entry.seq) {
            return;
        }
        self.take(order, entry);
        self.arrived(entry);
        self.perhaps_caught_up();
    }

    pub(super) fn page(
        &mut self,
        order: Option<&str>,
        entries: &[EntryHeard<'_>],
        head: u64,
        epoch: Option<uuid::Uuid>,
    ) {
        self.epoch = epoch.or(self.epoch);
        if let Some(Return { head: to_reach @ None, .. }) = &mut self.returning {
            *to_reach = Some(head);
        }
        for entry in entries {
            match order {
                Some(order) => self.take(order, entry),
                None => self.judge(entry),
            }
            self.arrived(entry);
        }
        self.perhaps_caught_up();
    }

    /// It is delivered. What comes late because we went away ourselves, in a page or one by one, says nothing about the
    /// time a delivery takes; what is late because the server let us go does.
    fn arrived(&self, entry: &EntryHeard<'_>) {
        let shared = &self.shared;
        let Some(mark) = Mark::of(entry.id, shared.judge.run()) else { return };
        let is_before = |head: Option<u64>| head.is_none_or(|head| entry.seq <= head);
        let is_ours = self.returning.is_some_and(|back| !back.by_server && is_before(back.head));
        let us = shared.now_us().saturating_sub(mark.due_us);
        let measured = shared.figures.note(self.seat.number as usize, mark.due_us, |noted| {
            if !is_ours {
                noted.delivery.record_us(us);
            }
        });
        if measured {
            shared.figures.counters.delivered.fetch_add(1, Relaxed);
        }
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
        let Some(Return { due_us, head: Some(head), .. }) = self.returning else { return };
        if self.reader.last() >= head {
            self.is_back();
            let took = self.shared.now_us().saturating_sub(due_us);
            let figures = &self.shared.figures;
            // A return belongs to the phase in which it ends.
            figures.note(self.seat.number as usize, u64::MAX, |noted| noted.resume.record_us(took));
            figures.counters.resumed.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn ack(&mut self, reference: i64, id: uuid::Uuid, seq: u64) {
        // Acks come nearly in the order of the messages: what is looked for is at the front.
        let Some(at) = self.pending.iter().position(|pending| pending.reference == reference) else { return };
        let Some(Pending { mark, .. }) = self.pending.remove(at) else { return };
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

    /// It is about to be written; `None` when it was answered meanwhile. How late we are is noted the first time, and before
    /// the write: a server that is slow to read is no lag of ours.
    pub(super) fn saying(&mut self, reference: i64) -> Option<Mark> {
        // What is said first is the last one.
        let pending = self.pending.iter_mut().rfind(|pending| pending.reference == reference)?;
        let mark = pending.mark;
        if !std::mem::replace(&mut pending.said, true) {
            let figures = &self.shared.figures;
            figures.counters.sent.fetch_add(1, Relaxed);
            let lag = self.shared.now_us().saturating_sub(mark.due_us);
            figures.note(self.seat.number as usize, mark.due_us, |noted| noted.lag.record_us(lag));
        }
        Some(mark)
    }

    /// True if it is to be said again.
    pub(super) fn rejected(&mut self, reference: i64, code: &str, retry: bool) -> bool {
        self.shared.figures.refused(code);
        if reference == SUBSCRIBE {
            return retry;
        }
        let Some(at) = self.pending.iter().position(|pending| pending.reference == reference) else {
            return false;
        };
        if !retry {
            let gone = self.pending.remove(at);
            if gone.is_some_and(|gone| self.shared.figures.is_measured(gone.mark.due_us)) {
                self.shared.figures.counters.rejected.fetch_add(1, Relaxed);
            }
        }
        retry
    }
}
