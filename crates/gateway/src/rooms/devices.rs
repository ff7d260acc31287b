//! The sockets of each user on this node. The node listens to a user's channel while they have one.

use std::sync::Arc;

use dashmap::{DashMap, mapref::entry::Entry};
use fanout::{Channel, Fanout};
use order_domain::ids::UserId;
use tokio::sync::Notify;

use crate::{metrics, socket::peer::Peer};

/// Sockets by user.
#[derive(Debug)]
pub struct Devices {
    users: DashMap<UserId, Vec<Arc<Peer>>>,
    fanout: Fanout,
    /// The last socket is gone.
    emptied: Notify,
}

impl Devices {
    /// None yet.
    pub fn new(fanout: Fanout) -> Self {
        Self { users: DashMap::new(), fanout, emptied: Notify::new() }
    }

    /// A socket said hello.
    pub fn add(&self, peer: &Arc<Peer>) {
        let mut devices = self.users.entry(peer.user().clone()).or_insert_with(|| {
            self.fanout.subscribe(Channel::User(peer.user().clone()));
            Vec::with_capacity(1)
        });
        devices.push(Arc::clone(peer));
        metrics::gauge!(metrics::SOCKETS).increment(1);
    }

    /// It is gone.
    pub fn remove(&self, peer: &Arc<Peer>) {
        self.take_out(peer);
        if self.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    fn take_out(&self, peer: &Arc<Peer>) {
        let Entry::Occupied(mut devices) = self.users.entry(peer.user().clone()) else { return };
        devices.get_mut().retain(|known| known.session != peer.session);
        metrics::gauge!(metrics::SOCKETS).decrement(1);
        if devices.get().is_empty() {
            self.fanout.unsubscribe(&Channel::User(peer.user().clone()));
            devices.remove();
        }
    }

    /// A user's sockets.
    pub fn of(&self, user: &UserId) -> Vec<Arc<Peer>> {
        self.users.get(user).map(|devices| devices.clone()).unwrap_or_default()
    }

    /// Whose sockets they are.
    pub fn users(&self) -> Vec<UserId> {
        self.users.iter().map(|devices| devices.key().clone()).collect()
    }

    /// Everybody's.
    pub fn all(&self) -> Vec<Arc<Peer>> {
        self.users.iter().flat_map(|devices| devices.clone()).collect()
    }

    /// Ends when there is no socket.
    pub async fn gone(&self) {
        loop {
            // Made before the look: what happens between the two is noticed.
            let emptied = self.emptied.notified();
            if self.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    /// Asks every socket to end.
    pub fn drain(&self) {
        self.users.iter().flat_map(|devices| devices.clone()).for_each(|peer| peer.drain());
    }

    /// How many sockets.
    pub fn len(&self) -> usize {
        self.users.iter().map(|devices| devices.len()).sum()
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use fanout::FanoutSettings;
    use order_actions::{AccountRole, Caller};
    use tokio::time::Instant;
    use uuid::Uuid;

    use super::*;

    fn peer(user: &str) -> Arc<Peer> {
        let user = UserId::new(user).unwrap();
        let caller = Caller { name: user.to_string(), user, role: AccountRole::User };
        Arc::new(Peer::new(Uuid::now_v7(), caller, chrono::Utc::now()))
    }

    /// G15: the end of the last socket is noticed when it happens, not at the next look.
    #[tokio::test(start_paused = true)]
    async fn the_last_one_out_is_noticed_at_once() {
        let (fanout, _incoming) = Fanout::start(FanoutSettings::new(Uuid::now_v7(), Uuid::now_v7())).unwrap();
        let devices = Devices::new(fanout);
        devices.gone().await;
        let (first, second) = (peer("u1"), peer("u2"));
        devices.add(&first);
        devices.add(&second);
        let began = Instant::now();
        let leaving = async {
            devices.remove(&first);
            tokio::task::yield_now().await;
            assert!(!devices.is_empty());
            devices.remove(&second);
        };
        tokio::join!(devices.gone(), leaving);
        assert_eq!(began.elapsed(), std::time::Duration::ZERO);
    }
}
