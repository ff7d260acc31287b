//! Chunks: the bytes of an upload as they come, each its own object, until they are put together.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{ObjectMeta, ObjectStoreExt as _, PutPayload, path::Path};
use uuid::Uuid;

use crate::{Files, FilesError};

/// Bytes are written in pieces of at most this. It is what an upload costs in memory.
pub const PIECE_BYTES: usize = 4 << 20;

pub(crate) const UPLOADS: &str = "uploads";

/// Where a chunk lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkAt {
    /// Its first byte's place in the file.
    pub start: u64,
    /// Its bytes.
    pub size: u64,
    /// Tells apart what was written twice for the same place.
    pub object: Uuid,
}

impl Files {
    /// Writes a piece. It counts once somebody says so.
    pub async fn put_chunk(&self, upload: Uuid, at: ChunkAt, piece: Vec<Bytes>) -> Result<(), FilesError> {
        self.store.put(&chunk(upload, at), PutPayload::from_iter(piece)).await?;
        Ok(())
    }

    /// Removes a piece that does not count.
    pub async fn drop_chunk(&self, upload: Uuid, at: ChunkAt) -> Result<(), FilesError> {
        match self.store.delete(&chunk(upload, at)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes all chunks of an upload, those that never counted too.
    pub async fn drop_chunks(&self, upload: Uuid) -> Result<(), FilesError> {
        self.drop_all(&folder(upload)).await?;
        self.drop_begun_chunks(upload).await
    }

    /// Uploads that have chunks, none of them younger than `age`: candidates for orphans.
    pub async fn uploads_older_than(&self, age: Duration) -> Result<Vec<Uuid>, FilesError> {
        let mut youngest: BTreeMap<Uuid, bool> = BTreeMap::new();
        let is_old = |at: SystemTime| at + age <= SystemTime::now();
        let mut found = self.store.list(Some(&Path::from(UPLOADS)));
        while let Some(object) = found.try_next().await? {
            let Some(upload) = upload_of(&object) else { continue };
            *youngest.entry(upload).or_insert(true) &= is_old(object.last_modified.into());
        }
        for (upload, written_at) in self.begun_chunks().await? {
            *youngest.entry(upload).or_insert(true) &= is_old(written_at);
        }
        Ok(youngest.into_iter().filter_map(|(upload, old)| old.then_some(upload)).collect())
    }

    pub(crate) async fn drop_all(&self, prefix: &Path) -> Result<(), FilesError> {
        let names = self.store.list(Some(prefix)).map_ok(|object| object.location).boxed();
        let mut gone = self.store.delete_stream(names);
        while let Some(one) = gone.next().await {
            match one {
                // Somebody else was first.
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

pub(crate) fn chunk(upload: Uuid, at: ChunkAt) -> Path {
    folder(upload).join(format!("{:020}-{}", at.start, at.object))
}

fn folder(upload: Uuid) -> Path {
    Path::from(UPLOADS).join(upload.to_string())
}

fn upload_of(object: &ObjectMeta) -> Option<Uuid> {
    object.location.parts().nth(1).and_then(|part| Uuid::parse_str(part.as_ref()).ok())
}
