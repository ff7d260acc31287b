//! One connection of a participant, from `subscribe` to its end: the hot path.

use std::{collections::VecDeque, future::pending, sync::atomic::Ordering::Relaxed, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::Retry;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};

use super::{Again, Ask, BACKLOG, DialError, Participant, Socket};
use crate::{
    judge::{Breach, Fault},
    mark::{Audience, Mark},
    scan::{EntryHeard, Heard, read},
};

/// `ref` of our one `subscribe`.
const SUBSCRIBE: i64 = 1;

/// How a connection ended.
#[derive(Debug)]
pub enum End {
    /// We were told to leave.
    Left,
    /// We were told to lose it.
    Cut,
    /// The same, and to come back.
    Blinked,
    /// It was not our doing.
    Broken {
        /// In words.
        how: String,
        /// When to come back.
        retry: Retry,
        /// Not before.
        told: Option<Duration>,
    },
}

impl End {
    /// There was no connection.
    pub fn of(error: &DialError) -> Self {
        let (retry, told) = error.retry();
        Self::Broken { how: error.to_string(), retry, told }
    }
}

impl From<tungstenite::Error> for End {
    fn from(error: tungstenite::Error) -> Self {
        Self::Broken { how: error.to_string(), retry: Retry::Resume, told: None }
    }
}

/// The connection.
pub struct Line<'a> {
    me: &'a mut Participant,
    socket: Socket,
    /// What the server asked to say again, and when.
    again: VecDeque<i64>,
    again_at: Again,
    goodbye: Option<(u16, Option<u64>)>,
    heartbeat_due: bool,
}

impl<'a> Line<'a> {
    pub fn new(me: &'a mut Participant, socket: Socket) -> Self {
        Self { me, socket, again: VecDeque::new(), again_at: None, goodbye: None, heartbeat_due: false }
    }

    /// Until it ends.
    pub async fn run(mut self) -> End {
        match self.pump().await {
            Ok(end) | Err(end) => end,
        }
    }

    async fn pump(&mut self) -> Result<End, End> {
        self.subscribe().await?;
        for (reference, mark) in self.me.pending.clone() {
            self.say(reference, mark).await?;
        }
        loop {
            let again_at = self.again_at;
            let again = async {
                match again_at {
                    Some(at) => sleep_until(at).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                biased;
                message = self.socket.next() => self.receive(message)?,
                ask = self.me.asks.recv() => match ask {
                    Some(Ask::Say(mark)) => self.say_first(mark).await?,
                    Some(Ask::Cut) => return Ok(End::Cut),
                    Some(Ask::Blink) => return Ok(End::Blinked),
                    Some(Ask::Return { .. }) => {}
                    Some(Ask::Leave) | None => {
                        let _ = self.socket.close(None).await;
                        return Ok(End::Left);
                    }
                },
                () = again => self.say_again().await?,
            }
            if self.heartbeat_due {
                self.heartbeat_due = false;
                self.socket.send(Message::text(r#"{"type":"heartbeat"}"#)).await?;
            }
        }
    }

    fn receive(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => self.hear(&text),
            Some(Ok(Message::Close(frame))) => {
                let (code, reason) =
                    frame.map_or((1006, Utf8Bytes::default()), |f| (f.code.into(), f.reason));
                return Err(self.closed(code, &reason));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => return Err(self.closed(1006, "the connection ended")),
        }
        Ok(())
    }

    async fn subscribe(&mut self) -> Result<(), End> {
        let (order, after) = (self.me.order(), self.me.reader.last());
        let epoch = self.me.epoch.map_or_else(String::new, |epoch| format!(r#","epoch":"{epoch}""#));
        let subscribe =
            format!(r#"{{"type":"subscribe","ref":{SUBSCRIBE},"order":"{order}","after":{after}{epoch}}}"#);
        Ok(self.socket.send(Message::text(subscribe)).await?)
    }

    async fn say_first(&mut self, mark: Mark) -> Result<(), End> {
        if self.me.pending.len() >= BACKLOG {
            self.me.shared.figures.counters.unsent.fetch_add(1, Relaxed);
            return Ok(());
        }
        self.me.last_reference += 1;
        let reference = self.me.last_reference;
        self.me.pending.push_back((reference, mark));
        self.say(reference, mark).await?;
        let (shared, shard) = (&self.me.shared, self.me.seat.number as usize);
        shared.figures.counters.sent.fetch_add(1, Relaxed);
        let lag = shared.now_us().saturating_sub(mark.due_us);
        shared.figures.note(shard, mark.due_us, |noted| noted.lag.record_us(lag));
        Ok(())
    }

    async fn say(&mut self, reference: i64, mark: Mark) -> Result<(), End> {
        let (order, id) = (self.me.order(), mark.id());
        let text =
            self.me.shared.judge.canaries().text(Audience::Room(self.me.seat.room), mark.number.into());
        let frame = format!(
            r#"{{"type":"command","ref":{reference},"id":"{id}","order":"{order}","command":{{"type":"post_message","text":"{text}"}}}}"#
        );
        Ok(self.socket.send(Message::text(frame)).await?)
    }

    async fn say_again(&mut self) -> Result<(), End> {
        self.again_at = None;
        while let Some(reference) = self.again.pop_front() {
            if reference == SUBSCRIBE {
                self.subscribe().await?;
            }
            let waiting = self.me.pending.iter().find(|(pending, _)| *pending == reference);
            if let Some((reference, mark)) = waiting.copied() {
                self.say(reference, mark).await?;
            }
        }
        Ok(())
    }

    fn closed(&mut self, code: u16, reason: &str) -> End {
        let (code, told) = self.goodbye.take().unwrap_or((code, None));
        let how = format!("{code} {reason}").trim().to_owned();
        End::Broken { how, retry: Retry::after(code), told: told.map(Duration::from_millis) }
    }

    fn hear(&mut self, text: &str) {
        let me = &mut *self.me;
        let shared = &me.shared;
        let may_see =
            |audience| audience == Audience::Room(me.seat.room) || shared.crowd.may_see(&me.user, audience);
        shared.judge.search(&me.name, me.seat.room, text, may_see);
        match read(text) {
            Ok(Heard::Entry { order, entry }) => me.entry(order, &entry),
            Ok(Heard::Ack { reference, id, seq, .. }) => me.ack(reference, id, seq),
            Ok(Heard::Page { order, entries, head, epoch }) => me.page(order, &entries, head, epoch),
            Ok(Heard::Rejected { reference, code, retry, retry_after_ms }) => {
                if me.rejected(reference, &code, retry) {
                    let wait = Duration::from_millis(retry_after_ms.unwrap_or(200).clamp(20, 10_000));
                    self.again.push_back(reference);
                    self.again_at.get_or_insert_with(|| Instant::now() + wait);
                }
            }
            Ok(Heard::Heartbeat) => self.heartbeat_due = true,
            Ok(Heard::Goodbye { code, retry_after_ms }) => self.goodbye = Some((code, retry_after_ms)),
            Ok(Heard::Welcome { .. } | Heard::Other) => {}
            Err(problem) => {
                let fault = Fault::Unreadable { problem: problem.to_string() };
                shared.judge.found(Breach::new(&me.name, me.seat.room, fault));
            }
        }
    }
}

impl Participant {
    fn entry(&mut self, order: &str, entry: &EntryHeard<'_>) {
        self.take(order, entry);
        let (shared, shard) = (&self.shared, self.seat.number as usize);
        if let Some(mark) = Mark::of(entry.id, shared.judge.run()) {
            let us = shared.now_us().saturating_sub(mark.due_us);
            if shared.figures.note(shard, mark.due_us, |noted| noted.delivery.record_us(us)) {
                shared.figures.counters.delivered.fetch_add(1, Relaxed);
            }
        }
        self.perhaps_caught_up();
    }

    /// What comes late because we were away is delivered, but says nothing about the time a delivery takes.
    fn page(&mut self, order: &str, entries: &[EntryHeard<'_>], head: u64, epoch: Option<uuid::Uuid>) {
        self.epoch = epoch.or(self.epoch);
        for entry in entries {
            self.take(order, entry);
            let mark = Mark::of(entry.id, self.shared.judge.run());
            if mark.is_some_and(|mark| self.shared.figures.is_measured(mark.due_us)) {
                self.shared.figures.counters.delivered.fetch_add(1, Relaxed);
            }
        }
        if let Some((_, to_reach @ None)) = &mut self.returning {
            *to_reach = Some(head);
        }
        self.perhaps_caught_up();
    }

    fn take(&mut self, order: &str, entry: &EntryHeard<'_>) {
        if order != self.order() {
            let fault = Fault::OtherRoom { order: order.to_owned() };
            return self.shared.judge.found(Breach::new(&self.name, self.seat.room, fault));
        }
        self.shared.judge.heard(&self.name, self.seat.room, &mut self.reader, entry);
        self.shared.heard[self.seat.number as usize].store(self.reader.last(), Relaxed);
    }

    fn perhaps_caught_up(&mut self) {
        let Some((due_us, Some(head))) = self.returning else { return };
        if self.reader.last() >= head {
            self.returning = None;
            let took = self.shared.now_us().saturating_sub(due_us);
            let figures = &self.shared.figures;
            // A return belongs to the phase in which it ends.
            figures.note(self.seat.number as usize, u64::MAX, |noted| noted.resume.record_us(took));
            figures.counters.resumed.fetch_add(1, Relaxed);
        }
    }

    fn ack(&mut self, reference: i64, id: uuid::Uuid, seq: u64) {
        // Acks come nearly in the order of the messages: what is looked for is at the front.
        let Some(at) = self.pending.iter().position(|(pending, _)| *pending == reference) else { return };
        let Some((_, mark)) = self.pending.remove(at) else { return };
        let shared = &self.shared;
        if mark.id() != id {
            let fault = Fault::LostAck { seq, id: mark.id(), elsewhere: None };
            return shared.judge.found(Breach::new(&self.name, self.seat.room, fault));
        }
        shared.judge.room(self.seat.room).acked(seq, id);
        let us = shared.now_us().saturating_sub(mark.due_us);
        let shard = self.seat.number as usize;
        if shared.figures.note(shard, mark.due_us, |noted| noted.ack.record_us(us)) {
            shared.figures.counters.acked.fetch_add(1, Relaxed);
        }
    }

    /// True if it is to be said again.
    fn rejected(&mut self, reference: i64, code: &str, retry: bool) -> bool {
        self.shared.figures.refused(code);
        if reference == SUBSCRIBE {
            return retry;
        }
        let Some(at) = self.pending.iter().position(|(pending, _)| *pending == reference) else {
            return false;
        };
        if !retry {
            let gone = self.pending.remove(at);
            if gone.is_some_and(|(_, mark)| self.shared.figures.is_measured(mark.due_us)) {
                self.shared.figures.counters.rejected.fetch_add(1, Relaxed);
            }
        }
        retry
    }
}
