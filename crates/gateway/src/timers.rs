//! Fires timers of orders that are due. Every node does; the store sees to it that each fires once.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use order_domain::ids::OrderId;
use rand::Rng as _;

use crate::{metrics, state::AppState};

/// Rooms per claim, so that one node does not take a whole day of standstill alone.
const ROOMS_PER_CLAIM: u32 = 64;
/// Rooms that are woken at once: the sweep and the cursors need connections too.
const AT_ONCE: usize = 2;
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

/// Fires one claim's worth; true when there may be more. A room that somebody holds keeps no other waiting, and
/// what fired goes out at once.
async fn fire(state: &AppState) -> bool {
    let due = match state.store.claim_due(ROOMS_PER_CLAIM).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "timers could not be looked at");
            return false;
        }
    };
    let more = due.len() == ROOMS_PER_CLAIM as usize;
    stream::iter(due).for_each_concurrent(AT_ONCE, |order| wake(state, order)).await;
    more
}

async fn wake(state: &AppState, order: OrderId) {
    match state.store.wake(order).await {
        Ok(Some(committed)) => {
            metrics::counter!(metrics::TIMERS_FIRED).increment(1);
            state.rooms.committed(committed);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%order, %error, "timers did not fire, they will be tried again"),
    }
}

async fn until_next(state: &AppState) -> Duration {
    let next = state.store.next_due_in().await.ok().flatten().unwrap_or(LOOK_EVERY);
    next.min(LOOK_EVERY) + Duration::from_millis(rand::rng().random_range(5..=JITTER_MS))
}
