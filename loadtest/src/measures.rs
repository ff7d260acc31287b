//! The figures that a threshold may name, taken from an outcome. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    browse::Step,
    outcome::{Outcome, Phase, as_f64, ratio},
    plan::Threshold,
    process::class,
};

/// Takes one figure; `None` when the run did not measure it.
type Take = fn(&Outcome) -> Option<f64>;

/// Every measure by name. Those of a load are of its main phase: the best step of a ramp, else the measured one.
pub const MEASURES: &[(&str, Take)] = &[
    ("delivery_p50_ms", |outcome| {
        latency(outcome, |phase| (phase.delivery.count(), phase.delivery.quantile_ms(0.5)))
    }),
    ("delivery_p99_ms", |outcome| {
        latency(outcome, |phase| (phase.delivery.count(), phase.delivery.quantile_ms(0.99)))
    }),
    ("delivery_max_ms", |outcome| {
        latency(outcome, |phase| (phase.delivery.count(), phase.delivery.max_ms()))
    }),
    ("ack_p50_ms", |outcome| latency(outcome, |phase| (phase.ack.count(), phase.ack.quantile_ms(0.5)))),
    ("ack_p99_ms", |outcome| latency(outcome, |phase| (phase.ack.count(), phase.ack.quantile_ms(0.99)))),
    ("ack_max_ms", |outcome| latency(outcome, |phase| (phase.ack.count(), phase.ack.max_ms()))),
    ("resume_p99_ms", |outcome| {
        latency(outcome, |phase| (phase.resume.count(), phase.resume.quantile_ms(0.99)))
    }),
    ("lost", |outcome| count(outcome, Phase::lost)),
    ("unsent", |outcome| count(outcome, |phase| phase.unsent)),
    ("unanswered", |outcome| count(outcome, Phase::unanswered)),
    ("rejected", |outcome| count(outcome, |phase| phase.rejected)),
    ("closed", |outcome| Some(as_f64(closed(outcome)))),
    ("deliveries_per_s", |outcome| main_phase(outcome).map(Phase::deliveries_per_s)),
    ("most_deliveries_per_s", |outcome| {
        outcome.best.and_then(|best| outcome.phases.get(best)).map(Phase::deliveries_per_s)
    }),
    ("cpu_s_per_million", |outcome| main_phase(outcome)?.cpu_s_per_million()),
    ("own_cpu_s_per_million", |outcome| main_phase(outcome)?.own_cpu_s_per_million()),
    ("connects_per_s", |outcome| {
        Some(ratio(u64::from(outcome.connect.sockets), outcome.connect.seconds)).filter(|rate| *rate > 0.0)
    }),
    ("kib_per_socket", kib_per_socket),
    ("caught_up_p99_ms", |outcome| caught_up(outcome).map(|phase| phase.resume.quantile_ms(0.99))),
    ("caught_up_max_ms", |outcome| caught_up(outcome).map(|phase| phase.resume.max_ms())),
    ("not_caught_up", |outcome| {
        Some(as_f64(outcome.phases.iter().find(|phase| phase.name == "return")?.not_caught_up))
    }),
    ("greeting_p99_ms", |outcome| step(outcome, Step::Greeting)),
    ("inbox_p99_ms", |outcome| step(outcome, Step::Inbox)),
    ("inbox_page_p99_ms", |outcome| step(outcome, Step::InboxPage)),
    ("open_p99_ms", |outcome| step(outcome, Step::Open)),
    ("back_p99_ms", |outcome| step(outcome, Step::Back)),
    ("commands_per_s", |outcome| main_phase(outcome).map(|phase| ratio(phase.acked, phase.seconds))),
    ("place_p99_ms", |outcome| named(outcome, "place")),
    ("private_notes", |outcome| Some(as_f64(outcome.private_notes))),
    ("orders_ended", |outcome| main_phase(outcome).map(|phase| as_f64(phase.orders_ended))),
    ("memory_growth_percent", memory_growth_percent),
];

/// A threshold and what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// What was to hold.
    pub threshold: Threshold,
    /// What was measured; nothing is measured of what did not happen, and that is red.
    pub figure: Option<f64>,
    /// Does it?
    pub holds: bool,
}

/// Every threshold of the plan.
pub fn check(outcome: &Outcome) -> Vec<Checked> {
    let checked = |threshold: &Threshold| {
        let figure = take(outcome, &threshold.measure);
        let holds = figure.is_some_and(|figure| threshold.holds(figure));
        Checked { threshold: threshold.clone(), figure, holds }
    };
    outcome.plan.thresholds.iter().map(checked).collect()
}

/// One measure by its name.
pub fn take(outcome: &Outcome, measure: &str) -> Option<f64> {
    MEASURES.iter().find(|(name, _)| *name == measure).and_then(|(_, take)| take(outcome))
}

/// The phase whose figures are those of the run.
pub fn main_phase(outcome: &Outcome) -> Option<&Phase> {
    let named = |name: &str| outcome.phases.iter().find(|phase| phase.name == name);
    let best = || outcome.best.and_then(|best| outcome.phases.get(best));
    named("load").or_else(best).or_else(|| named("orders")).or_else(|| outcome.phases.last())
}

fn latency(outcome: &Outcome, take: fn(&Phase) -> (u64, f64)) -> Option<f64> {
    let (count, ms) = take(main_phase(outcome)?);
    (count > 0).then_some(ms)
}

/// Of every phase that was not meant to fail: a ramp goes on until something breaks.
fn count(outcome: &Outcome, take: fn(&Phase) -> u64) -> Option<f64> {
    let counted = outcome.phases.iter().filter(|phase| phase.good != Some(false));
    counted.map(take).reduce(|one, two| one + two).map(as_f64)
}

/// During the whole run, but for what steps of a ramp that were too much broke.
fn closed(outcome: &Outcome) -> u64 {
    outcome.ends.values().sum::<u64>().saturating_sub(outcome.ends_of_too_much)
}

fn caught_up(outcome: &Outcome) -> Option<&Phase> {
    outcome.phases.iter().find(|phase| phase.name == "return" && phase.resume.count() > 0)
}

/// How long a step of a visit takes.
fn step(outcome: &Outcome, step: Step) -> Option<f64> {
    named(outcome, step.name())
}

fn named(outcome: &Outcome, name: &str) -> Option<f64> {
    let phase = outcome.phases.iter().find(|phase| phase.name == name)?;
    (phase.ack.count() > 0).then(|| phase.ack.quantile_ms(0.99))
}

fn kib_per_socket(outcome: &Outcome) -> Option<f64> {
    let connect = &outcome.connect;
    let known = connect.pss_before_kib > 0 && connect.sockets > 0;
    known.then(|| {
        (as_f64(connect.pss_after_kib) - as_f64(connect.pss_before_kib)) / f64::from(connect.sockets)
    })
}

/// Between the first and the last fifth of the run, of the server process that grew the most: the others would hide it.
/// Not of Postgres, which grows until its cache is full.
fn memory_growth_percent(outcome: &Outcome) -> Option<f64> {
    const FILLS_ITS_CACHE: &str = "postgres";
    let seconds = outcome.series.iter().filter(|second| second.phase == "load");
    let looked: Vec<_> = seconds.map(|second| &second.memory_mib).filter(|mib| !mib.is_empty()).collect();
    let processes = looked.first()?.keys().filter(|name| class(name) != FILLS_ITS_CACHE);
    let growth = processes.filter_map(|name| growth_percent(looked.iter().filter_map(|mib| mib.get(name))));
    growth.reduce(f64::max)
}

fn growth_percent<'a>(mib: impl Iterator<Item = &'a f64>) -> Option<f64> {
    /// What stays below has its warm-up to grow by, and nothing else to show.
    const TELLING_MIB: f64 = 32.0;
    let seen: Vec<f64> = mib.copied().collect();
    let fifth = (seen.len() / 5).max(1);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / as_f64(part.len() as u64);
    let (first, last) = (seen.get(..fifth)?, &seen[seen.len() - fifth..]);
    let (first, last) = (mean(first), mean(last));
    (first > 0.0).then(|| if last < TELLING_MIB { 0.0 } else { (last / first - 1.0) * 100.0 })
}

#[cfg(test)]
mod tests;
