//! How much one user or address may ask of this node.
//!
//! Memory is bounded: idle keys are forgotten every minute, and every second while there are too many.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};

use dashmap::DashMap;
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};
use order_actions::{AccountRole, Caller};
use order_domain::ids::UserId;
use parking_lot::Mutex;
use protocol::limits::COMMANDS_BURST_S;

use crate::config::LimitSettings;

/// Other frames may come in bursts of this many seconds' worth: devices come back with all their rooms at once.
const FRAME_BURST_S: u32 = 20;
/// However low the rate and however many rooms, so many frames for each of one socket's rooms may come at once.
const FRAMES_PER_ROOM: u32 = 4;
/// Connections may come in bursts of this many seconds' worth.
const CONNECT_BURST_S: u32 = 10;
/// One address has no more than this part of all connections.
const CONNECTION_SHARES: u32 = 4;
/// Bodies of uploads that one user may send to a node at once.
const SENDERS_PER_USER: u32 = 6;
/// Files that one user may read from a node at once: each is asked about while it is sent.
const READERS_PER_USER: u32 = 16;
/// More keys than this are cleaned up without waiting for the minute, but not again within a second.
const KEYS_MAX: usize = 100_000;
const CLEANED_EVERY: Duration = Duration::from_secs(1);

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
    frames: Arc<Rate<UserId>>,
    connects: Arc<Rate<IpAddr>>,
    connections: Places<IpAddr>,
    sockets: Places<UserId>,
    senders: Places<UserId>,
    waiters: Places<UserId>,
    readers: Places<UserId>,
}

impl Limits {
    /// Counters at zero.
    pub fn new(settings: LimitSettings) -> Self {
        let LimitSettings { commands_per_s: commands, connects_per_s: connects, .. } = settings;
        let frames = settings.frames_per_s;
        let at_once =
            frames.saturating_mul(FRAME_BURST_S).max(settings.rooms.saturating_mul(FRAMES_PER_ROOM));
        Self {
            settings,
            commands: Arc::new(Rate::new(commands, commands.saturating_mul(COMMANDS_BURST_S))),
            frames: Arc::new(Rate::new(frames, at_once)),
            connects: Arc::new(Rate::new(connects, connects.saturating_mul(CONNECT_BURST_S))),
            connections: Places::default(),
            sockets: Places::default(),
            senders: Places::default(),
            waiters: Places::default(),
            readers: Places::default(),
        }
    }

    /// Counts one command of `user`, over sockets and HTTP together.
    pub fn command(&self, user: &UserId) -> Result<(), TooFast> {
        self.commands.take(user)
    }

    /// Counts one frame of `user` that is no command, over all their sockets.
    pub fn frame(&self, user: &UserId) -> Result<(), TooFast> {
        self.frames.take(user)
    }

    /// Counts one question over HTTP like a frame that asks for a page. The host's back end speaks for many and is not
    /// counted.
    pub fn question(&self, caller: &Caller) -> Result<(), TooFast> {
        if caller.role == AccountRole::Host { Ok(()) } else { self.frame(&caller.user) }
    }

    /// Counts one attempt to open a socket from `address`.
    pub fn connect(&self, address: IpAddr) -> Result<(), TooFast> {
        self.connects.take(&customer(address))
    }

    /// A place for one more HTTP connection of `address`, given back on drop; none when it has its share of all, so that
    /// others find the door open.
    pub fn connection(&self, address: IpAddr) -> Option<Place<IpAddr>> {
        let share = self.settings.connections.div_ceil(CONNECTION_SHARES);
        self.connections.take(&customer(address), NonZeroU32::new(share))
    }

    /// A place for one more socket of `user`, given back on drop; none when all are taken.
    pub fn socket(&self, user: &UserId) -> Option<Place<UserId>> {
        self.sockets.take(user, NonZeroU32::new(self.settings.sockets_per_user))
    }

    /// The same for one more body of an upload: a user who sends slowly leaves room for others.
    pub fn sender(&self, user: &UserId) -> Option<Place<UserId>> {
        self.senders.take(user, NonZeroU32::new(SENDERS_PER_USER))
    }

    /// The same for one more request that waits until an upload is a file.
    pub fn waiter(&self, user: &UserId) -> Option<Place<UserId>> {
        self.waiters.take(user, NonZeroU32::new(SENDERS_PER_USER))
    }

    /// The same for one more file that is read. The host's back end reads for many.
    pub fn reader(&self, caller: &Caller) -> Option<Place<UserId>> {
        let most = if caller.role == AccountRole::Host { 0 } else { READERS_PER_USER };
        self.readers.take(&caller.user, NonZeroU32::new(most))
    }

    /// Forgets who has been quiet for long enough to start anew.
    pub fn forget_idle(&self) {
        self.commands.forget_idle();
        self.frames.forget_idle();
        self.connects.forget_idle();
    }
}

/// One IPv6 network of 64 bits is one customer, who can take any address in it.
fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(address & Ipv6Addr::from(u128::MAX << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

/// How many things of each one are open; nothing is kept of who has none.
#[derive(Clone, Debug)]
struct Places<K: Hash + Eq>(Arc<DashMap<K, u32>>);

impl<K: Hash + Eq> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Hash + Eq + Clone> Places<K> {
    fn take(&self, of: &K, most: Option<NonZeroU32>) -> Option<Place<K>> {
        let mut open = self.0.entry(of.clone()).or_insert(0);
        if most.is_some_and(|most| *open >= most.get()) {
            return None;
        }
        *open += 1;
        Some(Place { of: of.clone(), all: self.clone() })
    }
}

/// One open thing, until it is dropped.
#[derive(Debug)]
pub struct Place<K: Hash + Eq> {
    of: K,
    all: Places<K>,
}

impl<K: Hash + Eq> Drop for Place<K> {
    fn drop(&mut self) {
        self.all.0.remove_if_mut(&self.of, |_, open| {
            *open -= 1;
            *open == 0
        });
    }
}

#[derive(Debug)]
struct Rate<K: Hash + Eq + Clone> {
    limiter: Option<RateLimiter<K, DashMapStateStore<K>, DefaultClock>>,
    cleaned: Mutex<Instant>,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(per_s: u32, at_once: u32) -> Self {
        let quota = |per_s: NonZeroU32| {
            Quota::per_second(per_s).allow_burst(NonZeroU32::new(at_once).unwrap_or(per_s))
        };
        let limiter = NonZeroU32::new(per_s).map(|per_s| RateLimiter::dashmap(quota(per_s)));
        Self { limiter, cleaned: Mutex::new(Instant::now()) }
    }

    fn take(&self, key: &K) -> Result<(), TooFast> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        let taken = limiter.check_key(key);
        if limiter.len() > KEYS_MAX && self.may_clean() {
            self.forget_idle();
        }
        taken.map_err(|refused| TooFast(refused.wait_time_from(DefaultClock::default().now())))
    }

    /// Walking over all keys costs: whoever floods makes it happen once a second, not with each of their frames.
    fn may_clean(&self) -> bool {
        let Some(mut cleaned) = self.cleaned.try_lock() else { return false };
        let may = cleaned.elapsed() >= CLEANED_EVERY;
        if may {
            *cleaned = Instant::now();
        }
        may
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
            frames_per_s: number,
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
    fn a_customer_has_one_network() {
        let limits = limits(1);
        let taken =
            |address: &str| (0..20).take_while(|_| limits.connect(address.parse().unwrap()).is_ok()).count();
        assert_eq!(taken("2001:db8:0:1::1"), 10);
        assert_eq!(taken("2001:db8:0:1:ffff::2"), 0, "the same network");
        assert_eq!(taken("2001:db8:0:2::1"), 10);
        assert_eq!((taken("192.0.2.1"), taken("192.0.2.2"), taken("::ffff:192.0.2.1")), (10, 10, 0));
    }

    #[test]
    fn all_rooms_fit_into_a_burst() {
        let at_once = |settings: LimitSettings| {
            let limits = Limits::new(settings);
            (0..10_000).take_while(|_| limits.frame(&user("u1")).is_ok()).count()
        };
        let usual = LimitSettings::default();
        assert!(at_once(usual) >= 2000);
        let many = LimitSettings { rooms: 1000, frames_per_s: 1, ..usual };
        assert!((4000..4010).contains(&at_once(many)));
    }

    #[test]
    fn zero_means_none() {
        let limits = limits(0);
        assert!((0..1000).all(|_| limits.command(&user("u1")).is_ok()));
        assert!((0..10_000).all(|_| limits.frame(&user("u1")).is_ok()));
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
        assert!(limits.sockets.0.is_empty(), "nothing is kept of a user without sockets");
    }
}
