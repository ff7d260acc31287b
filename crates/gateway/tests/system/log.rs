//! What one device of a participant saw and asked: the raw material of the checker.
//!
//! Only facts, in the order they happened. Judging them is the checker's work.

use std::{collections::BTreeMap, time::Duration};

use order_domain::{
    command::Command,
    ids::{CommandId, OrderId, UserId},
    rejection::Code,
    values::Seq,
};
use protocol::{SeenEntry, Snapshot, WireCode};
use tokio::time::Instant;

/// Everything of one device, or of somebody who only asks over HTTP.
#[derive(Clone, Debug)]
pub struct Log {
    /// For people who read a breach.
    pub device: String,
    /// Whose it is.
    pub user: UserId,
    /// Commands in the order they were asked.
    pub attempts: Vec<Attempt>,
    /// What was read, by room.
    pub rooms: BTreeMap<OrderId, Reading>,
    /// From the loss of a connection until every followed room had caught up.
    pub resumes: Vec<Duration>,
    /// Close codes that the server announced.
    pub goodbyes: Vec<u16>,
    /// When connections were lost.
    pub losses: Vec<Instant>,
    /// Whatever the protocol forbids: found while reading, judged later.
    pub faults: Vec<String>,
}

/// One command, however often it had to be sent.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Who asked.
    pub user: UserId,
    /// The id that makes it exactly-once.
    pub id: CommandId,
    /// The room.
    pub order: OrderId,
    /// What.
    pub command: Command,
    /// When it was first sent.
    pub asked: Instant,
    /// The final answer and when it came; `None` while nobody knows.
    pub answer: Option<(Instant, Answer)>,
    /// A connection broke in between, so it was sent more than once: a refusal speaks of the last time only.
    pub resent: bool,
}

/// A final answer. "Try again" is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Committed.
    Acked { first: Option<Seq>, last: Option<Seq>, duplicate: bool },
    /// Refused for good: this attempt had no effect.
    Refused(WireCode),
}

/// One room on one device.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Every entry as it was handed to the application.
    pub deliveries: Vec<(Instant, SeenEntry)>,
    /// The newest snapshot.
    pub snapshot: Option<Snapshot>,
    /// Followed right now.
    pub live: bool,
    /// When access was withdrawn, unless it was given again.
    pub withdrawn: Option<Instant>,
}

impl Log {
    pub fn new(device: impl Into<String>, user: UserId) -> Self {
        Self {
            device: device.into(),
            user,
            attempts: Vec::new(),
            rooms: BTreeMap::new(),
            resumes: Vec::new(),
            goodbyes: Vec::new(),
            losses: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub fn is_answered(&self) -> bool {
        self.attempts.iter().all(|attempt| attempt.answer.is_some())
    }

    /// Where the device is in a room; 0 before anything was read.
    pub fn last(&self, order: OrderId) -> Seq {
        self.rooms.get(&order).map_or(Seq(0), Reading::last)
    }

    pub fn snapshot(&self, order: OrderId) -> Option<&Snapshot> {
        self.rooms.get(&order)?.snapshot.as_ref()
    }

    pub fn answer(&self, id: CommandId) -> Option<&Answer> {
        let answered = self.attempts.iter().rev().find(|attempt| attempt.id == id)?;
        answered.answer.as_ref().map(|(_, answer)| answer)
    }
}

impl Attempt {
    /// Refused, and sent once: it had no effect.
    pub fn had_no_effect(&self) -> bool {
        !self.resent && matches!(self.answer, Some((_, Answer::Refused(_))))
    }
}

impl Reading {
    pub fn last(&self) -> Seq {
        self.deliveries.last().map_or(Seq(0), |(_, entry)| entry.seq)
    }
}

impl Answer {
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(code) => code.known(),
            Self::Acked { .. } => None,
        }
    }

    pub fn is_ack(&self) -> bool {
        matches!(self, Self::Acked { .. })
    }
}
