//! Connections: how a session is set up, and the cure for transactions that a dropped future left open.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection as _, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use tokio::time::timeout;

use crate::error::StoreError;

/// How long a connection is waited for.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection that was idle for longer may have died unnoticed.
pub(crate) const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// How long an answer to "do you live?" is waited for.
pub(crate) const PINGED_WITHIN: Duration = Duration::from_secs(1);
/// How long connections are doubted after one kept silent.
const DISTRUSTED_FOR: Duration = Duration::from_mins(1);

/// How every session of ours is set up.
pub(crate) fn session(database_url: &str) -> Result<PgConnectOptions, StoreError> {
    let options: PgConnectOptions = database_url.parse()?;
    Ok(options.application_name("order-chat").options([
        ("lock_timeout", "2s"),
        ("statement_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "5s"),
        // Every statement of ours has an index. A plan made while a table was one page long would else scan it
        // for as long as the session lives, however the table grows; what must scan is worth neither compiling nor parallel workers.
        ("enable_seqscan", "off"),
        // Statements are prepared once and run all the time; planning each anew costs more than running it.
        ("plan_cache_mode", "force_generic_plan"),
        ("jit", "off"),
        ("max_parallel_workers_per_gather", "0"),
    ]))
}

/// A pool for transactions, filled as it is used.
pub(crate) fn open(session: &PgConnectOptions, connections: u32) -> PgPool {
    roll_back_on_release(options(connections)).connect_lazy_with(session.clone())
}

/// A pool for reads: a pool for statements that could not write.
pub(crate) fn open_for_reads(session: &PgConnectOptions, connections: u32) -> PgPool {
    open_for_statements(&session.clone().options([("default_transaction_read_only", "on")]), connections)
}

/// A pool for single statements: on its connections nobody begins a transaction, so none can be left open, and nobody
/// has to ask.
pub(crate) fn open_for_statements(session: &PgConnectOptions, connections: u32) -> PgPool {
    let options = options(connections).after_release(|connection, _| {
        Box::pin(async move {
            if is_distrusted() {
                within(PINGED_WITHIN, connection.ping()).await?;
            }
            Ok(true)
        })
    });
    options.connect_lazy_with(session.clone())
}

/// When a connection last kept silent for too long.
static SILENT_AT: Mutex<Option<Instant>> = Mutex::new(None);

/// From now on, for a while, connections that come back are asked in bounded time whether they live. sqlx asks too,
/// but waits for ever: a connection to a machine that is gone would keep its place in the pool.
pub(crate) fn distrust() {
    *SILENT_AT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

fn is_distrusted() -> bool {
    let silent_at = *SILENT_AT.lock().unwrap_or_else(PoisonError::into_inner);
    silent_at.is_some_and(|at| at.elapsed() < DISTRUSTED_FOR)
}

/// Work on a connection, given up after a while.
pub(crate) async fn within<T>(
    at_most: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(at_most, work).await.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}

/// A connection that was in use a moment ago is not asked whether it still lives: that is a round trip more
/// for each piece of work. One that has died since fails its work, which is answered `retry: true`.
fn options(connections: u32) -> PgPoolOptions {
    let options = PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
    options.test_before_acquire(false).before_acquire(|connection, state| {
        Box::pin(async move {
            if state.idle_for >= TRUSTED_FOR {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}

/// sqlx 0.9.0 gives a connection back inside a transaction when a `begin()` was dropped in flight: what is
/// written on it afterwards is acknowledged and lost. Inside a transaction `now()` stands still, which tells.
fn roll_back_on_release(options: PgPoolOptions) -> PgPoolOptions {
    options.after_release(|connection, _| {
        Box::pin(async move {
            // Simple protocol: one message, so outside a transaction both clocks are the same.
            let open = sqlx::raw_sql("select now() <> statement_timestamp()").fetch_one(&mut *connection);
            if within(PINGED_WITHIN, open).await?.try_get::<bool, _>(0)? {
                tracing::warn!("a connection came back inside a transaction: rolled back");
                within(PINGED_WITHIN, sqlx::raw_sql("rollback").execute(connection)).await?;
            }
            Ok(true)
        })
    })
}

/// G1: refuses a database that could lose what it acknowledged.
pub(crate) async fn check_durable(pool: &PgPool) -> Result<(), StoreError> {
    let settings = sqlx::query!(
        r#"select current_setting('fsync') as "fsync!", current_setting('full_page_writes') as "full_page_writes!",
            current_setting('synchronous_commit') as "synchronous_commit!""#
    );
    let found = settings.fetch_one(pool).await?;
    let all = [
        ("fsync", found.fsync),
        ("full_page_writes", found.full_page_writes),
        ("synchronous_commit", found.synchronous_commit),
    ];
    match all.into_iter().find(|(_, value)| value == "off") {
        Some((name, _)) => Err(StoreError::NotDurable(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
