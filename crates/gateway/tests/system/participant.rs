//! One device of somebody: the `client` crate, with a log of every delivery and of every answer.
//!
//! Asks without waiting; what has no answer yet stays open in the log. Judges nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use client::{Client, ConnectionState, Event, Events, Options, Place};
use order_domain::{
    command::Command,
    ids::{CommandId, OrderId, UserId},
    values::Seq,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use crate::log::{Answer, Attempt, Log};

/// Commands of one room on their way at once: more than one, so that devices get into each other's way.
const IN_FLIGHT: usize = 8;

/// A device that is switched on. Clones are the same device.
#[derive(Clone)]
pub struct Participant {
    client: Client,
    notes: Arc<Notes>,
}

/// The log, and word that it changed.
struct Notes {
    log: Mutex<Log>,
    changed: watch::Sender<()>,
    /// What this device must never be told.
    secrets: Vec<String>,
    /// Since the connection was lost: the rooms that are not back, and how far back is.
    resuming: Mutex<Option<Resuming>>,
}

/// A resume on its way.
struct Resuming {
    since: Instant,
    rooms: BTreeMap<OrderId, Option<Seq>>,
}

impl Participant {
    /// Switches a device on that tries `endpoints` in turn.
    pub fn start(device: &str, user: &UserId, token: &str, endpoints: Vec<String>) -> Self {
        Self::keeping(device, user, token, endpoints, Vec::new())
    }

    /// The same, for one that must not see `secrets`.
    pub fn keeping(
        device: &str,
        user: &UserId,
        token: &str,
        endpoints: Vec<String>,
        secrets: Vec<String>,
    ) -> Self {
        let mut options = Options::new(endpoints, token);
        options.in_flight_per_room = IN_FLIGHT;
        options.timing.longest = Duration::from_secs(2);
        let (client, events) = Client::connect(options);
        let log = Mutex::new(Log::new(device, user.clone()));
        let notes =
            Arc::new(Notes { log, changed: watch::Sender::new(()), secrets, resuming: Mutex::default() });
        tokio::spawn(listen(events, notes.clone()));
        Self { client, notes }
    }

    /// Follows a room from its first entry on, or from where it was; a refusal shows in the log.
    pub async fn follow(&self, order: OrderId) {
        let after = Some(self.log().last(order));
        let outcome = self.client.subscribe_from(order, Place { after, epoch: None }).await;
        if outcome.is_err() {
            self.notes.write(|log| log.rooms.entry(order).or_default().live = false);
            return;
        }
        // What the server says next may already be that access was withdrawn: events tell, in order.
        let told =
            |log: &Log| log.rooms.get(&order).is_some_and(|room| room.live || room.withdrawn.is_some());
        self.within(Duration::from_secs(5), told).await;
    }

    /// Gives a command and does not wait for the answer.
    pub fn ask(&self, order: OrderId, id: CommandId, command: impl Into<Command>) {
        let command = command.into();
        let user = self.log().user.clone();
        let (asked, answer, resent) = (Instant::now(), None, false);
        let attempt = Attempt { user, id, order, command: command.clone(), asked, answer, resent };
        let place = self.notes.write(|log| {
            log.attempts.push(attempt);
            log.attempts.len() - 1
        });
        let this = self.clone();
        tokio::spawn(async move {
            let ask = client::Ask { id, order, command, expect_version: None };
            let Some(answer) = final_answer(this.client.ask(ask).await) else { return };
            this.notes.write(|log| {
                let resent = log.losses.iter().any(|lost| *lost > asked);
                let attempt = &mut log.attempts[place];
                (attempt.answer, attempt.resent) = (Some((Instant::now(), answer)), resent);
            });
        });
    }

    /// Gives a command and waits for its final answer.
    pub async fn tell(&self, order: OrderId, command: impl Into<Command>) -> Answer {
        let id = new_id();
        self.ask(order, id, command);
        self.until("an answer", Duration::from_secs(30), |log| log.answer(id).is_some()).await;
        self.log().answer(id).cloned().expect("the log has just said so")
    }

    /// Waits until the log says so; fails the test with `what` otherwise.
    pub async fn until(&self, what: &str, patience: Duration, done: impl Fn(&Log) -> bool) {
        if !self.within(patience, done).await {
            let log = self.log();
            let open = log.attempts.iter().filter(|attempt| attempt.answer.is_none()).count();
            let rooms: Vec<_> = log.rooms.iter().map(|(id, room)| (id, room.last(), room.live)).collect();
            panic!("{}: {what} did not come within {patience:?}; {open} open, {rooms:?}", log.device);
        }
    }

    pub async fn within(&self, patience: Duration, done: impl Fn(&Log) -> bool) -> bool {
        let mut changed = self.notes.changed.subscribe();
        let wait = async {
            while !done(&self.log()) {
                changed.changed().await.expect("the notes outlive their readers");
            }
        };
        timeout(patience, wait).await.is_ok()
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.notes.log.lock().expect("nothing panics while holding it")
    }

    pub async fn connected(&self) {
        self.client.connected().await.expect("nobody told this client to stay away");
    }

    /// Switches the device off; what it knew.
    pub async fn stop(self) -> Log {
        self.client.close().await;
        self.log().clone()
    }
}

/// A command id of our own.
pub fn new_id() -> CommandId {
    CommandId(uuid::Uuid::now_v7())
}

fn final_answer(outcome: Result<protocol::server_frame::Ack, client::CommandError>) -> Option<Answer> {
    match outcome {
        Ok(ack) => Some(Answer::Acked { first: ack.seq, last: ack.last_seq, duplicate: ack.duplicate }),
        Err(client::CommandError::Rejected(refused)) => Some(Answer::Refused(refused.code)),
        Err(_) => None,
    }
}

async fn listen(mut events: Events, notes: Arc<Notes>) {
    while let Some(event) = events.next().await {
        notes.look_for_secrets(&event);
        notes.note_resume(&event);
        notes.note(event);
        notes.note_resumed();
    }
}

impl Notes {
    fn write<T>(&self, change: impl FnOnce(&mut Log) -> T) -> T {
        let outcome = change(&mut self.log.lock().expect("nothing panics while holding it"));
        self.changed.send_replace(());
        outcome
    }

    fn note(&self, event: Event) {
        let now = Instant::now();
        match event {
            Event::Subscribed { order, snapshot, .. } => self.write(|log| {
                let room = log.rooms.entry(order).or_default();
                (room.live, room.withdrawn, room.snapshot) = (true, None, Some(*snapshot));
            }),
            Event::Entry { order, entry } => {
                self.write(|log| log.rooms.entry(order).or_default().deliveries.push((now, entry)));
            }
            Event::Snapshot { order, snapshot } => {
                self.write(|log| log.rooms.entry(order).or_default().snapshot = Some(*snapshot));
            }
            Event::Unsubscribed { order, .. } => self.write(|log| {
                let room = log.rooms.entry(order).or_default();
                (room.live, room.withdrawn) = (false, Some(now));
            }),
            Event::Resynced { order } => {
                self.write(|log| log.faults.push(format!("room {order} had to start anew")));
            }
            Event::Connection(ConnectionState::Waiting { code, .. }) => {
                self.write(|log| {
                    log.goodbyes.push(code);
                    log.losses.push(now);
                });
            }
            Event::Connection(ConnectionState::Closed(closed)) => {
                self.write(|log| log.goodbyes.push(closed.code));
            }
            Event::Connection(_) | Event::Inbox(_) | Event::Signal(_) => {}
        }
    }

    /// A loss begins a resume; each room says how far it has to come.
    fn note_resume(&self, event: &Event) {
        let mut resuming = self.resuming.lock().expect("nothing panics while holding it");
        match event {
            Event::Connection(ConnectionState::Waiting { .. }) if resuming.is_none() => {
                let log = self.log.lock().expect("nothing panics while holding it");
                let rooms = log.rooms.iter().filter(|(_, room)| room.live).map(|(order, _)| (*order, None));
                *resuming = Some(Resuming { since: Instant::now(), rooms: rooms.collect() });
            }
            Event::Subscribed { order, snapshot, .. } => {
                let room = resuming.as_mut().and_then(|resume| resume.rooms.get_mut(order));
                if let Some(head) = room {
                    *head = Some(snapshot.head());
                }
            }
            Event::Unsubscribed { order, .. } => {
                if let Some(resume) = resuming.as_mut() {
                    resume.rooms.remove(order);
                }
            }
            _ => {}
        }
    }

    /// Over when every room is as far as the server was when it was followed again.
    fn note_resumed(&self) {
        let mut resuming = self.resuming.lock().expect("nothing panics while holding it");
        let Some(resume) = resuming.as_mut() else { return };
        let log = self.log.lock().expect("nothing panics while holding it");
        resume.rooms.retain(|order, head| head.is_none_or(|head| log.last(*order) < head));
        drop(log);
        if resume.rooms.is_empty() {
            let took = resume.since.elapsed();
            *resuming = None;
            self.write(|log| log.resumes.push(took));
        }
    }

    fn look_for_secrets(&self, event: &Event) {
        if self.secrets.is_empty() {
            return;
        }
        let told = format!("{event:?}");
        for secret in self.secrets.iter().filter(|secret| told.contains(*secret)) {
            self.write(|log| log.faults.push(format!("was told the secret {secret}")));
        }
    }
}
