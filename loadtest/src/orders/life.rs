//! One order from its purchase to its end.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use anyhow::Context as _;
use client::{Ask, CommandError, Place};
use protocol::{
    Snapshot,
    domain::{
        command::{Command, CommandKind},
        ids::{CommandId, OrderId},
        order::State,
    },
    snapshot::OrderSnapshot,
};
use rand::{Rng as _, rngs::StdRng};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::{
    choose::{Fill, choose, command, is_end},
    ears::Ears,
    person::Person,
};
use crate::{
    api::Api,
    judge::{Breach, Fault},
    mark::{Audience, Mark},
    participant::Shared,
};

/// People read and think between two acts, this long on average.
const THINKS_MS: f64 = 40.0;
/// A snapshot follows its command within this time, or the next act is drawn from the old one.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(5);

/// What an order needs to live.
pub struct Life {
    pub room: u32,
    /// When it is to be placed, after the start of the run.
    pub due_us: u64,
    /// How long any answer is waited for.
    pub patience: Duration,
    pub policy: String,
    pub buyer: Arc<Person>,
    pub seller: Arc<Person>,
    pub agent: Arc<Person>,
    pub chance: StdRng,
    pub api: Arc<Api>,
    pub shared: Arc<Shared>,
}

/// How it went.
#[derive(Debug, Default)]
pub struct Lived {
    pub room: u32,
    /// Once it was placed.
    pub order: Option<OrderId>,
    /// From the moment it was due until it was placed.
    pub placed_us: u64,
    pub asked: u64,
    pub acked: u64,
    pub refused: u64,
    /// The last entry that an ack named.
    pub head: u64,
    /// Entries that both sides had of it at the end.
    pub delivered: u64,
    pub state: Option<State>,
}

impl Life {
    /// Until the order has ended, nobody has anything to do, or `limit` commands were given. Whatever fails on the way ends
    /// this life alone, and is a breach: a deployment that serves nobody is not to look like a run that could not start.
    pub async fn live(mut self, limit: u32) -> Lived {
        let mut lived = Lived { room: self.room, ..Lived::default() };
        if let Err(fault) = self.try_to_live(limit, &mut lived).await {
            self.shared.judge.found(Breach::new("an order", self.room, fault));
        }
        if let Some(order) = lived.order {
            self.part(order, &mut lived).await;
        }
        lived
    }

    async fn try_to_live(&mut self, limit: u32, lived: &mut Lived) -> Result<(), Fault> {
        let order = self.api.place(&self.policy, &self.buyer.user, &self.seller.user).await?;
        lived.order = Some(order);
        lived.placed_us = self.shared.now_us().saturating_sub(self.due_us);
        for party in [&self.buyer, &self.seller] {
            party.ears.knows(order, self.room);
            self.follow(party, order).await?;
        }
        for number in 0..limit {
            self.think().await;
            if !self.act(order, number, lived).await? {
                break;
            }
        }
        Ok(())
    }

    async fn follow(&self, person: &Person, order: OrderId) -> Result<(), Fault> {
        let subscribed = timeout(self.patience, person.client.subscribe_from(order, Place::START)).await;
        subscribed.context("a subscribe got no answer")?.context("somebody cannot subscribe")?;
        let shown = person.ears.until(|ears| ears.snapshot(order).is_some());
        timeout(self.patience, shown).await.context("somebody is shown nothing")?;
        Ok(())
    }

    async fn think(&mut self) {
        let ms = -(1.0 - self.chance.random::<f64>()).ln() * THINKS_MS;
        sleep(Duration::from_secs_f64(ms / 1000.0)).await;
    }

    /// One act of somebody; false when there is none left.
    async fn act(&mut self, order: OrderId, number: u32, lived: &mut Lived) -> Result<bool, Fault> {
        let people = [self.buyer.clone(), self.seller.clone(), self.agent.clone()];
        let snapshots: Vec<_> = people.iter().map(|person| person.ears.snapshot(order)).collect();
        let seen: Vec<(usize, &OrderSnapshot)> = (0..)
            .zip(&snapshots)
            .filter_map(|(who, snapshot)| Some((who, snapshot.as_deref().and_then(Snapshot::as_order)?)))
            .collect();
        lived.state = seen.iter().map(|(_, snapshot)| snapshot.state).next_back().or(lived.state);
        if seen.iter().any(|(_, snapshot)| is_end(snapshot.state)) {
            lived.state = seen.iter().map(|(_, snapshot)| snapshot.state).find(|state| is_end(*state));
            return Ok(false);
        }
        // The desk looks at its queue: an open case that the agent does not see yet is taken.
        let case = seen.iter().any(|(_, snapshot)| snapshot.case.is_some());
        if case && snapshots[2].is_none() {
            return self.claim(order, lived).await.map(|()| true);
        }
        let Some((who, action)) = choose(&seen, &mut self.chance) else { return Ok(false) };
        let snapshot = seen.iter().find(|(other, _)| *other == who).context("the chosen one has seen it")?.1;
        let text = self.shared.judge.canaries().text(Audience::Room(self.room), u64::from(number));
        let file = match action.command {
            CommandKind::DeliverFiles => Some(self.api.upload(&people[who].token, order).await?),
            _ => None,
        };
        let fill = Fill { text: &text, file, now: chrono::Utc::now() };
        let Some(filled) = command(action, snapshot, &fill) else { return Ok(true) };
        let command: Command =
            serde_json::from_value(filled.clone()).with_context(|| format!("our own {filled}"))?;
        self.give(order, &people[who], command, lived).await?;
        Ok(true)
    }

    /// Exactly once, by the client. Within an order the loop is closed: this is measured from now, when the person wanted it.
    async fn give(
        &self,
        order: OrderId,
        who: &Person,
        command: Command,
        lived: &mut Lived,
    ) -> Result<(), Fault> {
        let (shared, due_us) = (&self.shared, self.shared.now_us());
        let asked = u32::try_from(lived.asked & 0xff).unwrap_or_default();
        let id = Mark { run: shared.judge.run(), number: (self.room << 8 | asked) & 0xff_ffff, due_us }.id();
        lived.asked += 1;
        let is_message = command.kind().is_message();
        let ask = who.client.ask(Ask { id: CommandId(id), order, command, expect_version: None });
        match timeout(self.patience, ask).await {
            Ok(Ok(ack)) => {
                lived.acked += 1;
                let us = shared.now_us().saturating_sub(due_us);
                shared.figures.note(self.room as usize, due_us, |noted| noted.ack.record_us(us));
                shared.figures.counters.acked.fetch_add(1, Relaxed);
                if let Some(seq) = ack.seq {
                    shared.judge.room(self.room).acked(seq.0, id);
                    lived.head = lived.head.max(ack.last_seq.map_or(seq.0, |last| last.0));
                }
                if !is_message {
                    self.see(order, who, ack.version).await;
                }
                Ok(())
            }
            Ok(Err(CommandError::Rejected(refused))) => {
                // Somebody else, or a clock, was faster than what the snapshot said.
                lived.refused += 1;
                shared.figures.refused(&refused.code.to_string());
                Ok(())
            }
            Ok(Err(error)) => Err(anyhow::Error::from(error).into()),
            Err(_) => Err(Fault::Unanswered { id }),
        }
    }

    /// The next act is drawn from what this one brought about.
    async fn see(&self, order: OrderId, who: &Person, version: u64) {
        for person in [&*self.buyer, &*self.seller, who] {
            let current = |ears: &Ears| ears.snapshot(order).is_none_or(|seen| seen.version() >= version);
            if timeout(SNAPSHOT_WITHIN, person.ears.until(current)).await.is_err() {
                self.shared.figures.refused("a snapshot that did not come within 5 s");
            }
        }
    }

    /// The agent takes the case, writes a note that nobody else may see, and follows the room.
    async fn claim(&self, order: OrderId, lived: &mut Lived) -> Result<(), Fault> {
        self.agent.ears.knows(order, self.room);
        let claim = serde_json::from_value(json!({"type": "claim_case"})).context("our own claim")?;
        let acked = lived.acked;
        self.give(order, &self.agent, claim, lived).await?;
        if lived.acked == acked {
            return Ok(());
        }
        let note = self.shared.judge.canaries().text(Audience::Staff, u64::from(self.room));
        // Both sides may have settled meanwhile: then there is no case to write to or to follow.
        if self.api.case_note(&self.agent.token, order, &note).await.is_ok() {
            self.shared.figures.counters.private_notes.fetch_add(1, Relaxed);
            let _ = self.follow(&self.agent, order).await;
        }
        Ok(())
    }

    /// Both sides have everything; then they leave.
    async fn part(&self, order: OrderId, lived: &mut Lived) {
        let head = lived.head;
        for party in [&self.buyer, &self.seller] {
            let complete = party.ears.until(|ears| ears.reader(order).last() >= head);
            let is_late = timeout(self.patience, complete).await.is_err();
            let reader = party.ears.reader(order);
            if is_late {
                let fault = Fault::Behind { last: reader.last(), missing: reader.missing(), head };
                self.shared.judge.found(Breach::new(&party.user, self.room, fault));
            }
            lived.delivered += reader.last().min(head);
        }
        for person in [&self.buyer, &self.seller, &self.agent] {
            // A client that has stopped follows nothing any more.
            let _ = person.client.unsubscribe(order).await;
        }
    }
}
