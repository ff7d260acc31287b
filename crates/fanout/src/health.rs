//! Whether this node hears the others.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Whether this node hears the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Every wanted channel is subscribed, and the canary was heard.
    Heard {
        /// The newest generation.
        generation: u64,
    },
    /// Whatever other nodes say is lost: heads have to be polled.
    Deaf {
        /// Since when.
        since: Instant,
    },
}

impl Health {
    /// Deaf?
    pub fn is_deaf(&self) -> bool {
        matches!(self, Self::Deaf { .. })
    }
}

/// The present health, its watchers, and the time spent deaf before now.
#[derive(Debug)]
pub(crate) struct Pulse {
    now: watch::Sender<Health>,
    deaf_before: Mutex<Duration>,
}

impl Pulse {
    /// Deaf until something was heard.
    pub(crate) fn deaf() -> Self {
        Self {
            now: watch::Sender::new(Health::Deaf { since: Instant::now() }),
            deaf_before: Mutex::default(),
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Health> {
        self.now.subscribe()
    }

    pub(crate) fn is_deaf(&self) -> bool {
        self.now.borrow().is_deaf()
    }

    pub(crate) fn heard(&self, generation: u64) {
        self.now.send_modify(|health| {
            if let Health::Deaf { since } = *health {
                *self.deaf_before.lock().expect("nothing panics while holding it") += since.elapsed();
            }
            *health = Health::Heard { generation };
        });
    }

    /// A newer generation, unless deaf meanwhile.
    pub(crate) fn still_heard(&self, newer: u64) {
        self.now.send_if_modified(|health| {
            let heard = !health.is_deaf();
            if heard {
                *health = Health::Heard { generation: newer };
            }
            heard
        });
    }

    /// True when it was heard until now.
    pub(crate) fn lost(&self) -> bool {
        self.now.send_if_modified(|health| {
            let was_heard = !health.is_deaf();
            if was_heard {
                *health = Health::Deaf { since: Instant::now() };
            }
            was_heard
        })
    }

    pub(crate) fn deaf_time(&self) -> Duration {
        let before = *self.deaf_before.lock().expect("nothing panics while holding it");
        match *self.now.borrow() {
            Health::Deaf { since } => before + since.elapsed(),
            Health::Heard { .. } => before,
        }
    }
}
