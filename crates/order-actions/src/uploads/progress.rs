//! One sender at a time, piece by piece.

use std::time::Duration;

use order_domain::ids::{FileId, OrderId};
use uuid::Uuid;

use super::{Row, Upload, UploadError, bytes, own};
use crate::{
    caller::Caller,
    error::Unavailable,
    store::{Store, unit},
};

/// Pieces of one upload, as the schema has it.
pub const PIECES_MAX: u16 = 10_000;

/// A piece of an upload that lies somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where it begins.
    pub start: u64,
    /// Its bytes.
    pub size: u64,
    /// Which object.
    pub object: Uuid,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is a part of the upload from now on.
    Counts,
    /// The sender was replaced, or the upload is gone.
    Replaced,
    /// The upload came in too many small pieces: nothing can be added to it any more.
    TooManyPieces,
}

impl Store {
    /// Makes `writer` the one whose bytes are taken; whoever was before is replaced: their connection may be long dead.
    pub async fn take_upload(
        &self,
        caller: &Caller,
        id: FileId,
        writer: Uuid,
        lifetime: Duration,
    ) -> Result<Upload, UploadError> {
        let upload = self.upload(caller, id).await?;
        let (pool, user) = (self.0.commands.clone(), caller.user.to_string());
        unit(async move {
            let taken = sqlx::query_as!(
                Row,
                "update uploads set writer = $3, expires_at = clock_timestamp() + make_interval(secs => $4)
                where order_id = $1 and id = $2 and not done and expires_at > clock_timestamp()
                returning order_id, id, name, size, received, done, expires_at",
                upload.order.0,
                id.0,
                writer,
                lifetime.as_secs_f64()
            );
            let taken = taken.fetch_optional(&pool).await?;
            match taken {
                Some(row) => Ok(row.upload()),
                // It ended meanwhile, as a file or not.
                None => own(&pool, &user, id).await,
            }
        })
        .await
    }

    /// Commits a piece that lies safely.
    pub async fn append_chunk(
        &self,
        order: OrderId,
        id: FileId,
        writer: Uuid,
        chunk: Chunk,
    ) -> Result<Appended, Unavailable> {
        let pool = self.0.commands.clone();
        unit(async move {
            let append = sqlx::query!(
                "with moved as (
                    update uploads set received = received + $5, pieces = pieces + 1
                    where order_id = $1 and id = $2 and writer = $3 and received = $4 and not done
                        and pieces < $7
                    returning order_id, id)
                insert into upload_chunks (order_id, upload_id, start, size, object)
                select order_id, id, $4, $5, $6 from moved",
                order.0,
                id.0,
                writer,
                bytes(chunk.start),
                bytes(chunk.size),
                chunk.object,
                i32::from(PIECES_MAX)
            );
            if append.execute(&pool).await?.rows_affected() == 1 {
                return Ok(Appended::Counts);
            }
            let full = sqlx::query_scalar!(
                r#"select exists (select from uploads where order_id = $1 and id = $2 and writer = $3 and received = $4
                    and not done) as "full!""#,
                order.0,
                id.0,
                writer,
                bytes(chunk.start)
            );
            Ok(if full.fetch_one(&pool).await? { Appended::TooManyPieces } else { Appended::Replaced })
        })
        .await
    }

    /// The pieces in their order.
    pub async fn chunks(&self, order: OrderId, id: FileId) -> Result<Vec<Chunk>, Unavailable> {
        let pool = self.0.reads.clone();
        unit(async move {
            let rows = sqlx::query!(
                "select start, size, object from upload_chunks where order_id = $1 and upload_id = $2 order by start",
                order.0,
                id.0
            );
            let chunks = rows.fetch_all(&pool).await?.into_iter().map(|row| Chunk {
                start: row.start.unsigned_abs(),
                size: row.size.unsigned_abs(),
                object: row.object,
            });
            Ok(chunks.collect())
        })
        .await
    }
}
