//! What can be wrong.

use std::fmt;

use uuid::Uuid;

/// A broken promise, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Who noticed.
    pub who: String,
    /// The room, as numbered in the run, where it is one.
    pub room: Option<u32>,
    /// What.
    pub fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries are missing before this one (G4).
    Gap {
        /// The last one before the gap.
        last: u64,
        /// The first one after it.
        seq: u64,
    },
    /// Heard before (G4).
    Repeated {
        /// The last one.
        last: u64,
        /// What came again.
        seq: u64,
    },
    /// Came after entries that stand behind it (G4).
    Late {
        /// The last one.
        last: u64,
        /// What came too late.
        seq: u64,
    },
    /// Members of one room heard the same entries in different orders (G4).
    Order {
        /// How many orders there were.
        orders: u64,
    },
    /// Two members saw different things up to here (G3, G4).
    Diverged {
        /// The first place at which it shows.
        seq: u64,
    },
    /// Not everything arrived, and nobody said so (G5).
    Behind {
        /// The last one that arrived.
        last: u64,
        /// Entries before it that did not.
        missing: u64,
        /// What exists.
        head: u64,
    },
    /// Delivered, but not in the store (G1).
    NotStored {
        /// The last one delivered.
        delivered: u64,
        /// The last one stored.
        stored: u64,
    },
    /// Accepted, but not where the ack said (G1).
    LostAck {
        /// Where it should be.
        seq: u64,
        /// The command.
        id: Uuid,
        /// Where it is instead.
        elsewhere: Option<u64>,
    },
    /// One command, two entries (G2).
    Twice {
        /// The second one.
        seq: u64,
        /// The command.
        id: Uuid,
    },
    /// Seen by somebody who may not see it (G8).
    Leak {
        /// What betrayed it.
        canary: String,
    },
    /// A frame of a room that was not subscribed (G8).
    OtherRoom {
        /// The order.
        order: String,
    },
    /// A frame that is none of the protocol's.
    Unreadable {
        /// Why.
        problem: String,
    },
    /// A command that was neither acked nor refused in time (G2).
    Unanswered {
        /// The command.
        id: Uuid,
    },
    /// Something that every user can do could not be done.
    Failed {
        /// What, and why.
        problem: String,
    },
}

impl Breach {
    /// Somebody noticed something.
    pub fn new(who: impl Into<String>, room: impl Into<Option<u32>>, fault: Fault) -> Self {
        Self { who: who.into(), room: room.into(), fault }
    }
}

impl Fault {
    /// One word, for counts.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "gap",
            Self::Repeated { .. } => "repeated",
            Self::Late { .. } => "late",
            Self::Order { .. } => "order",
            Self::Diverged { .. } => "diverged",
            Self::Behind { .. } => "behind",
            Self::NotStored { .. } => "not stored",
            Self::LostAck { .. } => "lost ack",
            Self::Twice { .. } => "twice",
            Self::Leak { .. } => "leak",
            Self::OtherRoom { .. } => "other room",
            Self::Unreadable { .. } => "unreadable",
            Self::Unanswered { .. } => "unanswered",
            Self::Failed { .. } => "failed",
        }
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed { problem: format!("{error:#}") }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(room) = self.room {
            write!(f, "room {room}, ")?;
        }
        write!(f, "{}: ", self.who)?;
        match &self.fault {
            Fault::Gap { last, seq } => write!(f, "entry {seq} came after {last}: some are missing"),
            Fault::Repeated { last, seq } => write!(f, "entry {seq} came again, after {last}"),
            Fault::Late { last, seq } => write!(f, "entry {seq} came too late, after {last}"),
            Fault::Order { orders } => write!(f, "its members heard it in {orders} different orders"),
            Fault::Diverged { seq } => write!(f, "saw another timeline than a member before, at entry {seq}"),
            Fault::Behind { last, missing: 0, head } => {
                write!(f, "stopped at entry {last} although there are {head}")
            }
            Fault::Behind { last, missing, head } => {
                write!(f, "stopped at entry {last} of {head}, and {missing} before it never came")
            }
            Fault::NotStored { delivered, stored } => {
                write!(f, "{delivered} entries were delivered, only {stored} are stored")
            }
            Fault::LostAck { seq, id, elsewhere: None } => {
                write!(f, "command {id} was acked at {seq} and is not there")
            }
            Fault::LostAck { seq, id, elsewhere: Some(other) } => {
                write!(f, "command {id} was acked at {seq} and stands at {other}")
            }
            Fault::Twice { seq, id } => write!(f, "command {id} happened a second time, at entry {seq}"),
            Fault::Leak { canary } => write!(f, "received {canary}, which it must not see"),
            Fault::OtherRoom { order } => {
                write!(f, "received a frame of the room {order}, which it does not follow")
            }
            Fault::Unreadable { problem } | Fault::Failed { problem } => write!(f, "{problem}"),
            Fault::Unanswered { id } => write!(f, "command {id} got no answer"),
        }
    }
}
