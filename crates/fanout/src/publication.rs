//! What one node tells the others, and what a node hears.
//!
//! Frames are opaque here: they are carried, never parsed.

use bytes::Bytes;
use order_domain::ids::{OrderId, UserId};
use order_domain::values::Seq;

use crate::channel::Channel;

/// One thing to tell the other nodes. It may be lost, repeated or overtaken on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publication {
    /// Committed entries of a room, in one frame. `first..=last`, at least one.
    Entry {
        /// The room.
        order: OrderId,
        /// Seq of the first entry in `frame`.
        first: Seq,
        /// Seq of the last entry in `frame`.
        last: Seq,
        /// The order's version after these entries.
        version: u64,
        /// True when they changed the order: subscribers need a new snapshot.
        changed: bool,
        /// The entries, encoded once by whoever committed them.
        frame: Bytes,
    },
    /// Ephemeral news of a room: typing, presence, read cursors.
    Signal {
        /// The room.
        order: OrderId,
        /// The signal, in the gateway's own encoding.
        frame: Bytes,
    },
    /// A room of this user has moved on.
    Head {
        /// Whose inbox it stands in.
        user: UserId,
        /// The room.
        order: OrderId,
        /// Its last seq.
        head: Seq,
    },
    /// News for every node, such as a revocation.
    Node {
        /// The news, in the gateway's own encoding.
        frame: Bytes,
    },
}

impl Publication {
    /// Who gets to hear it.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Entry { order, .. } | Self::Signal { order, .. } => Channel::Room(*order),
            Self::Head { user, .. } => Channel::User(user.clone()),
            Self::Node { .. } => Channel::Node,
        }
    }

    /// Bytes that travel behind the header.
    pub(crate) fn payload(&self) -> &[u8] {
        match self {
            Self::Entry { frame, .. } | Self::Signal { frame, .. } | Self::Node { frame } => frame,
            Self::Head { user, .. } => user.as_str().as_bytes(),
        }
    }
}

/// What a node hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Another node's publication. A node never hears its own.
    News(Publication),
    /// Something may have been missed up to here: every active room has to be compared
    /// with the database. Numbers rise and may skip.
    Generation(u64),
}
