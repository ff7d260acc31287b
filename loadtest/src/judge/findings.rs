//! Breaches, counted: all of them by kind, the first ones in full.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Breach;

/// How many are kept as sentences.
const SHOWN: usize = 20;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// How many of each kind.
    pub breaches: BTreeMap<String, u64>,
    /// The first ones.
    pub first: Vec<String>,
}

/// The judge's last word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Entries that were compared with what the other members saw.
    pub entries_judged: u64,
    /// Frames that were searched for canaries.
    pub frames_searched: u64,
    /// Acks compared with what was delivered.
    pub acks_checked: u64,
    /// Acks in rooms whose stored timeline was read through the API.
    pub acks_looked_up: u64,
    /// Rooms whose stored timeline was read.
    pub rooms_looked_up: u64,
    /// Entries that somebody never got, each counted once for everybody who missed it.
    #[serde(default)]
    pub lost: u64,
    /// What is wrong.
    #[serde(flatten)]
    pub findings: Findings,
}

impl Findings {
    /// One more.
    pub fn add(&mut self, breach: &Breach) {
        *self.breaches.entry(breach.fault.kind().to_owned()).or_default() += 1;
        if self.first.len() < SHOWN {
            self.first.push(breach.to_string());
        }
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.breaches.values().sum()
    }

    /// How many of one kind.
    pub fn of_kind(&self, kind: &str) -> u64 {
        self.breaches.get(kind).copied().unwrap_or(0)
    }
}

impl Verdict {
    /// Nothing wrong was found, and something was looked at: a judge who saw nothing has no opinion.
    pub fn is_green(&self) -> bool {
        self.findings.count() == 0 && self.entries_judged > 0
    }

    /// Both load machines together.
    pub fn merge(&mut self, other: &Self) {
        self.entries_judged += other.entries_judged;
        self.frames_searched += other.frames_searched;
        self.acks_checked += other.acks_checked;
        self.acks_looked_up += other.acks_looked_up;
        self.rooms_looked_up += other.rooms_looked_up;
        self.lost += other.lost;
        for (kind, count) in &other.findings.breaches {
            *self.findings.breaches.entry(kind.clone()).or_default() += count;
        }
        let left = SHOWN.saturating_sub(self.findings.first.len());
        self.findings.first.extend(other.findings.first.iter().take(left).cloned());
    }
}
