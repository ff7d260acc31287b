//! One of the cast: connected to a node, doing things, and remembering all that was seen.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use client::{Client, CommandError, Event, Events, Options, Place};
use protocol::domain::{
    command::Command, ids::OrderId, participant::AccountRole, rejection::Code, values::Seq,
};
use protocol::{
    SeenEntry, Snapshot,
    server_frame::{Ack, InboxRoom, Signal, SignalKind},
};
use tokio::{sync::watch, time::timeout};

use super::{Stage, host::Caller, token};

/// Nothing of a story takes longer, clocks that run out included.
const PATIENCE: Duration = Duration::from_mins(1);

/// Somebody with a socket.
pub struct Person {
    /// The account.
    pub user: String,
    /// What they do over HTTP.
    pub http: Caller,
    client: Client,
    memory: watch::Receiver<Memory>,
}

/// What somebody saw of the room they follow.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The room.
    pub room: Option<OrderId>,
    /// Every entry, in order.
    pub entries: Vec<SeenEntry>,
    /// The latest.
    pub snapshot: Option<Box<Snapshot>>,
    /// Why the room is not followed any more.
    pub left: Option<String>,
    /// Lines for the conversation list.
    pub inbox: Vec<InboxRoom>,
    /// The latest.
    pub signal: Option<Signal>,
}

impl Person {
    /// Connects to the node with this number first.
    pub async fn enter(
        stage: &Stage,
        node: usize,
        user: &str,
        role: AccountRole,
        name: &str,
    ) -> Result<Self> {
        let token = token::sign(&stage.secret, user, role, name)?;
        let (client, events) = Client::connect(Options::new(stage.urls_from(node), token));
        let (remember, memory) = watch::channel(Memory::default());
        tokio::spawn(listen(events, remember));
        timeout(PATIENCE, client.connected()).await.context("no welcome")??;
        Ok(Self { user: user.to_owned(), http: Caller::new(stage, node, user, role, name)?, client, memory })
    }

    /// Follows a room from its first entry.
    pub async fn follow(&self, order: OrderId) -> Result<()> {
        timeout(PATIENCE, self.client.subscribe_from(order, Place::START)).await.context("no room")??;
        Ok(())
    }

    /// Is done with a room: one at a time is remembered.
    pub async fn stops_following(&self, order: OrderId) -> Result<()> {
        Ok(self.client.unsubscribe(order).await?)
    }

    /// Does something that is right.
    pub async fn does(&self, order: OrderId, command: impl Into<Command>) -> Result<Ack> {
        let command = command.into();
        let what = command.kind().as_str();
        let done = timeout(PATIENCE, self.client.command(order, command)).await;
        done.with_context(|| format!("{what} takes too long"))?
            .with_context(|| format!("{} cannot {what}", self.user))
    }

    /// Does something that the rules refuse.
    pub async fn is_refused(
        &self,
        order: OrderId,
        command: impl Into<Command>,
        code: Code,
    ) -> Result<String> {
        match timeout(PATIENCE, self.client.command(order, command)).await? {
            Err(CommandError::Rejected(refused)) if refused.code == code => Ok(refused.message),
            other => bail!("{} expected {code}, got {other:?}", self.user),
        }
    }

    /// Is not let into a room.
    pub async fn is_kept_out(&self, order: OrderId) -> Result<()> {
        let tried = timeout(PATIENCE, self.client.subscribe(order)).await?;
        ensure!(tried.is_err(), "{} should not be in the room", self.user);
        Ok(())
    }

    /// Goes on writing until the other one sees it: a signal is lost when a connection changes.
    pub async fn is_seen_typing(&self, order: OrderId, by: &Self) -> Result<()> {
        let typing = |memory: &Memory| matches!(&memory.signal, Some(signal) if matches!(signal.kind, SignalKind::Typing { on: true }));
        let mut seen = by.memory.clone();
        for _ in 0..PATIENCE.as_secs() {
            self.client.typing(order, true).await?;
            if timeout(Duration::from_secs(1), seen.wait_for(typing)).await.is_ok() {
                return Ok(());
            }
        }
        bail!("{} does not see {} typing", by.user, self.user)
    }

    pub async fn has_read(&self, order: OrderId, seq: Seq) -> Result<()> {
        Ok(self.client.read(order, seq).await?)
    }

    /// The cable breaks; the client goes on at the next node.
    pub async fn moves_on(&self) -> Result<()> {
        Ok(self.client.move_on().await?)
    }

    /// Waits until what was seen fits.
    pub async fn sees(&self, what: &str, fits: impl FnMut(&Memory) -> bool) -> Result<Memory> {
        let mut memory = self.memory.clone();
        let seen = timeout(PATIENCE, memory.wait_for(fits)).await;
        match seen {
            Ok(Ok(memory)) => Ok(memory.clone()),
            _ => {
                bail!("{} does not see {what}; last seen: {:?}", self.user, self.memory.borrow().last_kinds())
            }
        }
    }

    /// Waits for an event of this type, after a seq.
    pub async fn sees_event(&self, kind: &str, after: Seq) -> Result<Seq> {
        let find = |memory: &Memory| {
            memory.entries.iter().find(|entry| entry.seq > after && entry.event.kind() == kind).map(|e| e.seq)
        };
        let memory = self.sees(kind, |memory| find(memory).is_some()).await?;
        find(&memory).context("seen")
    }

    /// Waits until everything up to a seq was seen.
    pub async fn sees_up_to(&self, seq: Seq) -> Result<Memory> {
        self.sees(&format!("entry {seq}"), |memory| memory.head() >= seq).await
    }

    pub async fn leaves(self) {
        self.client.close().await;
    }
}

impl Memory {
    /// The last seq that was seen.
    pub fn head(&self) -> Seq {
        self.entries.last().map_or(Seq(0), |entry| entry.seq)
    }

    fn last_kinds(&self) -> Vec<String> {
        let last = self.entries.iter().rev().take(5);
        last.map(|entry| format!("{} {}", entry.seq, entry.event.kind())).collect()
    }
}

async fn listen(mut events: Events, memory: watch::Sender<Memory>) {
    while let Some(event) = events.next().await {
        memory.send_modify(|memory| remember(memory, event));
    }
}

fn remember(memory: &mut Memory, event: Event) {
    match event {
        Event::Subscribed { order, snapshot, .. } => {
            if memory.room.replace(order) != Some(order) {
                memory.entries.clear();
            }
            memory.left = None;
            memory.snapshot = Some(snapshot);
        }
        Event::Entry { entry, .. } => memory.entries.push(entry),
        Event::Snapshot { snapshot, .. } => memory.snapshot = Some(snapshot),
        Event::Unsubscribed { reason, .. } => memory.left = Some(reason),
        Event::Inbox(room) => memory.inbox.push(*room),
        Event::Signal(signal) => memory.signal = Some(signal),
        Event::Connection(_) | Event::Resynced { .. } => {}
    }
}
