//! Looks once a second at what may change under a running node: the database's epoch, and revocations.
//!
//! The fan-out tells of revocations sooner. This is what makes it certain, with Redis gone too.

use std::time::Duration;

use order_actions::{Store, Unavailable};
use order_domain::values::Timestamp;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;

use crate::{
    metrics,
    state::AppState,
    tokens::{Tokens, remembered_from},
};

const EVERY: Duration = Duration::from_millis(900);
/// House-keeping in memory.
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Runs until the node drains. `epoch` is where all others of this node read it; `since` is what is known.
pub async fn run(state: AppState, epoch: watch::Sender<Uuid>, mut since: Timestamp) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tidied = Instant::now();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.drain.begun() => return,
        }
        if let Err(error) = look(&state, &epoch, &mut since).await {
            tracing::warn!(%error, "epoch and revocations could not be looked at");
        }
        if tidied.elapsed() >= TIDY_EVERY {
            state.limits.forget_idle();
            state.tokens.forget_over();
            metrics::upkeep();
            tidied = Instant::now();
        }
    }
}

async fn look(
    state: &AppState,
    epoch: &watch::Sender<Uuid>,
    since: &mut Timestamp,
) -> Result<(), Unavailable> {
    let now = state.store.epoch().await?;
    if *epoch.borrow() != now {
        tracing::warn!(epoch = %now, "the database has a new epoch: everybody reads anew");
        epoch.send_replace(now);
        state.rooms.epoch_changed(now);
    }
    let asked_at = state.store.now().await?;
    for revocation in state.store.revocations_since(*since).await? {
        if state.tokens.note_revocation(&revocation.user, revocation.up_to) {
            state.rooms.revocation_noted(&revocation.user, revocation.up_to);
        }
    }
    *since = asked_at;
    Ok(())
}

/// Notes every revocation that may cover a token; from when on to ask for more.
pub async fn note_all(store: &Store, tokens: &Tokens) -> Result<Timestamp, Unavailable> {
    let now = store.now().await?;
    for revocation in store.revocations_since(remembered_from(now)).await? {
        tokens.note_revocation(&revocation.user, revocation.up_to);
    }
    Ok(now)
}
