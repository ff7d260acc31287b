//! Machines that fail, in the log and in the counts: every failure is counted, each cause is logged once a second.
//!
//! While a database is away each command fails; a line for each would hide the cause and fill the disk.

use std::time::{Duration, Instant};

use files::FilesError;
use order_actions::{ActionError, Unavailable};
use parking_lot::Mutex;

use crate::metrics;

const EVERY: Duration = Duration::from_secs(1);

/// Why something cannot be done right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Database,
    Silent,
    Row,
    QueueFull,
    TooLong,
    Broken,
    Files,
}

const CAUSES: usize = Cause::Files as usize + 1;
/// Every `part` there is.
pub const PARTS: [&str; 4] = ["database", "queue", "task", "files"];

/// The log is the process's, and so is its measure.
static SAID: Mutex<Said> = Mutex::new(Said::nothing());

/// Counts it, and logs it unless its cause was logged a moment ago.
pub fn note(unavailable: &Unavailable) {
    say(Cause::of(unavailable), unavailable);
}

/// The same where a refusal would be no failure of a machine: a room that is gone meanwhile.
pub fn note_any(error: &ActionError) {
    match error {
        ActionError::Unavailable(unavailable) => note(unavailable),
        ActionError::Rejected(_) | ActionError::RejectedAfterTimers { .. } => {
            tracing::debug!(%error, "refused to the node itself");
        }
    }
}

/// The same for the store of files.
pub fn note_files(error: &FilesError) {
    say(Cause::Files, error);
}

fn say(cause: Cause, error: &dyn std::error::Error) {
    metrics::counter!(metrics::UNAVAILABLE, "part" => cause.part()).increment(1);
    let Some(unsaid) = SAID.lock().pass(cause, Instant::now()) else { return };
    if cause.is_overload() {
        tracing::warn!(cause = %error, unsaid, "more is asked than can be done");
    } else {
        tracing::error!(%error, unsaid, "a machine failed");
    }
}

impl Cause {
    fn of(unavailable: &Unavailable) -> Self {
        match unavailable {
            Unavailable::Database(_) => Self::Database,
            Unavailable::Silent => Self::Silent,
            Unavailable::Row(_) => Self::Row,
            Unavailable::Together(cause) => Self::of(cause),
            Unavailable::QueueFull => Self::QueueFull,
            Unavailable::TooLong => Self::TooLong,
            Unavailable::Broken(_) => Self::Broken,
        }
    }

    /// Nothing is broken: there is too much to do, or somebody holds the room.
    fn is_overload(self) -> bool {
        matches!(self, Self::QueueFull | Self::TooLong)
    }

    fn part(self) -> &'static str {
        match self {
            Self::Database | Self::Silent | Self::Row => "database",
            Self::QueueFull | Self::TooLong => "queue",
            Self::Broken => "task",
            Self::Files => "files",
        }
    }
}

/// When each cause was logged last, and how many of it were not since.
#[derive(Debug)]
struct Said([(Option<Instant>, u64); CAUSES]);

impl Said {
    const fn nothing() -> Self {
        Self([(None, 0); CAUSES])
    }

    /// How many were not logged before this one, if this one is.
    fn pass(&mut self, cause: Cause, now: Instant) -> Option<u64> {
        let (said_at, unsaid) = &mut self.0[cause as usize];
        if said_at.is_some_and(|said_at| now.saturating_duration_since(said_at) < EVERY) {
            *unsaid += 1;
            return None;
        }
        *said_at = Some(now);
        Some(std::mem::take(unsaid))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn each_cause_is_said_once_a_second_with_what_was_not() {
        let (mut said, start) = (Said::nothing(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(said.pass(Cause::Database, at(0)), Some(0));
        assert!((1..1000).all(|ms| said.pass(Cause::Database, at(ms)).is_none()));
        assert_eq!(said.pass(Cause::QueueFull, at(999)), Some(0), "another cause is news");
        assert_eq!(said.pass(Cause::Database, at(1000)), Some(999));
        assert_eq!(said.pass(Cause::Database, at(5000)), Some(0));
    }

    #[test]
    fn too_much_to_do_is_no_broken_machine() {
        let cause = |unavailable| Cause::of(&Unavailable::Together(Arc::new(unavailable)));
        assert!(cause(Unavailable::QueueFull).is_overload() && cause(Unavailable::TooLong).is_overload());
        assert!(!cause(Unavailable::Broken("gone".to_owned())).is_overload());
        assert!(!cause(Unavailable::Database("away".into())).is_overload());
        assert!(!cause(Unavailable::Row("newer".into())).is_overload());
    }
}
