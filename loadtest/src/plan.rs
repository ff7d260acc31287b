//! What a run does: a TOML file that names everything, so that the same file and seed are the same run again.

#[cfg(test)]
mod tests;
mod threshold;

use std::{fs, path::Path};

use clap::ValueEnum;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::schedule::Arrivals;
pub use threshold::{Bound, Threshold};

/// The kinds of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// A few rooms, a few seconds, everything judged: does it work at all?
    Smoke,
    /// A fixed rate.
    Steady,
    /// Finds the most that is carried within a latency.
    Ramp,
    /// Sockets that say nothing: what one costs.
    Idle,
    /// Everybody loses the connection and comes back with a cursor.
    Storm,
    /// One room with very many members.
    BigRoom,
    /// Buyers, sellers and agents live whole orders.
    Orders,
    /// People with very many rooms look around.
    Browse,
    /// A moderate rate for long, with sockets that come and go.
    Soak,
    /// A fixed rate, then the most: what `compare` does with each system.
    Measure,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Which kind.
    pub scenario: Scenario,
    /// Decides everything that is left to chance.
    #[serde(default = "one")]
    pub seed: u64,
    /// What must hold for the run to be green.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Who takes part.
    #[serde(default)]
    pub crowd: CrowdPlan,
    /// How much is said.
    #[serde(default)]
    pub load: LoadPlan,
    /// How the most is found.
    #[serde(default)]
    pub ramp: RampPlan,
    /// How far behind everybody comes back.
    #[serde(default)]
    pub storm: StormPlan,
    /// How orders are lived.
    #[serde(default)]
    pub orders: OrdersPlan,
    /// Who looks around.
    #[serde(default)]
    pub browse: BrowsePlan,
    /// How much is looked up afterwards.
    #[serde(default)]
    pub judge: JudgePlan,
}

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrowdPlan {
    /// Orders, each a room.
    pub rooms: u32,
    /// Sockets in each: devices of the buyer and the seller in turn.
    pub members: u32,
    /// The preset of the orders.
    pub policy: String,
    /// How many dial at once.
    pub dial_at_once: u32,
    /// How long a full node's "come back later" is obeyed.
    pub dial_within_s: u32,
}

/// How much is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadPlan {
    /// Messages a second, all rooms together.
    pub rate: f64,
    /// For how long it is measured. In `idle`: how long nothing is said.
    pub seconds: f64,
    /// Before that, at the same rate, unmeasured.
    pub warmup_s: f64,
    /// Spread over time.
    pub arrivals: Arrivals,
    /// Length of a text.
    pub text_bytes: u32,
    /// How long the last entries are waited for.
    pub drain_s: f64,
    /// Share of the sockets that are cut and come back each minute, in percent.
    pub churn_percent_per_min: f64,
}

/// How the most is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RampPlan {
    /// The first rate, in messages a second.
    pub from: f64,
    /// Each step is this much more.
    pub growth: f64,
    /// How long a step is.
    pub step_s: f64,
    /// A step is good while p99 of delivery and of ack stay within this, and nothing is lost.
    pub bound_ms: f64,
    /// Not beyond this.
    pub most: f64,
}

/// How far behind everybody comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StormPlan {
    /// Entries written in each room meanwhile.
    pub behind: u32,
    /// How long they may take to catch up before the run gives up.
    pub within_s: f64,
}

/// How orders are lived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrdersPlan {
    /// New orders a second, open loop.
    pub per_s: f64,
    /// For how long new ones begin.
    pub seconds: f64,
    /// Buyers and sellers, each with one connection; an order is between one of each.
    pub couples: u32,
    /// Agents at the desk.
    pub agents: u32,
    /// Commands after which an order that has not ended is left alone.
    pub commands_at_most: u32,
}

/// Who looks around.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrowsePlan {
    /// Users who have rooms.
    pub users: Vec<String>,
    /// Visits a second, open loop.
    pub per_s: f64,
    /// For how long.
    pub seconds: f64,
    /// Pages that are read back in a room.
    pub pages_back: u32,
}

/// How much is looked up afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JudgePlan {
    /// Rooms whose stored timeline is read through the API and compared.
    pub rooms: LookUp,
}

/// How many rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// Every one.
    All,
    /// So many, spread evenly.
    Some(u32),
}

impl Default for CrowdPlan {
    fn default() -> Self {
        Self { rooms: 200, members: 5, policy: "creator".into(), dial_at_once: 64, dial_within_s: 60 }
    }
}

impl Default for LoadPlan {
    fn default() -> Self {
        Self {
            rate: 1000.0,
            seconds: 20.0,
            warmup_s: 3.0,
            arrivals: Arrivals::Even,
            text_bytes: 200,
            drain_s: 10.0,
            churn_percent_per_min: 0.0,
        }
    }
}

impl Default for RampPlan {
    fn default() -> Self {
        Self { from: 1000.0, growth: 1.5, step_s: 4.0, bound_ms: 200.0, most: 200_000.0 }
    }
}

impl Default for StormPlan {
    fn default() -> Self {
        Self { behind: 100, within_s: 60.0 }
    }
}

impl Default for OrdersPlan {
    fn default() -> Self {
        Self { per_s: 20.0, seconds: 20.0, couples: 50, agents: 4, commands_at_most: 40 }
    }
}

impl Default for BrowsePlan {
    fn default() -> Self {
        Self { users: Vec::new(), per_s: 10.0, seconds: 30.0, pages_back: 2 }
    }
}

impl Default for JudgePlan {
    fn default() -> Self {
        Self { rooms: LookUp::Some(20) }
    }
}

impl Serialize for LookUp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Some(rooms) => serializer.serialize_u32(*rooms),
        }
    }
}

impl<'de> Deserialize<'de> for LookUp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(String),
            Number(u32),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(rooms) => Ok(Self::Some(rooms)),
            Written::Word(word) => word.parse().map_err(D::Error::custom),
        }
    }
}

impl std::str::FromStr for LookUp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            number => {
                number.parse().map(Self::Some).map_err(|_| "must be \"all\" or a number of rooms".into())
            }
        }
    }
}

/// Why a plan cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum BadPlan {
    /// The file.
    #[error("{path}: {problem}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        problem: String,
    },
    /// A field.
    #[error("the plan's {field} {problem}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why.
        problem: &'static str,
    },
}

fn one() -> u64 {
    1
}

impl Plan {
    /// The plan that comes with the program.
    pub fn shipped(scenario: Scenario) -> Self {
        toml::from_str(scenario.toml()).expect("a test reads every shipped plan")
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, BadPlan> {
        let unreadable = |problem: String| BadPlan::Unreadable { path: path.display().to_string(), problem };
        let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        toml::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }

    /// Refuses what could never work, before anything is started.
    pub fn check(&self) -> Result<(), BadPlan> {
        let (crowd, load, ramp) = (&self.crowd, &self.load, &self.ramp);
        let positive = |number: f64| number.is_finite() && number > 0.0;
        let rules = [
            ("crowd.rooms", crowd.rooms > 0, "must be above 0"),
            ("crowd.members", crowd.members > 0, "must be above 0"),
            ("crowd.dial_at_once", crowd.dial_at_once > 0, "must be above 0"),
            ("load.rate", positive(load.rate), "must be above 0"),
            ("load.seconds", positive(load.seconds), "must be above 0"),
            ("load.warmup_s", load.warmup_s >= 0.0, "must not be below 0"),
            ("load.drain_s", positive(load.drain_s), "must be above 0"),
            ("load.text_bytes", load.text_bytes <= 4000, "must not be above 4000, the longest message"),
            ("ramp.from", positive(ramp.from), "must be above 0"),
            ("ramp.growth", ramp.growth > 1.0, "must be above 1"),
            ("ramp.step_s", positive(ramp.step_s), "must be above 0"),
            ("storm.within_s", positive(self.storm.within_s), "must be above 0"),
            ("orders.per_s", positive(self.orders.per_s), "must be above 0"),
            ("orders.couples", self.orders.couples > 0, "must be above 0"),
            ("browse.per_s", positive(self.browse.per_s), "must be above 0"),
            (
                "browse.users",
                self.scenario != Scenario::Browse || !self.browse.users.is_empty(),
                "must name some",
            ),
            ("orders.agents", self.orders.agents > 0, "must be above 0"),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((field, _, problem)) => Err(BadPlan::Field { field, problem }),
            None => Ok(()),
        }
    }

    /// Replaces thresholds of the same measure, adds the others.
    pub fn expect(&mut self, thresholds: Vec<Threshold>) {
        self.thresholds.retain(|old| !thresholds.iter().any(|new| new.measure == old.measure));
        self.thresholds.extend(thresholds);
    }

    /// Sockets that are opened.
    pub fn sockets(&self) -> u32 {
        match self.scenario {
            Scenario::Orders => 2 * self.orders.couples + self.orders.agents,
            Scenario::Browse => 0,
            _ => self.crowd.rooms.saturating_mul(self.crowd.members),
        }
    }
}

impl Scenario {
    /// Its shipped plan.
    pub fn toml(self) -> &'static str {
        match self {
            Self::Smoke => include_str!("../plans/smoke.toml"),
            Self::Steady => include_str!("../plans/steady.toml"),
            Self::Ramp => include_str!("../plans/ramp.toml"),
            Self::Idle => include_str!("../plans/idle.toml"),
            Self::Storm => include_str!("../plans/storm.toml"),
            Self::BigRoom => include_str!("../plans/big-room.toml"),
            Self::Orders => include_str!("../plans/orders.toml"),
            Self::Browse => include_str!("../plans/browse.toml"),
            Self::Soak => include_str!("../plans/soak.toml"),
            Self::Measure => include_str!("../plans/measure.toml"),
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
