//! Fires timers of orders that are due. Every node does; the store sees to it that each fires once.

use std::time::Duration;

use rand::Rng as _;

use crate::{metrics, state::AppState};

/// Rooms per claim, so that one node does not take a whole day of standstill alone.
const ROOMS_PER_CLAIM: u32 = 64;
/// A timer armed meanwhile, here or on another node, waits at most this long.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Nodes that wake for the same timer do so apart from each other.
const JITTER_MS: u64 = 40;

/// Runs until the node drains.
pub async fn run(state: AppState) {
    while !state.drain.has_begun() {
        let more = fire(&state).await;
        let pause = if more { Duration::ZERO } else { until_next(&state).await };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = state.drain.begun() => return,
        }
    }
}

/// Fires one claim's worth; true when there may be more.
async fn fire(state: &AppState) -> bool {
    match state.store.fire_due(ROOMS_PER_CLAIM).await {
        Ok(fired) => {
            let count = fired.len();
            metrics::counter!(metrics::TIMERS_FIRED).increment(count as u64);
            fired.into_iter().for_each(|committed| state.rooms.committed(committed));
            count == ROOMS_PER_CLAIM as usize
        }
        Err(error) => {
            tracing::warn!(%error, "timers could not be looked at");
            false
        }
    }
}

async fn until_next(state: &AppState) -> Duration {
    let next = state.store.next_due_in().await.ok().flatten().unwrap_or(LOOK_EVERY);
    next.min(LOOK_EVERY) + Duration::from_millis(rand::rng().random_range(5..=JITTER_MS))
}
