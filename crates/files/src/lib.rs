//! The bytes of uploads and files: chunks as they come, one final object, its hash, what it is and what it may be called.
//!
//! Knows neither rooms' rules, nor HTTP, nor which chunks count: that is the database's to say. Memory stays flat,
//! whatever the size of a file: bytes pass through in pieces.

mod begun;
mod chunks;
mod finals;
mod kind;
mod link;
mod name;
mod place;

pub use chunks::{ChunkAt, PIECE_BYTES};
pub use finals::{Assembled, Reader};
pub use kind::{HEAD_BYTES, Kind};
pub use link::{BadLink, LinkKey, Ticket};
pub use name::clean_name;
pub use place::{BadPlace, Files};

/// The store of bytes failed. What was asked may be asked again.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// Disk full, network gone, access refused.
    #[error("the store of files failed: {0}")]
    Store(#[from] object_store::Error),
    /// The same of a folder, where the store does not look.
    #[error("the folder of files failed: {0}")]
    Folder(#[from] std::io::Error),
    /// A chunk that counts is not there, or not as long as it was.
    #[error("the chunk at byte {0} is not what was stored")]
    Lost(u64),
}
