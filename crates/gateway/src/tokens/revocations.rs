//! Whose tokens were revoked, up to which second.
//!
//! A copy of what is stored, for a check without IO: one small entry for each user that was revoked of late. It is
//! kept as long as a token that it covers could still hold.

use chrono::TimeDelta;
use dashmap::{DashMap, Entry};
use order_domain::{ids::UserId, values::Timestamp};

use super::LIFETIME_MAX;

/// For clocks that are set back after something was forgotten.
const MARGIN: TimeDelta = TimeDelta::days(1);

/// `iat` has whole seconds, so a revocation covers the whole second in which it was made.
type Second = i64;

#[derive(Debug, Default)]
pub struct Revocations(DashMap<UserId, Second>);

impl Revocations {
    /// Only forward: an older revocation than the one known changes nothing.
    pub fn note(&self, user: &UserId, up_to: Timestamp) -> bool {
        let second = up_to.timestamp();
        match self.0.entry(user.clone()) {
            Entry::Occupied(known) if *known.get() >= second => false,
            Entry::Occupied(mut known) => {
                known.insert(second);
                true
            }
            Entry::Vacant(free) => {
                free.insert(second);
                true
            }
        }
    }

    /// Forgets what covers no token any more.
    pub fn forget_over(&self, now: Timestamp) {
        let oldest = remembered_from(now).timestamp();
        self.0.retain(|_, up_to| *up_to >= oldest);
        self.0.shrink_to_fit();
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn covers(&self, user: &UserId, issued_at: Timestamp) -> bool {
        self.0.get(user).is_some_and(|up_to| issued_at.timestamp() <= *up_to)
    }
}

/// Tokens issued before this are over, so their revocations can be forgotten.
pub fn remembered_from(now: Timestamp) -> Timestamp {
    now - LIFETIME_MAX - MARGIN
}
