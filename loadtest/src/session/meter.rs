//! What one phase counted and used.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::{
    outcome::Phase,
    pace::Paced,
    participant::Shared,
    process::{Used, machine_ticks},
    recorder::Recorder,
};

/// Counts and CPU from the start of a phase to its end.
pub struct Meter {
    shared: Arc<Shared>,
    delivered: u64,
    acked: u64,
    rejected: u64,
    unsent: u64,
    closed: u64,
    began_at: DateTime<Utc>,
    used: (Used, f64),
    ticks: Option<(u64, u64)>,
}

impl Meter {
    /// From now on.
    pub fn begin(shared: &Arc<Shared>, recorder: &Recorder) -> Self {
        shared.figures.begin_phase(shared.now_us());
        let counters = &shared.figures.counters;
        Self {
            delivered: counters.delivered.load(Relaxed),
            acked: counters.acked.load(Relaxed),
            rejected: counters.rejected.load(Relaxed),
            unsent: counters.unsent.load(Relaxed),
            closed: counters.closed.load(Relaxed),
            began_at: Utc::now(),
            used: recorder.used(false),
            ticks: machine_ticks(),
            shared: shared.clone(),
        }
    }

    /// Has everything come that was said?
    pub fn is_done(&self, paced: &Paced, members: u64) -> bool {
        let counters = &self.shared.figures.counters;
        let unsent = paced.unsent + counters.unsent.load(Relaxed) - self.unsent;
        let rejected = counters.rejected.load(Relaxed) - self.rejected;
        let acked = counters.acked.load(Relaxed) - self.acked;
        let stored = paced.due.saturating_sub(unsent + rejected);
        acked >= stored && counters.delivered.load(Relaxed) - self.delivered >= stored * members
    }

    /// Until now.
    pub fn end(&self, name: &str, began: Instant, paced: &Paced, members: u64, recorder: &Recorder) -> Phase {
        let lasted = began.elapsed().as_secs_f64();
        let (used, own) = recorder.used(true);
        let counters = &self.shared.figures.counters;
        let noted = self.shared.figures.phase();
        let rejected = counters.rejected.load(Relaxed) - self.rejected;
        let unsent = paced.unsent + counters.unsent.load(Relaxed) - self.unsent;
        Phase {
            name: name.to_owned(),
            began_at: self.began_at,
            seconds: lasted,
            due: paced.due,
            unsent,
            acked: counters.acked.load(Relaxed) - self.acked,
            rejected,
            expected: paced.due.saturating_sub(unsent + rejected) * members,
            delivered: counters.delivered.load(Relaxed) - self.delivered,
            delivery: noted.delivery,
            ack: noted.ack,
            lag: noted.lag,
            resume: noted.resume,
            closed: counters.closed.load(Relaxed) - self.closed,
            used: used.since(&self.used.0),
            own_cpu_s: own - self.used.1,
            machine_busy_percent: busy_percent(self.ticks),
            ..Phase::default()
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "ticks of a phase")]
fn busy_percent(before: Option<(u64, u64)>) -> Option<f64> {
    let ((busy_then, all_then), (busy, all)) = (before?, machine_ticks()?);
    (all > all_then).then(|| (busy.saturating_sub(busy_then)) as f64 / (all - all_then) as f64 * 100.0)
}
