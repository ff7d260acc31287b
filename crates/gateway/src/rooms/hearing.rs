//! Whether this node hears the others: how often a sweep looks depends on it.

use std::time::Duration;

use fanout::Health;
use tokio::sync::watch;

use super::Rooms;

/// What a sweep knows of it.
pub(super) struct Hearing {
    health: watch::Receiver<Health>,
    every: Duration,
    every_deaf: Duration,
}

impl Hearing {
    pub fn of(rooms: &Rooms, every: Duration, every_deaf: Duration) -> Self {
        Self { health: rooms.0.fanout.health(), every, every_deaf }
    }

    /// Until the next look; nodes that started together do not look together.
    pub fn pause(&self) -> Duration {
        let every = if self.health.borrow().is_deaf() { self.every_deaf } else { self.every };
        every.mul_f64(rand::random_range(0.8..1.2))
    }

    /// Deaf, or heard again: either way it is time to look.
    pub async fn turned(&mut self) {
        let was = self.health.borrow_and_update().is_deaf();
        // Its sender lives as long as the fan-out, and that as long as these rooms.
        let _ = self.health.wait_for(|health| health.is_deaf() != was).await;
    }
}
