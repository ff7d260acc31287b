//! How much one user or address may ask of this node.
//!
//! Memory is bounded: idle keys are forgotten every minute, and at once when there are too many.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use dashmap::DashMap;
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};
use order_domain::ids::UserId;

use crate::config::LimitSettings;

/// Commands may come in bursts of this many seconds' worth.
const COMMAND_BURST_S: u32 = 2;
/// Connections may come in bursts of this many seconds' worth.
const CONNECT_BURST_S: u32 = 10;
/// More keys than this are cleaned up without waiting for the minute.
const KEYS_MAX: usize = 100_000;

/// Too fast: try again after this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too fast, try again in {} ms", .0.as_millis())]
pub struct TooFast(pub Duration);

/// This node's counters.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The numbers in force; 0 means none.
    pub settings: LimitSettings,
    commands: Arc<Rate<UserId>>,
    connects: Arc<Rate<IpAddr>>,
    sockets: Arc<DashMap<UserId, u32>>,
}

impl Limits {
    /// Counters at zero.
    pub fn new(settings: LimitSettings) -> Self {
        Self {
            settings,
            commands: Arc::new(Rate::new(settings.commands_per_s, COMMAND_BURST_S)),
            connects: Arc::new(Rate::new(settings.connects_per_s, CONNECT_BURST_S)),
            sockets: Arc::default(),
        }
    }

    /// Counts one command of `user`, over sockets and HTTP together.
    pub fn command(&self, user: &UserId) -> Result<(), TooFast> {
        self.commands.take(user)
    }

    /// Counts one attempt to open a socket from `address`.
    pub fn connect(&self, address: IpAddr) -> Result<(), TooFast> {
        self.connects.take(&address)
    }

    /// A place for one more socket of `user`, given back on drop; none when all are taken.
    pub fn socket(&self, user: &UserId) -> Option<SocketPlace> {
        let most = self.settings.sockets_per_user;
        let mut open = self.sockets.entry(user.clone()).or_insert(0);
        if most != 0 && *open >= most {
            return None;
        }
        *open += 1;
        Some(SocketPlace { user: user.clone(), sockets: Arc::clone(&self.sockets) })
    }

    /// Forgets who has been quiet for long enough to start anew.
    pub fn forget_idle(&self) {
        self.commands.forget_idle();
        self.connects.forget_idle();
    }
}

/// One open socket of a user.
#[derive(Debug)]
pub struct SocketPlace {
    user: UserId,
    sockets: Arc<DashMap<UserId, u32>>,
}

impl Drop for SocketPlace {
    fn drop(&mut self) {
        self.sockets.remove_if_mut(&self.user, |_, open| {
            *open -= 1;
            *open == 0
        });
    }
}

#[derive(Debug)]
struct Rate<K: Hash + Eq + Clone> {
    limiter: Option<RateLimiter<K, DashMapStateStore<K>, DefaultClock>>,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(per_s: u32, burst_s: u32) -> Self {
        let quota = |per_s: NonZeroU32| {
            Quota::per_second(per_s)
                .allow_burst(per_s.saturating_mul(NonZeroU32::new(burst_s).unwrap_or(per_s)))
        };
        Self { limiter: NonZeroU32::new(per_s).map(|per_s| RateLimiter::dashmap(quota(per_s))) }
    }

    fn take(&self, key: &K) -> Result<(), TooFast> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        let taken = limiter.check_key(key);
        if limiter.len() > KEYS_MAX {
            self.forget_idle();
        }
        taken.map_err(|refused| TooFast(refused.wait_time_from(DefaultClock::default().now())))
    }

    fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> UserId {
        UserId::new(id).unwrap()
    }

    fn limits(number: u32) -> Limits {
        Limits::new(LimitSettings {
            commands_per_s: number,
            connects_per_s: number,
            sockets_per_user: number,
            rooms: number,
            frame_bytes: number,
            ..LimitSettings::default()
        })
    }

    #[test]
    fn a_burst_passes_and_the_rest_is_told_when() {
        let limits = limits(5);
        for _ in 0..10 {
            assert_eq!(limits.command(&user("u1")), Ok(()));
        }
        let TooFast(wait) = limits.command(&user("u1")).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(200), "{wait:?}");
        assert_eq!(limits.command(&user("u2")), Ok(()), "each user has an own budget");
    }

    #[test]
    fn zero_means_none() {
        let limits = limits(0);
        assert!((0..1000).all(|_| limits.command(&user("u1")).is_ok()));
        let places: Vec<_> = (0..100).map(|_| limits.socket(&user("u1"))).collect();
        assert!(places.iter().all(Option::is_some));
    }

    #[test]
    fn a_closed_socket_gives_its_place_back() {
        let limits = limits(2);
        let first = limits.socket(&user("u1"));
        let second = limits.socket(&user("u1"));
        assert!(first.is_some() && second.is_some() && limits.socket(&user("u1")).is_none());
        drop(first);
        let again = limits.socket(&user("u1"));
        assert!(again.is_some());
        drop((second, again));
        assert!(limits.sockets.is_empty(), "nothing is kept of a user without sockets");
    }
}
