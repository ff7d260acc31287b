//! A body becomes chunks: each piece is written, then committed, and only then does it count. A body that is cut
//! leaves what came before the cut.

use std::{sync::Arc, time::Duration};

use axum::body::{Body, BodyDataStream, Bytes};
use bytes::BytesMut;
use files::{ChunkAt, HEAD_BYTES, Kind, PIECE_BYTES};
use futures_util::StreamExt as _;
use order_actions::{Appended, Chunk, Upload};
use order_domain::ids::UserId;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::{clean, problem, too_many_pieces, type_not_allowed, wrong_offset};
use crate::{limits::Place, metrics, refusal::Refusal, state::AppState, tokens::Identity};

/// From this size on what comes is kept as it came; smaller parts are copied together.
const OWN_BYTES: usize = 16 << 10;
/// Without a byte for so long, a sender is taken for gone.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// One body; its sender goes on with another.
const BODY_WITHIN: Duration = Duration::from_mins(30);

/// Takes `body` as the next bytes of `upload`, which was taken for the sender of this turn. In a task of its own: the pieces that
/// came before a connection was cut are kept, though nobody waits any more. Gives how far the upload has come.
pub async fn receive(state: &AppState, turn: Turn, upload: Upload, body: Body) -> Result<u64, Refusal> {
    let mut receiver = Receiver {
        state: state.clone(),
        received: upload.received,
        upload,
        turn,
        piece: Vec::new(),
        crumbs: BytesMut::new(),
        held: 0,
    };
    let task = state.drain.loops.spawn(async move {
        let outcome = receiver.run(body.into_data_stream()).await;
        outcome.map(|()| receiver.received)
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "an upload's task ended early");
        Err(Refusal::not_now("It is not known how far this came. Ask for the offset."))
    })
}

/// Who sends, and their place among those who send to this node.
#[derive(Debug)]
pub struct Turn {
    /// Tells apart those who send the same upload.
    pub writer: Uuid,
    who: Identity,
    _places: (Place<UserId>, OwnedSemaphorePermit),
}

/// A place for one more body of this user. To be had before the upload is taken from whoever sends it now.
pub fn turn(state: &AppState, who: &Identity) -> Result<Turn, Refusal> {
    let place = state.limits.sender(&who.user).ok_or_else(busy)?;
    let permit = Arc::clone(&state.uploads.senders).try_acquire_owned().map_err(|_| busy())?;
    Ok(Turn { writer: Uuid::now_v7(), who: who.clone(), _places: (place, permit) })
}

/// More is sent at once than may be, by this user or by all.
fn busy() -> Refusal {
    metrics::counter!(metrics::LIMITED, "limit" => "uploads").increment(1);
    Refusal::not_now("Too many uploads are sent at once. Try again.")
}

struct Receiver {
    state: AppState,
    upload: Upload,
    turn: Turn,
    received: u64,
    piece: Vec<Bytes>,
    crumbs: BytesMut,
    held: usize,
}

impl Receiver {
    async fn run(&mut self, mut body: BodyDataStream) -> Result<(), Refusal> {
        let end = Instant::now() + BODY_WITHIN;
        while let Some(bytes) = self.next(&mut body, end).await {
            if self.received + (self.held + bytes.len()) as u64 > self.upload.size {
                let detail = format!("The upload was announced with {} bytes.", self.upload.size);
                return Err(problem(413, "beyond_the_end", detail));
            }
            self.held += bytes.len();
            self.hold(bytes);
            if self.held >= PIECE_BYTES {
                self.commit().await?;
            }
        }
        if self.held > 0 { self.commit().await } else { Ok(()) }
    }

    /// A body may come in crumbs: each on its own would cost many times its bytes.
    fn hold(&mut self, bytes: Bytes) {
        if bytes.len() >= OWN_BYTES {
            self.gather();
            self.piece.push(bytes);
        } else {
            self.crumbs.extend_from_slice(&bytes);
        }
    }

    fn gather(&mut self) {
        if !self.crumbs.is_empty() {
            self.piece.push(self.crumbs.split().freeze());
        }
    }

    /// None at the end, and when the sender is gone, silent for too long, or this node leaves.
    async fn next(&self, body: &mut BodyDataStream, end: Instant) -> Option<Bytes> {
        let drain = self.state.drain.clone();
        let patience = SILENCE_MAX.min(end.saturating_duration_since(Instant::now()));
        let next = async {
            tokio::select! {
                next = body.next() => next?.ok(),
                () = drain.begun() => None,
            }
        };
        timeout(patience, next).await.ok().flatten()
    }

    async fn commit(&mut self) -> Result<(), Refusal> {
        self.gather();
        let (start, size) = (self.received, self.held as u64);
        let (order, id) = (self.upload.order, self.upload.id);
        self.look_at_the_head().await?;
        let at = ChunkAt { start, size, object: Uuid::now_v7() };
        let piece = std::mem::take(&mut self.piece);
        self.state.uploads.files.put_chunk(id.0, at, piece).await?;
        let chunk = Chunk { start, size, object: at.object };
        let refusal = match self.append(chunk).await {
            Ok(Appended::Counts) => {
                self.received += size;
                self.held = 0;
                return Ok(());
            }
            Ok(Appended::Replaced) => wrong_offset(),
            Ok(Appended::TooManyPieces) => {
                clean::give_up(&self.state, order, id).await?;
                return Err(too_many_pieces());
            }
            Err(refusal) => refusal,
        };
        // Nobody counts it: senders who are replaced again and again must not fill the disk.
        if let Err(error) = self.state.uploads.files.drop_chunk(id.0, at).await {
            tracing::warn!(upload = %id, %error, "a piece that does not count could not be removed yet");
        }
        Err(refusal)
    }

    /// A body takes its time, in which its sender may be put out of the room, or their token end (G8).
    async fn append(&self, chunk: Chunk) -> Result<Appended, Refusal> {
        let (store, upload, who) = (&self.state.store, &self.upload, &self.turn.who);
        if !self.state.tokens.still_holds(who) {
            return Err(Refusal::unauthenticated());
        }
        store.may_still_speak(&who.caller(), upload.order).await?;
        Ok(store.append_chunk(upload.order, upload.id, self.turn.writer, chunk).await?)
    }

    /// A sender is told as soon as enough is there, however it came, not after gigabytes; what is looked at in the end
    /// is the whole.
    async fn look_at_the_head(&self) -> Result<(), Refusal> {
        let enough = self.upload.size.min(HEAD_BYTES as u64);
        if self.received >= enough || self.received + (self.held as u64) < enough {
            return Ok(());
        }
        let mut head = self.head_so_far().await?;
        let missing = HEAD_BYTES - head.len();
        head.extend(self.piece.iter().flatten().take(missing));
        if Kind::of(&head).is_some() {
            return Ok(());
        }
        clean::give_up(&self.state, self.upload.order, self.upload.id).await?;
        Err(type_not_allowed())
    }

    /// What counts already, which is less than says what the file is.
    async fn head_so_far(&self) -> Result<Vec<u8>, Refusal> {
        if self.received == 0 {
            return Ok(Vec::new());
        }
        let chunks = self.state.store.chunks(self.upload.order, self.upload.id).await?;
        let chunks: Vec<ChunkAt> = chunks.iter().map(place_of).collect();
        Ok(self.state.uploads.files.head(self.upload.id.0, &chunks).await?)
    }
}

/// Where a chunk lies.
pub fn place_of(chunk: &Chunk) -> ChunkAt {
    ChunkAt { start: chunk.start, size: chunk.size, object: chunk.object }
}
