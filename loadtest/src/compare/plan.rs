//! What a comparison does: one file for all systems.

use std::{fs, path::Path, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Programs, System};
use crate::plan::{BadPlan, CrowdPlan, JudgePlan, LoadPlan, Plan, RampPlan, Scenario};

/// A comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparePlan {
    /// In this order, again and again.
    pub systems: Vec<System>,
    /// How often each.
    pub repetitions: u32,
    /// Processes of each system.
    pub nodes: u32,
    /// No trial begins that would end later.
    pub minutes_at_most: f64,
    /// Decides everything that is left to chance; each repetition has its own.
    #[serde(default)]
    pub seed: u64,
    /// Who takes part.
    pub crowd: CrowdPlan,
    /// The fixed rate.
    pub load: LoadPlan,
    /// How the most is found.
    pub ramp: RampPlan,
    /// Rooms in which everybody speaks at once.
    #[serde(default)]
    pub hot: Option<HotPlan>,
    /// How much is looked up afterwards.
    #[serde(default)]
    pub judge: JudgePlan,
}

/// Rooms in which everybody speaks at once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotPlan {
    /// Few.
    pub rooms: u32,
    /// Sockets in each.
    pub members: u32,
    /// Messages a second, all rooms together.
    pub rate: f64,
    /// For how long.
    pub seconds: f64,
}

impl ComparePlan {
    /// The one that comes with the program.
    pub const SHIPPED: &str = include_str!("../../plans/compare.toml");

    /// Reads a file; without one, the plan that comes with the program.
    pub fn read(path: Option<&Path>) -> Result<Self, BadPlan> {
        let name = path.map_or_else(|| "plans/compare.toml".into(), |path| path.display().to_string());
        let unreadable = |problem: String| BadPlan::Unreadable { path: name.clone(), problem };
        let text = match path {
            Some(path) => fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?,
            None => Self::SHIPPED.to_owned(),
        };
        toml::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }

    /// Refuses what could never work.
    pub fn check(&self) -> Result<(), BadPlan> {
        let rules = [
            ("systems", !self.systems.is_empty(), "must name a system"),
            ("repetitions", self.repetitions > 0, "must be above 0"),
            ("nodes", (1..=16).contains(&self.nodes), "must be 1 to 16"),
            ("minutes_at_most", self.minutes_at_most > 0.0, "must be above 0"),
        ];
        if let Some((field, _, problem)) = rules.into_iter().find(|(_, holds, _)| !holds) {
            return Err(BadPlan::Field { field, problem });
        }
        self.runs(1).iter().try_for_each(Plan::check)
    }

    /// Takes out what cannot be measured here, and names it.
    pub fn leave_out_what_is_missing(&mut self, programs: &Programs) -> Vec<System> {
        let missing = self.systems.extract_if(.., |system| !programs.know(*system));
        missing.collect()
    }

    /// The bound in time.
    pub fn lasts_at_most(&self) -> Duration {
        Duration::try_from_secs_f64(self.minutes_at_most * 60.0).unwrap_or(Duration::MAX)
    }

    /// Sockets at once.
    pub fn sockets(&self) -> u32 {
        self.runs(1).iter().map(Plan::sockets).max().unwrap_or(0)
    }

    /// What is done with each system, one after the other: the same messages at the same moments for all.
    pub fn runs(&self, repetition: u32) -> Vec<Plan> {
        let measure = Plan {
            seed: self.seed.wrapping_add(u64::from(repetition)),
            thresholds: Vec::new(),
            crowd: self.crowd.clone(),
            load: self.load.clone(),
            ramp: self.ramp.clone(),
            judge: self.judge,
            ..Plan::shipped(Scenario::Measure)
        };
        let hot = self.hot.map(|HotPlan { rooms, members, rate, seconds }| Plan {
            scenario: Scenario::Steady,
            crowd: CrowdPlan { rooms, members, ..self.crowd.clone() },
            load: LoadPlan { rate, seconds, warmup_s: 0.0, ..self.load.clone() },
            ..measure.clone()
        });
        [Some(measure), hot].into_iter().flatten().collect()
    }
}
