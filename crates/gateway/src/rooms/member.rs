//! One socket in one room: who they are there, and how far they were served.

use std::sync::Arc;

use order_domain::{
    participant::{Actor, Role},
    values::Seq,
};
use uuid::Uuid;

use crate::socket::{peer::Peer, wire::Wire};

/// A socket's place in a room.
#[derive(Debug)]
pub struct Membership {
    /// The socket.
    pub peer: Arc<Peer>,
    /// Their part in this room.
    pub role: Role,
    /// False for staff who only look in: nobody is told that they are here.
    pub visible: bool,
    /// Which `subscribe` this place is from: a newer one ends the catching up of an older one.
    pub ticket: u64,
    /// Where it is.
    pub phase: Phase,
    /// Version of the last snapshot that was queued.
    pub version: u64,
}

/// How a socket is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reads the timeline by itself.
    CatchingUp,
    /// Was served up to here, and gets what comes.
    Live(Seq),
}

impl Membership {
    /// Queues a live entry, unless it was served already.
    pub fn deliver(&mut self, seq: Seq, wire: &Wire) {
        if let Phase::Live(last) = self.phase
            && seq > last
        {
            self.peer.queue.push(wire.clone());
            self.phase = Phase::Live(seq);
        }
    }

    /// Gets what comes.
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live(_))
    }

    /// Agents and admins.
    pub fn is_staff(&self) -> bool {
        self.role.is_staff()
    }

    /// As an author.
    pub fn actor(&self) -> Actor {
        match self.role {
            Role::Host => Actor::nobody(Role::Host),
            role => Actor::person(role, self.peer.caller.user.clone(), self.peer.caller.name.clone()),
        }
    }

    /// Is it this socket?
    pub fn is(&self, session: Uuid) -> bool {
        self.peer.session == session
    }
}
