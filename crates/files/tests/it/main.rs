//! Chunks and files in a real folder, or a real bucket.

use std::{fs, path::PathBuf, task::Poll, time::Duration};

use bytes::Bytes;
use files::{ChunkAt, Files, FilesError};
use futures_util::{FutureExt as _, TryStreamExt as _, poll};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

/// A folder, or what `TEST_FILES_PLACE` names (`s3://bucket`, by the feature `s3`): one suite for both.
struct Place {
    // Removed at its end.
    _folder: Option<TempDir>,
    files: Files,
}

impl Place {
    fn new() -> Self {
        if let Ok(bucket) = std::env::var("TEST_FILES_PLACE") {
            // Installed once for all tests; later ones find it there.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let files = Files::open(&format!("{bucket}/{}", Uuid::now_v7())).expect("it opens");
            return Self { _folder: None, files };
        }
        let folder = TempDir::new().expect("a folder");
        let files = Files::open(folder.path().to_str().expect("a plain path")).expect("it opens");
        Self { _folder: Some(folder), files }
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
    let mut runner = TestRunner::new(Config { cases: 32, ..Config::default() });
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
            prop_assert!(place.files.read(order, id, 0, 1).await.is_err());
            prop_assert!(place.files.uploads_older_than(Duration::ZERO).await.expect("a list").is_empty());
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
    let mut found = place.files.uploads_older_than(Duration::ZERO).await.unwrap();
    found.sort();
    assert_eq!(found, [old, other]);
    assert!(place.files.uploads_older_than(Duration::from_hours(1)).await.unwrap().is_empty());
    place.files.drop_chunks(old).await.unwrap();
    assert_eq!(place.files.uploads_older_than(Duration::ZERO).await.unwrap(), [other]);
}

/// Larger than a part of S3: several are on their way, and any part of the file can be read.
#[tokio::test]
async fn a_file_of_several_parts() {
    let place = Place::new();
    let (order, id) = (Uuid::now_v7(), Uuid::now_v7());
    let content: Vec<u8> = (0_u32..5 << 20).flat_map(u32::to_le_bytes).collect();
    let mut chunks = Vec::new();
    for (number, piece) in content.chunks(files::PIECE_BYTES).enumerate() {
        chunks.push(place.put(id, number * files::PIECE_BYTES, piece).await);
    }
    let assembled = place.files.assemble(order, id, &chunks).await.expect("all are there");
    assert_eq!((assembled.size, assembled.sha256), (content.len() as u64, hash(&content)));
    let (from, to) = ((8 << 20) - 5, (16 << 20) + 5);
    assert_eq!(place.read(order, id, from, to).await, content[from..to]);
    place.files.drop_chunks(id).await.expect("they go");
    place.files.drop_file(order, id).await.expect("it goes");
}

/// A folder keeps `name#1` of what was being written when a node was killed: it goes with the upload, the file and the
/// orphans.
#[tokio::test]
async fn what_a_killed_node_was_writing_goes() {
    let folder = TempDir::new().expect("a folder");
    let files = Files::open(folder.path().to_str().expect("a plain path")).expect("it opens");
    let place = Place { _folder: None, files };
    let lying = || lying(folder.path().to_owned());
    let (order, id) = (Uuid::now_v7(), Uuid::now_v7());
    let chunks = [place.put(id, 0, b"0123").await];
    // A file like it, whose writing goes on.
    fs::create_dir_all(folder.path().join(format!("files/{order}"))).unwrap();
    let other = folder.path().join(format!("files/{order}/{}#1", Uuid::now_v7()));
    fs::write(&other, "of another file").unwrap();
    let killed = || {
        let mut work = place.files.assemble(order, id, &chunks).boxed();
        async move {
            assert!(matches!(poll!(work.as_mut()), Poll::Pending));
            // Nothing of it runs ever again, not even what tidies up.
            std::mem::forget(work);
        }
    };
    killed().await;
    killed().await;
    assert_eq!(lying().len(), 4, "{:?}", lying());
    place.files.assemble(order, id, &chunks).await.expect("whoever was killed begins anew");
    place.files.drop_begun(order, id).await.expect("they go");
    assert_eq!(lying().len(), 3, "the chunk, the file, and the other: {:?}", lying());
    assert_eq!(place.read(order, id, 0, 4).await, b"0123");
    killed().await;
    place.files.drop_file(order, id).await.expect("it goes");
    assert_eq!(lying().len(), 2, "{:?}", lying());

    let begun = |upload: Uuid| {
        let inside = folder.path().join(format!("uploads/{upload}"));
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join(format!("{:020}-{}#1", 4, Uuid::now_v7())), "45").unwrap();
    };
    begun(id);
    place.files.drop_chunks(id).await.expect("they go");
    let orphan = Uuid::now_v7();
    begun(orphan);
    assert!(place.files.uploads_older_than(Duration::from_hours(1)).await.unwrap().is_empty());
    assert_eq!(place.files.uploads_older_than(Duration::ZERO).await.unwrap(), [orphan]);
    place.files.drop_chunks(orphan).await.expect("they go");
    assert_eq!(lying(), [other]);
}

fn lying(folder: PathBuf) -> Vec<PathBuf> {
    let (mut found, mut waiting) = (Vec::new(), vec![folder]);
    while let Some(inside) = waiting.pop() {
        for entry in fs::read_dir(inside).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found
}
