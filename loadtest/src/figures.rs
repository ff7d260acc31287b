//! Where participants write down what they see while the load runs. Sharded, so that they do not wait for each other.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use parking_lot::Mutex;

use crate::latency::Latency;

/// Twice the threads that write.
const SHARDS: usize = 4;

/// Latencies of one stretch of time.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    /// From the moment a message was due to a member's socket.
    pub delivery: Latency,
    /// From the moment it was due to the sender's ack.
    pub ack: Latency,
    /// From the moment it was due until our own write began: what the generator itself adds.
    pub lag: Latency,
    /// From a return after a cut to everything that was missed.
    pub resume: Latency,
}

impl Latencies {
    /// Both together.
    pub fn merge(&mut self, other: &Self) {
        self.delivery.merge(&other.delivery);
        self.ack.merge(&other.ack);
        self.lag.merge(&other.lag);
        self.resume.merge(&other.resume);
    }

    fn clear(&mut self) {
        self.delivery.clear();
        self.ack.clear();
        self.lag.clear();
        self.resume.clear();
    }
}

/// Counts from the start of the run.
#[derive(Debug, Default)]
pub struct Counters {
    /// Messages handed to a socket.
    pub sent: AtomicU64,
    /// Messages that a socket had no place for: its backlog was full.
    pub unsent: AtomicU64,
    /// Entries of measured messages on members' sockets.
    pub delivered: AtomicU64,
    /// Acks of measured messages.
    pub acked: AtomicU64,
    /// Connections that ended without our doing.
    pub closed: AtomicU64,
    /// Returns with a cursor that got everything.
    pub resumed: AtomicU64,
    /// Commands that were refused for good.
    pub rejected: AtomicU64,
    /// Notes among staff, whose leak was looked for.
    pub private_notes: AtomicU64,
}

/// Everything that is measured.
#[derive(Debug)]
pub struct Figures {
    shards: Vec<Mutex<Latencies>>,
    gathered: Mutex<Gathered>,
    /// Counts.
    pub counters: Counters,
    refusals: Mutex<BTreeMap<String, u64>>,
    ends: Mutex<BTreeMap<String, u64>>,
    failed_dials: Mutex<BTreeMap<String, u64>>,
    /// Messages that were due before this are not measured.
    measured_from_us: AtomicU64,
}

#[derive(Debug, Default)]
struct Gathered {
    second: Latencies,
    phase: Latencies,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            gathered: Mutex::default(),
            counters: Counters::default(),
            refusals: Mutex::default(),
            ends: Mutex::default(),
            failed_dials: Mutex::default(),
            measured_from_us: AtomicU64::new(0),
        }
    }
}

impl Figures {
    /// Writes something down, if what it is about was due in the phase.
    pub fn note(&self, shard: usize, due_us: u64, write: impl FnOnce(&mut Latencies)) -> bool {
        let measured = self.is_measured(due_us);
        if measured {
            write(&mut self.shards[shard % SHARDS].lock());
        }
        measured
    }

    /// Was it due in the phase?
    pub fn is_measured(&self, due_us: u64) -> bool {
        due_us >= self.measured_from_us.load(Relaxed)
    }

    /// A new phase: what was due before `now_us` belongs to the one before.
    pub fn begin_phase(&self, now_us: u64) {
        self.measured_from_us.store(now_us, Relaxed);
        self.gather();
        self.gathered.lock().phase.clear();
    }

    /// What was noted since the phase began.
    pub fn phase(&self) -> Latencies {
        self.gather();
        self.gathered.lock().phase.clone()
    }

    /// What was noted since the last call.
    pub fn second(&self) -> Latencies {
        self.gather();
        std::mem::take(&mut self.gathered.lock().second)
    }

    /// A command was refused.
    pub fn refused(&self, code: &str) {
        *self.refusals.lock().entry(code.to_owned()).or_default() += 1;
    }

    /// A connection ended.
    pub fn ended(&self, how: &str) {
        self.counters.closed.fetch_add(1, Relaxed);
        count(&mut self.ends.lock(), how);
    }

    /// Somebody who has no connection did not get one.
    pub fn dial_failed(&self, why: &str) {
        count(&mut self.failed_dials.lock(), why);
    }

    /// Refusals by code.
    pub fn refusals(&self) -> BTreeMap<String, u64> {
        self.refusals.lock().clone()
    }

    /// Ends of connections by reason.
    pub fn ends(&self) -> BTreeMap<String, u64> {
        self.ends.lock().clone()
    }

    /// Failed dials by reason.
    pub fn failed_dials(&self) -> BTreeMap<String, u64> {
        self.failed_dials.lock().clone()
    }

    fn gather(&self) {
        let mut gathered = self.gathered.lock();
        for shard in &self.shards {
            let mut shard = shard.lock();
            gathered.second.merge(&shard);
            gathered.phase.merge(&shard);
            shard.clear();
        }
    }
}

/// What the other end says is not ours to bound: a few kinds are enough, and the rest is one more.
fn count(kinds: &mut BTreeMap<String, u64>, kind: &str) {
    let known = kinds.len() < 50 || kinds.contains_key(kind);
    *kinds.entry(if known { kind } else { "others" }.to_owned()).or_default() += 1;
}
