//! Brings a schema up to date, one node at a time.
//!
//! sqlx's own lock is not used: who waits for it is inside a statement, hence holds a snapshot, and `create index
//! concurrently` waits for all snapshots to end. Two nodes that migrate at once would wait for each other.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection,
    migrate::{MigrateError, Migrator},
};
use tokio::time::{Instant, sleep};

use crate::{error::StoreError, store::Store};

/// Of the session: it ends with the connection, however that ends.
const LOCK: i64 = 7_165_083_640_417_260_914;
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Long enough to build an index of a grown table.
const WAIT_MAX: Duration = Duration::from_hours(1);

impl Store {
    /// Brings the schema of a database up to date; safe to call from several nodes at once.
    pub async fn migrate(database_url: &str) -> Result<(), StoreError> {
        let database_url = database_url.to_owned();
        let work = async move { migrate(&database_url, sqlx::migrate!("../../migrations"), WAIT_MAX).await };
        tokio::spawn(work).await.map_err(|e| StoreError::Migrate(e.into()))?
    }
}

async fn migrate(database_url: &str, mut migrations: Migrator, at_most: Duration) -> Result<(), StoreError> {
    migrations.set_locking(false);
    // Not of a pool: building an index may take longer than a command's timeout.
    let mut connection = PgConnection::connect(database_url).await?;
    lock(&mut connection, at_most).await?;
    drop_half_built(&mut connection, &migrations).await?;
    migrations.run_direct(None, &mut connection, false).await.map_err(failed)?;
    connection.close().await?;
    Ok(())
}

fn failed(error: MigrateError) -> StoreError {
    StoreError::Migrate(error.into())
}

/// Asks again and again, and holds no snapshot in between.
async fn lock(connection: &mut PgConnection, at_most: Duration) -> Result<(), StoreError> {
    let end = Instant::now() + at_most;
    loop {
        let lock = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "mine!""#, LOCK);
        if lock.fetch_one(&mut *connection).await? {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(StoreError::MigratedElsewhere(at_most));
        }
        sleep(LOOK_EVERY).await;
    }
}

/// An index whose building was cut short stays behind, good for nothing, and its name is taken: the file that makes
/// it could never run again.
async fn drop_half_built(connection: &mut PgConnection, migrations: &Migrator) -> Result<(), StoreError> {
    let beside_writers = migrations.iter().filter(|file| file.no_tx).map(|file| file.sql.as_str().to_owned());
    // Of the catalogue, and not asked while serving: no business of the plans of statements.
    let left = sqlx::query_scalar::<_, String>(
        "select i.indexrelid::regclass::text from pg_index i
        join pg_class c on c.oid = i.indexrelid and pg_table_is_visible(c.oid)
        where not i.indisvalid and exists (
            select from unnest($1) as file (text) where strpos(file.text, c.relname) > 0)",
    );
    let left = left.bind(beside_writers.collect::<Vec<_>>());
    for index in left.fetch_all(&mut *connection).await? {
        // As the catalogue quotes it.
        let drop = sqlx::raw_sql(AssertSqlSafe(format!("drop index concurrently {index}")));
        drop.execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
