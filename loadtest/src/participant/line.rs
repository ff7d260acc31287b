//! One connection of a participant, from `subscribe` to its end: the hot path.

use std::{collections::VecDeque, future::pending, sync::atomic::Ordering::Relaxed, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::Retry;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};
use uuid::Uuid;

use super::{Again, Ask, BACKLOG, DialError, MESSAGE_BYTES, Participant, Pending, Socket};
use crate::{
    dialect::{Cursor, Dialect, Saying},
    judge::{Breach, Fault},
    mark::{Audience, Mark},
    scan::Heard,
};

/// `ref` of our one `subscribe`.
pub const SUBSCRIBE: i64 = 1;
/// Frames that are held back while a client pages itself.
const HELD_AT_MOST: usize = 1 << 16;

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
    /// Its name, where the protocol wants one.
    name: Uuid,
    /// What came of a stream and is not whole yet.
    stream: Vec<u8>,
    /// What the server asked to say again, and when.
    again: VecDeque<i64>,
    again_at: Again,
    goodbye: Option<(u16, Option<u64>)>,
    /// What is to be written next.
    owed: Owed,
}

/// Answers to what was heard.
#[derive(Debug, Default)]
struct Owed {
    heartbeat: bool,
    /// The next page is to be asked for.
    page: bool,
    /// The room is ours: what has no answer yet is said once more.
    pending: bool,
}

impl<'a> Line<'a> {
    pub fn new(me: &'a mut Participant, socket: Socket) -> Self {
        let (name, stream, again) = (Uuid::now_v7(), Vec::new(), VecDeque::new());
        Self { me, socket, name, stream, again, again_at: None, goodbye: None, owed: Owed::default() }
    }

    /// Until it ends.
    pub async fn run(mut self) -> End {
        let (Ok(end) | Err(end)) = self.pump().await;
        if let End::Broken { how, .. } = &end {
            self.me.shared.figures.ended(how);
        }
        end
    }

    async fn pump(&mut self) -> Result<End, End> {
        let client_pages = self.dialect().client_pages();
        self.me.held = client_pages.then(Vec::new);
        self.me.paged = 0;
        self.me.again.clear();
        self.subscribe().await?;
        self.owed.pending = !client_pages;
        loop {
            self.pay().await?;
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
        }
    }

    /// Writes what is owed.
    async fn pay(&mut self) -> Result<(), End> {
        let Owed { heartbeat, page, pending } = std::mem::take(&mut self.owed);
        if heartbeat {
            self.socket.send(Message::text(self.dialect().heartbeat())).await?;
        }
        if page {
            self.subscribe().await?;
        }
        if pending {
            let references: Vec<i64> = self.me.pending.iter().map(|pending| pending.reference).collect();
            for reference in references {
                self.say(reference).await?;
            }
        }
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        self.me.shared.dialer.dialect
    }

    fn receive(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => self.hear(&text)?,
            Some(Ok(Message::Binary(part))) => self.hear_stream(&part)?,
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
        let (order, after, epoch) = (self.me.order(), self.me.reader.last(), self.me.epoch);
        let cursor = Cursor { line: self.name, reference: SUBSCRIBE, order, after, epoch };
        let frame = self.dialect().subscribe(cursor);
        Ok(self.socket.send(Message::text(frame)).await?)
    }

    async fn say_first(&mut self, mark: Mark) -> Result<(), End> {
        if self.me.pending.len() >= BACKLOG {
            self.me.unsent(mark);
            return Ok(());
        }
        self.me.last_reference += 1;
        let reference = self.me.last_reference;
        self.me.pending.push_back(Pending { reference, mark, said: false });
        // A client that pages itself is not in its room yet; what is pending follows when it is.
        if self.me.held.is_none() {
            self.say(reference).await?;
        }
        Ok(())
    }

    async fn say(&mut self, reference: i64) -> Result<(), End> {
        let Some(mark) = self.me.saying(reference) else { return Ok(()) };
        let (order, id) = (self.me.order(), mark.id());
        let text =
            self.me.shared.judge.canaries().text(Audience::Room(self.me.seat.room), mark.number.into());
        let frame = self.dialect().say(Saying { line: self.name, reference, id, order, text: &text });
        Ok(self.socket.send(Message::text(frame)).await?)
    }

    async fn say_again(&mut self) -> Result<(), End> {
        self.again_at = None;
        while let Some(reference) = self.again.pop_front() {
            if reference == SUBSCRIBE {
                self.subscribe().await?;
            }
            self.say(reference).await?;
        }
        Ok(())
    }

    fn closed(&mut self, code: u16, reason: &str) -> End {
        let (code, told) = self.goodbye.take().unwrap_or((code, None));
        let how = format!("{code} {reason}").trim().to_owned();
        End::Broken { how, retry: Retry::after(code), told: told.map(Duration::from_millis) }
    }

    fn hear_stream(&mut self, part: &[u8]) -> Result<(), End> {
        let mut stream = std::mem::take(&mut self.stream);
        stream.extend_from_slice(part);
        let mut at = 0;
        while let Some(length) = self.dialect().whole(&stream[at..]) {
            self.hear(&String::from_utf8_lossy(&stream[at..at + length]))?;
            at += length;
        }
        stream.drain(..at);
        if stream.len() > MESSAGE_BYTES {
            return Err(self.closed(1009, "one thing that is said does not end"));
        }
        self.stream = stream;
        Ok(())
    }

    fn hear(&mut self, text: &str) -> Result<(), End> {
        let me = &mut *self.me;
        let shared = &me.shared;
        let may_see =
            |audience| audience == Audience::Room(me.seat.room) || shared.crowd.may_see(&me.user, audience);
        shared.judge.search(&me.name, me.seat.room, text, may_see);
        match shared.dialer.dialect.read(text) {
            Ok(Heard::Entry { order, entry }) => match &mut me.held {
                None => me.entry(order, &entry),
                Some(held) if held.len() < HELD_AT_MOST => held.push(text.into()),
                Some(_) => return Err(self.closed(1006, "too much was said while we caught up")),
            },
            Ok(Heard::Ack { reference, id, seq, .. }) => me.ack(reference, id, seq),
            Ok(Heard::Page { order, entries, head, epoch, more }) => {
                me.page(order, &entries, head, epoch);
                self.turn_page(head, more);
            }
            Ok(Heard::Rejected { reference, code, retry, retry_after_ms }) => {
                if me.rejected(reference, &code, retry) {
                    let wait = Duration::from_millis(retry_after_ms.unwrap_or(200).clamp(20, 10_000));
                    self.again.push_back(reference);
                    self.again_at.get_or_insert_with(|| Instant::now() + wait);
                }
            }
            Ok(Heard::Heartbeat) => self.owed.heartbeat = true,
            Ok(Heard::Goodbye { code, retry_after_ms }) => self.goodbye = Some((code, retry_after_ms)),
            Ok(Heard::Welcome { .. } | Heard::Open | Heard::Refused { .. } | Heard::Other) => {}
            Err(problem) => {
                let fault = Fault::Unreadable { problem: problem.to_string() };
                shared.judge.found(Breach::new(&me.name, me.seat.room, fault));
            }
        }
        Ok(())
    }

    /// After the last page follows what was said meanwhile; our own server pages by itself.
    fn turn_page(&mut self, head: u64, more: bool) {
        if more {
            self.owed.page = true;
            return;
        }
        let me = &mut *self.me;
        if let Some(held) = me.held.take() {
            me.paged = head;
            self.owed.pending = true;
            for frame in held {
                if let Ok(Heard::Entry { order, entry }) = me.shared.dialer.dialect.read(&frame) {
                    me.entry(order, &entry);
                }
            }
        }
        if !std::mem::replace(&mut me.joined, true) {
            me.shared.joined.fetch_add(1, Relaxed);
        }
    }
}
