//! What each frame of the server does.

use protocol::domain::{ids::OrderId, rejection::Code};
use protocol::{
    ClientFrame, SeenEntry, ServerFrame,
    server_frame::{Ack, Entries, Heartbeat, Rejected, Subscribed, Unsubscribed},
};
use tokio::time::Instant;

use super::{Engine, Room, pause};
use crate::{Event, Refused, questions::Question, timeline::Arrival};

/// The reason of an unasked `unsubscribed` after which the room can be had anew.
const RESYNC: &str = "resync_required";

impl Engine {
    /// A frame came.
    pub fn receive(&mut self, frame: ServerFrame, now: Instant) {
        match frame {
            ServerFrame::Entry(frame) => self.entry(frame.order, frame.entry, now),
            ServerFrame::Ack(ack) => self.ack(ack),
            ServerFrame::Snapshot(frame) if self.rooms.contains_key(&frame.order) => {
                self.events.push(Event::Snapshot { order: frame.order, snapshot: Box::new(frame.snapshot) });
            }
            ServerFrame::Signal(signal) => self.events.push(Event::Signal(signal)),
            ServerFrame::Heartbeat(heartbeat) => self.heartbeat(&heartbeat, now),
            ServerFrame::Subscribed(subscribed) => self.subscribed(*subscribed, now),
            ServerFrame::Entries(entries) => self.entries(entries, now),
            ServerFrame::Unsubscribed(unsubscribed) => self.unsubscribed(unsubscribed),
            ServerFrame::Rejected(rejected) => self.rejected(rejected, now),
            ServerFrame::Inbox(room) => self.events.push(Event::Inbox(room)),
            ServerFrame::Refreshed(refreshed) => drop(self.questions.answered(refreshed.reference)),
            // A snapshot of a room that was left; a welcome and a goodbye are the driver's.
            ServerFrame::Snapshot(_) | ServerFrame::Welcome(_) | ServerFrame::Goodbye(_) => {}
        }
    }

    fn entry(&mut self, order: OrderId, entry: SeenEntry, now: Instant) {
        let Some(room) = self.rooms.get_mut(&order) else { return };
        match room.timeline.take(entry) {
            Arrival::Next(entry) => {
                room.holes = 0;
                room.timeline.progressed(now);
                self.events.push(Event::Entry { order, entry });
            }
            Arrival::Old => {}
            Arrival::Gap => self.heal(order, now),
        }
    }

    /// Something is missing: the timeline after our place has it. At once the first time, slower if that did not help.
    fn heal(&mut self, order: OrderId, now: Instant) {
        let Some(room) = self.rooms.get_mut(&order) else { return };
        room.holes += 1;
        if room.holes == 1 {
            self.subscribe(order);
        } else {
            room.again_at = Some(now + pause(None) * room.holes.min(40));
        }
    }

    fn subscribed(&mut self, subscribed: Subscribed, now: Instant) {
        let Subscribed { reference, order, epoch, head, entries, snapshot, members, cursors } = subscribed;
        self.questions.answered(reference);
        let Some(room) = self.rooms.get_mut(&order).filter(|room| room.question == Some(reference)) else {
            return;
        };
        room.question = None;
        if room.timeline.is_of_another(epoch) {
            return self.resync(order);
        }
        room.timeline.joined(epoch, head, entries.first().map(|entry| entry.seq), now);
        for reply in room.waiting.drain(..) {
            let _ = reply.send(Ok(()));
        }
        self.events.push(Event::Subscribed { order, snapshot: Box::new(snapshot), members, cursors });
        for entry in entries {
            self.entry(order, entry, now);
        }
    }

    fn entries(&mut self, page: Entries, now: Instant) {
        match page.reference.map(|reference| self.questions.answered(reference)) {
            Some(Some(Question::History(ask))) => ask.answer(Ok(page)),
            Some(_) => {}
            None => {
                let Entries { order, entries, head, .. } = page;
                for entry in entries {
                    self.entry(order, entry, now);
                }
                if let Some(room) = self.rooms.get_mut(&order) {
                    room.timeline.heard_head(head, now);
                }
            }
        }
    }

    fn heartbeat(&mut self, heartbeat: &Heartbeat, now: Instant) {
        self.frames.push(ClientFrame::Heartbeat {});
        for (order, head) in &heartbeat.heads {
            if let Some(room) = self.rooms.get_mut(order) {
                room.timeline.heard_head(*head, now);
            }
        }
    }

    fn ack(&mut self, ack: Ack) {
        // On a socket every ack names the frame it answers.
        let Some(reference) = ack.reference else { return };
        let Some(Question::Command(order)) = self.questions.answered(reference) else { return };
        if let Some(reply) = self.outbox.settle(order, reference) {
            reply.answer(Ok(ack));
        }
    }

    fn unsubscribed(&mut self, unsubscribed: Unsubscribed) {
        let Unsubscribed { reference, order, reason } = unsubscribed;
        if let Some(reference) = reference {
            self.questions.answered(reference);
            return;
        }
        let reason = reason.unwrap_or_default();
        if reason == RESYNC {
            self.resync(order);
        } else {
            self.lose(order, &Refused::told(&reason));
        }
    }

    fn rejected(&mut self, rejected: Rejected, now: Instant) {
        let reference = rejected.reference;
        match self.questions.answered(reference) {
            Some(Question::Command(order)) if rejected.retry => {
                self.outbox.again(order, reference, now + pause(rejected.retry_after_ms));
            }
            Some(Question::Command(order)) => {
                if let Some(reply) = self.outbox.settle(order, reference) {
                    reply.answer(Err(Refused::from(rejected).into()));
                }
            }
            Some(Question::Subscribe(order)) => self.not_subscribed(order, rejected, now),
            Some(Question::History(ask)) => ask.answer(Err(Refused::from(rejected).into())),
            Some(Question::Unsubscribe | Question::Refresh) | None => {}
        }
    }

    fn not_subscribed(&mut self, order: OrderId, rejected: Rejected, now: Instant) {
        let asked = |room: &&mut Room| room.question == Some(rejected.reference);
        let Some(room) = self.rooms.get_mut(&order).filter(asked) else { return };
        room.question = None;
        if rejected.retry {
            room.again_at = Some(now + pause(rejected.retry_after_ms));
        } else if rejected.code == Code::ResyncRequired {
            self.resync(order);
        } else {
            self.lose(order, &Refused::from(rejected));
        }
    }

    /// The room belongs to another history now: it starts anew.
    fn resync(&mut self, order: OrderId) {
        let Some(room) = self.rooms.get_mut(&order) else { return };
        room.timeline.reset();
        self.events.push(Event::Resynced { order });
        self.subscribe(order);
    }

    /// The room cannot be followed: whoever waits for it is told, else the application.
    fn lose(&mut self, order: OrderId, refused: &Refused) {
        let Some(room) = self.rooms.remove(&order) else { return };
        if room.waiting.is_empty() {
            self.events.push(Event::Unsubscribed { order, reason: refused.code.to_string() });
        }
        room.give_up(refused);
    }
}
