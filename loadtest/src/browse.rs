//! People with very many rooms look around (P9): they are welcomed, list their rooms, open one, page back. They come in an
//! open loop; nothing is written, so the deployment needs rooms of theirs before.

mod visit;

use std::{collections::BTreeMap, iter::repeat, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use chrono::Utc;
use parking_lot::Mutex;
use rand::{SeedableRng as _, rngs::StdRng};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    api::Api,
    judge::{Breach, Fault, Findings, Verdict},
    latency::Latency,
    orders::shared,
    outcome::{Connect, Outcome, Phase},
    pace::Paced,
    plan::Plan,
    recorder::Recorder,
    schedule::{Arrivals, Schedule},
    session::{Meter, Target, seconds},
    tokens::Role,
};
use visit::Visit;

/// What somebody waits for, in the order in which they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// From the moment the visit was due to the welcome, which counts what is unread in all rooms.
    Greeting,
    /// The first page of the inbox.
    Inbox,
    /// The next page of it.
    InboxPage,
    /// From asking for a room to its last entry.
    Open,
    /// A page before the oldest entry that is shown.
    Back,
}

impl Step {
    const ALL: [Self; 5] = [Self::Greeting, Self::Inbox, Self::InboxPage, Self::Open, Self::Back];

    /// The phase of the report that tells of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Inbox => "inbox",
            Self::InboxPage => "inbox page",
            Self::Open => "open",
            Self::Back => "back",
        }
    }
}

/// What visits found.
#[derive(Debug, Default)]
pub struct Seen {
    took: BTreeMap<Step, Latency>,
    /// Entries that a page should have had, and those that stood at their place in it.
    wanted: u64,
    right: u64,
    findings: Findings,
}

impl Seen {
    /// A step took so long.
    pub fn took(&mut self, step: Step, time: Duration) {
        self.took.entry(step).or_default().record(time);
    }

    /// A page of these seqs, which should have been all from one to another.
    pub fn page(&mut self, seqs: &[u64], (low, high): (u64, u64)) {
        let found = seqs.iter().copied().map(Some).chain(repeat(None));
        let mut wrong = (low..=high).zip(found).filter(|(wanted, seq)| *seq != Some(*wanted));
        let first = wrong.next();
        let count = first.iter().count() + wrong.count();
        self.wanted += (high + 1).saturating_sub(low);
        self.right += (high + 1).saturating_sub(low) - count as u64;
        if let Some((wanted, seq)) = first {
            let fault = Fault::Gap { last: wanted - 1, seq: seq.unwrap_or(high + 1) };
            self.findings.add(&Breach::new("a visitor", None, fault));
        }
    }

    fn verdict(&self) -> Verdict {
        let (findings, lost) = (self.findings.clone(), self.wanted - self.right);
        Verdict { entries_judged: self.wanted, lost, findings, ..Verdict::default() }
    }
}

/// Runs a plan of visits.
pub async fn run(
    plan: Plan,
    target: Target,
    recorder: Recorder,
    (watched, stop): (bool, CancellationToken),
) -> Result<Outcome> {
    let (started_at, began) = (Utc::now(), std::time::Instant::now());
    Api::new(&target).await?.is_ready().await?;
    let shared = shared(&plan, &target, 0, stop);
    recorder.attend(&shared);
    let mut users = Vec::new();
    for user in &plan.browse.users {
        users.push(target.tokens.of(user, Role::User).await?);
    }
    recorder.phase("browse", plan.browse.seconds);
    let meter = Meter::begin(&shared, &recorder);
    let (first, seen) = (Instant::now(), Arc::new(Mutex::new(Seen::default())));
    let visits = play(&plan, &target, &users, &seen, &shared.stop).await?;
    let paced = Paced { due: visits, ..Paced::default() };
    let whole = meter.end("browse", first, &paced, 0, &recorder);
    let seen = std::mem::take(&mut *seen.lock());
    let phases = phases(&seen, visits, whole);
    let mut outcome = Outcome {
        tool: env!("CARGO_PKG_VERSION").into(),
        runs: vec![shared.judge.run()],
        urls: target.urls,
        started_at,
        seconds: began.elapsed().as_secs_f64(),
        machines: 1,
        watched,
        interrupted: shared.stop.is_cancelled(),
        connect: Connect::default(),
        notes: phases.iter().filter(|phase| phase.ack.count() > 0).map(told).collect(),
        phases,
        best: None,
        series: recorder.finish(),
        refusals: shared.figures.refusals(),
        ends: shared.figures.ends(),
        failed_dials: shared.figures.failed_dials(),
        ends_of_too_much: 0,
        private_notes: 0,
        judge: seen.verdict(),
        thresholds: Vec::new(),
        plan,
    };
    outcome.check_thresholds();
    Ok(outcome)
}

async fn play(
    plan: &Plan,
    target: &Target,
    tokens: &[String],
    seen: &Arc<Mutex<Seen>>,
    stop: &CancellationToken,
) -> Result<u64> {
    let users = u32::try_from(tokens.len())?;
    let arrivals =
        Schedule::new(Arrivals::Poisson, plan.browse.per_s, plan.browse.seconds, users, 1, plan.seed);
    let (began, mut visits, mut running) = (Instant::now(), 0, JoinSet::new());
    for arrival in arrivals {
        let due = began + Duration::from_micros(arrival.after_us);
        tokio::select! {
            () = tokio::time::sleep_until(due) => {}
            () = stop.cancelled() => break,
        }
        let visit = Visit {
            due,
            url: target.urls[usize::try_from(visits)? % target.urls.len()].clone(),
            token: tokens[arrival.room as usize].clone(),
            chance: StdRng::seed_from_u64(plan.seed.wrapping_add(visits)),
            pages_back: plan.browse.pages_back,
            dialer: target.dialer.clone(),
            seen: seen.clone(),
        };
        visits += 1;
        running.spawn(tokio::time::timeout(seconds(plan.load.drain_s), visit.go()));
    }
    ensure!(visits > 0, "nobody came");
    while let Some(visit) = running.join_next().await {
        visit.context("a visit panicked")?.context("a visit did not end in time")??;
    }
    Ok(visits)
}

/// One for each step, so that each has its row in the report, then the whole with the servers' CPU.
fn phases(seen: &Seen, visits: u64, whole: Phase) -> Vec<Phase> {
    let of = |step: &Step| {
        let ack = seen.took.get(step).cloned().unwrap_or_default();
        let (name, seconds, acked) = (step.name().to_owned(), whole.seconds, ack.count());
        let began_at = whole.began_at;
        Phase { name, began_at, seconds, due: acked, acked, ack, ..Phase::default() }
    };
    let mut phases: Vec<Phase> = Step::ALL.iter().map(of).collect();
    phases.push(Phase { acked: visits, expected: seen.wanted, delivered: seen.right, ..whole });
    phases
}

fn told(phase: &Phase) -> String {
    let [p50, p99] = [0.5, 0.99].map(|share| phase.ack.quantile_ms(share));
    format!(
        "{}: {} times, p50 {p50:.2}  p99 {p99:.2}  max {:.1} ms",
        phase.name,
        phase.ack.count(),
        phase.ack.max_ms()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_a_hole_is_not_right() {
        let mut seen = Seen::default();
        seen.page(&[3, 4, 5], (3, 5));
        assert_eq!((seen.wanted, seen.right, seen.findings.count()), (3, 3, 0));
        seen.page(&[3, 5], (3, 5));
        assert_eq!((seen.wanted, seen.right), (6, 4));
        seen.page(&[], (1, 2));
        assert_eq!((seen.wanted, seen.right), (8, 4));
        assert_eq!((seen.findings.of_kind("gap"), seen.verdict().lost), (2, 4));
    }
}
