//! What the application hears.

use std::time::Duration;

use protocol::domain::ids::OrderId;
use protocol::{
    SeenEntry, Snapshot,
    room::{Cursors, Member},
    server_frame::{InboxRoom, Signal, Welcome},
};

use crate::Closed;

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The connection changed. Nothing to do: the client looks after it.
    Connection(ConnectionState),
    /// A room is followed, for the first time or again after a reconnect; entries follow.
    Subscribed {
        /// The room.
        order: OrderId,
        /// As this role sees it.
        snapshot: Box<Snapshot>,
        /// Who may be in the room.
        members: Vec<Member>,
        /// How far they have read.
        cursors: Cursors,
    },
    /// One entry: for each room every one once, in order.
    Entry {
        /// The room.
        order: OrderId,
        /// What happened.
        entry: SeenEntry,
    },
    /// The order after a command. Some may be missing, never the last.
    Snapshot {
        /// The room.
        order: OrderId,
        /// As this role sees it.
        snapshot: Box<Snapshot>,
    },
    /// What was heard of this room belongs to another history: forget it, entries start anew (G5).
    Resynced {
        /// The room.
        order: OrderId,
    },
    /// The room is not followed any more, unasked.
    Unsubscribed {
        /// The room.
        order: OrderId,
        /// `access_withdrawn`, or the code of the refusal to come back.
        reason: String,
    },
    /// Something happened in a room that is not followed.
    Inbox(Box<InboxRoom>),
    /// Ephemeral; some are lost.
    Signal(Signal),
}

/// Where the connection stands.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionState {
    /// On the way to this endpoint.
    Connecting {
        /// As given in the options.
        endpoint: String,
    },
    /// Welcome at this endpoint.
    Connected {
        /// As given in the options.
        endpoint: String,
        /// What the server said.
        welcome: Box<Welcome>,
    },
    /// The connection ended; the client comes back after the delay.
    Waiting {
        /// The close code; 1006 when it just broke.
        code: u16,
        /// For logs.
        reason: String,
        /// Until the next attempt.
        delay: Duration,
    },
    /// Over: nothing more will come.
    Closed(Closed),
}
