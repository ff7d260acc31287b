//! Compares the heads of this node's rooms with Postgres: what a lost publish hid comes out here.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Rooms, heal, hearing::Hearing, outbound::PATIENCE, room::Room};
use crate::metrics;

const EVERY: Duration = Duration::from_secs(2);
/// While the other nodes are not heard.
const EVERY_DEAF: Duration = Duration::from_millis(250);
/// Rooms asked for by one statement.
const CHUNK: usize = 1000;
/// Between two statements: at most 20,000 rows a second.
const CHUNK_PAUSE: Duration = Duration::from_millis(50);

/// Runs until the node drains.
pub(super) async fn run(rooms: Rooms) {
    let mut hearing = Hearing::of(&rooms, EVERY, EVERY_DEAF);
    loop {
        tokio::select! {
            () = tokio::time::sleep(hearing.pause()) => {}
            () = rooms.0.reconcile.notified() => {}
            () = hearing.turned() => {}
            () = rooms.0.over.cancelled() => return,
        }
        sweep(&rooms).await;
    }
}

async fn sweep(rooms: &Rooms) {
    let mut all = rooms.0.registry.all();
    let busy_at = |room: &Arc<Room>| std::cmp::Reverse(room.busy_at());
    all.sort_by_cached_key(busy_at);
    let began = Instant::now();
    for chunk in all.chunks(CHUNK) {
        if let Err(error) = compare(rooms, chunk).await {
            tracing::warn!(%error, "heads could not be compared");
            return;
        }
        if all.len() > CHUNK {
            tokio::time::sleep(CHUNK_PAUSE).await;
        }
    }
    metrics::histogram!(metrics::SWEEP_SECONDS).record(began.elapsed());
}

async fn compare(rooms: &Rooms, chunk: &[Arc<Room>]) -> Result<(), order_actions::Unavailable> {
    let orders: Vec<_> = chunk.iter().map(|room| room.order).collect();
    if orders.is_empty() {
        return Ok(());
    }
    for head in rooms.0.store.heads(&orders).await? {
        let Some(room) = rooms.0.registry.get(head.order) else { continue };
        // What was committed this moment may still be on its way.
        heal::attend(rooms, &room, room.learn(head.head, head.version), PATIENCE);
    }
    Ok(())
}
