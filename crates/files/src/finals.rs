//! A file's one object: put together out of chunks in a single pass, hashed on the way, read in any part.

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _, WriteMultipart, path::Path};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Files, FilesError,
    chunks::{ChunkAt, chunk},
    kind::HEAD_BYTES,
};

pub(crate) const FILES: &str = "files";
/// S3 takes parts from 5 MiB, and 10,000 of them.
const PART_BYTES: usize = 8 << 20;
/// Parts that are on their way at once.
const PARTS_MAX: usize = 2;

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// Bytes.
    pub size: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// The first bytes: they say what it is.
    pub head: Vec<u8>,
}

/// A file's bytes, in pieces.
pub type Reader = BoxStream<'static, Result<Bytes, FilesError>>;

impl Files {
    /// Streams the chunks into the file's object. Until the end there is no object; at the end it is whole. Whoever
    /// was killed in the middle begins anew, and two at once write the same bytes.
    pub async fn assemble(
        &self,
        order: Uuid,
        file: Uuid,
        chunks: &[ChunkAt],
    ) -> Result<Assembled, FilesError> {
        let upload = self.store.put_multipart(&object(order, file)).await?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        match self.pour(file, chunks, &mut writer).await {
            Ok(assembled) => {
                writer.finish().await?;
                Ok(assembled)
            }
            Err(error) => {
                // What a failed abort leaves over goes like that of a node that was killed: see `begun`.
                writer.abort().await.ok();
                Err(error)
            }
        }
    }

    async fn pour(
        &self,
        upload: Uuid,
        chunks: &[ChunkAt],
        writer: &mut WriteMultipart,
    ) -> Result<Assembled, FilesError> {
        let (mut size, mut hash, mut head) = (0, Sha256::new(), Vec::new());
        for at in chunks {
            if at.start != size {
                return Err(FilesError::Lost(size));
            }
            let mut bytes = self.chunk(upload, *at).await?;
            while let Some(piece) = bytes.try_next().await? {
                size += piece.len() as u64;
                hash.update(&piece);
                head.extend_from_slice(&piece[..piece.len().min(HEAD_BYTES - head.len())]);
                writer.wait_for_capacity(PARTS_MAX).await?;
                writer.put(piece);
            }
            if size != at.start + at.size {
                return Err(FilesError::Lost(at.start));
            }
        }
        let sha256 = hash.finalize().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        Ok(Assembled { size, sha256, head })
    }

    /// The first bytes of what these chunks are so far, at most as many as say what a file is.
    pub async fn head(&self, upload: Uuid, chunks: &[ChunkAt]) -> Result<Vec<u8>, FilesError> {
        let mut head = Vec::new();
        for at in chunks.iter().take_while(|at| at.start < HEAD_BYTES as u64) {
            let mut bytes = self.chunk(upload, *at).await?;
            while head.len() < HEAD_BYTES
                && let Some(piece) = bytes.try_next().await?
            {
                head.extend_from_slice(&piece[..piece.len().min(HEAD_BYTES - head.len())]);
            }
        }
        Ok(head)
    }

    async fn chunk(
        &self,
        upload: Uuid,
        at: ChunkAt,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, FilesError> {
        match self.store.get(&chunk(upload, at)).await {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. }) => Err(FilesError::Lost(at.start)),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads bytes `from..to` of a file.
    pub async fn read(&self, order: Uuid, file: Uuid, from: u64, to: u64) -> Result<Reader, FilesError> {
        let options = GetOptions { range: Some(GetRange::Bounded(from..to)), ..GetOptions::default() };
        let found = self.store.get_opts(&object(order, file), options).await?;
        Ok(found.into_stream().map_err(FilesError::from).boxed())
    }

    /// Removes a file's object, if there is one, and what was begun of it.
    pub async fn drop_file(&self, order: Uuid, file: Uuid) -> Result<(), FilesError> {
        self.drop_begun(order, file).await?;
        match self.store.delete(&object(order, file)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn object(order: Uuid, file: Uuid) -> Path {
    Path::from(FILES).join(order.to_string()).join(file.to_string())
}
