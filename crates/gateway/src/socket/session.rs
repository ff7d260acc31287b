//! The life of one socket: one task that reads, writes and keeps time; everything else is done beside it.

use std::{future::ready, sync::Arc, time::Duration};

use chrono::Utc;
use protocol::{
    ClientFrame, CloseCode, FrameError,
    client_frame::Hello,
    server_frame::{Goodbye, Heartbeat},
};
use tokio::time::{Instant, timeout};

use super::{
    Frame,
    clock::{Clock, Due},
    command, farewell,
    hello::{self, Greeted, Unmet},
    history,
    lanes::{Asked, Lanes},
    peer::Peer,
    presence::{self, Said},
    read, refresh, refuse,
    send_queue::End,
    transport::{Received, Transport},
    typing::{self, Typing},
};
use crate::{rooms, state::AppState, tokens::Identity};

/// Pieces of work of one socket at the same time; more is not read until some are done.
const AT_WORK_MAX: u32 = 64;
/// Frames read before it is looked at what is to be written.
const READS_PER_TURN: usize = 32;
/// Frames, and bytes, written at once.
const BATCH_FRAMES: usize = 64;
const BATCH_BYTES: usize = 64 * 1024;
/// A drain waits so long for answers to what was asked before.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
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
    /// Refusals for being too fast, less the commands that were taken since.
    pub(super) ignored: u32,
    /// Bytes may have arrived that were not looked at.
    unread: bool,
    draining_since: Option<Instant>,
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
    async fn serve(&mut self, transport: &mut Transport) -> End {
        loop {
            self.look_at_drain();
            let may_read = self.may_read();
            tokio::select! {
                biased;
                () = self.peer.queue.ready() => {
                    if let Some(end) = self.write(transport).await {
                        return end;
                    }
                }
                () = ready(()), if may_read && self.unread => self.read(transport).await,
                readable = transport.readable(), if may_read && !self.unread => match readable {
                    Ok(()) => self.read(transport).await,
                    Err(_) => return End::Silent,
                },
                () = self.clock.wait() => self.tick(),
            }
        }
    }

    fn may_read(&self) -> bool {
        self.draining_since.is_none()
            && self.peer.at_work() < AT_WORK_MAX
            && self.peer.queue.ended().is_none()
    }

    async fn read(&mut self, transport: &mut Transport) {
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
        if transport.has_replies() && transport.write_replies().await.is_err() {
            self.peer.queue.end(End::Silent);
        }
    }

    /// Writes some of what waits; the end, when there is one and nothing is left to write.
    async fn write(&mut self, transport: &mut Transport) -> Option<End> {
        let mut batch = Vec::new();
        self.peer.queue.take(&mut batch, BATCH_FRAMES, BATCH_BYTES);
        if batch.is_empty() {
            return self.peer.queue.ended();
        }
        let mut writing = std::pin::pin!(transport.write(&batch));
        let written = tokio::select! {
            biased;
            written = &mut writing => written.is_ok(),
            // Half a frame must be finished before the goodbye can be read.
            () = self.peer.queue.abandoned() => matches!(timeout(LAST_WRITE, writing).await, Ok(Ok(()))),
        };
        self.peer.queue.written();
        if written { None } else { Some(stuck()) }
    }

    fn hear(&mut self, text: &str) {
        self.clock.heard();
        match ClientFrame::decode(text) {
            Ok(frame) => self.dispatch(frame),
            Err(FrameError::Bad(bad)) => self.peer.queue.end(End::AfterFlush(Goodbye::from(&bad))),
            Err(FrameError::Refused(refused)) => {
                refuse::rejected(&self.peer, refused.reference, Some(refused.id), refused.rejection);
            }
        }
    }

    fn dispatch(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Command(frame) => command::command(self, frame),
            ClientFrame::Subscribe(frame) => {
                self.lanes.push(&self.state, &self.peer, Asked::Subscribe(frame));
            }
            ClientFrame::Unsubscribe(frame) => {
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

    fn tick(&mut self) {
        typing::end(self);
        presence::tell(self);
        let also = [self.typing.next_end(), self.presence.due()].into_iter().flatten().min();
        match self.clock.due(also) {
            Some(Due::Heartbeat) => self.peer.send(&Frame::Heartbeat(self.heartbeat())),
            Some(Due::Silence) => self.peer.queue.end(farewell::after_flush(CloseCode::HeartbeatMissed)),
            Some(Due::Expired) => self.peer.queue.end(farewell::after_flush(CloseCode::TokenExpired)),
            None => {}
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
    crate::metrics::counter!(crate::metrics::CLOSES, "code" => "stuck").increment(1);
    End::Silent
}
