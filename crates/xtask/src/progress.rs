//! One line for each step that takes a while, on stderr: stdout belongs to results.

use std::time::Instant;

use anyhow::Result;

/// A plain line.
pub fn say(line: &str) {
    eprintln!("   {line}");
}

/// Announces `what`, does it, and tells how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("== {what}");
    let began = Instant::now();
    let outcome = work()?;
    eprintln!("   done in {:.1} s", began.elapsed().as_secs_f64());
    Ok(outcome)
}
