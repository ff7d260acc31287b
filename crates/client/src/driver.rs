//! The task that owns the connection: dials, pumps frames and events, comes back, and stops when told to.

use std::{
    future::{Future, pending},
    pin::{Pin, pin},
    time::Duration,
};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{
    ClientFrame, ServerFrame,
    server_frame::{Goodbye, Welcome},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Timeout, sleep, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite::{self, Message};

use crate::{
    Closed, ConnectionState, Event, Options,
    backoff::Backoff,
    dial::{Ended, Socket, close_of, dial},
    engine::Engine,
    request::Request,
    token::{Answer, TokenClock},
};

type Incoming = Result<Message, tungstenite::Error>;

pub(crate) struct Driver {
    options: Options,
    engine: Engine,
    backoff: Backoff,
    requests: mpsc::Receiver<Request>,
    events: mpsc::Sender<Event>,
    state: watch::Sender<ConnectionState>,
    /// The application wants another connection.
    moves: bool,
}

/// The application wants no more, or the server said not to come back.
struct Stop(Closed);

/// Why one connection was left.
enum Leave {
    Ended(Ended),
    Stop(Stop),
}

impl From<Ended> for Leave {
    fn from(ended: Ended) -> Self {
        Self::Ended(ended)
    }
}

impl From<Stop> for Leave {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Driver {
    pub fn new(
        options: Options,
        requests: mpsc::Receiver<Request>,
        events: mpsc::Sender<Event>,
        state: watch::Sender<ConnectionState>,
    ) -> Self {
        let engine = Engine::new(options.timing, options.in_flight_per_room);
        let backoff = Backoff::new(options.timing);
        Self { options, engine, backoff, requests, events, state, moves: false }
    }

    pub async fn run(mut self) {
        let Stop(closed) = self.live().await;
        self.requests.close();
        while let Some(request) = self.requests.recv().await {
            self.engine.accept(request);
        }
        self.engine.stop(&closed);
        let state = ConnectionState::Closed(closed);
        self.state.send_replace(state.clone());
        let _ = self.events.send(Event::Connection(state)).await;
    }

    async fn live(&mut self) -> Stop {
        for attempt in 0.. {
            let ended = match self.visit(attempt).await {
                Leave::Stop(stop) => return stop,
                Leave::Ended(ended) => ended,
            };
            self.engine.disconnected();
            tracing::debug!(code = ended.code, reason = %ended.reason, "the connection ended");
            let Some(delay) = self.backoff.after(ended.retry, ended.told, &mut rand::rng()) else {
                return Stop(Closed { code: ended.code, reason: ended.reason });
            };
            let waiting = ConnectionState::Waiting { code: ended.code, reason: ended.reason, delay };
            if let Err(stop) = self.pause(waiting, delay).await {
                return stop;
            }
        }
        unreachable!("attempts are not counted to their end")
    }

    async fn pause(&mut self, waiting: ConnectionState, delay: Duration) -> Result<(), Stop> {
        self.tell(waiting).await?;
        self.serving(sleep(delay)).await
    }

    /// One connection to one endpoint, from dialling to its end.
    async fn visit(&mut self, attempt: usize) -> Leave {
        match self.connection(attempt).await {
            Err(leave) => leave,
            Ok((socket, welcome)) => self.pump(socket, &welcome).await,
        }
    }

    async fn connection(&mut self, attempt: usize) -> Result<(Socket, Box<Welcome>), Leave> {
        let endpoints = &self.options.endpoints;
        let Some(endpoint) = endpoints.get(attempt % endpoints.len().max(1)).cloned() else {
            let reason = "there is no endpoint".to_owned();
            return Err(Leave::Stop(Stop(Closed { reason, ..Closed::by_application() })));
        };
        self.tell(ConnectionState::Connecting { endpoint: endpoint.clone() }).await?;
        let options = self.options.clone();
        let dialled = timeout(options.timing.welcome_within, dial(&endpoint, &options));
        let late = |_| Ended::broken("no welcome in time");
        let (socket, welcome) = self.serving(dialled).await?.map_err(late)??;
        self.backoff.welcomed();
        self.engine.connected(welcome.limits.frame_bytes);
        self.moves = false;
        self.tell(ConnectionState::Connected { endpoint, welcome: welcome.clone() }).await?;
        Ok((socket, welcome))
    }

    /// Waits for something without a connection; requests gather meanwhile.
    async fn serving<F: Future>(&mut self, waited_for: F) -> Result<F::Output, Stop> {
        let mut waited_for = pin!(waited_for);
        loop {
            tokio::select! {
                output = &mut waited_for => return Ok(output),
                request = self.requests.recv() => self.accept(request)?,
            }
        }
    }

    fn accept(&mut self, request: Option<Request>) -> Result<(), Stop> {
        match request {
            None | Some(Request::Close) => Err(Stop(Closed::by_application())),
            Some(Request::Move) => {
                self.moves = true;
                Ok(())
            }
            Some(request) => {
                self.engine.accept(request);
                Ok(())
            }
        }
    }

    /// Carries frames both ways until the connection ends.
    async fn pump(&mut self, mut socket: Socket, welcome: &Welcome) -> Leave {
        let mut line = Line::new(welcome, Instant::now());
        loop {
            let began = Instant::now();
            if let Err(leave) = self.flush(&mut socket).await {
                return leave;
            }
            // While the application took its events nobody listened: that was no silence.
            line.heard += began.elapsed();
            let silent_at = line.heard + self.options.timing.silence;
            let wake = self.engine.next_tick().unwrap_or(silent_at).min(silent_at).min(line.refresh_at);
            tokio::select! {
                message = socket.next() => {
                    line.heard = Instant::now();
                    if let Err(ended) = self.receive(message, &mut line) {
                        return ended.into();
                    }
                }
                token = line.new_token() => self.refresh(token),
                request = self.requests.recv() => {
                    if let Err(stop) = self.accept(request) {
                        let _ = timeout(self.options.timing.write_within, socket.close(None)).await;
                        return stop.into();
                    }
                }
                () = sleep_until(wake) => {
                    let now = Instant::now();
                    if now >= silent_at {
                        return Ended::broken("nothing was heard").into();
                    }
                    if now >= line.refresh_at {
                        line.refresh_at = now + TokenClock::PAUSE;
                        line.asking = Some(Box::pin(timeout(TokenClock::PAUSE, self.options.token.ask())));
                    }
                }
            }
        }
    }

    fn receive(&mut self, message: Option<Incoming>, line: &mut Line) -> Result<(), Ended> {
        match message {
            None => return Err(line.ended(1006, "the connection ended".to_owned())),
            Some(Err(error)) => return Err(line.ended(1006, error.to_string())),
            Some(Ok(Message::Close(frame))) => {
                let (code, reason) = close_of(frame);
                return Err(line.ended(code, reason));
            }
            Some(Ok(Message::Text(text))) => {
                self.options.show(&text);
                match ServerFrame::decode(&text) {
                    Ok(Some(frame)) => {
                        line.note(&frame);
                        self.engine.receive(frame, line.heard);
                    }
                    Ok(None) => {}
                    Err(unreadable) => tracing::warn!("{unreadable}"),
                }
            }
            Some(Ok(_)) => {}
        }
        Ok(())
    }

    /// Sends what is to be sent, tells what is to be told; and again, as the application may ask for more meanwhile.
    async fn flush(&mut self, socket: &mut Socket) -> Result<(), Leave> {
        loop {
            if self.moves {
                return Err(Ended::moving().into());
            }
            self.engine.tick(Instant::now());
            let frames = self.engine.take_frames();
            if !frames.is_empty() {
                self.send(socket, frames).await?;
            }
            let events = self.engine.take_events();
            if events.is_empty() {
                return Ok(());
            }
            for event in events {
                self.emit(event).await?;
            }
        }
    }

    async fn send(&self, socket: &mut Socket, frames: Vec<ClientFrame>) -> Result<(), Ended> {
        let write = async {
            for frame in frames {
                socket.feed(Message::text(frame.encode())).await?;
            }
            socket.flush().await
        };
        let written = timeout(self.options.timing.write_within, write).await;
        Ok(written.map_err(|_| Ended::broken("nothing can be written"))??)
    }

    /// Hands an event over. While the application does not take it, nothing is read: the server sees a slow reader.
    async fn emit(&mut self, event: Event) -> Result<(), Stop> {
        let events = self.events.clone();
        // Without anybody who listens there is nobody to tell.
        if let Ok(place) = self.serving(events.reserve()).await? {
            place.send(event);
        }
        Ok(())
    }

    async fn tell(&mut self, state: ConnectionState) -> Result<(), Stop> {
        self.state.send_replace(state.clone());
        self.emit(Event::Connection(state)).await
    }

    /// Sends a new token. Without one the server closes when the old one ends, and all begins anew.
    fn refresh(&mut self, token: Option<String>) {
        if let Some(token) = token {
            self.engine.refresh(token);
        } else {
            tracing::warn!("no new token");
        }
    }
}

/// What one connection knows of itself.
struct Line {
    heard: Instant,
    clock: TokenClock,
    refresh_at: Instant,
    /// For the next token, while everything else goes on.
    asking: Option<Pin<Box<Timeout<Answer>>>>,
    goodbye: Option<Goodbye>,
}

impl Line {
    fn new(welcome: &Welcome, now: Instant) -> Self {
        let clock = TokenClock::set(welcome.at, now);
        let refresh_at = clock.refresh_at(welcome.token_expires_at, now);
        Self { heard: now, clock, refresh_at, asking: None, goodbye: None }
    }

    /// The one that was asked for, none when it did not come; never ends while nobody asks.
    async fn new_token(&mut self) -> Option<String> {
        let Some(asking) = &mut self.asking else { return pending().await };
        let answer = asking.await;
        self.asking = None;
        answer.ok()?.ok()
    }

    fn note(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Goodbye(goodbye) => self.goodbye = Some(goodbye.clone()),
            ServerFrame::Refreshed(refreshed) => {
                self.refresh_at = self.clock.refresh_at(refreshed.token_expires_at, self.heard);
            }
            _ => {}
        }
    }

    fn ended(&mut self, code: u16, reason: String) -> Ended {
        Ended::closed(code, reason, self.goodbye.take())
    }
}
