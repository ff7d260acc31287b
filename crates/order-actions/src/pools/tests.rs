//! Trap 1: a `begin()` that was dropped in flight, on a pool with and without the remedy, on a real Postgres.

use std::{future::poll_fn, pin::pin, task::Poll};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use tokio::time::timeout;

use super::*;

/// Shows that the next test can fail: without the remedy acknowledged writes are lost.
#[tokio::test]
async fn without_the_remedy_writes_are_lost() {
    let pool = |session: &PgConnectOptions| {
        PgPoolOptions::new().max_connections(1).connect_lazy_with(session.clone())
    };
    assert!(lost("lost_without", pool).await > 0, "the driver was mended: the remedy may go");
}

/// G1: with it every acknowledged write is there, even on one connection.
#[tokio::test]
async fn with_the_remedy_nothing_is_lost() {
    assert_eq!(lost("lost_with", |session| open(session, 1)).await, 0);
}

/// Drops `begin()` at every poll, and writes after each; how many acknowledged writes are gone?
async fn lost(table: &str, pool: impl FnOnce(&PgConnectOptions) -> PgPool) -> i64 {
    let url =
        std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a database: cargo xtask test");
    let mut stranger = PgConnection::connect(&url).await.expect("it answers");
    let run = |text: String| AssertSqlSafe(text);
    stranger
        .execute(run(format!("drop table if exists {table}; create table {table} ()")))
        .await
        .expect("a table");
    let pool = pool(&session(&url).expect("a URL"));
    let mut acknowledged = 0;
    for polls in (1..=5).cycle().take(40) {
        poll_and_drop(polls, pool.begin()).await;
        // The same in slow motion: dropped between sending BEGIN and hearing of it, unless this task got no turn meanwhile.
        let slow = pool.begin_with("begin; select pg_sleep(0.02)");
        drop(timeout(Duration::from_millis(5), slow).await);
        let write = sqlx::query(run(format!("insert into {table} default values")));
        write.execute(&pool).await.expect("acknowledged");
        acknowledged += 1;
    }
    // A connection that still is inside a transaction takes it along.
    pool.close().await;
    let count = sqlx::query_scalar(run(format!("select count(*) from {table}")));
    let kept: i64 = count.fetch_one(&mut stranger).await.expect("a count");
    stranger.execute(run(format!("drop table {table}"))).await.expect("dropped");
    acknowledged - kept
}

/// Drops a future right after its poll of this number, or when it is done.
async fn poll_and_drop(polls: usize, future: impl Future) {
    let (mut future, mut polled) = (pin!(future), 0);
    poll_fn(|context| {
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Pending if polled < polls => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}
