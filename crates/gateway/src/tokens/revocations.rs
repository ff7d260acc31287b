//! Whose tokens were revoked, up to which second.
//!
//! A copy of what is stored, for a check without IO: one small entry for each user that was ever revoked.

use dashmap::{DashMap, Entry};
use order_domain::{ids::UserId, values::Timestamp};

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

    pub fn covers(&self, user: &UserId, issued_at: Timestamp) -> bool {
        self.0.get(user).is_some_and(|up_to| issued_at.timestamp() <= *up_to)
    }
}
