//! What each kind of run does with its crowd.

mod churn;
mod private;
mod ramp;
mod storm;

use std::sync::atomic::Ordering::Relaxed;

use anyhow::Result;
use chrono::Utc;
use tokio_util::sync::CancellationToken;

use crate::{
    browse, orders,
    outcome::{Outcome, Phase},
    plan::{Plan, Scenario},
    process::{Watched, by_name},
    progress::Progress,
    recorder::Recorder,
    session::{Meter, Session, Target, seconds},
};

/// Runs a plan from the first order to the last look-up, or to a stop: what was measured until then is reported.
pub async fn run(
    plan: Plan,
    target: Target,
    watched: Vec<Watched>,
    progress: Progress,
    stop: CancellationToken,
) -> Result<Outcome> {
    let started_at = Utc::now();
    let began = std::time::Instant::now();
    let is_watched = !watched.is_empty();
    let recorder = Recorder::start(watched, progress);
    if plan.scenario == Scenario::Orders {
        return orders::run(plan, target, recorder, (is_watched, stop)).await;
    }
    if plan.scenario == Scenario::Browse {
        return browse::run(plan, target, recorder, (is_watched, stop)).await;
    }
    let mut session = Session::open(&plan, &target, recorder, stop).await?;
    let mut done = Done::default();
    play(&mut session, &mut done, &target).await?;
    let interrupted = session.is_stopped();
    session.judge().await?;
    let figures = &session.shared.figures;
    let mut outcome = Outcome {
        tool: env!("CARGO_PKG_VERSION").into(),
        runs: vec![session.shared.judge.run()],
        urls: target.urls,
        started_at,
        seconds: began.elapsed().as_secs_f64(),
        machines: 1,
        watched: is_watched,
        interrupted,
        connect: session.connect,
        phases: done.phases,
        best: done.best,
        series: session.recorder.finish(),
        refusals: figures.refusals(),
        ends: figures.ends(),
        failed_dials: figures.failed_dials(),
        ends_of_too_much: done.ends_of_too_much,
        private_notes: figures.counters.private_notes.load(Relaxed),
        notes: session.notes,
        judge: session.shared.judge.verdict(),
        thresholds: Vec::new(),
        plan,
    };
    note_doubts(&mut outcome);
    outcome.check_thresholds();
    Ok(outcome)
}

/// What was done.
#[derive(Debug, Default)]
pub struct Done {
    /// In order.
    pub phases: Vec<Phase>,
    /// Which of them is the most that was carried.
    pub best: Option<usize>,
    /// Connections that ended from the beginning of steps that were too much until everybody was back.
    pub ends_of_too_much: u64,
}

async fn play(session: &mut Session, done: &mut Done, target: &Target) -> Result<()> {
    let load = session.plan.load.clone();
    match session.plan.scenario {
        Scenario::Steady => steady(session, done).await,
        Scenario::Smoke | Scenario::Soak => {
            steady(session, done).await?;
            if !session.is_stopped() {
                private::note(session, &target.tokens).await;
            }
            Ok(())
        }
        Scenario::Ramp => {
            session.load("warm-up", load.rate, load.warmup_s, load.drain_s).await?;
            ramp::ramp(session, done).await
        }
        Scenario::Measure | Scenario::BigRoom => {
            steady(session, done).await?;
            ramp::ramp(session, done).await
        }
        Scenario::Idle => {
            done.phases.push(idle(session, load.seconds).await);
            Ok(())
        }
        Scenario::Storm => storm::storm(session, done).await,
        Scenario::Orders | Scenario::Browse => unreachable!("they are played by participants of their own"),
    }
}

async fn steady(session: &mut Session, done: &mut Done) -> Result<()> {
    let load = session.plan.load.clone();
    if load.warmup_s > 0.0 {
        session.load("warm-up", load.rate, load.warmup_s, load.drain_s).await?;
    }
    let churn = churn::begin(&session.handles, load.churn_percent_per_min, session.plan.seed);
    let phase = session.load("load", load.rate, load.seconds, load.drain_s).await;
    churn.abort();
    done.phases.push(phase?);
    Ok(())
}

/// Nothing is said: what do the sockets cost?
async fn idle(session: &Session, lasts_s: f64) -> Phase {
    session.recorder.phase("idle", lasts_s);
    let meter = Meter::begin(&session.shared, &session.recorder);
    let began = tokio::time::Instant::now();
    session.rest(seconds(lasts_s)).await;
    meter.end("idle", began, &crate::pace::Paced::default(), 1, &session.recorder)
}

/// A figure that does not mean what it seems to mean is worse than none.
fn note_doubts(outcome: &mut Outcome) {
    const LAG_MS: f64 = 20.0;
    const BUSY_PERCENT: f64 = 95.0;
    let judged: Vec<_> = outcome.phases.iter().filter(|phase| phase.good != Some(false)).collect();
    let mut notes = Vec::new();
    if outcome.interrupted {
        notes.push("This run was stopped from outside: the figures are those until then.".into());
    }
    if let Some(phase) = judged.iter().find(|phase| phase.lag.quantile_ms(0.99) > LAG_MS) {
        notes.push(format!(
            "In \"{}\" this program itself was late by {:.0} ms (p99): a part of the latency is its own.",
            phase.name,
            phase.lag.quantile_ms(0.99)
        ));
    }
    if let Some(phase) = judged.iter().find(|phase| phase.machine_busy_percent > Some(BUSY_PERCENT)) {
        notes.push(format!(
            "In \"{}\" this machine was {:.0} % busy, this program included: its limit was reached, \
             perhaps before the servers'.",
            phase.name,
            phase.machine_busy_percent.unwrap_or_default()
        ));
    }
    outcome.notes.extend(notes);
}

/// Processes of this machine, named or by id.
pub fn watched(names: &[String], pids: &[(String, u32)]) -> Result<Vec<Watched>> {
    let mut watched: Vec<Watched> = Vec::new();
    for name in names {
        let found = by_name(name);
        if found.is_empty() {
            anyhow::bail!(
                "no process named {name} runs on this machine: leave --watch away for a remote deployment"
            );
        }
        watched.extend(found);
    }
    for (name, pid) in pids {
        if crate::process::program(*pid).is_none() {
            anyhow::bail!("there is no process {pid}");
        }
        watched.push(Watched { name: name.clone(), pid: *pid });
    }
    Ok(watched)
}
