//! What nobody needs any more is removed: uploads that are over, and chunks that belong to none. Every node does it.

use std::time::Duration;

use order_actions::{Abandoned, Unavailable};
use order_domain::ids::{FileId, OrderId};
use rand::Rng as _;

use crate::{refusal::Refusal, state::AppState};

const AT_ONCE: u32 = 64;
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Chunks without an upload come from nodes that were stopped while they wrote. They are rare, and listing costs.
const ROUNDS_TO_ORPHANS: u32 = 60;
/// An upload that is written right now may not be known yet.
const ORPHAN_AGE: Duration = Duration::from_hours(1);
const ASKED_AT_ONCE: usize = 1_000;

/// Runs until the node drains.
pub async fn keep_clean(state: AppState) {
    let mut round = 0;
    while !state.drain.has_begun() {
        // Nodes that started together do not look together.
        let pause = LOOK_EVERY.mul_f64(rand::rng().random_range(0.8..1.2));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = state.drain.begun() => return,
        }
        while sweep(&state).await == AT_ONCE as usize {}
        round = (round + 1) % ROUNDS_TO_ORPHANS;
        if round == 0 {
            sweep_orphans(&state, ORPHAN_AGE).await;
        }
    }
}

/// Removes some uploads that are over; how many. What fails is tried again when its lease ends.
pub async fn sweep(state: &AppState) -> usize {
    let expired = match state.store.expired_uploads(AT_ONCE).await {
        Ok(expired) => expired,
        Err(error) => {
            tracing::warn!(%error, "uploads that are over could not be looked for");
            return 0;
        }
    };
    for upload in &expired {
        if let Err(error) = remove(state, upload.order, upload.id, upload.done).await {
            tracing::warn!(order = %upload.order, upload = %upload.id, %error, "an upload could not be removed yet");
        }
    }
    expired.len()
}

/// Removes chunks of uploads that there are not, if they are older than `age`.
pub async fn sweep_orphans(state: &AppState, age: Duration) {
    let found = match state.uploads.files.uploads_older_than(age).await {
        Ok(found) => found,
        Err(error) => return tracing::warn!(%error, "chunks could not be listed"),
    };
    for ids in found.chunks(ASKED_AT_ONCE) {
        let Ok(known) = state.store.known_uploads(ids.to_vec()).await else { return };
        for id in ids.iter().filter(|id| !known.contains(id)) {
            drop_chunks(state, FileId(*id)).await;
        }
    }
}

/// Ends an upload that is no file yet, and removes what came of it. What a node makes a file of right now is left to the
/// sweep: it would write that file after everything else is gone, and be killed before it notices.
pub async fn give_up(state: &AppState, order: OrderId, id: FileId) -> Result<bool, Refusal> {
    let abandoned = state.store.abandon_upload(order, id).await?;
    if abandoned == Abandoned::Idle {
        try_remove(state, order, id).await;
    }
    Ok(abandoned != Abandoned::Not)
}

/// The same, by who made a file of it and wrote all they ever will.
pub async fn give_up_work(state: &AppState, order: OrderId, id: FileId) -> Result<bool, Refusal> {
    let abandoned = state.store.abandon_upload(order, id).await?;
    if abandoned != Abandoned::Not {
        try_remove(state, order, id).await;
    }
    Ok(abandoned != Abandoned::Not)
}

/// The sweep comes back for what cannot be removed.
pub async fn try_remove(state: &AppState, order: OrderId, id: FileId) {
    if let Err(error) = remove(state, order, id, false).await {
        tracing::warn!(%order, upload = %id, %error, "an upload could not be removed yet");
    }
}

/// What is needed no more now that this is a file; the sweep comes back for what cannot be removed.
pub async fn tidy_up(state: &AppState, order: OrderId, id: FileId) {
    drop_chunks(state, id).await;
    if let Err(error) = state.uploads.files.drop_begun(order.0, id.0).await {
        tracing::warn!(upload = %id, %error, "what was begun of a file could not be removed yet");
    }
}

async fn drop_chunks(state: &AppState, id: FileId) {
    if let Err(error) = state.uploads.files.drop_chunks(id.0).await {
        tracing::warn!(upload = %id, %error, "chunks could not be removed yet");
    }
}

#[derive(Debug, thiserror::Error)]
enum NotRemoved {
    #[error(transparent)]
    Files(#[from] files::FilesError),
    #[error(transparent)]
    Row(#[from] Unavailable),
}

/// Bytes first: as long as there is a row, somebody comes back for them.
async fn remove(state: &AppState, order: OrderId, id: FileId, is_file: bool) -> Result<(), NotRemoved> {
    state.uploads.files.drop_chunks(id.0).await?;
    if is_file {
        state.uploads.files.drop_begun(order.0, id.0).await?;
    } else {
        state.uploads.files.drop_file(order.0, id.0).await?;
    }
    state.store.forget_upload(order, id).await?;
    Ok(())
}
