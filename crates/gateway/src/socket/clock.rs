//! The one timer of a socket: heartbeat, silence, the end of the token, typing that ends by itself.
//!
//! It wakes at the earliest of them. What moves a moment further away does not touch the timer.

use std::{pin::Pin, time::Duration};

use chrono::Utc;
use order_domain::values::Timestamp;
use protocol::limits::{HEARTBEAT_EVERY, SILENCE};
use tokio::time::{Instant, Sleep, sleep_until};

/// A token that is good for longer is looked at again then.
const TOKEN_AT_MOST: Duration = Duration::from_hours(24);

/// What the socket waits for.
#[derive(Debug)]
pub struct Clock {
    sleep: Pin<Box<Sleep>>,
    heartbeat_at: Instant,
    /// The last frame of the client's own code.
    heard_at: Instant,
    expires_at: Timestamp,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Say that the node is alive.
    Heartbeat,
    /// The client has been silent for too long.
    Silence,
    /// The token is over.
    Expired,
}

impl Clock {
    /// From the welcome on.
    pub fn new(expires_at: Timestamp) -> Self {
        let now = Instant::now();
        let heartbeat_at = now + jittered(HEARTBEAT_EVERY);
        let mut clock =
            Self { sleep: Box::pin(sleep_until(heartbeat_at)), heartbeat_at, heard_at: now, expires_at };
        clock.wake_by(clock.next());
        clock
    }

    /// The client's own code is alive.
    pub fn heard(&mut self) {
        self.heard_at = Instant::now();
    }

    /// Has it said nothing for too long?
    pub fn is_silent(&self) -> bool {
        Instant::now() >= self.heard_at + SILENCE
    }

    /// A newer token holds.
    pub fn renew(&mut self, expires_at: Timestamp) {
        self.expires_at = expires_at;
        self.wake_by(self.next());
    }

    /// Something else is due at this moment: wakes no later.
    pub fn wake_by(&mut self, at: Instant) {
        if at < self.sleep.deadline() {
            self.sleep.as_mut().reset(at);
        }
    }

    /// Waits until something may be due.
    pub async fn wait(&mut self) {
        self.sleep.as_mut().await;
    }

    /// What is due now. The timer is set anew, for `also` too.
    pub fn due(&mut self, also: Option<Instant>) -> Option<Due> {
        let now = Instant::now();
        let due = if Utc::now() >= self.expires_at {
            // Once: there may still be half a frame to finish.
            self.expires_at = Timestamp::MAX_UTC;
            Some(Due::Expired)
        } else if self.is_silent() {
            Some(Due::Silence)
        } else if now >= self.heartbeat_at {
            self.heartbeat_at = now + jittered(HEARTBEAT_EVERY);
            Some(Due::Heartbeat)
        } else {
            None
        };
        let next = self.next();
        self.sleep.as_mut().reset(also.map_or(next, |also| also.min(next)));
        due
    }

    fn next(&self) -> Instant {
        let left = (self.expires_at - Utc::now()).to_std().unwrap_or_default().min(TOKEN_AT_MOST);
        (self.heard_at + SILENCE).min(self.heartbeat_at).min(Instant::now() + left)
    }
}

/// Sockets that came together do not stay together.
fn jittered(every: Duration) -> Duration {
    every.mul_f64(rand::random_range(0.9..1.1))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// What becomes due, in the order and at the seconds in which it does, if `heard` is said each 20 s.
    async fn hours(heard: bool) -> Vec<(Due, u64)> {
        let (mut clock, start, mut dues) =
            (Clock::new(Utc::now() + TimeDelta::hours(1)), Instant::now(), Vec::new());
        while start.elapsed() < Duration::from_secs(120) && !dues.iter().any(|(due, _)| *due == Due::Silence)
        {
            clock.wait().await;
            if heard {
                clock.heard();
            }
            dues.extend(clock.due(None).map(|due| (due, start.elapsed().as_secs())));
        }
        dues
    }

    #[tokio::test(start_paused = true)]
    async fn heartbeats_come_and_silence_ends_it() {
        let dues = hours(false).await;
        let heartbeats = dues.iter().filter(|(due, _)| *due == Due::Heartbeat).count();
        assert_eq!((heartbeats, dues.last()), (2, Some(&(Due::Silence, 60))), "{dues:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_answers_stays() {
        assert!(hours(true).await.iter().all(|(due, _)| *due == Due::Heartbeat));
    }

    #[tokio::test(start_paused = true)]
    async fn an_ended_token_comes_first() {
        let mut clock = Clock::new(Utc::now() - TimeDelta::seconds(1));
        clock.wait().await;
        assert_eq!((clock.due(None), clock.due(None)), (Some(Due::Expired), None));
    }
}
