//! Who is in a room: the devices of this node and what the other nodes say of theirs.
//!
//! Pure: time is an argument. Best effort by promise: a node that falls silent is forgotten.

use std::time::{Duration, Instant};

use order_domain::ids::UserId;
use protocol::room::Presence as State;
use uuid::Uuid;

/// How often a node repeats its set.
pub const REPEAT: Duration = Duration::from_secs(20);
/// When a silent node's set is forgotten.
pub const FORGET: Duration = Duration::from_secs(60);

/// Nodes a room listens to: more than a cluster has, so that garbage cannot grow it.
const NODES_MAX: usize = 64;

/// One user's state changed for everybody in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who.
    pub user: UserId,
    /// How they are seen now.
    pub state: State,
}

/// The people of one room, as this node knows them.
#[derive(Debug, Default)]
pub struct Presence {
    local: Vec<Present>,
    remote: Vec<Remote>,
}

/// A user and a state other than gone.
pub type Present = (UserId, State);

#[derive(Debug)]
struct Remote {
    node: Uuid,
    heard_at: Instant,
    set: Vec<Present>,
}

impl Presence {
    /// What this node's devices of `user` are together.
    pub fn set_local(&mut self, user: &UserId, state: State) -> Option<Change> {
        let before = self.of(user);
        self.local.retain(|(known, _)| known != user);
        if state != State::Gone {
            self.local.push((user.clone(), state));
        }
        self.changed(user, before)
    }

    /// This node's set, to be told to the others.
    pub fn local(&self) -> &[Present] {
        &self.local
    }

    /// Has this node spoken of its users?
    pub fn knows(&self, node: Uuid) -> bool {
        self.remote.iter().any(|remote| remote.node == node)
    }

    /// Another node's whole set.
    pub fn hear(&mut self, node: Uuid, set: Vec<Present>, now: Instant) -> Vec<Change> {
        let known = self.remote.iter().position(|remote| remote.node == node);
        if known.is_none() && (set.is_empty() || self.remote.len() >= NODES_MAX) {
            return Vec::new();
        }
        self.comparing(|presence| {
            presence.remote.retain(|remote| remote.node != node);
            if !set.is_empty() {
                presence.remote.push(Remote { node, heard_at: now, set });
            }
        })
    }

    /// Drops the sets of nodes that fell silent.
    pub fn forget(&mut self, now: Instant) -> Vec<Change> {
        let silent = |remote: &Remote| now.saturating_duration_since(remote.heard_at) >= FORGET;
        if !self.remote.iter().any(silent) {
            return Vec::new();
        }
        self.comparing(|presence| presence.remote.retain(|remote| !silent(remote)))
    }

    /// Active somewhere, else away somewhere, else gone: the least of the enum's order.
    pub fn of(&self, user: &UserId) -> State {
        self.everyone()
            .filter(|(present, _)| present == user)
            .map(|(_, state)| *state)
            .min()
            .unwrap_or(State::Gone)
    }

    fn everyone(&self) -> impl Iterator<Item = &Present> {
        self.local.iter().chain(self.remote.iter().flat_map(|remote| &remote.set))
    }

    fn users(&self) -> Vec<UserId> {
        let mut users: Vec<_> = self.everyone().map(|(user, _)| user.clone()).collect();
        users.sort();
        users.dedup();
        users
    }

    fn comparing(&mut self, change: impl FnOnce(&mut Self)) -> Vec<Change> {
        let mut before: Vec<_> = self.users().into_iter().map(|user| (self.of(&user), user)).collect();
        change(self);
        let new = self.users().into_iter().filter(|user| !before.iter().any(|(_, known)| known == user));
        before.extend(new.map(|user| (State::Gone, user)).collect::<Vec<_>>());
        before.into_iter().filter_map(|(state, user)| self.changed(&user, state)).collect()
    }

    fn changed(&self, user: &UserId, before: State) -> Option<Change> {
        let state = self.of(user);
        (state != before).then(|| Change { user: user.clone(), state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn change(name: &str, state: State) -> Change {
        Change { user: user(name), state }
    }

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    #[test]
    fn a_user_is_as_present_as_their_most_present_device() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        assert_eq!(presence.set_local(&user("u"), State::Away), Some(change("u", State::Away)));
        assert_eq!(presence.hear(A, vec![(user("u"), State::Active)], now), [change("u", State::Active)]);
        assert_eq!(presence.set_local(&user("u"), State::Gone), None, "still active on the other node");
        assert_eq!(presence.hear(A, Vec::new(), now), [change("u", State::Gone)]);
        assert_eq!(presence.of(&user("u")), State::Gone);
    }

    #[test]
    fn a_repeated_set_changes_nothing() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        let set = vec![(user("u"), State::Active), (user("v"), State::Away)];
        assert_eq!(presence.hear(A, set.clone(), now).len(), 2);
        assert!(presence.hear(A, set.clone(), now + REPEAT).is_empty());
        assert!(presence.hear(B, set, now).is_empty());
    }

    #[test]
    fn a_silent_node_is_forgotten() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        presence.hear(A, vec![(user("u"), State::Active)], now);
        presence.hear(B, vec![(user("v"), State::Active)], now + REPEAT);
        assert!(presence.forget(now + REPEAT).is_empty());
        assert_eq!(presence.forget(now + FORGET), [change("u", State::Gone)]);
        assert_eq!(presence.of(&user("v")), State::Active);
    }

    #[test]
    fn strangers_cannot_grow_it_without_bound() {
        let (mut presence, now) = (Presence::default(), Instant::now());
        for node in 0..1_000 {
            presence.hear(Uuid::from_u128(node), vec![(user("u"), State::Active)], now);
        }
        assert_eq!(presence.remote.len(), NODES_MAX);
    }
}
