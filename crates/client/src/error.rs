//! What can come of a question: the rules said no, or the client stopped.

use protocol::domain::values::Timestamp;
use protocol::{WireCode, server_frame::Rejected};

/// A refusal that is final for this attempt: nothing of it was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refused {
    /// For programs; compares with the rules' codes.
    pub code: WireCode,
    /// For people, in English.
    pub message: String,
    /// The offending field.
    pub field: Option<String>,
    /// When the same would be allowed, if only time is missing.
    pub allowed_from: Option<Timestamp>,
}

impl Refused {
    /// What was said instead of a refusal.
    pub(crate) fn told(reason: &str) -> Self {
        let code = WireCode::Other(reason.to_owned());
        Self { code, message: reason.replace('_', " "), field: None, allowed_from: None }
    }
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        let Rejected { code, message, field, allowed_from, .. } = rejected;
        Self { code, message, field, allowed_from }
    }
}

/// The client stopped for good: it was asked to, or the server said not to come back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("closed ({code}): {reason}")]
pub struct Closed {
    /// The close code; 1000 when the application closed it.
    pub code: u16,
    /// For logs.
    pub reason: String,
}

impl Closed {
    pub(crate) fn by_application() -> Self {
        Self { code: 1000, reason: "closed by the application".to_owned() }
    }
}

/// Why a command has no `ack`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// It had no effect.
    #[error(transparent)]
    Rejected(#[from] Refused),
    /// The client stopped before an answer: it happened once or not at all, and the same id asked anew says which.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// It would not fit into a frame of this server.
    #[error("a command of {bytes} bytes does not fit into a frame")]
    TooLarge {
        /// Of the whole frame.
        bytes: usize,
        /// It was sent before, to a server that takes more and gave no answer: it happened once or not at all, and only
        /// the timeline says which.
        was_sent: bool,
    },
}

impl CommandError {
    /// The code of a refusal.
    pub fn code(&self) -> Option<&WireCode> {
        match self {
            Self::Rejected(refused) => Some(&refused.code),
            _ => None,
        }
    }
}

/// Why a room cannot be followed or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// Not this room, or not now.
    #[error(transparent)]
    Rejected(#[from] Refused),
    /// The client stopped.
    #[error(transparent)]
    Closed(#[from] Closed),
}
