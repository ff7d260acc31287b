//! A lean participant: one socket, one room, one task. It reads of each frame only what is judged and measured, comes
//! back with its cursor after every end, and sends again what was not answered.

mod dial;
mod heard;
mod line;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use protocol::Retry;
use rand::Rng as _;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{crowd::Crowd, figures::Figures, judge::Judge, judge::Reader, mark::Mark};
pub use dial::{DialError, Dialer, MESSAGE_BYTES, Socket};
use line::{End, Line};

/// Messages that wait for a socket; more are counted as unsent. Two seconds of what one socket is ever asked for.
pub const BACKLOG: usize = 1024;

/// What all participants of a run share.
#[derive(Debug)]
pub struct Shared {
    /// When the run began: marks count from here.
    pub start: std::time::Instant,
    /// The rooms.
    pub crowd: Crowd,
    /// Was it right?
    pub judge: Judge,
    /// How long did it take?
    pub figures: Figures,
    /// How far each participant has heard, by number.
    pub heard: Vec<AtomicU64>,
    /// Participants whose room's first pages have come.
    pub joined: AtomicU64,
    /// Participants that lost a connection and have not got everything back yet.
    pub away: AtomicU64,
    /// How they get in.
    pub dialer: Dialer,
    /// Somebody wants the run to end now.
    pub stop: CancellationToken,
}

/// One participant's place.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its number in the run.
    pub number: u32,
    /// Its room.
    pub room: u32,
    /// Which member of the room.
    pub member: u32,
    /// The nodes, in the order in which it tries them.
    pub urls: Vec<Arc<str>>,
}

/// What a participant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Say something that is due now.
    Say(Mark),
    /// Lose the connection without a word.
    Cut,
    /// Come back; what it takes counts from this moment.
    Return {
        /// Microseconds after the start.
        due_us: u64,
    },
    /// Lose it, and come back at once.
    Blink,
    /// Leave.
    Leave,
}

/// A participant that is in its room.
#[derive(Debug)]
pub struct Handle {
    /// Where it sits.
    pub seat: Seat,
    /// What it is told.
    pub asks: mpsc::Sender<Ask>,
    /// Ends with how far it heard.
    pub task: tokio::task::JoinHandle<Reader>,
}

/// What it keeps over connections.
#[derive(Debug)]
struct Participant {
    seat: Seat,
    name: String,
    user: Arc<str>,
    shared: Arc<Shared>,
    reader: Reader,
    epoch: Option<Uuid>,
    /// Without an answer, in the order in which it was to be said.
    pending: VecDeque<Pending>,
    last_reference: i64,
    /// A return that has not got everything yet.
    returning: Option<Return>,
    asks: mpsc::Receiver<Ask>,
    /// Whether its room was ever shown to it.
    joined: bool,
    /// What was said while it asks for pages itself, in frames as they came.
    held: Option<Vec<Box<str>>>,
    /// What the last page told it already: each such entry may come once more.
    paged: u64,
    /// Those that did.
    again: BTreeSet<u64>,
}

/// A message without an answer.
#[derive(Clone, Copy, Debug)]
struct Pending {
    reference: i64,
    mark: Mark,
    /// It was written at least once.
    said: bool,
}

/// The way back after an end.
#[derive(Clone, Copy, Debug)]
struct Return {
    /// When it was due.
    due_us: u64,
    /// What is to be reached, once it is known.
    head: Option<u64>,
    /// The end was not our doing: what was missed is as late as any other delivery.
    by_server: bool,
}

impl Shared {
    /// Microseconds since the start.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Takes a dialled socket over.
pub fn seat(shared: &Arc<Shared>, seat: Seat, socket: Socket) -> Handle {
    let (sender, asks) = mpsc::channel(BACKLOG);
    let user = shared.crowd.user(seat.room, seat.member).0.clone();
    let participant = Participant {
        name: format!("member {} ({user})", seat.member),
        user,
        seat: seat.clone(),
        shared: shared.clone(),
        reader: Reader::default(),
        epoch: None,
        pending: VecDeque::new(),
        last_reference: 1,
        returning: None,
        asks,
        joined: false,
        held: None,
        paged: 0,
        again: BTreeSet::new(),
    };
    Handle { seat, asks: sender, task: tokio::spawn(participant.live(socket)) }
}

impl Participant {
    async fn live(mut self, socket: Socket) -> Reader {
        let mut socket = Some(socket);
        let mut failures = 0_u32;
        loop {
            let end = match socket.take() {
                Some(socket) => {
                    failures = 0;
                    Line::new(&mut self, socket).run().await
                }
                None => match self.dial_again(failures).await {
                    Ok(again) => {
                        socket = Some(again);
                        continue;
                    }
                    Err(error) => {
                        self.shared.figures.dial_failed(&error.to_string());
                        End::of(&error)
                    }
                },
            };
            match end {
                End::Left => return self.reader,
                End::Cut => match self.wait_for_return().await {
                    Some(due_us) => self.returns(Return { due_us, head: None, by_server: false }),
                    None => return self.reader,
                },
                End::Blinked => {
                    let by_server = self.returning.is_some_and(|before| before.by_server);
                    self.returns(Return { due_us: self.shared.now_us(), head: None, by_server });
                }
                End::Broken { retry, told, .. } => {
                    if retry == Retry::Never {
                        self.is_back();
                        return self.reader;
                    }
                    let due_us = self.shared.now_us();
                    self.returns(self.returning.unwrap_or(Return { due_us, head: None, by_server: true }));
                    sleep(pause(failures, retry, told)).await;
                    failures = failures.saturating_add(1);
                }
            }
        }
    }

    fn returns(&mut self, back: Return) {
        if self.returning.replace(back).is_none() {
            self.shared.away.fetch_add(1, Relaxed);
        }
    }

    /// Or it will never be.
    fn is_back(&mut self) {
        if self.returning.take().is_some() {
            self.shared.away.fetch_sub(1, Relaxed);
        }
    }

    async fn dial_again(&self, failures: u32) -> Result<Socket, DialError> {
        let urls = &self.seat.urls;
        let url = &urls[failures as usize % urls.len()];
        let token = self.shared.crowd.user(self.seat.room, self.seat.member).1;
        self.shared.dialer.dial(url, token).await.map(|(socket, _)| socket)
    }

    /// While it is cut it hears nothing; what it is to say waits in the backlog.
    async fn wait_for_return(&mut self) -> Option<u64> {
        loop {
            match self.asks.recv().await? {
                Ask::Return { due_us } => return Some(due_us),
                Ask::Leave => return None,
                Ask::Say(mark) => self.unsent(mark),
                Ask::Cut | Ask::Blink => {}
            }
        }
    }

    /// There is no place for it.
    fn unsent(&self, mark: Mark) {
        let figures = &self.shared.figures;
        if figures.is_measured(mark.due_us) {
            figures.counters.unsent.fetch_add(1, Relaxed);
        }
    }

    fn order(&self) -> &str {
        &self.shared.crowd.rooms[self.seat.room as usize].name
    }
}

/// The rule of the protocol: at least a second when the node asks for it, full jitter, longer with each failure.
fn pause(failures: u32, retry: Retry, told: Option<Duration>) -> Duration {
    let first = if retry == Retry::BackOff { Duration::from_secs(1) } else { Duration::from_millis(100) };
    let bound = first.saturating_mul(1 << failures.min(6)).min(Duration::from_secs(10));
    let jitter = bound.mul_f64(rand::rng().random_range(0.0..1.0));
    let least = told.unwrap_or_default();
    if retry == Retry::BackOff { least.max(first) + jitter } else { least.max(jitter) }
}

/// When something is to be tried again.
type Again = Option<Instant>;
