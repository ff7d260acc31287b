//! What is asked of a room, and what came of it.

use std::sync::Arc;

use order_domain::{
    command::Command,
    event::Entry,
    ids::{CommandId, OrderId, UserId},
    values::Seq,
};

use crate::{repeat::Outcome, room::RoomView};

/// A command for a room.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The room.
    pub order: OrderId,
    /// Makes it exactly-once.
    pub id: CommandId,
    /// What is asked.
    pub command: Command,
    /// Refuse if the order is at another version.
    pub expect_version: Option<u64>,
}

/// What one transaction made true.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The room.
    pub order: OrderId,
    /// First entry of the command itself; none when nothing went to the timeline.
    pub first: Option<Seq>,
    /// Last entry of the command itself.
    pub last: Option<Seq>,
    /// The order's version after the command.
    pub version: u64,
    /// It had happened before: nothing was written now.
    pub duplicate: bool,
    /// Everything this transaction appended, timers that fired first included; empty for a duplicate.
    pub entries: Vec<Arc<Entry>>,
    /// The room as it is now, when the order or its desk changed: what snapshots are made of.
    pub room: Option<Arc<RoomView>>,
    /// One side.
    pub buyer: UserId,
    /// The other.
    pub seller: UserId,
    /// A claim changed: staff need a fresh snapshot.
    pub desk_changed: bool,
    /// Whose access ended by this.
    pub agents_out: Vec<UserId>,
}

impl Committed {
    /// What is answered, with nothing yet that others would have to hear.
    pub(crate) fn of(order: OrderId, outcome: Outcome, [buyer, seller]: [UserId; 2]) -> Self {
        let Outcome { first, last, version } = outcome;
        Self {
            order,
            first,
            last,
            version,
            duplicate: false,
            entries: Vec::new(),
            room: None,
            buyer,
            seller,
            desk_changed: false,
            agents_out: Vec::new(),
        }
    }
}
