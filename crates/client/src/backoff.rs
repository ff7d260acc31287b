//! When to come back: the rule of the close code's range, with full jitter. Pure: chance is an argument.

use std::time::Duration;

use protocol::Retry;
use rand::Rng;

use crate::Timing;

/// Counts failures in a row.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    timing: Timing,
    failures: u32,
}

impl Backoff {
    pub fn new(timing: Timing) -> Self {
        Self { timing, failures: 0 }
    }

    /// Only a welcome counts: a node that accepts and throws out would be hammered otherwise.
    pub fn welcomed(&mut self) {
        self.failures = 0;
    }

    /// How long to wait after an end; `None` for ever. `told` is what the server asked for.
    pub fn after(&mut self, retry: Retry, told: Option<Duration>, chance: &mut impl Rng) -> Option<Duration> {
        let first = match retry {
            Retry::Never => return None,
            Retry::BackOff => self.timing.back_off,
            Retry::Resume => self.timing.resume,
        };
        let bound = first.saturating_mul(1 << self.failures.min(16)).min(self.timing.longest);
        let jitter = bound.mul_f64(chance.random_range(0.0..1.0));
        let once = self.failures == 0;
        self.failures = self.failures.saturating_add(1);
        Some(match (retry, told) {
            (Retry::BackOff, told) => told.unwrap_or_default().max(self.timing.back_off) + jitter,
            // The server spreads its own clients; a second failure is ours to spread.
            (_, Some(told)) if once => told,
            (_, told) => told.unwrap_or_default().max(jitter),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn backoff() -> Backoff {
        Backoff::new(Timing::default())
    }

    #[test]
    fn never_means_never() {
        assert_eq!(backoff().after(Retry::Never, None, &mut StdRng::seed_from_u64(1)), None);
    }

    #[test]
    fn a_draining_node_says_when() {
        let told = Duration::from_millis(800);
        let wait = backoff().after(Retry::Resume, Some(told), &mut StdRng::seed_from_u64(1));
        assert_eq!(wait, Some(told));
    }

    #[test]
    fn the_bound_doubles_to_the_longest_and_starts_anew_after_a_welcome() {
        let (mut backoff, mut chance) = (backoff(), StdRng::seed_from_u64(7));
        let longest = (0..200).filter_map(|_| backoff.after(Retry::Resume, None, &mut chance)).max().unwrap();
        assert!(longest > Duration::from_secs(20), "{longest:?}");
        backoff.welcomed();
        assert!(backoff.after(Retry::Resume, None, &mut chance).unwrap() <= Timing::default().resume);
    }

    proptest! {
        /// Overload is met with at least a second, and with what was asked for, and never with more than twice
        /// the longest.
        #[test]
        fn a_back_off_is_bounded(seed: u64, failures in 0..100_u32, told_ms in proptest::option::of(0..60_000_u64)) {
            let mut backoff = Backoff { failures, ..backoff() };
            let told = told_ms.map(Duration::from_millis);
            let wait = backoff.after(Retry::BackOff, told, &mut StdRng::seed_from_u64(seed)).unwrap();
            let timing = Timing::default();
            prop_assert!(wait >= timing.back_off && wait >= told.unwrap_or_default());
            prop_assert!(wait <= told.unwrap_or_default().max(timing.back_off) + timing.longest);
        }

        #[test]
        fn a_resume_is_bounded(seed: u64, failures in 0..100_u32) {
            let mut backoff = Backoff { failures, ..backoff() };
            let wait = backoff.after(Retry::Resume, None, &mut StdRng::seed_from_u64(seed)).unwrap();
            prop_assert!(wait <= Timing::default().longest);
        }
    }
}
