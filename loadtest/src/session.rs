//! A crowd in its rooms: gathered, loaded phase by phase, judged at the end.

mod arrive;
mod meter;
mod settle;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{StreamExt as _, stream};
use tokio::{
    sync::mpsc::Sender,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    api::Api,
    crowd::Crowd,
    figures::Figures,
    judge::Judge,
    latency::Latency,
    mark::Canaries,
    outcome::{Connect, Phase},
    pace::pace,
    participant::{Ask, Dialer, Handle, Shared, seat},
    plan::Plan,
    recorder::Recorder,
    schedule::Schedule,
    tokens::Tokens,
};
use arrive::arrive;
pub use meter::Meter;
pub use settle::look_up;

/// Memory is looked at this long after the last connect, as it settles.
const SETTLES: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(5);

/// What was said before a stop is waited for no longer than this.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Where to.
#[derive(Clone)]
pub struct Target {
    /// The nodes.
    pub urls: Vec<String>,
    /// The HTTP side, where nodes have none.
    pub back_end: Option<String>,
    /// Whose participants.
    pub tokens: Tokens,
    /// How they get in.
    pub dialer: Dialer,
}

/// Everybody is in.
pub struct Session {
    /// What is done.
    pub plan: Plan,
    /// The HTTP side.
    pub api: Api,
    /// What all participants share.
    pub shared: Arc<Shared>,
    /// The participants, room by room.
    pub handles: Vec<Handle>,
    /// What happens second by second.
    pub recorder: Recorder,
    /// How it went to get in.
    pub connect: Connect,
    /// For the reader of the report.
    pub notes: Vec<String>,
    next_number: u32,
}

impl Session {
    /// Places the orders and gets everybody in.
    pub async fn open(
        plan: &Plan,
        target: &Target,
        recorder: Recorder,
        stop: CancellationToken,
    ) -> Result<Self> {
        let run = rand::random();
        let api = Api::new(target).await?;
        api.is_ready().await?;
        recorder.phase("rooms", 0.0);
        let crowd = Crowd::gather(&api, &target.tokens, &plan.crowd, run)
            .await
            .context("the rooms cannot be made")?;
        let canaries = Canaries::new(run, plan.load.text_bytes as usize);
        let sockets = plan.sockets();
        let shared = Arc::new(Shared {
            start: std::time::Instant::now(),
            judge: Judge::new(run, crowd.rooms.len(), canaries),
            crowd,
            figures: Figures::default(),
            heard: (0..sockets).map(|_| AtomicU64::new(0)).collect(),
            joined: AtomicU64::new(0),
            away: AtomicU64::new(0),
            dialer: target.dialer.clone(),
            stop,
        });
        recorder.attend(&shared);
        let (plan, handles, connect, notes) = (plan.clone(), Vec::new(), Connect::default(), Vec::new());
        let mut session = Self { plan, api, shared, handles, recorder, connect, notes, next_number: 1 };
        session.gather(target).await?;
        Ok(session)
    }

    async fn gather(&mut self, target: &Target) -> Result<()> {
        let sockets = self.plan.sockets();
        self.recorder.phase("connect", 0.0);
        let (empty, _) = self.recorder.used(true);
        let began = Instant::now();
        let mut each = Latency::default();
        let (shared, end) = (self.shared.clone(), began + seconds(f64::from(self.plan.crowd.dial_within_s)));
        let urls: Vec<Arc<str>> = target.urls.iter().map(|url| url.as_str().into()).collect();
        let arrivals = (0..sockets).map(|number| arrive(&shared, &urls, number, end));
        let mut arrivals = stream::iter(arrivals).buffered(self.plan.crowd.dial_at_once as usize);
        let (mut put_off, mut limit) = (0, 0);
        while let Some(arrived) = arrivals.next().await {
            self.go_on()?;
            let arrived = arrived?;
            each.record(arrived.took);
            put_off += arrived.put_off;
            limit = arrived.commands_per_s;
            self.handles.push(seat(&shared, arrived.seat, arrived.socket));
        }
        self.everybody_is_in(end).await?;
        let lasted = began.elapsed().as_secs_f64();
        let (full, _) = self.recorder.used(false);
        if self.recorder.is_watching() {
            self.rest(SETTLES).await;
        }
        let (settled, _) = self.recorder.used(true);
        self.connect = Connect {
            sockets,
            seconds: lasted,
            put_off,
            each,
            used: full.since(&empty),
            pss_before_kib: empty.pss_total_kib(),
            pss_after_kib: settled.pss_total_kib(),
        };
        self.recorder.say(&format!("{sockets} sockets are in after {lasted:.1} s"));
        self.heed(limit)
    }

    /// Their rooms' first pages have come to everyone.
    async fn everybody_is_in(&self, end: Instant) -> Result<()> {
        let sockets = u64::from(self.plan.sockets());
        loop {
            let missing = sockets.saturating_sub(self.shared.joined.load(Relaxed));
            if missing == 0 {
                return Ok(());
            }
            self.go_on()?;
            if Instant::now() > end {
                let ends = self.shared.figures.ends();
                bail!("{missing} sockets got no page of their room in time; connections ended: {ends:?}");
            }
            sleep(POLL).await;
        }
    }

    /// Before anything was measured there is nothing to report.
    fn go_on(&self) -> Result<()> {
        ensure!(!self.is_stopped(), "stopped before anything was measured");
        Ok(())
    }

    /// Is the run to end now?
    pub fn is_stopped(&self) -> bool {
        self.shared.stop.is_cancelled()
    }

    /// Waits, but not beyond a stop.
    pub async fn rest(&self, span: Duration) {
        tokio::select! {
            () = sleep(span) => {}
            () = self.shared.stop.cancelled() => {}
        }
    }

    /// A deployment's limit would be measured instead of the deployment.
    fn heed(&mut self, commands_per_s: u32) -> Result<()> {
        let speakers = self.shared.crowd.speakers();
        let each = self.plan.load.rate / speakers;
        if commands_per_s > 0 && each > f64::from(commands_per_s) {
            bail!(
                "the plan makes every user say {each:.1} messages a second, and this deployment allows {commands_per_s}: \
                 use more rooms, a lower rate, or raise ORDER_CHAT_LIMIT_COMMANDS_PER_S"
            );
        }
        if commands_per_s > 0 {
            let most = speakers * f64::from(commands_per_s);
            let note = format!(
                "This deployment allows a user {commands_per_s} commands a second: {most:.0} in all."
            );
            self.notes.push(note);
        }
        Ok(())
    }

    /// Says `rate` messages a second for so long, and waits for the last delivery.
    pub async fn load(&mut self, name: &str, rate: f64, lasts_s: f64, drain_s: f64) -> Result<Phase> {
        self.recorder.phase(name, lasts_s);
        let crowd = &self.shared.crowd;
        let rooms = u32::try_from(crowd.rooms.len()).unwrap_or(u32::MAX);
        let crowd_members = crowd.members;
        let seed = self.plan.seed.wrapping_add(u64::from(self.next_number));
        let schedule = Schedule::new(self.plan.load.arrivals, rate, lasts_s, rooms, crowd.members, seed);
        let phase = self.say(name, schedule, drain_s, u64::from(crowd_members)).await?;
        Ok(Phase { rate, ..phase })
    }

    /// Hands out a schedule; each entry goes to `members` who are there.
    pub async fn say(&mut self, name: &str, schedule: Schedule, drain_s: f64, members: u64) -> Result<Phase> {
        let meter = Meter::begin(&self.shared, &self.recorder);
        let began = Instant::now();
        let speakers: Vec<Sender<Ask>> = self.handles.iter().map(|handle| handle.asks.clone()).collect();
        let (shared, first) = (self.shared.clone(), self.next_number);
        let paced = tokio::task::spawn_blocking(move || pace(&shared, &speakers, schedule, first)).await?;
        self.next_number = paced.next_number;
        let end = Instant::now() + self.patience(seconds(drain_s), LAST_WORDS);
        while !meter.is_done(&paced, members) && Instant::now() < end {
            sleep(POLL).await;
        }
        Ok(meter.end(name, began, &paced, members, &self.recorder))
    }

    /// Waits until everybody is there and has everything that was said, but not beyond `patience` or a stop.
    pub async fn everybody_is_back(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let is_out = || self.shared.away.load(Relaxed) > 0 || self.somebody_is_behind();
        while is_out() && Instant::now() < end && !self.is_stopped() {
            sleep(POLL).await;
        }
    }

    /// Has anybody who is there not heard everything?
    fn somebody_is_behind(&self) -> bool {
        let is_behind = |handle: &Handle| {
            let heard = self.shared.heard[handle.seat.number as usize].load(Relaxed);
            heard < self.shared.judge.room(handle.seat.room).head() && !handle.task.is_finished()
        };
        self.handles.iter().any(is_behind)
    }

    fn patience(&self, usual: Duration, when_stopped: Duration) -> Duration {
        if self.is_stopped() { usual.min(when_stopped) } else { usual }
    }
}

/// A span of a plan.
pub fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
