//! Who follows an order on this node, and what they are told: entries, snapshots, signals, that they must go.

use std::{sync::Arc, time::Instant};

use order_actions::RoomView;
use order_domain::{
    claim::Claim,
    ids::{OrderId, UserId},
    participant::Role,
    values::{Seq, Timestamp},
};
use protocol::{
    ServerFrame,
    room::Presence as State,
    server_frame::{ACCESS_WITHDRAWN, Signal, SignalKind, Unsubscribed},
};
use uuid::Uuid;

use super::{
    member::{Membership, Phase},
    presence::{Change, Presence, Present},
    show,
};
use crate::socket::{Frame, peer::Peer, wire::Wire};

/// The sockets in a room, and the users behind them.
#[derive(Debug)]
pub(super) struct Audience {
    order: OrderId,
    members: Vec<Membership>,
    presence: Presence,
    shown: Shown,
    tickets: u64,
}

/// The order as it was shown last.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub version: u64,
    pub claim: Option<Claim>,
    pub at: Option<Timestamp>,
}

impl Shown {
    /// Was the room looked at before what is shown?
    pub fn is_newer_than(&self, view: &RoomView) -> bool {
        self.version > view.version || self.at.is_some_and(|at| at > view.now)
    }
}

impl Audience {
    pub fn new(order: OrderId) -> Self {
        let (members, presence) = (Vec::new(), Presence::default());
        Self { order, members, presence, shown: Shown::default(), tickets: 0 }
    }

    pub fn members(&self) -> &[Membership] {
        &self.members
    }

    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// A new place, catching up; the older one of the same socket is gone.
    pub fn enter(&mut self, peer: &Arc<Peer>, role: Role, visible: bool) -> u64 {
        self.tickets += 1;
        self.members.retain(|member| !member.is(peer.session));
        if self.members.len() == self.members.capacity() {
            let more = self.members.len().max(1);
            self.members.reserve_exact(more);
        }
        let (peer, ticket, phase) = (Arc::clone(peer), self.tickets, Phase::CatchingUp);
        self.members.push(Membership { peer, role, visible, ticket, phase, version: 0 });
        ticket
    }

    pub fn place(&self, session: Uuid, ticket: u64) -> Option<&Membership> {
        self.members.iter().find(|member| member.is(session) && member.ticket == ticket)
    }

    pub fn place_mut(&mut self, session: Uuid, ticket: u64) -> Option<&mut Membership> {
        self.members.iter_mut().find(|member| member.is(session) && member.ticket == ticket)
    }

    /// Gives up the place of a socket; false if it had none.
    pub fn leave(&mut self, session: Uuid, ticket: Option<u64>) -> bool {
        let is_it =
            |member: &Membership| member.is(session) && ticket.is_none_or(|ticket| ticket == member.ticket);
        let Some(at) = self.members.iter().position(is_it) else { return false };
        let user = self.members.swap_remove(at).peer.user().clone();
        self.appear(&user);
        true
    }

    /// The next entry, to whoever is served live.
    pub fn deliver(&mut self, seq: Seq, wire: &Wire) {
        for member in &mut self.members {
            member.deliver(seq, wire);
        }
    }

    pub fn show(&mut self, view: &RoomView) {
        show::show(self.order, view, &mut self.shown, &mut self.members);
    }

    /// Staff may be here while they have the case or joined it, and are seen once they joined. True when other nodes
    /// should hear of it.
    pub fn follow_staff(&mut self, view: &RoomView) -> bool {
        if self.shown.is_newer_than(view) {
            return false;
        }
        let gone = self.withdraw(|member| {
            let user = member.peer.user();
            member.role == Role::Agent && !view.agents.contains(user) && view.claimed_by() != Some(user)
        });
        let mut turned = Vec::new();
        for member in self.members.iter_mut().filter(|member| member.is_staff()) {
            let visible = view.agents.contains(member.peer.user());
            if member.visible != visible {
                member.visible = visible;
                turned.push(Arc::clone(&member.peer));
            }
        }
        turned.iter().fold(gone, |news, peer| self.appear(peer.user()) | news)
    }

    pub fn withdraw(&mut self, from: impl Fn(&Membership) -> bool) -> bool {
        let (out, stay) = std::mem::take(&mut self.members).into_iter().partition(from);
        self.members = stay;
        let reason = Some(ACCESS_WITHDRAWN.to_owned());
        let mut news = false;
        for member in Vec::<Membership>::into_iter(out) {
            member.peer.unfollow(self.order);
            let (order, reason) = (self.order, reason.clone());
            member.peer.send(&Frame::Unsubscribed(Unsubscribed { reference: None, order, reason }));
            news |= self.appear(member.peer.user());
        }
        news
    }

    /// Recomputes how a user of this node is seen; true when others should hear of it.
    pub fn appear(&mut self, user: &UserId) -> bool {
        let devices = self.members.iter().filter(|member| member.visible && member.is_live());
        let state =
            devices.filter(|member| member.peer.user() == user).map(|member| member.peer.presence()).min();
        let before = self.presence.local().iter().find(|(known, _)| known == user).map(|(_, state)| *state);
        let change = self.presence.set_local(user, state.unwrap_or(State::Gone));
        self.tell(change);
        before != state
    }

    /// What another node says of its users; true when it is new here, so it does not know of ours.
    pub fn hear(&mut self, node: Uuid, set: Vec<Present>) -> bool {
        let is_new = !set.is_empty() && !self.presence.knows(node);
        let changes = self.presence.hear(node, set, Instant::now());
        self.tell(changes);
        is_new
    }

    /// Forgets what silent nodes said.
    pub fn forget_silent(&mut self) {
        let changes = self.presence.forget(Instant::now());
        self.tell(changes);
    }

    /// Tells everybody but `signal.user` themselves.
    pub fn signal(&self, signal: &Signal) {
        let others =
            || self.members.iter().filter(|member| member.is_live() && *member.peer.user() != signal.user);
        if others().next().is_none() {
            return;
        }
        let wire = Wire::frame(&ServerFrame::<(), ()>::Signal(signal.clone()));
        others().for_each(|member| member.peer.queue.push(wire.clone()));
    }

    fn tell(&self, changes: impl IntoIterator<Item = Change>) {
        for Change { user, state } in changes {
            self.signal(&Signal { order: self.order, user, kind: SignalKind::Presence { state } });
        }
    }
}
