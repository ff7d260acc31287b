//! What to send and what to tell, as a machine without sockets: requests and frames go in, frames and events come out.
//!
//! It survives connections: rooms, outbox and read marks stay, only questions die with the connection.

use std::{collections::BTreeMap, time::Duration};

use protocol::domain::{ids::OrderId, values::Seq};
use protocol::{
    ClientFrame, Ref,
    client_frame::{History, PresenceFrame, Read, Refresh, Subscribe, Typing, Unsubscribe},
    limits::FRAME_BYTES,
    room::Presence,
};
use tokio::time::Instant;

use crate::{
    Ask, Closed, CommandError, Event, Place, Refused, Timing,
    outbox::Outbox,
    questions::{Question, Questions},
    request::{CommandReply, HistoryAsk, Request, SubscribeReply},
    timeline::Timeline,
};

mod receive;

/// The state of everything the application asked for.
#[derive(Debug)]
pub(crate) struct Engine {
    timing: Timing,
    connected: bool,
    /// What the server takes of one frame; the usual until it says.
    frame_bytes: usize,
    rooms: BTreeMap<OrderId, Room>,
    outbox: Outbox<CommandReply>,
    questions: Questions,
    /// Pages that were asked for while there was no connection.
    histories: Vec<HistoryAsk>,
    /// Read marks that are not sent yet.
    reads: BTreeMap<OrderId, Seq>,
    presence: Presence,
    frames: Vec<ClientFrame>,
    events: Vec<Event>,
}

/// A room that the application follows.
#[derive(Debug, Default)]
struct Room {
    timeline: Timeline,
    /// Who waits for the first answer.
    waiting: Vec<SubscribeReply>,
    /// The `subscribe` that has no answer yet.
    question: Option<protocol::Ref>,
    /// When to subscribe again, after the server could not.
    again_at: Option<Instant>,
    /// Holes in a row: a server that cannot heal is not asked at full speed.
    holes: u32,
}

impl Engine {
    pub fn new(timing: Timing, in_flight_per_room: usize) -> Self {
        Self {
            timing,
            connected: false,
            frame_bytes: FRAME_BYTES as usize,
            rooms: BTreeMap::new(),
            outbox: Outbox::new(in_flight_per_room),
            questions: Questions::default(),
            histories: Vec::new(),
            reads: BTreeMap::new(),
            presence: Presence::Active,
            frames: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Frames to send, in order.
    pub fn take_frames(&mut self) -> Vec<ClientFrame> {
        std::mem::take(&mut self.frames)
    }

    /// Events to tell, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Welcome: pick everything up. The server takes frames of so many bytes, 0 for any number.
    pub fn connected(&mut self, frame_bytes: u32) {
        self.connected = true;
        self.frame_bytes = if frame_bytes == 0 { usize::MAX } else { frame_bytes as usize };
        for (bytes, was_sent, reply) in self.outbox.take_larger(self.frame_bytes) {
            reply.answer(Err(CommandError::TooLarge { bytes, was_sent }));
        }
        if self.presence != Presence::Active {
            self.frames.push(ClientFrame::Presence(PresenceFrame { state: self.presence }));
        }
        for order in self.rooms.keys().copied().collect::<Vec<_>>() {
            self.subscribe(order);
        }
        for ask in std::mem::take(&mut self.histories) {
            self.ask_history(ask);
        }
        let reads = std::mem::take(&mut self.reads);
        self.frames.extend(reads.into_iter().map(|(order, seq)| ClientFrame::Read(Read { order, seq })));
    }

    /// The connection ended: what has no answer will be asked again.
    pub fn disconnected(&mut self) {
        self.connected = false;
        self.frames.clear();
        self.outbox.disconnected();
        for question in self.questions.abandon() {
            if let Question::History(ask) = question {
                self.histories.push(ask);
            }
        }
        for room in self.rooms.values_mut() {
            room.timeline.left();
            room.question = None;
            room.again_at = None;
        }
    }

    /// The client stops: nobody waits any longer.
    pub fn stop(&mut self, closed: &Closed) {
        self.disconnected();
        self.outbox.abandon().for_each(|reply| reply.answer(Err(closed.clone().into())));
        for ask in std::mem::take(&mut self.histories) {
            ask.closed(closed);
        }
        for reply in std::mem::take(&mut self.rooms).into_values().flat_map(|room| room.waiting) {
            let _ = reply.send(Err(closed.clone().into()));
        }
    }

    /// The application asks for something.
    pub fn accept(&mut self, request: Request) {
        match request {
            Request::Subscribe { order, from, reply } => self.follow(order, from, reply),
            Request::Unsubscribe { order } => self.leave(order),
            Request::Command { ask, reply } => self.command(ask, reply),
            Request::History(ask) if self.connected => self.ask_history(ask),
            Request::History(ask) => self.histories.push(ask),
            Request::Read { order, seq } => self.read(order, seq),
            Request::Typing { order, on } if self.connected => {
                self.frames.push(ClientFrame::Typing(Typing { order, on }));
            }
            Request::Presence(state) => {
                self.presence = state;
                if self.connected {
                    self.frames.push(ClientFrame::Presence(PresenceFrame { state }));
                }
            }
            // Nobody sees a typing mark that comes late, and the connection is the driver's.
            Request::Typing { .. } | Request::Move | Request::Close => {}
        }
    }

    /// What time alone brings about.
    pub fn tick(&mut self, now: Instant) {
        if !self.connected {
            return;
        }
        let patience = self.timing.behind;
        let due = |room: &Room| {
            let times = [room.again_at, room.timeline.behind_from(patience)];
            room.question.is_none() && times.into_iter().flatten().any(|at| at <= now)
        };
        let late: Vec<_> = self.rooms.iter().filter(|(_, room)| due(room)).map(|(order, _)| *order).collect();
        for order in late {
            self.subscribe(order);
        }
        let questions = &mut self.questions;
        let sendable = self.outbox.sendable(now, |order| questions.ask(Question::Command(order)));
        self.frames.extend(sendable.into_iter().map(|(reference, ask)| ask.frame(reference).into()));
    }

    /// When [`Engine::tick`] has something to do that it has not now.
    pub fn next_tick(&self) -> Option<Instant> {
        let rooms = self.rooms.values().filter(|room| room.question.is_none());
        let times = rooms.flat_map(|room| [room.again_at, room.timeline.behind_from(self.timing.behind)]);
        times.flatten().chain(self.outbox.next_due()).min()
    }

    /// A new token, before the old one ends.
    pub fn refresh(&mut self, token: String) {
        let reference = self.questions.ask(Question::Refresh);
        self.frames.push(ClientFrame::Refresh(Refresh { reference, token }));
    }

    fn command(&mut self, ask: Ask, reply: CommandReply) {
        let bytes = ClientFrame::from(ask.clone().frame(Ref::MAX)).encode().len();
        if bytes > self.frame_bytes {
            reply.answer(Err(CommandError::TooLarge { bytes, was_sent: false }));
        } else {
            self.outbox.push(ask, bytes, reply);
        }
    }

    fn follow(&mut self, order: OrderId, from: Place, reply: SubscribeReply) {
        let known = self.rooms.contains_key(&order);
        let new = || Room { timeline: Timeline::from(from), ..Room::default() };
        let room = self.rooms.entry(order).or_insert_with(new);
        if room.timeline.is_following() {
            let _ = reply.send(Ok(()));
            return;
        }
        room.waiting.push(reply);
        if !known && self.connected {
            self.subscribe(order);
        }
    }

    fn subscribe(&mut self, order: OrderId) {
        let Some(room) = self.rooms.get_mut(&order) else { return };
        let reference = self.questions.ask(Question::Subscribe(order));
        let Place { after, epoch } = room.timeline.place();
        room.timeline.left();
        room.question = Some(reference);
        room.again_at = None;
        self.frames.push(ClientFrame::Subscribe(Subscribe { reference, order, after, epoch }));
    }

    fn leave(&mut self, order: OrderId) {
        let Some(room) = self.rooms.remove(&order) else { return };
        room.give_up(&Refused::told("unsubscribed"));
        if self.connected {
            let reference = self.questions.ask(Question::Unsubscribe);
            self.frames.push(ClientFrame::Unsubscribe(Unsubscribe { reference, order }));
        }
    }

    fn read(&mut self, order: OrderId, seq: Seq) {
        if self.connected {
            self.frames.push(ClientFrame::Read(Read { order, seq }));
        } else if self.rooms.contains_key(&order) {
            let mark = self.reads.entry(order).or_default();
            *mark = seq.max(*mark);
        }
    }

    fn ask_history(&mut self, ask: HistoryAsk) {
        let (order, before, limit) = (ask.order, ask.before, ask.limit);
        let reference = self.questions.ask(Question::History(ask));
        self.frames.push(ClientFrame::History(History { reference, order, before, limit }));
    }
}

impl Room {
    /// Whoever waits for it is told why it will not come.
    fn give_up(self, refused: &Refused) {
        for reply in self.waiting {
            let _ = reply.send(Err(refused.clone().into()));
        }
    }
}

/// After how long a question that a machine could not answer is asked again.
fn pause(told_ms: Option<u64>) -> Duration {
    /// When the server does not say.
    const USUAL_MS: u64 = 250;
    let told = Duration::from_millis(told_ms.unwrap_or(USUAL_MS));
    told + told.mul_f64(rand::random_range(0.0..0.5))
}
