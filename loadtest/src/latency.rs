//! Latencies: microseconds to minutes with three digits, written to JSON without loss so that machines can be merged.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is longer counts as this long.
const LONGEST_US: u64 = 10 * 60 * 1_000_000;
const DIGITS: u8 = 3;

/// How long something took, many times.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        let bounds = Histogram::new_with_bounds(1, LONGEST_US, DIGITS);
        Self(bounds.expect("the bounds are constant and good"))
    }
}

impl Latency {
    /// Once more.
    pub fn record_us(&mut self, us: u64) {
        self.0.saturating_record(us);
    }

    /// Once more.
    pub fn record(&mut self, took: Duration) {
        self.record_us(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time within which a share of them was done; 0 when there are none.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        to_ms(self.0.value_at_quantile(share))
    }

    /// The longest.
    pub fn max_ms(&self) -> f64 {
        to_ms(self.0.max())
    }

    /// Both together.
    pub fn merge(&mut self, other: &Self) {
        // Most are empty most of the time, and adding looks at every bucket there is.
        if other.count() > 0 {
            self.0.add(&other.0).expect("all have the same bounds");
        }
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        if self.count() > 0 {
            self.0.reset();
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes in microseconds are far below 2^52")]
fn to_ms(us: u64) -> f64 {
    us as f64 / 1000.0
}

/// The JSON: figures for people, buckets for `merge`.
#[derive(Serialize, Deserialize)]
struct Written {
    count: u64,
    p50_ms: f64,
    p90_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    max_ms: f64,
    /// The highest value of each bucket that is not empty, in microseconds, and how many are in it.
    buckets_us: Vec<(u64, u64)>,
}

impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let buckets = self.0.iter_recorded().map(|at| (at.value_iterated_to(), at.count_at_value()));
        Written {
            count: self.count(),
            p50_ms: self.quantile_ms(0.5),
            p90_ms: self.quantile_ms(0.9),
            p99_ms: self.quantile_ms(0.99),
            p999_ms: self.quantile_ms(0.999),
            max_ms: self.max_ms(),
            buckets_us: buckets.collect(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Latency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut latency = Self::default();
        for (us, count) in Written::deserialize(deserializer)?.buckets_us {
            latency.0.saturating_record_n(us, count);
        }
        Ok(latency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u64]) -> Latency {
        let mut latency = Latency::default();
        values.iter().for_each(|us| latency.record_us(*us));
        latency
    }

    proptest! {
        /// What one machine writes another reads, and two halves are the whole: nothing is lost on the way.
        #[test]
        fn json_and_merging_lose_nothing(one in proptest::collection::vec(0_u64..1 << 32, 0..50),
                                         two in proptest::collection::vec(0_u64..1 << 32, 0..50)) {
            let read: Latency = serde_json::from_str(&serde_json::to_string(&of(&one)).unwrap()).unwrap();
            prop_assert_eq!(&read.0, &of(&one).0);
            let mut both = read;
            both.merge(&serde_json::from_str(&serde_json::to_string(&of(&two)).unwrap()).unwrap());
            prop_assert_eq!(both.0, of(&[one, two].concat()).0);
        }
    }

    #[test]
    fn what_never_ends_counts_as_the_longest() {
        assert!(of(&[u64::MAX]).max_ms() >= 599_000.0);
        assert!(of(&[]).quantile_ms(0.99).abs() < f64::EPSILON);
    }
}
