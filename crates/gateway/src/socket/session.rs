//! The life of one socket: one task that reads, writes and keeps time; everything else is done beside it.

use std::{future::ready, sync::Arc, time::Duration};

use chrono::Utc;
use protocol::{
    ClientFrame, CloseCode, FrameError,
    client_frame::Hello,
    server_frame::{Goodbye, Heartbeat},
};
use tokio::{task::coop::consume_budget, time::Instant};

use super::{
    Frame, budget,
    clock::{Clock, Due},
    command, farewell,
    hello::{self, Greeted, Unmet},
    history,
    lanes::{Asked, Lanes},
    peer::Peer,
    presence::{self, Said},
    read, refresh,
    send_queue::End,
    transport::{Received, Transport},
    typing::{self, Typing},
};
use crate::{metrics, rooms, state::AppState, tokens::Identity};

/// Pieces of work of one socket at the same time; more is not read until some are done.
const AT_WORK_MAX: u32 = 64;
/// Frames read before it is looked at what is to be written.
const READS_PER_TURN: usize = 32;
/// Frames, and bytes, written at once.
const BATCH_FRAMES: usize = 64;
const BATCH_BYTES: usize = 64 * 1024;
/// A drain waits so long for answers to what was asked before.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
/// A reader that takes nothing for so long is gone.
const WRITE_STALL: Duration = Duration::from_secs(10);
/// What is half written when a socket is given up may still be finished.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// A socket that said hello.
pub struct Session {
    pub(super) state: AppState,
    pub(super) peer: Arc<Peer>,
    pub(super) lanes: Lanes,
    pub(super) clock: Clock,
    pub(super) typing: Typing,
    pub(super) presence: Said,
    /// Refusals for being too fast, less what was taken since.
    pub(super) ignored: u32,
    /// Bytes may have arrived that were not looked at.
    unread: bool,
    draining_since: Option<Instant>,
    /// When the stream must have taken something, if it takes nothing now.
    write_by: Option<Instant>,
    /// What is being written is only finished for the sake of a goodbye.
    given_up: bool,
}

/// From the upgrade to the end.
///
/// What happens once has a box of its own, given back when it is over: a socket at rest keeps little.
pub async fn run(state: AppState, mut transport: Transport, bearer: Option<Identity>) {
    let greeted = Box::pin(async {
        tokio::select! {
            greeted = hello::greet(&state, &mut transport, bearer) => greeted,
            () = state.drain.begun() => Err(CloseCode::Draining.into()),
        }
    });
    let greeted = greeted.await;
    let end = match greeted {
        Ok(greeted) => live(state, &mut transport, greeted).await,
        Err(Unmet::Goodbye(goodbye)) => End::Now(goodbye),
        Err(Unmet::Broken(broken)) => farewell::end_of(&broken),
    };
    match end {
        End::AfterFlush(goodbye) | End::Now(goodbye) => Box::pin(farewell::part(transport, goodbye)).await,
        End::Silent => {}
    }
}

async fn live(state: AppState, transport: &mut Transport, greeted: Greeted) -> End {
    let Greeted { peer, identity, place } = greeted;
    state.rooms.connect(&peer);
    if state.drain.has_begun() {
        peer.drain();
    }
    let mut session = Session {
        state,
        peer,
        lanes: Lanes::default(),
        clock: Clock::new(identity.expires_at),
        typing: Typing::default(),
        presence: Said::default(),
        ignored: 0,
        unread: true,
        draining_since: None,
        write_by: None,
        given_up: false,
    };
    drop(identity);
    let end = session.serve(transport).await;
    // Nothing is queued for it any more, before its rooms hear that it is gone.
    session.peer.queue.end(End::Silent);
    typing::end_all(&mut session);
    session.state.rooms.disconnect(&session.peer);
    tracing::debug!(session = %session.peer.session, user = %session.peer.user(), ?end, "socket closed");
    drop(place);
    end
}

impl Session {
    /// In each turn something is written, something is read and the time is looked at: none keeps the others waiting.
    async fn serve(&mut self, transport: &mut Transport) -> End {
        loop {
            self.look_at_drain();
            if let Some(end) = self.write(transport) {
                return end;
            }
            // Whoever always finds something to do lets the other sockets of its thread in between.
            consume_budget().await;
            let (may_read, writing) = (self.may_read(), transport.is_writing());
            tokio::select! {
                biased;
                () = self.clock.wait() => self.tick(transport),
                () = ready(()), if may_read && self.unread => self.read(transport),
                readable = transport.readable(), if may_read && !self.unread => match readable {
                    Ok(()) => self.read(transport),
                    Err(_) => return End::Silent,
                },
                // Whether it can be, the next turn finds out.
                _ = transport.writable(), if writing => {}
                () = self.peer.queue.stirred(), if writing && !self.given_up => {}
                () = self.peer.queue.ready(), if !writing => {}
            }
        }
    }

    fn may_read(&self) -> bool {
        self.draining_since.is_none()
            && self.peer.at_work() < AT_WORK_MAX
            && self.peer.queue.ended().is_none()
    }

    fn read(&mut self, transport: &mut Transport) {
        self.unread = true;
        for _ in 0..READS_PER_TURN {
            match transport.read() {
                Ok(Some(Received::Text(text))) => self.hear(&text),
                Ok(Some(Received::Binary)) => self.peer.queue.end(farewell::after_flush(CloseCode::BadFrame)),
                Ok(Some(Received::Control)) => {}
                Ok(None) => {
                    self.unread = false;
                    break;
                }
                Err(broken) => self.peer.queue.end(farewell::end_of(&broken)),
            }
            if !self.may_read() {
                break;
            }
        }
    }

    /// Writes what goes out at once; the end, when nothing is left to write before it.
    fn write(&mut self, transport: &mut Transport) -> Option<End> {
        if !transport.is_writing() {
            let mut batch = Vec::new();
            self.peer.queue.take(&mut batch, BATCH_FRAMES, BATCH_BYTES);
            if batch.is_empty() {
                return self.peer.queue.ended();
            }
            transport.put(batch);
        }
        let answering = transport.has_replies();
        let Ok(moved) = transport.write_on() else { return Some(stuck()) };
        if transport.is_writing() {
            return self.wait_to_write(transport, moved);
        }
        self.peer.queue.written();
        self.write_by = None;
        // More answers of the reader may have waited for these.
        self.unread |= answering;
        None
    }

    /// The stream takes no more: it has some time for that, and less when nothing of it is worth much any more.
    fn wait_to_write(&mut self, transport: &mut Transport, moved: bool) -> Option<End> {
        let now = Instant::now();
        if !self.given_up && self.peer.queue.is_abandoned() {
            self.given_up = true;
            // Half a frame must be finished before the goodbye can be read.
            transport.cut();
            self.write_by = Some(now + LAST_WRITE);
        } else if moved && !self.given_up {
            self.write_by = Some(now + WRITE_STALL);
        }
        let write_by = *self.write_by.get_or_insert(now + WRITE_STALL);
        self.clock.wake_by(write_by);
        (now >= write_by).then(stuck)
    }

    fn hear(&mut self, text: &str) {
        self.clock.heard();
        match ClientFrame::decode(text) {
            Ok(frame) => self.dispatch(frame),
            Err(FrameError::Bad(bad)) => self.peer.queue.end(End::AfterFlush(Goodbye::from(&bad))),
            Err(FrameError::Refused(refused)) => command::malformed(self, *refused),
        }
    }

    fn dispatch(&mut self, frame: ClientFrame) {
        if !budget::admits(self, &frame) {
            return;
        }
        match frame {
            ClientFrame::Command(frame) => command::command(self, frame),
            ClientFrame::Subscribe(frame) => {
                typing::leave(self, frame.order);
                self.lanes.push(&self.state, &self.peer, Asked::Subscribe(frame));
            }
            ClientFrame::Unsubscribe(frame) => {
                typing::leave(self, frame.order);
                self.lanes.push(&self.state, &self.peer, Asked::Unsubscribe(frame));
            }
            ClientFrame::History(frame) => history::history(self, frame),
            ClientFrame::Read(frame) => read::read(self, &frame),
            ClientFrame::Typing(frame) => typing::typing(self, &frame),
            ClientFrame::Presence(frame) => presence::presence(self, frame.state),
            ClientFrame::Refresh(frame) => refresh::refresh(self, &frame),
            ClientFrame::Heartbeat {} => {}
            ClientFrame::Hello(Hello { .. }) => {
                let reason = "hello was said already".to_owned();
                let goodbye = Goodbye { reason, ..Goodbye::new(CloseCode::BadFrame) };
                self.peer.queue.end(End::AfterFlush(goodbye));
            }
        }
    }

    fn tick(&mut self, transport: &mut Transport) {
        typing::end(self);
        presence::tell(self);
        let also = [self.typing.next_end(), self.presence.due()].into_iter().flatten().min();
        match self.clock.due(also) {
            Some(Due::Heartbeat) => self.peer.send(&Frame::Heartbeat(self.heartbeat())),
            Some(Due::Silence) => self.listen_once_more(transport),
            // Nothing more leaves, and nothing that waits is begun.
            Some(Due::Expired) => self.peer.queue.end(End::Now(Goodbye::new(CloseCode::TokenExpired))),
            None => {}
        }
    }

    /// Silence is a client's fault only if it was listened to: it may have spoken while this node could not.
    fn listen_once_more(&mut self, transport: &mut Transport) {
        if self.may_read() {
            self.read(transport);
        } else {
            self.clock.heard();
        }
        if self.clock.is_silent() {
            self.peer.queue.end(farewell::after_flush(CloseCode::HeartbeatMissed));
            // Said once: what waits is still written.
            self.clock.heard();
        }
    }

    fn heartbeat(&self) -> Heartbeat {
        let rooms = self.peer.rooms();
        let heads = rooms.iter().filter_map(|room| Some((room.order, room.head()?)));
        Heartbeat { at: Utc::now(), heads: heads.collect() }
    }

    /// Once the node drains: nothing new is read, what was asked is answered, then goodbye.
    fn look_at_drain(&mut self) {
        if !self.peer.is_draining() {
            return;
        }
        let since = *self.draining_since.get_or_insert_with(Instant::now);
        if self.peer.at_work() == 0 || since.elapsed() >= ANSWERED_WITHIN {
            let goodbye =
                Goodbye { retry_after_ms: Some(rooms::jitter_ms()), ..Goodbye::new(CloseCode::Draining) };
            self.peer.queue.end(End::AfterFlush(goodbye));
        } else {
            // Answers may never come: look again when they are not waited for any longer.
            self.clock.wake_by(since + ANSWERED_WITHIN);
        }
    }
}

/// The reader took nothing for too long, or is gone: no goodbye could reach it.
fn stuck() -> End {
    metrics::counter!(metrics::CLOSES, "code" => metrics::STUCK).increment(1);
    End::Silent
}
