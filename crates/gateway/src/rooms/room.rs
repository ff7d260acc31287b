//! One order on this node: its audience, how far each was served, and what has to be read for it.
//!
//! A short lock, no await inside, no truth: everything here can be read again from the timeline.

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Instant};

use order_actions::RoomView;
use order_domain::{
    ids::{OrderId, UserId},
    participant::Role,
    values::Seq,
};
use parking_lot::Mutex;
use protocol::{room::Presence as State, server_frame::Signal};
use uuid::Uuid;

use super::{
    audience::Audience,
    member::{Membership, Phase},
    presence::Present,
    sequencer::Sequencer,
};
use crate::socket::{peer::Peer, wire::Wire};

/// A room.
#[derive(Debug)]
pub struct Room {
    /// Of this order.
    pub order: OrderId,
    inside: Mutex<Inside>,
}

#[derive(Debug)]
struct Inside {
    sequencer: Sequencer<Wire>,
    audience: Audience,
    /// A view that is ahead of the entries that went out; shown when they have caught up.
    ahead: Option<Arc<RoomView>>,
    readers: Readers,
    busy_at: Option<Instant>,
    /// The last member left: nobody may come in here any more.
    closed: bool,
}

/// Who reads from the database for this room: at most one of each.
#[derive(Debug, Default)]
struct Readers {
    /// Somebody reads what is missing.
    healing: bool,
    /// Somebody reads the order.
    looking: bool,
    /// A newer version than the one shown is known to exist.
    stale: bool,
}

/// What is to be done for this room, most of it reading from the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Wanted {
    /// Entries are missing.
    pub entries: bool,
    /// The order has a newer version.
    pub view: bool,
    /// Nothing to read: others are seen here than before, and the other nodes do not know.
    pub announcement: bool,
}

impl Wanted {
    /// Both.
    pub fn and(self, more: Self) -> Self {
        Self {
            entries: self.entries | more.entries,
            view: self.view | more.view,
            announcement: self.announcement | more.announcement,
        }
    }
}

impl Room {
    /// With an audience of nobody.
    pub fn new(order: OrderId) -> Self {
        let inside = Inside {
            sequencer: Sequencer::default(),
            audience: Audience::new(order),
            ahead: None,
            readers: Readers::default(),
            busy_at: None,
            closed: false,
        };
        Self { order, inside: Mutex::new(inside) }
    }

    /// Takes a place, catching up; a socket has one place, the newest. `None` when the room has closed.
    pub fn enter(&self, peer: &Arc<Peer>, role: Role, visible: bool) -> Option<u64> {
        let mut inside = self.inside.lock();
        (!inside.closed).then(|| inside.audience.enter(peer, role, visible))
    }

    /// Queues a frame for the place of this ticket, if it is still there.
    pub fn serve(&self, session: Uuid, ticket: u64, wire: Wire) -> bool {
        self.inside
            .lock()
            .audience
            .place(session, ticket)
            .map(|member| member.peer.queue.push(wire))
            .is_some()
    }

    /// The place is shown the order as it is now. It was read for everybody: what others missed of it they get too,
    /// and nobody reads it again to find out.
    pub fn showed(&self, session: Uuid, ticket: u64, view: &Arc<RoomView>) -> Wanted {
        if let Some(member) = self.inside.lock().audience.place_mut(session, ticket) {
            member.version = view.version;
        }
        self.show(view)
    }

    /// The place was served up to `last`, and the timeline reached `head` then: live from here on if that is all.
    ///
    /// `Err` when the room is ahead: the next page begins after `last`. `Ok(None)`: the place is gone.
    pub fn go_live(&self, session: Uuid, ticket: u64, last: Seq, head: Seq) -> Result<Option<Wanted>, Seq> {
        if last < head {
            return Err(last);
        }
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        if inside.sequencer.head().is_none() {
            let Inside { sequencer, audience, .. } = inside;
            sequencer.start(last, |seq, wire| audience.deliver(seq, &wire));
        }
        let head = inside.sequencer.head().expect("it has begun");
        if head > last {
            return Err(last);
        }
        inside.sequencer.learn(last);
        let shown = inside.audience.shown().version;
        let Some(member) = inside.audience.place_mut(session, ticket) else { return Ok(None) };
        member.phase = Phase::Live(last);
        let (user, behind) = (member.peer.user().clone(), member.version < shown);
        inside.readers.stale |= behind;
        inside.audience.appear(&user);
        inside.show_ahead();
        Ok(Some(inside.wanted()))
    }

    /// Gives up the place of a socket; true if it had one and that was the last one.
    pub fn leave(&self, session: Uuid, ticket: Option<u64>) -> bool {
        let mut inside = self.inside.lock();
        inside.audience.leave(session, ticket) && inside.audience.members().is_empty()
    }

    /// Closes the room if nobody is in it.
    pub fn close_if_empty(&self) -> bool {
        let mut inside = self.inside.lock();
        inside.closed |= inside.audience.members().is_empty();
        inside.closed
    }

    /// Entries, in whatever order they came.
    pub fn deliver(&self, entries: impl IntoIterator<Item = (Seq, Wire)>) -> Wanted {
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        inside.busy_at = Some(Instant::now());
        for (seq, wire) in entries {
            let Inside { sequencer, audience, .. } = inside;
            sequencer.offer(seq, wire, |seq, wire| audience.deliver(seq, &wire));
        }
        inside.show_ahead();
        inside.wanted()
    }

    /// The order as it is now: each member gets its snapshot after the entries that led to it.
    pub fn show(&self, view: &Arc<RoomView>) -> Wanted {
        let mut inside = self.inside.lock();
        let is_old = inside.ahead.as_ref().is_some_and(|known| known.version > view.version);
        let announcement = !is_old && inside.audience.follow_staff(view);
        if inside.sequencer.head().is_none_or(|head| head < view.head) {
            inside.sequencer.learn(view.head);
            if inside.ahead.as_ref().is_none_or(|known| known.version <= view.version) {
                inside.ahead = Some(Arc::clone(view));
            }
        } else {
            inside.audience.show(view);
        }
        Wanted { announcement, ..inside.wanted() }
    }

    /// The truth is at least this far.
    pub fn learn(&self, head: Seq, version: u64) -> Wanted {
        let mut inside = self.inside.lock();
        inside.sequencer.learn(head);
        let ahead = inside.ahead.as_ref().map_or(0, |view| view.version);
        inside.readers.stale |= version > inside.audience.shown().version.max(ahead);
        inside.wanted()
    }

    /// Something of the order changed that no version counts: a claim.
    pub fn look_again(&self) -> Wanted {
        let mut inside = self.inside.lock();
        inside.readers.stale = true;
        inside.wanted()
    }

    /// Begins to read what is missing; false when nothing is, or somebody does already.
    pub fn begin_healing(&self) -> bool {
        let mut inside = self.inside.lock();
        let begins = inside.wanted().entries;
        inside.readers.healing |= begins;
        begins
    }

    /// Where the next page begins, while something is missing.
    pub fn heal_on(&self) -> Option<Seq> {
        self.inside.lock().sequencer.missing_after()
    }

    /// The timeline ends here, whatever was said of more.
    pub fn correct(&self, head: Seq) {
        self.inside.lock().sequencer.correct(head);
    }

    /// Nobody reads any more. What was missed at the last moment is wanted; after a failure the next sweep says so.
    pub fn end_healing(&self, failed: bool) -> Wanted {
        let mut inside = self.inside.lock();
        inside.readers.healing = false;
        if failed { Wanted::default() } else { inside.wanted() }
    }

    /// Begins to read the order; false when somebody does already, or nobody needs it.
    pub fn begin_looking(&self) -> bool {
        let mut inside = self.inside.lock();
        let begins = inside.readers.stale && !inside.readers.looking;
        if begins {
            (inside.readers.looking, inside.readers.stale) = (true, false);
        }
        begins
    }

    /// Nobody reads the order any more; it is still to be read if that failed.
    pub fn end_looking(&self, failed: bool) -> Wanted {
        let mut inside = self.inside.lock();
        inside.readers.looking = false;
        inside.readers.stale |= failed;
        if failed { Wanted::default() } else { inside.wanted() }
    }

    /// These users may not be here any more.
    pub fn withdraw(&self, users: &[UserId]) -> Wanted {
        let mut inside = self.inside.lock();
        let announcement = inside.audience.withdraw(|member| users.contains(member.peer.user()));
        Wanted { announcement, ..inside.wanted() }
    }

    /// Tells everybody but `signal.user` themselves.
    pub fn signal(&self, signal: &Signal) {
        self.inside.lock().audience.signal(signal);
    }

    /// Recomputes how a user of this node is seen.
    pub fn appear(&self, user: &UserId) -> bool {
        self.inside.lock().audience.appear(user)
    }

    /// What another node says of its users; true when it is new here, so it does not know of ours.
    pub fn hear(&self, node: Uuid, set: Vec<Present>) -> bool {
        self.inside.lock().audience.hear(node, set)
    }

    /// Forgets what silent nodes said.
    pub fn forget_silent(&self) {
        self.inside.lock().audience.forget_silent();
    }

    /// The users of this node that others may know of.
    pub fn present(&self) -> Vec<Present> {
        self.inside.lock().audience.presence().local().to_vec()
    }

    /// How a user is seen.
    pub fn presence_of(&self, user: &UserId) -> State {
        self.inside.lock().audience.presence().of(user)
    }

    /// The part of a socket's user, if it is served live and others may know.
    pub fn visible(&self, session: Uuid) -> bool {
        let inside = self.inside.lock();
        inside
            .audience
            .members()
            .iter()
            .any(|member| member.is(session) && member.visible && member.is_live())
    }

    /// Is the place of this ticket still held?
    pub fn holds(&self, session: Uuid, ticket: u64) -> bool {
        self.inside.lock().audience.place(session, ticket).is_some()
    }

    /// Does staff follow the room?
    pub fn has_staff(&self) -> bool {
        self.inside.lock().audience.members().iter().any(Membership::is_staff)
    }

    /// The last seq that went out here.
    pub fn head(&self) -> Option<Seq> {
        self.inside.lock().sequencer.head()
    }

    /// When entries came last.
    pub fn busy_at(&self) -> Option<Instant> {
        self.inside.lock().busy_at
    }

    /// Members, for tests and counts.
    pub fn len(&self) -> usize {
        self.inside.lock().audience.members().len()
    }

    /// Nobody here?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Inside {
    fn wanted(&self) -> Wanted {
        Wanted {
            entries: self.sequencer.missing_after().is_some() && !self.readers.healing,
            view: self.readers.stale && !self.readers.looking,
            announcement: false,
        }
    }

    fn show_ahead(&mut self) {
        let head = self.sequencer.head();
        if let Some(view) = self.ahead.take_if(|view| head.is_some_and(|head| head >= view.head)) {
            self.audience.show(&view);
        }
    }
}
