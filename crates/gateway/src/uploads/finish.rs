//! The last byte came: one node puts the chunks together, hashes them on the way, and the upload is a file.
//!
//! Whoever asks for a whole upload finishes it, so a node that was killed here leaves nothing undone.

use std::{pin::pin, sync::Arc, time::Duration};

use files::{Assembled, ChunkAt, FilesError, Kind};
use order_actions::{Chunk, FileRegistration, Finished, Upload, UploadError};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep},
};

use super::{clean, problem, receive::place_of, type_not_allowed};
use crate::{refusal::Refusal, state::AppState, tokens::Identity};

/// A sender waits for so long, then asks again; the work goes on.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// A third of the lease.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// While another node does it, or this one has its hands full.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Waits until the whole upload is a file, and does the work if nobody else does. Who waits already for as many as may
/// be sent at once is told to come again: each look asks the database.
pub async fn finish(state: &AppState, who: &Identity, upload: &Upload) -> Result<(), Refusal> {
    let _place = state.limits.waiter(&who.user).ok_or_else(later)?;
    let _permit = state.uploads.waiters.try_acquire().map_err(|_| later())?;
    let end = Instant::now() + ANSWER_WITHIN;
    loop {
        // A place first: who has the lease works.
        if let Ok(place) = Arc::clone(&state.uploads.workers).try_acquire_owned()
            && state.store.lease_upload(upload.order, upload.id).await?
        {
            return within(end, state, (who.clone(), upload.clone()), place).await;
        }
        if state.store.upload(&who.caller(), upload.id).await?.done {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(later());
        }
        sleep(LOOK_EVERY).await;
    }
}

fn later() -> Refusal {
    Refusal::not_now("The file is being put together. Ask for the offset again.")
}

async fn within(
    end: Instant,
    state: &AppState,
    (who, upload): (Identity, Upload),
    place: OwnedSemaphorePermit,
) -> Result<(), Refusal> {
    let work = state.clone();
    let task = state.drain.loops.spawn(async move {
        let outcome = put_together(&work, &who, &upload).await;
        if outcome.is_err() {
            // Whoever asks next need not wait for the lease.
            work.store.renew_upload(upload.order, upload.id, true).await.ok();
        }
        drop(place);
        outcome
    });
    match tokio::time::timeout_at(end, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            tracing::error!(%error, "a file's task ended early");
            Err(later())
        }
        Err(_) => Err(later()),
    }
}

async fn put_together(state: &AppState, who: &Identity, upload: &Upload) -> Result<(), Refusal> {
    let (order, id) = (upload.order, upload.id);
    let chunks = state.store.chunks(order, id).await?;
    let assembled = match assemble(state, upload, &chunks).await {
        Ok(assembled) => assembled,
        Err(FilesError::Lost(at)) => {
            if !clean::give_up_work(state, order, id).await? {
                // Not lost: another node had the lease meanwhile, made the file and dropped the chunks.
                return Err(later());
            }
            tracing::error!(%order, upload = %id, at, "a chunk that was acknowledged is gone");
            return Err(problem(410, "upload_expired", "Bytes of this upload were lost. Begin it anew."));
        }
        Err(error) => return Err(error.into()),
    };
    // Never seen, but a file that is not whole must not become one.
    if assembled.size != upload.size {
        return Err(FilesError::Lost(assembled.size).into());
    }
    let Some(kind) = Kind::of(&assembled.head) else {
        if !clean::give_up_work(state, order, id).await? {
            // No file, for such are none: it was removed meanwhile, all but what was written last.
            clean::try_remove(state, order, id).await;
        }
        return Err(type_not_allowed());
    };
    let file = FileRegistration {
        name: kind.fit(&upload.name),
        size: assembled.size,
        sha256: assembled.sha256,
        media_type: kind.media_type.to_owned(),
    };
    // Gigabytes take a while. The upload stays whole: whoever may, finishes it.
    if !state.tokens.still_holds(who) {
        return Err(Refusal::unauthenticated());
    }
    match state.store.finish_upload(&who.caller(), Finished { order, id, file }).await {
        Ok(_) => clean::tidy_up(state, order, id).await,
        Err(UploadError::NotFound) => {
            // Its sender ended it meanwhile.
            clean::try_remove(state, order, id).await;
            return Err(UploadError::NotFound.into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn assemble(state: &AppState, upload: &Upload, chunks: &[Chunk]) -> Result<Assembled, FilesError> {
    let chunks: Vec<ChunkAt> = chunks.iter().map(place_of).collect();
    let (order, id) = (upload.order, upload.id);
    let mut work = pin!(state.uploads.files.assemble(order.0, id.0, &chunks));
    loop {
        tokio::select! {
            assembled = work.as_mut() => return assembled,
            // A lease that cannot be renewed is taken by somebody who writes the same bytes.
            () = sleep(RENEW_EVERY) => drop(state.store.renew_upload(order, id, false).await),
        }
    }
}
