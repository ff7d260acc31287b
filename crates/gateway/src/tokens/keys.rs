//! The keys that tokens are checked with: one secret, or a key set found by `kid`.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Notify;

use super::{BadKeys, BadToken, jwks};
use crate::config::KeySource;

/// A key and the one algorithm it is for.
#[derive(Debug)]
pub struct Key {
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

pub type KeySet = HashMap<String, Arc<Key>>;

/// All keys in force.
#[derive(Debug)]
pub enum KeyRing {
    Secret(Arc<Key>),
    Set(PublishedKeys),
}

/// A key set that its owner may change at any time.
#[derive(Debug)]
pub struct PublishedKeys {
    pub address: String,
    /// Wakes the reload: a token came with a `kid` that is not among the keys.
    pub missed: Notify,
    keys: RwLock<KeySet>,
}

impl KeyRing {
    pub async fn load(source: &KeySource) -> Result<Self, BadKeys> {
        match source {
            KeySource::Secret(secret) => {
                let key = DecodingKey::from_secret(secret.expose().as_bytes());
                Ok(Self::Secret(Arc::new(Key { algorithm: Algorithm::HS256, key })))
            }
            KeySource::Jwks(address) => {
                Ok(Self::Set(PublishedKeys::new(address, jwks::fetch(address).await?)))
            }
        }
    }

    /// The key that a token names.
    pub fn find(&self, kid: Option<&str>) -> Result<Arc<Key>, BadToken> {
        match self {
            Self::Secret(key) => Ok(Arc::clone(key)),
            Self::Set(published) => published.find(kid),
        }
    }
}

impl PublishedKeys {
    /// The key set that was read at `address`.
    pub fn new(address: &str, keys: KeySet) -> Self {
        Self { address: address.to_owned(), missed: Notify::new(), keys: RwLock::new(keys) }
    }

    /// Puts a newly read key set in force.
    pub fn replace(&self, keys: KeySet) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn find(&self, kid: Option<&str>) -> Result<Arc<Key>, BadToken> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let found = kid.and_then(|kid| keys.get(kid)).cloned();
        if found.is_none() && kid.is_some() {
            self.missed.notify_one();
        }
        found.ok_or(BadToken::UnknownKey)
    }
}
