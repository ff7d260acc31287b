//! Why something was not done: the rules said no, or a machine failed. Never mixed.

use std::{sync::Arc, time::Duration};

use order_domain::rejection::Rejection;

use crate::committed::Committed;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The rules said no; nothing was stored.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The rules said no to the command, after timers of this order that were due had fired.
    ///
    /// The timers' changes are committed: whoever delivers must deliver `fired`.
    #[error("{rejection}")]
    RejectedAfterTimers {
        /// What the caller is answered.
        rejection: Rejection,
        /// What the timers did.
        fired: Box<Committed>,
    },
    /// A machine failed; the same id may be tried again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl ActionError {
    /// What timers did before the refusal, to be delivered; it is given once.
    pub fn take_fired(self) -> (Self, Option<Committed>) {
        match self {
            Self::RejectedAfterTimers { rejection, fired } => (Self::Rejected(rejection), Some(*fired)),
            other => (other, None),
        }
    }

    /// The refusal, if the rules said no.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejected(rejection) | Self::RejectedAfterTimers { rejection, .. } => Some(rejection),
            Self::Unavailable(_) => None,
        }
    }
}

impl From<sqlx::Error> for ActionError {
    fn from(error: sqlx::Error) -> Self {
        match crate::refusals::refusal_of(&error) {
            Some(rejection) => Self::Rejected(rejection),
            None => Self::Unavailable(error.into()),
        }
    }
}

/// A machine failed. What was asked happened once or not at all; the same id settles it.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// Postgres did not answer, or not in time.
    #[error("the database failed: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row says what this build cannot read: a newer node may have written it.
    #[error("a row cannot be read: {0}")]
    Row(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was asked together with others failed.
    #[error(transparent)]
    Together(Arc<Unavailable>),
    /// Too much waits already.
    #[error("too much waits for the database")]
    QueueFull,
    /// A turn did not come in time: the room is held, or the database is slow or away.
    #[error("waited too long for a turn in the room")]
    TooLong,
    /// The database said nothing for longer than any statement may take.
    #[error("the database did not answer in time")]
    Silent,
    /// The task that did the work ended without an answer.
    #[error("the work ended without an answer: {0}")]
    Broken(String),
}

impl From<sqlx::Error> for Unavailable {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Row(error.into()),
            error => Self::Database(error.into()),
        }
    }
}

/// A store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Postgres is not there, or said no.
    #[error("cannot open the database: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The schema could not be brought up to date.
    #[error("cannot migrate the database: {0}")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Somebody else has the lock.
    #[error("another node has been migrating this database for more than {} s: try again when it is done", .0.as_secs())]
    MigratedElsewhere(Duration),
    /// An acknowledged write could be lost by this database.
    #[error("the database runs with {0} = off: acknowledged writes could be lost")]
    NotDurable(&'static str),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
