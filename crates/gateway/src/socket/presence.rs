//! `presence`: whether the person at this device looks, in every room that it follows.
//!
//! Told at most once a second: a device that flickers must not fill the queues of others.

use std::time::Duration;

use protocol::room::Presence;
use tokio::time::Instant;

use super::session::Session;

const TOLD_EVERY: Duration = Duration::from_secs(1);

/// What the device said last, until the rooms are told.
#[derive(Debug, Default)]
pub struct Said {
    waits: Option<Presence>,
    told_at: Option<Instant>,
}

impl Said {
    /// When what still waits may be told.
    pub fn due(&self) -> Option<Instant> {
        self.waits.and(self.told_at).map(|told_at| told_at + TOLD_EVERY)
    }

    fn take(&mut self, now: Instant) -> Option<Presence> {
        if self.due().is_some_and(|due| now < due) {
            return None;
        }
        let state = self.waits.take()?;
        self.told_at = Some(now);
        Some(state)
    }
}

/// The device says it.
pub fn presence(session: &mut Session, state: Presence) {
    session.presence.waits = Some(state);
    tell(session);
    if let Some(due) = session.presence.due() {
        session.clock.wake_by(due);
    }
}

/// Tells the rooms in which it changes how the user is seen, if it is time.
pub fn tell(session: &mut Session) {
    let Some(state) = session.presence.take(Instant::now()) else { return };
    if !session.peer.set_presence(state) {
        return;
    }
    for room in session.peer.rooms() {
        if room.appear(session.peer.user()) {
            session.state.rooms.announce(&room);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn told_once_a_second_and_then_the_newest() {
        let (mut said, start) = (Said::default(), Instant::now());
        said.waits = Some(Presence::Away);
        assert_eq!(said.take(start), Some(Presence::Away));
        said.waits = Some(Presence::Active);
        assert_eq!((said.take(start), said.due()), (None, Some(start + TOLD_EVERY)));
        said.waits = Some(Presence::Away);
        assert_eq!(said.take(start + TOLD_EVERY), Some(Presence::Away));
        assert_eq!(said.due(), None);
    }
}
