//! How long to wait before trying again: full jitter, so that nodes that lost the same
//! server do not come back in step.

use std::time::Duration;

use rand::Rng;

const FIRST: Duration = Duration::from_millis(50);

/// A random pause below a ceiling that doubles with every failure, up to `max`.
pub(crate) fn pause(failures: u32, max: Duration, random: &mut impl Rng) -> Duration {
    let ceiling = FIRST.saturating_mul(1 << failures.min(16)).min(max);
    ceiling.mul_f64(random.random::<f64>())
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn pauses_grow_to_the_ceiling_and_never_beyond() {
        let max = Duration::from_secs(1);
        let mut random = StdRng::seed_from_u64(1);
        let mut longest =
            |failures| (0..200).map(|_| pause(failures, max, &mut random)).max().unwrap_or_default();
        assert!(longest(0) <= FIRST);
        assert!(longest(3) > 4 * FIRST);
        for failures in [5, 10, 1000, u32::MAX] {
            assert!((max * 9 / 10..=max).contains(&longest(failures)), "{failures} failures");
        }
    }
}
