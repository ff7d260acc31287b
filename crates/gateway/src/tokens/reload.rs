//! Keeps a key set fresh: at intervals, and soon after a token named a key that is not in it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    jwks,
    keys::{KeyRing, PublishedKeys},
};

/// Keys of an address are fetched this often.
const EVERY: Duration = Duration::from_mins(5);
/// Unknown keys make us ask again, but not more often than this: anybody can send an unknown key.
const AT_MOST_EVERY: Duration = Duration::from_secs(5);

pub async fn keep_fresh(keys: &KeyRing) {
    let KeyRing::Set(published) = keys else { return };
    loop {
        let last = Instant::now();
        // Whichever comes first.
        timeout_at(last + EVERY, published.missed.notified()).await.ok();
        sleep_until(last + AT_MOST_EVERY).await;
        reload(published).await;
    }
}

async fn reload(published: &PublishedKeys) {
    match jwks::fetch(&published.address).await {
        Ok(keys) => published.replace(keys),
        // The old keys stay in force: an address that is down must not lock everybody out.
        Err(error) => tracing::warn!(%error, "the key set could not be read again"),
    }
}
