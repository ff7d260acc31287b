//! The lane's own connection.
//!
//! Nobody ever begins a transaction on it, so every statement commits by itself and is one round trip; no
//! leftover transaction can swallow what was acknowledged (trap 1). A rush of commands does not stop the talk.

use std::{future::Future, time::Duration};

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::{
    known::{self, Known},
    post::Queued,
    statement::{self, Fate},
};

/// Longer than the session lets a statement take: a database that went silent does not hold the lane.
const ANSWERED_WITHIN: Duration = Duration::from_secs(8);
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);

/// Connects when it is needed, and anew after whatever may have broken the connection.
#[derive(Debug)]
pub(crate) struct Writer {
    session: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Writer {
    pub(crate) fn new(session: PgConnectOptions) -> Self {
        Self { session, connection: None }
    }

    /// Commits messages.
    pub(crate) async fn write(&mut self, batch: &[Queued]) -> Result<Vec<Fate>, sqlx::Error> {
        let mut connection = self.take().await?;
        let fates = within(ANSWERED_WITHIN, statement::write(&mut connection, batch)).await;
        self.keep(connection, fates)
    }

    /// Looks for earlier uses of their ids.
    pub(crate) async fn look_up(&mut self, batch: &[Queued]) -> Result<Vec<Known>, sqlx::Error> {
        let mut connection = self.take().await?;
        let known = within(ANSWERED_WITHIN, known::look_up(&mut connection, batch)).await;
        self.keep(connection, known)
    }

    async fn take(&mut self) -> Result<PgConnection, sqlx::Error> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => within(CONNECTED_WITHIN, PgConnection::connect_with(&self.session)).await,
        }
    }

    /// Only a connection that answered in good order is used again.
    fn keep<T>(
        &mut self,
        connection: PgConnection,
        outcome: Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let sound = match &outcome {
            Ok(_) => true,
            Err(sqlx::Error::Database(refusal)) => {
                !refusal.code().is_some_and(|code| code.starts_with("57P"))
            }
            Err(_) => false,
        };
        self.connection = sound.then_some(connection);
        outcome
    }
}

async fn within<T>(
    at_most: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(at_most, work).await.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}
