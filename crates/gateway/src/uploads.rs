//! Uploads on their way: bytes go to `files`, how far they came to `order-actions`, one committed piece after the other.
//!
//! Holds no truth: a node killed at any moment leaves pieces that count and pieces that nobody asks for.

mod clean;
mod finish;
mod receive;

use std::{sync::Arc, time::Duration};

use files::{Files, FilesError, LinkKey};
use order_actions::{UploadError, UploadLimits};
use protocol::Problem;
use tokio::sync::Semaphore;

use crate::{config::LimitSettings, refusal::Refusal, unavailable};

pub use clean::{give_up, keep_clean, sweep, sweep_orphans};
pub use finish::finish;
pub use receive::{receive, turn};

/// Uploads that send at once on one node; each holds at most one piece in memory.
pub const SENDERS_MAX: usize = 32;
/// Files that one node puts together at once: each is read, hashed and written as fast as the store can.
pub const WORKERS_MAX: usize = 4;
/// Requests that wait on one node until a file is put together.
pub const WAITERS_MAX: usize = 128;
/// After somebody last began to send.
pub const LIFETIME: Duration = Duration::from_hours(24);

/// Where bytes are, and what their addresses are signed with.
#[derive(Clone, Debug)]
pub struct Uploads {
    /// The bytes.
    pub files: Files,
    /// Signs addresses.
    pub key: LinkKey,
    /// Places of those who send.
    pub senders: Arc<Semaphore>,
    /// Places of those who put files together.
    pub workers: Arc<Semaphore>,
    /// Places of those who wait for them.
    pub waiters: Arc<Semaphore>,
}

impl Uploads {
    /// Nothing is on its way.
    pub fn new(files: Files, key: LinkKey) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        let (senders, workers, waiters) = (places(SENDERS_MAX), places(WORKERS_MAX), places(WAITERS_MAX));
        Self { files, key, senders, workers, waiters }
    }
}

impl LimitSettings {
    /// What an upload may be.
    pub fn of_uploads(&self) -> UploadLimits {
        UploadLimits { file_bytes: self.file_bytes, room_bytes: self.room_file_bytes, lifetime: LIFETIME }
    }
}

/// An upload cannot go on as asked.
pub fn problem(status: u16, code: &str, detail: impl Into<String>) -> Refusal {
    Problem::new(status, code, detail).into()
}

/// The bytes are of no kind that is taken.
pub fn type_not_allowed() -> Refusal {
    let detail = "Files of this kind are not taken: images, sound, film, PDF, office documents, fonts, plain text and \
                  archives are. Put others into an archive.";
    problem(415, "type_not_allowed", detail)
}

/// The offset is not where the upload stands.
pub fn wrong_offset() -> Refusal {
    problem(409, "wrong_offset", "The upload does not stand there. Ask for its offset and go on from it.")
}

/// It came in crumbs, and is over: nothing can be added to it.
pub fn too_many_pieces() -> Refusal {
    let detail = "This upload came in too many small pieces. Begin it anew, and send more with each request.";
    problem(409, "too_many_pieces", detail)
}

impl From<UploadError> for Refusal {
    fn from(error: UploadError) -> Self {
        let text = sentence(&error.to_string());
        let (status, code) = match error {
            UploadError::Action(error) => return error.into(),
            UploadError::NotFound => (404, "upload_not_found"),
            UploadError::Expired => (410, "upload_expired"),
            UploadError::TooLarge(_) => (413, "file_too_large"),
            UploadError::RoomFull(_) => (409, "room_full"),
            UploadError::TooManyFiles => (409, "too_many_files"),
            UploadError::TooMany => (409, "too_many_uploads"),
        };
        problem(status, code, text)
    }
}

impl From<FilesError> for Refusal {
    fn from(cause: FilesError) -> Self {
        unavailable::note_files(&cause);
        Self::not_now("Files cannot be reached right now. Try again.")
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
