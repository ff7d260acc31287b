//! What happened, counted. The gateway turns a snapshot into metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: Counter,)*
        }

        /// All counters at one moment, since the start of the node.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Counts {
            $($(#[$doc])* pub $name: u64,)*
            /// How long Redis was unheard, all times together.
            pub deaf: Duration,
        }

        impl Counters {
            pub(crate) fn snapshot(&self, deaf: Duration) -> Counts {
                Counts { $($name: self.$name.get(),)* deaf }
            }
        }
    };
}

counters! {
    /// Publications handed over: taken by Redis, or routed in the process.
    published,
    /// Publications dropped because the queue to Redis was full.
    dropped_full,
    /// Publications dropped because Redis could not be reached, or did not answer for them.
    dropped_away,
    /// Publications dropped because their frame is over the limit.
    dropped_large,
    /// Publications that Redis refused (its rights, its memory).
    refused,
    /// News given to this node.
    received,
    /// News dropped because this node did not take them in time; a generation follows.
    dropped_slow,
    /// Messages dropped because they carry another epoch.
    foreign_epoch,
    /// Messages dropped because no node of this format wrote them.
    unparsable,
    /// Generations announced.
    generations,
    /// Tries to connect and listen, successful or not.
    attempts,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
