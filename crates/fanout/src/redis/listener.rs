//! Keeps this node listening, for ever.
//!
//! One *session* is one connection: it subscribes to everything wanted, pings, and publishes
//! a canary that has to be *heard*. When everything is confirmed and the canary came back, a
//! new generation begins. A session that ends, or hears no canary for too long, is thrown
//! away whole; nothing of a connection is trusted twice.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use redis::RedisError;
use redis::aio::MultiplexedConnection;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, sleep_until};

use crate::backoff::pause;
use crate::channel::Channel;
use crate::ensemble::Ensemble;
use crate::interest::{Batch, Interest};
use crate::redis::Line;
use crate::redis::ear::{Ear, Signs};
use crate::redis::outbox::Bell;
use crate::settings::{Limits, Pace};

pub(crate) struct Listener {
    pub(crate) line: Line,
    pub(crate) ensemble: Arc<Ensemble>,
    pub(crate) interest: Arc<Interest>,
    pub(crate) bell: Arc<Bell>,
    pub(crate) limits: Limits,
    pub(crate) pace: Pace,
}

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("{0}")]
    Redis(#[from] RedisError),
    #[error("the connection was closed")]
    Closed,
    #[error("the canary was not heard in time")]
    Deaf,
}

impl Listener {
    pub(crate) async fn run(self) {
        let mut failures: u32 = 0;
        loop {
            self.line.inbox.counters.attempts.add(1);
            let Err(end) = self.session().await;
            failures = self.lost(&end, failures);
            let pause = pause(failures, self.pace.pause_max, &mut rand::rng());
            sleep(pause).await;
        }
    }

    /// The next number of failures in a row: a session that was heard starts them afresh.
    fn lost(&self, end: &End, failures: u32) -> u32 {
        let was_heard = self.ensemble.lost(self.line.part);
        self.interest.restart();
        if was_heard {
            tracing::warn!(reason = %end, "Redis is not heard any more");
            return 0;
        }
        tracing::debug!(reason = %end, failures, "Redis is still not heard");
        failures.saturating_add(1)
    }

    async fn session(&self) -> Result<Infallible, End> {
        let (ear, signs) = Ear::new(Arc::clone(&self.line.inbox), self.line.canary());
        let mut connection = self.line.address.listening(ear).await?;
        self.bell.renew.notify_one();
        self.line.wire.subscribe(&mut connection, vec![self.line.canary()]).await?;
        self.interest.restart();
        let (settled, all_settled) = watch::channel(false);
        tokio::select! {
            end = self.keep_hearing(signs, all_settled) => end,
            end = self.keep_subscribed(connection.clone(), settled) => end,
            end = self.keep_pinging(connection.clone()) => end,
        }
    }

    /// Brings Redis in step with what is wanted, batch after batch.
    async fn keep_subscribed(
        &self,
        mut connection: MultiplexedConnection,
        settled: watch::Sender<bool>,
    ) -> Result<Infallible, End> {
        loop {
            let batch = self.interest.next_batch(self.limits.channels_per_command);
            if batch.is_empty() {
                settled.send_replace(true);
                self.interest.changed().await;
            } else {
                self.settle(&mut connection, batch).await?;
            }
        }
    }

    async fn settle(&self, connection: &mut MultiplexedConnection, batch: Batch) -> Result<(), End> {
        if !batch.leave.is_empty() {
            self.line.wire.unsubscribe(connection, self.names_of(&batch.leave)).await?;
        }
        if !batch.join.is_empty() {
            self.line.wire.subscribe(connection, self.names_of(&batch.join)).await?;
            self.interest.confirm(batch.join);
        }
        Ok(())
    }

    fn names_of(&self, channels: &[Channel]) -> Vec<String> {
        channels.iter().map(|channel| self.line.names.of(channel)).collect()
    }

    /// A ping that is not answered in time is an error of the connection.
    async fn keep_pinging(&self, mut connection: MultiplexedConnection) -> Result<Infallible, End> {
        let mut ticks = every(self.pace.canary);
        loop {
            ticks.tick().await;
            redis::cmd("PING").exec_async(&mut connection).await?;
        }
    }

    /// Publishes canaries and listens for them; the first one heard after everything is
    /// settled begins the generation.
    async fn keep_hearing(
        &self,
        mut signs: watch::Receiver<Signs>,
        mut settled: watch::Receiver<bool>,
    ) -> Result<Infallible, End> {
        let mut ticks = every(self.pace.canary);
        let (mut heard, mut last_heard, mut announced) = (0, Instant::now(), false);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.bell.canary.notify_one(),
                alive = signs.changed() => alive.map_err(|_| End::Closed)?,
                _ = settled.changed(), if !*settled.borrow() => {}
                () = sleep_until(last_heard + self.pace.deaf) => return Err(End::Deaf),
            }
            let now = *signs.borrow_and_update();
            if now.closed {
                return Err(End::Closed);
            }
            if now.canaries > heard {
                (heard, last_heard) = (now.canaries, Instant::now());
            }
            if !announced && heard > 0 && *settled.borrow() {
                announced = true;
                self.announce();
            }
        }
    }

    fn announce(&self) {
        if let Some(generation) = self.ensemble.heard(self.line.part) {
            tracing::info!(generation, "Redis is heard");
        }
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
