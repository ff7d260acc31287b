//! What the application asks of the task that owns the connection.

use protocol::domain::{
    command::Command,
    ids::{CommandId, OrderId},
    values::Seq,
};
use protocol::{
    Ref,
    client_frame::CommandFrame,
    room::Presence,
    server_frame::{Ack, Entries},
};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use uuid::Uuid;

use crate::{Closed, CommandError, RoomError};

/// A command with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The same id asks for the same thing: it happens at most once.
    pub id: CommandId,
    /// The room.
    pub order: OrderId,
    /// What.
    pub command: Command,
    /// Refuse it unless the order still has this version.
    pub expect_version: Option<u64>,
}

impl Ask {
    /// Something new, with an id of its own.
    pub fn new(order: OrderId, command: impl Into<Command>) -> Self {
        Self { id: CommandId(Uuid::now_v7()), order, command: command.into(), expect_version: None }
    }

    /// Only if the order still has this version.
    #[must_use]
    pub fn at_version(mut self, version: u64) -> Self {
        self.expect_version = Some(version);
        self
    }

    pub(crate) fn frame(self, reference: Ref) -> CommandFrame {
        let Self { id, order, command, expect_version } = self;
        CommandFrame { reference, id, order, command, expect_version }
    }
}

/// A place in a room's timeline, to begin after: what a program keeps when it stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The last entry that is known; none begins with the newest ones.
    pub after: Option<Seq>,
    /// The epoch in which it was read.
    pub epoch: Option<Uuid>,
}

impl Place {
    /// The newest entries, then live.
    pub const NEWEST: Self = Self { after: None, epoch: None };
    /// Every entry there ever was, then live.
    pub const START: Self = Self { after: Some(Seq(0)), epoch: None };
}

/// Who waits for a command, with its place in the outbox.
#[derive(Debug)]
pub(crate) struct CommandReply {
    pub to: oneshot::Sender<Result<Ack, CommandError>>,
    pub _place: OwnedSemaphorePermit,
}

/// Who waits for a page of history, with its place.
#[derive(Debug)]
pub(crate) struct HistoryAsk {
    pub order: OrderId,
    pub before: Seq,
    pub limit: u32,
    pub to: oneshot::Sender<Result<Entries, RoomError>>,
    pub _place: OwnedSemaphorePermit,
}

/// Who waits for a room.
pub(crate) type SubscribeReply = oneshot::Sender<Result<(), RoomError>>;

#[derive(Debug)]
pub(crate) enum Request {
    Subscribe { order: OrderId, from: Place, reply: SubscribeReply },
    Unsubscribe { order: OrderId },
    Command { ask: Ask, reply: CommandReply },
    History(HistoryAsk),
    Read { order: OrderId, seq: Seq },
    Typing { order: OrderId, on: bool },
    Presence(Presence),
    Move,
    Close,
}

impl CommandReply {
    pub fn answer(self, answer: Result<Ack, CommandError>) {
        // Whoever stopped waiting does not need it.
        let _ = self.to.send(answer);
    }
}

impl HistoryAsk {
    pub fn answer(self, answer: Result<Entries, RoomError>) {
        let _ = self.to.send(answer);
    }

    pub fn closed(self, closed: &Closed) {
        self.answer(Err(closed.clone().into()));
    }
}
