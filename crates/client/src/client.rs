//! The application's end: cheap to clone, every call may be made before there is a connection.

use std::sync::Arc;

use protocol::domain::{command::Command, ids::OrderId, values::Seq};
use protocol::{
    room::Presence,
    server_frame::{Ack, Entries, Welcome},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use crate::{
    Ask, Closed, CommandError, ConnectionState, Event, Options, Place, RoomError,
    driver::Driver,
    request::{CommandReply, HistoryAsk, Request},
};

/// A connection that comes back. The task behind it ends with [`Client::close`] or with the last clone.
#[derive(Clone, Debug)]
pub struct Client {
    requests: mpsc::Sender<Request>,
    places: Arc<Semaphore>,
    state: watch::Receiver<ConnectionState>,
}

/// What happens, in order. Keep reading: a full queue stops the client from reading, answers included.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

impl Events {
    /// The next one; `None` after the client stopped.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }

    /// The next one if there is one already.
    pub fn try_next(&mut self) -> Option<Event> {
        self.0.try_recv().ok()
    }
}

impl Client {
    /// Starts connecting and returns at once. Needs a Tokio runtime.
    pub fn connect(options: Options) -> (Self, Events) {
        /// Requests the driver has not looked at; it always looks.
        const REQUESTS: usize = 64;
        let (requests, asked) = mpsc::channel(REQUESTS);
        let (told, events) = mpsc::channel(options.events.max(1));
        let endpoint = options.endpoints.first().cloned().unwrap_or_default();
        let (set_state, state) = watch::channel(ConnectionState::Connecting { endpoint });
        let places = Arc::new(Semaphore::new(options.outbox.max(1)));
        tokio::spawn(Driver::new(options, asked, told, set_state).run());
        (Self { requests, places, state }, Events(events))
    }

    /// Waits for a welcome, or gives the present one.
    pub async fn connected(&self) -> Result<Welcome, Closed> {
        let mut state = self.state.clone();
        let settled = |state: &ConnectionState| {
            matches!(state, ConnectionState::Connected { .. } | ConnectionState::Closed(_))
        };
        match state.wait_for(settled).await.as_deref() {
            Ok(ConnectionState::Connected { welcome, .. }) => Ok((**welcome).clone()),
            Ok(ConnectionState::Closed(closed)) => Err(closed.clone()),
            _ => Err(Closed::by_application()),
        }
    }

    /// Where the connection stands, and every change of it.
    pub fn state(&self) -> watch::Receiver<ConnectionState> {
        self.state.clone()
    }

    /// Does something in a room, exactly once. Returns when it is committed or refused, however long that takes;
    /// dropping the future does not take it back.
    pub async fn command(&self, order: OrderId, command: impl Into<Command>) -> Result<Ack, CommandError> {
        self.ask(Ask::new(order, command)).await
    }

    /// The same with an id of the application's own, or at a version.
    pub async fn ask(&self, ask: Ask) -> Result<Ack, CommandError> {
        let (to, answer) = oneshot::channel();
        let reply = CommandReply { to, _place: self.place().await };
        self.request(Request::Command { ask, reply }).await?;
        answer.await.unwrap_or_else(|_| Err(self.closed().into()))
    }

    /// Follows a room from its newest entries on; they arrive as events.
    pub async fn subscribe(&self, order: OrderId) -> Result<(), RoomError> {
        self.subscribe_from(order, Place::NEWEST).await
    }

    /// Follows a room from a place on: everything after it, however old.
    pub async fn subscribe_from(&self, order: OrderId, from: Place) -> Result<(), RoomError> {
        let (reply, answer) = oneshot::channel();
        self.request(Request::Subscribe { order, from, reply }).await?;
        answer.await.unwrap_or_else(|_| Err(self.closed().into()))
    }

    /// Follows it no more.
    pub async fn unsubscribe(&self, order: OrderId) -> Result<(), Closed> {
        self.request(Request::Unsubscribe { order }).await
    }

    /// One page backwards: at most `limit` entries before `before`, ascending.
    pub async fn history(&self, order: OrderId, before: Seq, limit: u32) -> Result<Entries, RoomError> {
        let (to, answer) = oneshot::channel();
        let ask = HistoryAsk { order, before, limit, to, _place: self.place().await };
        self.request(Request::History(ask)).await?;
        answer.await.unwrap_or_else(|_| Err(self.closed().into()))
    }

    /// Moves the reader's cursor forward; kept over a reconnect for rooms that are followed.
    pub async fn read(&self, order: OrderId, seq: Seq) -> Result<(), Closed> {
        self.request(Request::Read { order, seq }).await
    }

    /// Signals that somebody writes; lost without a connection.
    pub async fn typing(&self, order: OrderId, on: bool) -> Result<(), Closed> {
        self.request(Request::Typing { order, on }).await
    }

    /// Signals whether somebody is there; kept over a reconnect.
    pub async fn presence(&self, state: Presence) -> Result<(), Closed> {
        self.request(Request::Presence(state)).await
    }

    /// Drops the connection without a word and resumes on the next endpoint, as after a broken cable.
    /// While it is connecting anyway, nothing changes.
    pub async fn move_on(&self) -> Result<(), Closed> {
        self.request(Request::Move).await
    }

    /// Stops, and waits until it has. What has no answer is told so.
    pub async fn close(&self) {
        let _ = self.requests.send(Request::Close).await;
        self.requests.closed().await;
    }

    async fn place(&self) -> OwnedSemaphorePermit {
        self.places.clone().acquire_owned().await.expect("the places are never closed")
    }

    async fn request(&self, request: Request) -> Result<(), Closed> {
        self.requests.send(request).await.map_err(|_| self.closed())
    }

    fn closed(&self) -> Closed {
        match &*self.state.borrow() {
            ConnectionState::Closed(closed) => closed.clone(),
            _ => Closed::by_application(),
        }
    }
}
