//! Medians, their spread, and ratios. Pure.

use super::{Comparison, System, trial::Figure};

/// One figure of one system over its repetitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// In the middle.
    pub median: f64,
    /// The lowest.
    pub least: f64,
    /// The highest.
    pub most: f64,
    /// Repetitions that measured it.
    pub count: usize,
}

impl Summary {
    /// `None` of nothing.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (least, most, count) = (*values.first()?, *values.last()?, values.len());
        let median = f64::midpoint(values[(count - 1) / 2], values[count / 2]);
        Some(Self { median, least, most, count })
    }
}

impl Comparison {
    /// Systems that have a trial, in the order of the plan.
    pub fn measured(&self) -> Vec<System> {
        let has = |system: &System| self.trials.iter().any(|trial| trial.system == *system);
        self.plan.systems.iter().copied().filter(has).collect()
    }

    /// A figure of each repetition.
    pub fn values(&self, system: System, figure: &str) -> Vec<f64> {
        let of_system = self.trials.iter().filter(|trial| trial.system == system);
        of_system.filter_map(|trial| trial.figures.get(figure).copied()).collect()
    }

    /// A figure over the repetitions.
    pub fn summary(&self, system: System, figure: &str) -> Option<Summary> {
        Summary::of(self.values(system, figure))
    }

    /// order-chat's median divided by a peer's.
    pub fn ratio(&self, peer: System, figure: Figure) -> Option<f64> {
        let ours = self.summary(System::OrderChat, figure.name)?.median;
        let theirs = self.summary(peer, figure.name)?.median;
        (theirs > 0.0).then_some(ours / theirs)
    }
}
