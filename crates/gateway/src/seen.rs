//! Tells the store of accounts that a token spoke of, once per node and account instead of once per request.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::Arc,
};

use dashmap::DashMap;
use order_actions::Store;
use order_domain::ids::UserId;

use crate::{tokens::Identity, unavailable};

/// Beyond this the memory is emptied: telling the store twice does no harm.
const ACCOUNTS_MAX: usize = 100_000;

/// Who was told of, and a fingerprint of what was said.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    told: Arc<DashMap<UserId, u64>>,
    fingerprints: Arc<RandomState>,
}

impl Seen {
    /// Tells the store of this account unless it knows. A store that is away is told next time.
    pub async fn tell(&self, store: &Store, identity: &Identity) {
        let said = self.fingerprints.hash_one((identity.role.as_str(), &identity.name));
        if self.told.get(&identity.user).is_some_and(|told| *told == said) {
            return;
        }
        let caller = identity.caller();
        match store.seen_user(caller.user, caller.role, Some(caller.name)).await {
            Ok(()) => self.remember(identity.user.clone(), said),
            Err(error) => unavailable::note(&error),
        }
    }

    fn remember(&self, user: UserId, said: u64) {
        if self.told.len() >= ACCOUNTS_MAX {
            self.told.clear();
        }
        self.told.insert(user, said);
    }
}
