//! Chunks and files on a real folder.

use bytes::Bytes;
use files::{ChunkAt, Files, FilesError};
use futures_util::TryStreamExt as _;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

struct Place {
    folder: TempDir,
    files: Files,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let files = Files::open(folder.path().to_str().expect("a plain path")).expect("it opens");
        Self { folder, files }
    }

    async fn put(&self, upload: Uuid, start: usize, bytes: &[u8]) -> ChunkAt {
        let at = ChunkAt { start: start as u64, size: bytes.len() as u64, object: Uuid::now_v7() };
        // In two pieces, as they come from a line.
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let piece = vec![Bytes::copy_from_slice(first), Bytes::copy_from_slice(second)];
        self.files.put_chunk(upload, at, piece).await.expect("it is written");
        at
    }

    async fn read(&self, order: Uuid, file: Uuid, from: usize, to: usize) -> Vec<u8> {
        let pieces = self.files.read(order, file, from as u64, to as u64).await.expect("it is there");
        pieces.try_collect::<Vec<Bytes>>().await.expect("it is read").concat()
    }

    fn is_empty(&self) -> bool {
        let mut waiting = vec![self.folder.path().to_owned()];
        while let Some(inside) = waiting.pop() {
            for entry in std::fs::read_dir(inside).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    return false;
                }
                waiting.push(path);
            }
        }
        true
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// However bytes were cut, and whatever else was written in between by senders who were replaced: what was counted is
/// the file, with its hash, and every part of it can be read.
#[test]
fn any_sequence_of_chunks_is_the_file() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sequences = (proptest::collection::vec(any::<u8>(), 1..3000), any::<u64>());
    let mut runner = TestRunner::new(Config { cases: 48, ..Config::default() });
    let outcome = runner.run(&sequences, |(content, seed)| {
        runtime.block_on(async {
            let place = Place::new();
            let (order, id) = (Uuid::now_v7(), Uuid::now_v7());
            let (mut chunks, mut start, mut dice) = (Vec::new(), 0, seed | 1);
            while start < content.len() {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let size = 1 + usize::try_from(dice >> 33).unwrap() % 700;
                let end = content.len().min(start + size);
                if dice & (1 << 32) != 0 {
                    place.put(id, start, b"of a sender who was replaced").await;
                }
                chunks.push(place.put(id, start, &content[start..end]).await);
                start = end;
            }
            let assembled = place.files.assemble(order, id, &chunks).await.expect("all are there");
            prop_assert_eq!(assembled.size, content.len() as u64);
            prop_assert_eq!(&assembled.sha256, &hash(&content));
            prop_assert_eq!(&assembled.head[..], &content[..]);
            let again = place.files.assemble(order, id, &chunks).await.expect("all are there still");
            prop_assert_eq!(again, assembled, "whoever was killed begins anew");
            let middle = content.len() / 2;
            prop_assert_eq!(place.read(order, id, 0, content.len()).await, content.clone());
            prop_assert_eq!(place.read(order, id, middle, content.len()).await, content[middle..].to_vec());
            place.files.drop_chunks(id).await.expect("they go");
            prop_assert_eq!(place.read(order, id, 0, content.len()).await, content, "the file stays");
            place.files.drop_file(order, id).await.expect("it goes");
            prop_assert!(place.is_empty());
            Ok(())
        })
    });
    outcome.unwrap();
}

/// A gap, an overlap, a chunk that is gone or was cut: never a file.
#[tokio::test]
async fn what_is_not_whole_is_no_file() {
    let place = Place::new();
    let (order, id) = (Uuid::now_v7(), Uuid::now_v7());
    let (a, b) = (place.put(id, 0, b"0123").await, place.put(id, 4, b"4567").await);
    let overlap = place.put(id, 3, b"xx").await;
    let gone = ChunkAt { object: Uuid::now_v7(), ..b };
    let longer = ChunkAt { size: 5, ..b };
    for chunks in [vec![b], vec![a, overlap], vec![a, gone], vec![a, longer]] {
        let outcome = place.files.assemble(order, id, &chunks).await;
        assert!(matches!(outcome, Err(FilesError::Lost(_))), "{outcome:?}");
        assert!(place.files.read(order, id, 0, 1).await.is_err(), "half a file can be read");
    }
    place.files.drop_file(order, id).await.expect("what is not there is gone");
    place.files.drop_chunks(Uuid::now_v7()).await.expect("none is fine");
}

/// Chunks that nobody asks for are found by their age.
#[tokio::test]
async fn orphans_are_found() {
    let place = Place::new();
    let (old, other) = (Uuid::now_v7(), Uuid::now_v7());
    place.put(old, 0, b"a").await;
    place.put(other, 0, b"b").await;
    let mut found = place.files.uploads_older_than(std::time::Duration::ZERO).await.unwrap();
    found.sort();
    assert_eq!(found, [old, other]);
    assert!(place.files.uploads_older_than(std::time::Duration::from_hours(1)).await.unwrap().is_empty());
    place.files.drop_chunks(old).await.unwrap();
    assert_eq!(place.files.uploads_older_than(std::time::Duration::ZERO).await.unwrap(), [other]);
}
