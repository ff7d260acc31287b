//! Executes commands: authorise, decide, and write the truth in one transaction. All SQL is here.
//!
//! Each unit of work runs in a task of its own that nobody cancels; what is returned as done was committed.
//! Knows no sockets, no Redis, and no rule of an order: those are asked of `order-domain`.

mod access;
mod append;
mod book;
mod caller;
mod case_stream;
mod committed;
mod conversation;
mod cursors;
mod deployment;
mod desk;
mod digest;
mod error;
mod execute;
mod files;
mod gather;
mod greeting;
mod head;
mod inbox;
mod lane;
mod mark;
mod migrate;
mod opening;
mod place;
mod pools;
mod refusals;
mod repeat;
mod revocations;
mod room;
mod settings;
mod store;
mod talk;
mod timeline;
mod timers;
mod turns;
mod uploads;
mod users;

pub use access::{Access, Standing};
pub use caller::Caller;
pub use case_stream::CasePage;
pub use committed::{Ask, Committed};
pub use desk::{DeskPage, QueuedCase};
pub use error::{ActionError, StoreError, Unavailable};
pub use files::{FileRegistration, StoredFile};
pub use greeting::{Greeting, Unread};
pub use inbox::{InboxPage, InboxRoom, Last, TabCounts};
pub use opening::Opening;
pub use order_domain::participant::AccountRole;
pub use revocations::Revocation;
pub use room::{Member, RoomKind, RoomView};
pub use settings::{CONVERSATIONS_PER_DAY, StoreSettings};
pub use store::Store;
pub use timeline::{PAGE_MAX, Page, RoomHead, Start};
pub use uploads::{
    Abandoned, Announced as UploadDraft, Appended, Chunk, Expired, Finished, Limits as UploadLimits,
    PIECES_MAX, Upload, UploadError, side_share,
};
pub use users::Profile;
