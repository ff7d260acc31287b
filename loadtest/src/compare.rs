//! order-chat beside its peers: private stores, two nodes of each system in turn, the same plan for all, again and again;
//! then medians, their spread, and ratios.
//!
//! Owns the order of trials, their bound in time, and what is kept of each. Participants, figures and the judge are those
//! of every other run.

mod house;
mod plan;
mod report;
mod summary;
mod surroundings;
mod system;
#[cfg(test)]
mod tests;
mod trial;

use std::{path::PathBuf, thread, time::Duration};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::{runtime::Runtime, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{process::machine_ticks, progress::Progress, scenario};
use house::House;
pub use plan::ComparePlan;
pub use report::{text, write};
pub use system::{Programs, System};
pub use trial::Trial;

/// How long it is listened to what else this machine does.
const LISTEN: Duration = Duration::from_secs(1);

/// Everything that was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The program's version.
    pub tool: String,
    /// What was to be done.
    pub plan: ComparePlan,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took.
    pub minutes: f64,
    /// On what: machine, versions.
    pub surroundings: Vec<(String, String)>,
    /// In the order in which they were run.
    pub trials: Vec<Trial>,
    /// For the reader.
    pub notes: Vec<String>,
    /// Did somebody stop it?
    pub interrupted: bool,
}

impl Comparison {
    /// Everything was measured, and ours was right in every trial; what the peers do wrong is a figure.
    pub fn is_green(&self) -> bool {
        let mut ours = self.trials.iter().filter(|trial| trial.system == System::OrderChat);
        let measured = self.trials.iter().all(|trial| trial.delivery.count() > 0);
        !self.interrupted && !self.trials.is_empty() && measured && ours.all(|trial| trial.breaches() == 0)
    }
}

/// What runs a comparison.
pub struct Stage<'a> {
    /// Threads.
    pub runtime: &'a Runtime,
    /// Somebody wants it to end now.
    pub stop: CancellationToken,
    /// Where the programs are.
    pub programs: Programs,
    /// Says nothing while it runs.
    pub quiet: bool,
    /// Each trial's whole result is written here.
    pub out: PathBuf,
}

impl Stage<'_> {
    /// Every system in turn, `repetitions` times. What was measured before a stop is kept.
    pub fn run(&self, mut plan: ComparePlan) -> Result<Comparison> {
        let mut notes = Vec::new();
        for missing in plan.leave_out_what_is_missing(&self.programs) {
            notes.push(format!("{}: not found, and not measured.", missing.name()));
            self.say(&format!("{}: not found", missing.name()));
        }
        plan.check()?;
        self.programs.check(&plan.systems)?;
        let surroundings = surroundings::look(&self.programs, &plan.systems);
        let (started_at, began) = (Utc::now(), Instant::now());
        let mut comparison = Comparison {
            tool: env!("CARGO_PKG_VERSION").into(),
            started_at,
            minutes: 0.0,
            surroundings,
            trials: Vec::new(),
            notes,
            interrupted: false,
            plan,
        };
        self.play(&mut comparison, began)?;
        comparison.interrupted = self.stop.is_cancelled();
        if comparison.interrupted {
            comparison.notes.push("Stopped from outside: what was measured until then is shown.".into());
        }
        comparison.minutes = began.elapsed().as_secs_f64() / 60.0;
        Ok(comparison)
    }

    fn play(&self, comparison: &mut Comparison, began: Instant) -> Result<()> {
        let plan = comparison.plan.clone();
        let turns =
            (1..=plan.repetitions).flat_map(|turn| plan.systems.iter().map(move |system| (turn, *system)));
        let mut longest = Duration::ZERO;
        for (repetition, system) in turns {
            if self.stop.is_cancelled() {
                return Ok(());
            }
            if began.elapsed() + longest > plan.lasts_at_most() {
                let note = format!("After {:.0} minutes no further trial was begun.", plan.minutes_at_most);
                comparison.notes.push(note);
                return Ok(());
            }
            let trial_began = Instant::now();
            self.say(&format!("## {} ({repetition} of {})", system.name(), plan.repetitions));
            let trial = self.trial(&plan, system, repetition);
            comparison.trials.extend(trial.with_context(|| system.name().to_owned())?);
            longest = longest.max(trial_began.elapsed());
        }
        Ok(())
    }

    /// One system on fresh stores; `None` when it was stopped before there was a figure.
    fn trial(&self, plan: &ComparePlan, system: System, repetition: u32) -> Result<Option<Trial>> {
        let Some(house) = House::open(system, &self.programs, plan.nodes, &self.stop)? else {
            return Ok(None);
        };
        let others_percent = busy_percent();
        let mut outcomes = Vec::new();
        for plan in plan.runs(repetition) {
            if self.stop.is_cancelled() {
                break;
            }
            let progress = Progress::new(self.quiet);
            let run = scenario::run(plan, house.target()?, house.watched(), progress, self.stop.clone());
            match self.runtime.block_on(run) {
                Ok(outcome) => outcomes.push(outcome),
                Err(_) if self.stop.is_cancelled() => break,
                Err(error) => return Err(house.and_why(error)),
            }
        }
        house.close()?;
        let file = self.out.join(format!("{}-{repetition}.json", system.name()));
        std::fs::create_dir_all(&self.out)?;
        std::fs::write(&file, serde_json::to_string(&outcomes)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Trial::of(system, repetition, &outcomes, others_percent))
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }
}

/// How busy this machine is while nothing of ours happens.
#[expect(clippy::cast_precision_loss, reason = "ticks of a second")]
fn busy_percent() -> Option<f64> {
    let (busy, all) = machine_ticks()?;
    thread::sleep(LISTEN);
    let (busy_later, all_later) = machine_ticks()?;
    (all_later > all).then(|| (busy_later - busy) as f64 / (all_later - all) as f64 * 100.0)
}
