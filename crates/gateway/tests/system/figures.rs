//! Times of a run: printed for people, compared with generous bounds only, since tests share a busy machine.

use std::{fmt, time::Duration};

/// Sorted durations.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        let mut times: Vec<_> = times.into_iter().collect();
        times.sort_unstable();
        Self(times)
    }
}

impl Times {
    pub fn p(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).max(1) - 1;
        self.0.get(place).copied().unwrap_or_default()
    }

    pub fn max(&self) -> Duration {
        self.0.last().copied().unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_millis();
        let (count, p50, p99) = (self.0.len(), ms(self.p(50)), ms(self.p(99)));
        write!(f, "p50 {p50} ms, p99 {p99} ms, max {} ms (of {count})", ms(self.max()))
    }
}

/// A number from the environment, for longer or shorter runs.
pub fn size(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => usual,
    }
}

/// How many of something, from the environment.
pub fn count(name: &str, usual: u64) -> usize {
    usize::try_from(size(name, usual)).expect("a number of this machine")
}

/// A length of time from the environment, in seconds.
pub fn seconds(name: &str, usual: u64) -> Duration {
    Duration::from_secs(size(name, usual))
}
