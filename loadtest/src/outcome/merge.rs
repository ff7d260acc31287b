//! Results of several load machines as one: counts and histograms are added, of percentiles the worse is kept. Only of
//! machines that loaded at the same time: of others the sum was never carried.

use std::collections::BTreeMap;

use super::{Connect, Outcome, Phase, Second};
use crate::{plan::Plan, process::Used};

/// The share of a phase that both machines must have been in it.
const TOGETHER: f64 = 0.9;

/// Results that do not belong together.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CannotMerge(String);

impl Outcome {
    /// Adds the result of another load machine that ran the same scenario at the same time.
    pub fn merge(&mut self, other: &Self) -> Result<(), CannotMerge> {
        self.belongs_to(other).map_err(CannotMerge)?;
        if self.phases.len() != other.phases.len() {
            self.notes
                .push("The machines ran a different number of phases; only common ones are added.".into());
        }
        let machine = self.machines + 1;
        self.machines += other.machines;
        self.watched |= other.watched;
        self.interrupted |= other.interrupted;
        self.connect.merge(&other.connect);
        let common = self.phases.len().min(other.phases.len());
        self.phases.truncate(common);
        for (ours, theirs) in self.phases.iter_mut().zip(&other.phases) {
            ours.merge(theirs);
        }
        self.best = self.phases.iter().rposition(|phase| phase.good == Some(true));
        self.merge_series(other);
        add(&mut self.refusals, &other.refusals);
        add(&mut self.ends, &other.ends);
        self.ends_of_too_much += other.ends_of_too_much;
        add(&mut self.failed_dials, &other.failed_dials);
        self.urls
            .extend(other.urls.iter().filter(|url| !self.urls.contains(url)).cloned().collect::<Vec<_>>());
        self.notes.extend(other.notes.iter().map(|note| format!("Load machine {machine}: {note}")));
        self.runs.extend(&other.runs);
        self.private_notes += other.private_notes;
        self.judge.merge(&other.judge);
        self.seconds = self.seconds.max(other.seconds);
        self.check_thresholds();
        Ok(())
    }

    /// In words why they cannot be added.
    fn belongs_to(&self, other: &Self) -> Result<(), String> {
        if let Some(run) = self.runs.iter().find(|run| other.runs.contains(run)) {
            return Err(format!("both are results of the run {run:08x}: is a file named twice?"));
        }
        if self.plan.scenario != other.plan.scenario {
            let (ours, theirs) = (self.plan.scenario.name(), other.plan.scenario.name());
            return Err(format!("{ours} and {theirs} are different scenarios"));
        }
        let pairs = || self.phases.iter().zip(&other.phases);
        let is_ramp = pairs().any(|(ours, theirs)| ours.good.or(theirs.good).is_some());
        let seedless = |plan: &Plan| Plan { seed: 0, ..plan.clone() };
        if is_ramp && seedless(&self.plan) != seedless(&other.plan) {
            return Err("these are ramps of different plans: their steps cannot be added".into());
        }
        pairs().try_for_each(|(ours, theirs)| ours.belongs_to(theirs))
    }

    /// Seconds of the same moment by the clocks of the machines; of percentiles the worse one is kept.
    fn merge_series(&mut self, other: &Self) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds between two starts")]
        let shift_s = (other.started_at - self.started_at).num_milliseconds() as f64 / 1000.0;
        for theirs in &other.series {
            let at_s = theirs.at_s + shift_s;
            match self.series.iter_mut().find(|ours| (ours.at_s - at_s).abs() <= 0.5) {
                Some(ours) => ours.merge(theirs),
                None => self.series.push(Second { at_s, ..theirs.clone() }),
            }
        }
        self.series.sort_by(|one, two| one.at_s.total_cmp(&two.at_s));
    }
}

impl Connect {
    fn merge(&mut self, other: &Self) {
        self.sockets += other.sockets;
        self.seconds = self.seconds.max(other.seconds);
        self.put_off += other.put_off;
        self.each.merge(&other.each);
        self.used.add(&other.used);
        self.pss_before_kib += other.pss_before_kib;
        self.pss_after_kib += other.pss_after_kib;
    }
}

impl Phase {
    fn belongs_to(&self, other: &Self) -> Result<(), String> {
        let name = &self.name;
        if *name != other.name {
            return Err(format!("one machine played \"{name}\" while the other played \"{}\"", other.name));
        }
        let together = self.together(other);
        // How long a return takes is what is measured; what was said is to be said at the same time.
        if self.due > 0 && together < TOGETHER {
            let percent = together * 100.0;
            return Err(format!(
                "the machines were in \"{name}\" together for {percent:.0} % of it only: start them at the same moment"
            ));
        }
        Ok(())
    }

    /// The share of the longer one during which the other one ran.
    fn together(&self, other: &Self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds between two starts")]
        let shift_s = (other.began_at - self.began_at).num_milliseconds() as f64 / 1000.0;
        let both = self.seconds.min(shift_s + other.seconds) - shift_s.max(0.0);
        both.max(0.0) / self.seconds.max(other.seconds).max(f64::EPSILON)
    }

    fn merge(&mut self, other: &Self) {
        self.rate += other.rate;
        self.seconds = self.seconds.max(other.seconds);
        self.due += other.due;
        self.unsent += other.unsent;
        self.acked += other.acked;
        self.rejected += other.rejected;
        self.expected += other.expected;
        self.delivered += other.delivered;
        self.delivery.merge(&other.delivery);
        self.ack.merge(&other.ack);
        self.lag.merge(&other.lag);
        self.resume.merge(&other.resume);
        self.not_caught_up += other.not_caught_up;
        self.orders_ended += other.orders_ended;
        self.closed += other.closed;
        self.machine_busy_percent =
            [self.machine_busy_percent, other.machine_busy_percent].into_iter().flatten().reduce(f64::max);
        self.used.add(&other.used);
        self.own_cpu_s += other.own_cpu_s;
        self.good = match (self.good, other.good) {
            (Some(one), Some(two)) => Some(one && two),
            (one, two) => one.or(two),
        };
    }
}

impl Second {
    fn merge(&mut self, other: &Self) {
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.acked += other.acked;
        self.closed += other.closed;
        self.resumed += other.resumed;
        let worse = |ours: &mut [f64; 3], theirs: &[f64; 3]| {
            ours.iter_mut().zip(theirs).for_each(|(one, two)| *one = one.max(*two));
        };
        worse(&mut self.delivery_ms, &other.delivery_ms);
        worse(&mut self.ack_ms, &other.ack_ms);
        self.own_cores += other.own_cores;
        for (name, cores) in &other.cores {
            *self.cores.entry(name.clone()).or_default() += cores;
        }
        for (name, mib) in &other.memory_mib {
            *self.memory_mib.entry(name.clone()).or_default() += mib;
        }
    }
}

impl Used {
    fn add(&mut self, other: &Self) {
        for (name, cpu) in &other.cpu_s {
            *self.cpu_s.entry(name.clone()).or_default() += cpu;
        }
        for (name, kib) in &other.pss_kib {
            *self.pss_kib.entry(name.clone()).or_default() += kib;
        }
    }
}

fn add(ours: &mut BTreeMap<String, u64>, theirs: &BTreeMap<String, u64>) {
    for (name, count) in theirs {
        *ours.entry(name.clone()).or_default() += count;
    }
}
