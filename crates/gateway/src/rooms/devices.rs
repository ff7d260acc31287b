//! The sockets of each user on this node. The node listens to a user's channel while they have one.

use std::sync::Arc;

use dashmap::{DashMap, mapref::entry::Entry};
use fanout::{Channel, Fanout};
use order_domain::ids::UserId;

use crate::{metrics, socket::peer::Peer};

/// Sockets by user.
#[derive(Debug)]
pub struct Devices {
    users: DashMap<UserId, Vec<Arc<Peer>>>,
    fanout: Fanout,
}

impl Devices {
    /// None yet.
    pub fn new(fanout: Fanout) -> Self {
        Self { users: DashMap::new(), fanout }
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

    /// Everybody's.
    pub fn all(&self) -> Vec<Arc<Peer>> {
        self.users.iter().flat_map(|devices| devices.clone()).collect()
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
