//! One system, one repetition: the figures that are compared. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::System;
use crate::{
    latency::Latency,
    measures::{main_phase, take},
    outcome::{Outcome, Phase, as_f64},
    process::by_class,
    report::TELLING_SOCKETS,
};

/// What is kept of a trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Whose.
    pub system: System,
    /// Which.
    pub repetition: u32,
    /// By the names of `FIGURES`; what was not measured is not there.
    pub figures: BTreeMap<String, f64>,
    /// Steps of the ramp.
    pub steps: Vec<Step>,
    /// At the fixed rate.
    pub delivery: Latency,
    /// What the judge found, by kind, in all runs of the trial.
    pub wrong: BTreeMap<String, u64>,
    /// How busy the machine was before, without us.
    pub others_percent: Option<f64>,
    /// Doubts that a run had about itself.
    pub notes: Vec<String>,
}

/// One step of a ramp.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Carried.
    pub deliveries_per_s: f64,
    /// The worse of delivery and ack.
    pub p99_ms: f64,
    /// Within the bound, and complete.
    pub good: bool,
}

/// A figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// In the JSON.
    pub name: &'static str,
    /// For people.
    pub says: &'static str,
    /// In which direction it is better.
    pub better: Better,
}

/// In which direction a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Throughput.
    Higher,
    /// Cost.
    Lower,
    /// A fault, or what is the same for all: a ratio says nothing.
    None,
}

const fn figure(name: &'static str, says: &'static str, better: Better) -> Figure {
    Figure { name, says, better }
}

/// All of them, in the order of the table.
pub const FIGURES: &[Figure] = &[
    figure("most_deliveries_per_s", "most deliveries/s within the bound", Better::Higher),
    figure("deliveries_per_s", "deliveries/s at the fixed rate", Better::None),
    figure("cpu_at_most", "CPU s per million deliveries, at the most", Better::Lower),
    figure("cpu", "CPU s per million deliveries, at the fixed rate", Better::Lower),
    figure("cpu_nodes", "· nodes", Better::Lower),
    figure("cpu_postgres", "· Postgres", Better::Lower),
    figure("cpu_redis", "· Redis", Better::Lower),
    figure("delivery_p50_ms", "delivery p50, ms", Better::Lower),
    figure("delivery_p99_ms", "delivery p99, ms", Better::Lower),
    figure("delivery_p999_ms", "delivery p99.9, ms", Better::Lower),
    figure("ack_p99_ms", "ack p99, ms", Better::Lower),
    figure("connects_per_s", "connects with token and room, per second", Better::Higher),
    figure("kib_per_socket", "memory per socket, KiB", Better::Lower),
    figure("mib_nodes", "memory under the fixed rate, nodes, MiB", Better::Lower),
    figure("mib_postgres", "· Postgres, MiB", Better::Lower),
    figure("mib_redis", "· Redis, MiB", Better::Lower),
    figure("lost", "entries lost", Better::None),
    figure("duplicated", "entries duplicated", Better::None),
    figure("reordered", "entries out of order", Better::None),
    figure("diverged", "rooms whose members disagree", Better::None),
    figure("closed", "connections ended by the server", Better::None),
    figure("hot_lost", "hot rooms: entries lost", Better::None),
    figure("hot_duplicated", "· duplicated", Better::None),
    figure("hot_reordered", "· out of order", Better::None),
    figure("hot_diverged", "· rooms whose members disagree", Better::None),
    figure("hot_closed", "· connections ended by the server", Better::None),
    figure("own_cpu", "the generator's own CPU s per million", Better::None),
    figure("own_lag_p99_ms", "the generator's own lag p99, ms, in the latencies", Better::None),
];

impl Trial {
    /// Of the runs of one trial; `None` when there is no figure yet.
    pub fn of(
        system: System,
        repetition: u32,
        outcomes: &[Outcome],
        others_percent: Option<f64>,
    ) -> Option<Self> {
        let (main, hot) = (outcomes.first()?, outcomes.get(1));
        // A load that was cut short measured something else; a ramp has a load before it that was not.
        if main.interrupted && main.phases.len() < 2 {
            return None;
        }
        let mut figures = figures(main);
        figures.extend(faults("", main));
        figures.extend(hot.into_iter().flat_map(|hot| faults("hot_", hot)));
        let mut wrong = BTreeMap::new();
        for (kind, count) in outcomes.iter().flat_map(|outcome| &outcome.judge.findings.breaches) {
            *wrong.entry(kind.clone()).or_default() += count;
        }
        Some(Self {
            system,
            repetition,
            figures,
            steps: main.phases.iter().filter_map(step).collect(),
            delivery: main_phase(main).map(|phase| phase.delivery.clone()).unwrap_or_default(),
            wrong,
            others_percent,
            notes: outcomes.iter().flat_map(|outcome| outcome.notes.clone()).collect(),
        })
    }

    /// How often the judge found something wrong.
    pub fn breaches(&self) -> u64 {
        self.wrong.values().sum()
    }
}

fn figures(outcome: &Outcome) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    let mut put = |name: &str, figure: Option<f64>| {
        if let Some(figure) = figure {
            figures.insert(name.to_owned(), figure);
        }
    };
    for name in ["delivery_p50_ms", "delivery_p99_ms", "ack_p99_ms", "connects_per_s", "deliveries_per_s"] {
        put(name, take(outcome, name));
    }
    let telling = outcome.connect.sockets >= TELLING_SOCKETS;
    put("kib_per_socket", take(outcome, "kib_per_socket").filter(|_| telling));
    put("cpu", take(outcome, "cpu_s_per_million"));
    put("own_cpu", take(outcome, "own_cpu_s_per_million"));
    if !outcome.interrupted {
        let best = outcome.best.and_then(|best| outcome.phases.get(best));
        put("most_deliveries_per_s", best.map(Phase::deliveries_per_s));
        put("cpu_at_most", best.and_then(Phase::cpu_s_per_million));
    }
    let Some(phase) = main_phase(outcome) else { return figures };
    put("own_lag_p99_ms", (phase.lag.count() > 0).then(|| phase.lag.quantile_ms(0.99)));
    put("delivery_p999_ms", (phase.delivery.count() > 0).then(|| phase.delivery.quantile_ms(0.999)));
    for (class, cpu_s) in by_class(&phase.used.cpu_s) {
        put(&format!("cpu_{class}"), (phase.delivered > 0).then(|| cpu_s / as_f64(phase.delivered) * 1e6));
    }
    for (class, kib) in by_class(&phase.used.pss_kib) {
        put(&format!("mib_{class}"), Some(as_f64(kib) / 1024.0));
    }
    figures
}

/// What the judge counts: each entry once for everybody who missed it, heard it twice, or heard it too late. And every
/// connection that the server ended, of the whole run.
fn faults(prefix: &str, outcome: &Outcome) -> [(String, f64); 5] {
    let judge = &outcome.judge;
    let of = |kind| judge.findings.of_kind(kind);
    [
        ("lost", judge.lost),
        ("duplicated", of("repeated")),
        ("reordered", of("late")),
        ("diverged", of("order") + of("diverged")),
        ("closed", outcome.ends.values().sum()),
    ]
    .map(|(name, count)| (format!("{prefix}{name}"), as_f64(count)))
}

fn step(phase: &Phase) -> Option<Step> {
    let p99_ms = phase.delivery.quantile_ms(0.99).max(phase.ack.quantile_ms(0.99));
    Some(Step { deliveries_per_s: phase.deliveries_per_s(), p99_ms, good: phase.good? })
}
