//! What came of a run: everything that the reports show and `merge` adds up. Plain data.

mod merge;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use merge::CannotMerge;

use crate::{
    judge::Verdict,
    latency::Latency,
    measures::{self, Checked},
    plan::Plan,
    process::Used,
};

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The program's version.
    pub tool: String,
    /// By which its messages are known; several after a merge.
    #[serde(default)]
    pub runs: Vec<u32>,
    /// What was to be done.
    pub plan: Plan,
    /// Where.
    pub urls: Vec<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took.
    pub seconds: f64,
    /// Load machines whose results are in here.
    pub machines: u32,
    /// Are servers of this machine watched? If not, there is no CPU and no memory.
    pub watched: bool,
    /// Did somebody stop it?
    #[serde(default)]
    pub interrupted: bool,
    /// Getting everybody in.
    pub connect: Connect,
    /// What was done then, in order.
    pub phases: Vec<Phase>,
    /// Which phase is the most that was carried.
    pub best: Option<usize>,
    /// Second by second.
    pub series: Vec<Second>,
    /// Refused commands by code.
    pub refusals: BTreeMap<String, u64>,
    /// Connections that ended without our doing, by reason.
    pub ends: BTreeMap<String, u64>,
    /// How many of them a ramp's steps that were too much broke: from the beginning of each until everybody was back.
    #[serde(default)]
    pub ends_of_too_much: u64,
    /// Attempts to get back in that failed, by reason.
    #[serde(default)]
    pub failed_dials: BTreeMap<String, u64>,
    /// Notes among staff that were written, so that a leak of one was looked for.
    #[serde(default)]
    pub private_notes: u64,
    /// What people should know when they read the figures.
    pub notes: Vec<String>,
    /// Was it right?
    pub judge: Verdict,
    /// Did it hold?
    pub thresholds: Vec<Checked>,
}

/// Getting everybody in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connect {
    /// Sockets that said hello and follow their room.
    pub sockets: u32,
    /// How long it took.
    pub seconds: f64,
    /// Attempts that a full node put off.
    pub put_off: u64,
    /// From dialling to the welcome, each.
    pub each: Latency,
    /// CPU of the servers meanwhile.
    pub used: Used,
    /// Memory before the first socket, in KiB.
    pub pss_before_kib: u64,
    /// Memory a few seconds after the last.
    pub pss_after_kib: u64,
}

/// One stretch of load.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// What it was.
    pub name: String,
    /// When it began, by this machine's clock.
    #[serde(default)]
    pub began_at: DateTime<Utc>,
    /// Asked for, in messages (or orders) a second.
    pub rate: f64,
    /// From its first message to its last delivery.
    pub seconds: f64,
    /// Messages that were due.
    pub due: u64,
    /// Messages that found no place in their socket's backlog.
    pub unsent: u64,
    /// Messages that were acked.
    pub acked: u64,
    /// Messages that were refused for good.
    pub rejected: u64,
    /// Entries that members had to get.
    pub expected: u64,
    /// Entries that they got.
    pub delivered: u64,
    /// From due to each member's socket.
    pub delivery: Latency,
    /// From due to the ack.
    pub ack: Latency,
    /// From due to the begin of our own write.
    pub lag: Latency,
    /// From a return to everything that was missed.
    pub resume: Latency,
    /// Sockets that did not get everything back in time.
    pub not_caught_up: u64,
    /// Orders that reached an end.
    pub orders_ended: u64,
    /// Connections that ended without our doing.
    #[serde(default)]
    pub closed: u64,
    /// CPU of the servers.
    pub used: Used,
    /// CPU of this program.
    pub own_cpu_s: f64,
    /// Share of all CPUs of this machine that was busy, in percent.
    pub machine_busy_percent: Option<f64>,
    /// In a ramp: within the bound?
    pub good: Option<bool>,
}

/// One second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Second {
    /// After the start.
    pub at_s: f64,
    /// Which phase.
    pub phase: String,
    /// Messages sent.
    pub sent: u64,
    /// Deliveries.
    pub delivered: u64,
    /// Acks.
    pub acked: u64,
    /// Connections that ended.
    pub closed: u64,
    /// Returns that got everything.
    pub resumed: u64,
    /// p50, p99 and longest, of delivery.
    pub delivery_ms: [f64; 3],
    /// p50, p99 and longest, of acks.
    pub ack_ms: [f64; 3],
    /// Cores used by each server.
    pub cores: BTreeMap<String, f64>,
    /// Cores used by this program.
    pub own_cores: f64,
    /// Memory of each server in MiB, in the seconds in which it was looked at.
    pub memory_mib: BTreeMap<String, f64>,
}

impl Outcome {
    /// Compares with the plan's thresholds.
    pub fn check_thresholds(&mut self) {
        self.thresholds = measures::check(self);
    }

    /// Right, within every threshold, and played to its end.
    pub fn is_green(&self) -> bool {
        !self.interrupted && self.judge.is_green() && self.thresholds.iter().all(|checked| checked.holds)
    }
}

#[cfg(test)]
impl Outcome {
    /// Of a run in which nothing happened: tests fill in what they are about.
    pub fn nothing(plan: Plan) -> Self {
        Self {
            tool: "0".into(),
            runs: vec![1],
            plan,
            urls: Vec::new(),
            started_at: DateTime::UNIX_EPOCH,
            seconds: 1.0,
            machines: 1,
            watched: true,
            interrupted: false,
            connect: Connect::default(),
            phases: Vec::new(),
            best: None,
            series: Vec::new(),
            refusals: BTreeMap::new(),
            ends: BTreeMap::new(),
            failed_dials: BTreeMap::new(),
            ends_of_too_much: 0,
            private_notes: 0,
            notes: Vec::new(),
            judge: Verdict::default(),
            thresholds: Vec::new(),
        }
    }
}

impl Phase {
    /// Deliveries a second.
    pub fn deliveries_per_s(&self) -> f64 {
        ratio(self.delivered, self.seconds)
    }

    /// CPU seconds of the servers for a million deliveries; `None` when nothing is watched or delivered.
    pub fn cpu_s_per_million(&self) -> Option<f64> {
        let watched = !self.used.cpu_s.is_empty() && self.delivered > 0;
        watched.then(|| self.used.cpu_total_s() / as_f64(self.delivered) * 1e6)
    }

    /// CPU seconds of this program for a million deliveries.
    pub fn own_cpu_s_per_million(&self) -> Option<f64> {
        (self.delivered > 0).then(|| self.own_cpu_s / as_f64(self.delivered) * 1e6)
    }

    /// Entries that did not come.
    pub fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.delivered)
    }

    /// Messages without an answer.
    pub fn unanswered(&self) -> u64 {
        self.due.saturating_sub(self.unsent + self.acked + self.rejected)
    }
}

/// A count a second.
pub fn ratio(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { as_f64(count) / seconds } else { 0.0 }
}

/// A count as a number to divide.
#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
pub fn as_f64(count: u64) -> f64 {
    count as f64
}
