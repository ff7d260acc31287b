//! Sockets that are cut and come back all the while.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::task::AbortHandle;

use crate::{
    participant::{Ask, Handle},
    session::seconds,
};

/// Cuts a share of the sockets each minute, until it is aborted.
pub fn begin(handles: &[Handle], percent_per_min: f64, seed: u64) -> AbortHandle {
    let asks: Vec<_> = handles.iter().map(|handle| handle.asks.clone()).collect();
    let sockets = u32::try_from(asks.len()).unwrap_or(u32::MAX);
    let gap_s = 60.0 / (f64::from(sockets) * percent_per_min / 100.0);
    let mut chance = StdRng::seed_from_u64(seed);
    tokio::spawn(async move {
        while gap_s.is_finite() {
            tokio::time::sleep(seconds(gap_s)).await;
            let unlucky = &asks[chance.random_range(0..asks.len())];
            // A participant whose backlog is full has troubles enough.
            let _ = unlucky.try_send(Ask::Blink);
        }
    })
    .abort_handle()
}
