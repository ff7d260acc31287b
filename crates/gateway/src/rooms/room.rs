//! One order's live audience on this node: who follows it, how far each was served, what comes next.
//!
//! A short lock, no await inside, no truth: everything here can be read again from the timeline.

use std::{sync::Arc, time::Instant};

use order_actions::RoomView;
use order_domain::{
    ids::{OrderId, UserId},
    participant::Role,
    values::{Seq, Timestamp},
};
use parking_lot::Mutex;
use protocol::{
    ServerFrame,
    room::Presence as State,
    server_frame::{ACCESS_WITHDRAWN, Signal, SignalKind, Unsubscribed},
};
use uuid::Uuid;

use super::{
    member::{Membership, Phase},
    presence::{Change, Presence, Present},
    sequencer::Sequencer,
    show,
};
use crate::socket::{Frame, peer::Peer, wire::Wire};

/// An audience.
#[derive(Debug)]
pub struct Room {
    /// Of this order.
    pub order: OrderId,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    sequencer: Sequencer<Wire>,
    members: Vec<Membership>,
    presence: Presence,
    /// What was shown last.
    shown: Shown,
    /// A view that is ahead of the entries that went out; shown when they have caught up.
    ahead: Option<Arc<RoomView>>,
    readers: Readers,
    tickets: u64,
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

/// The order as it was shown last.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub version: u64,
    pub claimed_by: Option<UserId>,
    pub at: Option<Timestamp>,
}

/// What has to be read from the database for this room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Wanted {
    /// Entries are missing.
    pub entries: bool,
    /// The order has a newer version.
    pub view: bool,
}

impl Room {
    /// An audience of nobody.
    pub fn new(order: OrderId) -> Self {
        Self { order, inside: Mutex::default() }
    }

    /// Takes a place, catching up; a socket has one place, the newest. `None` when the room has closed.
    pub fn enter(&self, peer: &Arc<Peer>, role: Role, visible: bool) -> Option<u64> {
        let mut inside = self.inside.lock();
        if inside.closed {
            return None;
        }
        inside.tickets += 1;
        let ticket = inside.tickets;
        inside.members.retain(|member| !member.is(peer.session));
        if inside.members.len() == inside.members.capacity() {
            let more = inside.members.len().max(1);
            inside.members.reserve_exact(more);
        }
        let (peer, phase) = (Arc::clone(peer), Phase::CatchingUp);
        inside.members.push(Membership { peer, role, visible, ticket, phase, version: 0 });
        Some(ticket)
    }

    /// Queues a frame for the place of this ticket, if it is still there.
    pub fn serve(&self, session: Uuid, ticket: u64, wire: Wire) -> bool {
        let mut inside = self.inside.lock();
        inside.place(session, ticket).map(|member| member.peer.queue.push(wire)).is_some()
    }

    /// Notes which version of the order the place was shown.
    pub fn showed(&self, session: Uuid, ticket: u64, version: u64) {
        if let Some(member) = self.inside.lock().place(session, ticket) {
            member.version = version;
        }
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
            let Inside { sequencer, members, .. } = inside;
            sequencer.start(last, |seq, wire| deliver(members, seq, &wire));
        }
        let head = inside.sequencer.head().expect("it has begun");
        if head > last {
            return Err(last);
        }
        inside.sequencer.learn(last);
        let shown = inside.shown.version;
        let Some(member) = inside.place(session, ticket) else { return Ok(None) };
        member.phase = Phase::Live(last);
        let (user, behind) = (member.peer.user().clone(), member.version < shown);
        inside.readers.stale |= behind;
        inside.appear(self.order, &user);
        inside.show_ahead(self.order);
        Ok(Some(inside.wanted()))
    }

    /// Gives up the place of a socket; true if it had one and that was the last one.
    pub fn leave(&self, session: Uuid, ticket: Option<u64>) -> bool {
        let mut inside = self.inside.lock();
        let is_it =
            |member: &Membership| member.is(session) && ticket.is_none_or(|ticket| ticket == member.ticket);
        let Some(at) = inside.members.iter().position(is_it) else { return false };
        let user = inside.members.swap_remove(at).peer.user().clone();
        inside.appear(self.order, &user);
        inside.members.is_empty()
    }

    /// Closes the room if nobody is in it.
    pub fn close_if_empty(&self) -> bool {
        let mut inside = self.inside.lock();
        inside.closed |= inside.members.is_empty();
        inside.closed
    }

    /// Entries, in whatever order they came.
    pub fn deliver(&self, entries: impl IntoIterator<Item = (Seq, Wire)>) -> Wanted {
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        inside.busy_at = Some(Instant::now());
        for (seq, wire) in entries {
            let Inside { sequencer, members, .. } = inside;
            sequencer.offer(seq, wire, |seq, wire| deliver(members, seq, &wire));
        }
        inside.show_ahead(self.order);
        inside.wanted()
    }

    /// The order as it is now: each member gets its snapshot after the entries that led to it.
    pub fn show(&self, view: &Arc<RoomView>) -> Wanted {
        let mut inside = self.inside.lock();
        inside.withdraw_from(self.order, view);
        if inside.sequencer.head().is_none_or(|head| head < view.head) {
            inside.sequencer.learn(view.head);
            if inside.ahead.as_ref().is_none_or(|known| known.version <= view.version) {
                inside.ahead = Some(Arc::clone(view));
            }
        } else {
            inside.show(self.order, view);
        }
        inside.wanted()
    }

    /// The truth is at least this far.
    pub fn learn(&self, head: Seq, version: u64) -> Wanted {
        let mut inside = self.inside.lock();
        inside.sequencer.learn(head);
        let ahead = inside.ahead.as_ref().map_or(0, |view| view.version);
        inside.readers.stale |= version > inside.shown.version.max(ahead);
        inside.wanted()
    }

    /// Something of the order changed that no version counts: a claim.
    pub fn look_again(&self) -> Wanted {
        let mut inside = self.inside.lock();
        inside.readers.stale = true;
        inside.wanted()
    }

    /// Begins to read what is missing; the seq to read after. `None` when nothing is, or somebody does already.
    pub fn begin_healing(&self) -> Option<Seq> {
        let mut inside = self.inside.lock();
        let after = inside.sequencer.missing_after().filter(|_| !inside.readers.healing)?;
        inside.readers.healing = true;
        Some(after)
    }

    /// After a page was offered: where the next one begins, while something is missing.
    pub fn heal_on(&self) -> Option<Seq> {
        self.inside.lock().sequencer.missing_after()
    }

    /// The timeline ends here, whatever was said of more.
    pub fn correct(&self, head: Seq) {
        self.inside.lock().sequencer.correct(head);
    }

    /// Nobody reads any more.
    pub fn end_healing(&self) {
        self.inside.lock().readers.healing = false;
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
    pub fn withdraw(&self, users: &[UserId]) {
        self.inside.lock().withdraw(self.order, |member| users.contains(member.peer.user()));
    }

    /// Tells everybody but `signal.user` themselves.
    pub fn signal(&self, signal: &Signal) {
        self.inside.lock().signal(signal);
    }

    /// Recomputes how a user of this node is seen.
    pub fn appear(&self, user: &UserId) -> bool {
        self.inside.lock().appear(self.order, user)
    }

    /// What another node says of its users; true when it is new here, so it does not know of ours.
    pub fn hear(&self, node: Uuid, set: Vec<Present>) -> bool {
        let mut inside = self.inside.lock();
        let is_new = !set.is_empty() && !inside.presence.knows(node);
        let changes = inside.presence.hear(node, set, Instant::now());
        inside.tell(self.order, changes);
        is_new
    }

    /// Forgets what silent nodes said.
    pub fn forget_silent(&self) {
        let mut inside = self.inside.lock();
        let changes = inside.presence.forget(Instant::now());
        inside.tell(self.order, changes);
    }

    /// The users of this node that others may know of.
    pub fn present(&self) -> Vec<Present> {
        self.inside.lock().presence.local().to_vec()
    }

    /// How a user is seen.
    pub fn presence_of(&self, user: &UserId) -> State {
        self.inside.lock().presence.of(user)
    }

    /// The part of a socket's user, if it is served live and others may know.
    pub fn visible(&self, session: Uuid) -> bool {
        let inside = self.inside.lock();
        inside.members.iter().any(|member| member.is(session) && member.visible && member.is_live())
    }

    /// Is the place of this ticket still held?
    pub fn holds(&self, session: Uuid, ticket: u64) -> bool {
        self.inside.lock().place(session, ticket).is_some()
    }

    /// Does staff follow the room?
    pub fn has_staff(&self) -> bool {
        self.inside.lock().members.iter().any(Membership::is_staff)
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
        self.inside.lock().members.len()
    }

    /// Nobody here?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn deliver(members: &mut [Membership], seq: Seq, wire: &Wire) {
    for member in members {
        member.deliver(seq, wire);
    }
}

impl Inside {
    fn place(&mut self, session: Uuid, ticket: u64) -> Option<&mut Membership> {
        self.members.iter_mut().find(|member| member.is(session) && member.ticket == ticket)
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            entries: self.sequencer.missing_after().is_some() && !self.readers.healing,
            view: self.readers.stale && !self.readers.looking,
        }
    }

    fn show_ahead(&mut self, order: OrderId) {
        let head = self.sequencer.head();
        if let Some(view) = self.ahead.take_if(|view| head.is_some_and(|head| head >= view.head)) {
            self.show(order, &view);
        }
    }

    fn show(&mut self, order: OrderId, view: &RoomView) {
        show::show(order, view, &mut self.shown, &mut self.members);
    }

    /// Staff may be here while they have the case or joined it.
    fn withdraw_from(&mut self, order: OrderId, view: &RoomView) {
        if self.shown.at.is_some_and(|at| at > view.now) {
            return; // An older look.
        }
        self.withdraw(order, |member| {
            let user = member.peer.user();
            member.role == Role::Agent
                && !view.agents.contains(user)
                && view.claimed_by.as_ref() != Some(user)
        });
    }

    fn withdraw(&mut self, order: OrderId, from: impl Fn(&Membership) -> bool) {
        let (out, stay) = std::mem::take(&mut self.members).into_iter().partition(from);
        self.members = stay;
        let reason = Some(ACCESS_WITHDRAWN.to_owned());
        for member in Vec::<Membership>::into_iter(out) {
            member.peer.unfollow(order);
            member.peer.send(&Frame::Unsubscribed(Unsubscribed {
                reference: None,
                order,
                reason: reason.clone(),
            }));
            self.appear(order, member.peer.user());
        }
    }

    /// True when others should hear of it.
    fn appear(&mut self, order: OrderId, user: &UserId) -> bool {
        let devices = self.members.iter().filter(|member| member.visible && member.is_live());
        let state =
            devices.filter(|member| member.peer.user() == user).map(|member| member.peer.presence()).min();
        let before = self.presence.local().iter().find(|(known, _)| known == user).map(|(_, state)| *state);
        let change = self.presence.set_local(user, state.unwrap_or(State::Gone));
        self.tell(order, change);
        before != state
    }

    fn tell(&self, order: OrderId, changes: impl IntoIterator<Item = Change>) {
        for Change { user, state } in changes {
            self.signal(&Signal { order, user, kind: SignalKind::Presence { state } });
        }
    }

    fn signal(&self, signal: &Signal) {
        let others =
            || self.members.iter().filter(|member| member.is_live() && *member.peer.user() != signal.user);
        if others().next().is_none() {
            return;
        }
        let wire = Wire::frame(&ServerFrame::<(), ()>::Signal(signal.clone()));
        others().for_each(|member| member.peer.queue.push(wire.clone()));
    }
}
