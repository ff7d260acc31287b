//! Looks for rooms that moved while nobody said so to the users of this node: a publication is lost with Redis,
//! and a node may end between its commit and what it would have told.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use order_actions::Unavailable;
use order_domain::{
    ids::{OrderId, UserId},
    values::{Seq, Timestamp},
};

use super::{Rooms, hearing::Hearing};

const EVERY: Duration = Duration::from_secs(10);
/// While the other nodes are not heard.
const EVERY_DEAF: Duration = Duration::from_secs(2);
/// An entry has its time before it is committed: a second without a lock, a transaction under one, and a statement's 5 s.
const COMMITTED_WITHIN: chrono::TimeDelta = chrono::TimeDelta::seconds(10);
/// A sweep looks back no further: to the one before, and as long before that as an entry may take.
const LOOKS_BACK: Duration = Duration::from_secs(24);

/// Runs until the node drains.
pub(super) async fn run(rooms: Rooms) {
    let mut hearing = Hearing::of(&rooms, EVERY, EVERY_DEAF);
    let mut since = rooms.0.store.now().await.ok();
    loop {
        tokio::select! {
            () = tokio::time::sleep(hearing.pause()) => {}
            () = hearing.turned() => {}
            () = rooms.0.over.cancelled() => return,
        }
        match sweep(&rooms, since).await {
            Ok(asked_at) => since = Some(asked_at),
            Err(error) => tracing::warn!(%error, "rooms that moved could not be looked for"),
        }
    }
}

/// Gives the moment up to which it looked.
async fn sweep(rooms: &Rooms, since: Option<Timestamp>) -> Result<Timestamp, Unavailable> {
    let now = rooms.0.store.now().await?;
    // Whoever is here since is welcomed with what is unread.
    let since = since.unwrap_or(now) - COMMITTED_WITHIN;
    for (user, order, head) in rooms.0.store.moved_since(&rooms.0.devices.users(), since).await? {
        rooms.0.inbox.found(rooms, &user, order, head);
    }
    rooms.0.inbox.forget_told(Instant::now());
    Ok(now)
}

/// Up to which entry users were told of rooms lately, in two layers: the younger one begins when it is asked to forget.
#[derive(Debug, Default)]
pub(super) struct Told {
    now: HashMap<(UserId, OrderId), Seq>,
    before: HashMap<(UserId, OrderId), Seq>,
    since: Option<Instant>,
}

impl Told {
    pub fn note(&mut self, user: &UserId, order: OrderId, head: Seq) {
        self.now.insert((user.clone(), order), head);
    }

    /// Nothing new, as far as is remembered.
    pub fn knows(&self, user: &UserId, order: OrderId, head: Seq) -> bool {
        let key = (user.clone(), order);
        [&self.now, &self.before].iter().any(|told| told.get(&key).is_some_and(|known| *known >= head))
    }

    /// Forgets what no sweep can find any more.
    pub fn forget(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= LOOKS_BACK {
            self.before = std::mem::take(&mut self.now);
            self.since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// However often a deaf node sweeps, and it does every two seconds: a line is told once.
    #[test]
    fn what_was_told_is_known_for_as_long_as_sweeps_look_back() {
        let (mut told, start) = (Told::default(), Instant::now());
        let (user, order) = (UserId::new("buyer").unwrap(), OrderId(Uuid::nil()));
        let at = |seconds| start + Duration::from_secs(seconds);
        told.forget(at(0));
        told.note(&user, order, Seq(7));
        for second in (2..=24).step_by(2) {
            told.forget(at(second));
            assert!(told.knows(&user, order, Seq(7)) && !told.knows(&user, order, Seq(8)), "{second}");
        }
        told.forget(at(46));
        assert!(told.knows(&user, order, Seq(7)), "the older layer stays as long");
        told.forget(at(48));
        assert!(!told.knows(&user, order, Seq(7)) && told.before.is_empty(), "nothing is kept for ever");
    }
}
