//! The lane's own connection.
//!
//! Nobody ever begins a transaction on it, so every statement commits by itself and is one round trip; no
//! leftover transaction can swallow what was acknowledged (trap 1). A rush of commands does not stop the talk.

use std::time::Duration;

use sqlx::{
    Connection as _, PgConnection,
    error::DatabaseError,
    postgres::{PgConnectOptions, PgDatabaseError, PgSeverity},
};
use tokio::time::Instant;

use crate::{
    pools::{PINGED_WITHIN, TRUSTED_FOR, within},
    store::ANSWERED_WITHIN,
};

use super::{
    known::{self, Known},
    post::Queued,
    statement::{self, Fate},
};

const CONNECTED_WITHIN: Duration = Duration::from_secs(2);

/// Connects when it is needed, and anew after whatever may have broken the connection.
#[derive(Debug)]
pub(crate) struct Writer {
    session: PgConnectOptions,
    connection: Option<PgConnection>,
    used_at: Instant,
}

impl Writer {
    pub(crate) fn new(session: PgConnectOptions) -> Self {
        Self { session, connection: None, used_at: Instant::now() }
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
        if let Some(mut connection) = self.connection.take()
            && (self.used_at.elapsed() < TRUSTED_FOR
                || within(PINGED_WITHIN, connection.ping()).await.is_ok())
        {
            return Ok(connection);
        }
        within(CONNECTED_WITHIN, PgConnection::connect_with(&self.session)).await
    }

    /// Only a connection that answered in good order is used again.
    fn keep<T>(
        &mut self,
        connection: PgConnection,
        outcome: Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let sound = match &outcome {
            Ok(_) => true,
            Err(sqlx::Error::Database(refusal)) => !ends_the_session(refusal.as_ref()),
            Err(_) => false,
        };
        (self.connection, self.used_at) = (sound.then_some(connection), Instant::now());
        outcome
    }
}

/// After FATAL and PANIC the server hangs up.
fn ends_the_session(refusal: &dyn DatabaseError) -> bool {
    let severity = refusal.downcast_ref::<PgDatabaseError>().severity();
    matches!(severity, PgSeverity::Fatal | PgSeverity::Panic)
}
