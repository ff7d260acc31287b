//! Nodes that start together, on a real Postgres, with a set of migrations that builds an index beside its writers.

use futures_util::{FutureExt as _, future::try_join_all};
use sqlx::{
    Executor as _, SqlSafeStr as _,
    migrate::{Migration, MigrationType},
};
use uuid::Uuid;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn nodes_that_start_together_migrate_one_after_the_other() {
    fresh(async |url| {
        try_join_all((0..8).map(|_| Store::migrate(&url))).await.expect("all of them find it migrated");
    })
    .await;
}

#[tokio::test]
async fn an_index_is_built_beside_writers_whoever_waits_for_the_lock() {
    fresh(async |url| {
        let nodes = try_join_all((0..8).map(|_| migrate(&url, with_index("select"), PATIENCE)));
        nodes.await.expect("nobody waits for somebody who waits");
        assert!(is_valid(&url).await);
    })
    .await;
}

#[tokio::test]
async fn an_index_that_was_half_built_is_built_anew() {
    fresh(async |url| {
        let twice = || with_index("insert into things values (1), (1)");
        migrate(&url, twice(), PATIENCE).await.expect_err("one is there twice");
        assert!(!is_valid(&url).await, "what is left of it has the name");
        let mut connection = PgConnection::connect(&url).await.expect("it answers");
        connection.execute("delete from things").await.expect("deleted");
        migrate(&url, twice(), PATIENCE).await.expect("it is built anew");
        assert!(is_valid(&url).await);
    })
    .await;
}

/// Killed between the index and the note that it is there.
#[tokio::test]
async fn an_index_that_nobody_noted_is_kept() {
    fresh(async |url| {
        migrate(&url, with_index("select"), PATIENCE).await.expect("it is built");
        let mut connection = PgConnection::connect(&url).await.expect("it answers");
        connection.execute("delete from _sqlx_migrations where version = 3").await.expect("deleted");
        migrate(&url, with_index("select"), PATIENCE).await.expect("it is noted");
        assert!(is_valid(&url).await);
    })
    .await;
}

#[tokio::test]
async fn who_waits_too_long_is_told_for_whom() {
    fresh(async |url| {
        let mut other = PgConnection::connect(&url).await.expect("it answers");
        lock(&mut other, Duration::ZERO).await.expect("nobody else has it");
        let error = migrate(&url, with_index("select"), Duration::ZERO).await.expect_err("the other has it");
        assert!(matches!(error, StoreError::MigratedElsewhere(_)), "{error}");
        other.close().await.expect("closed, and unlocked");
        migrate(&url, with_index("select"), PATIENCE).await.expect("nobody has it");
    })
    .await;
}

fn with_index(rows: &'static str) -> Migrator {
    let files = [
        (1, "create table things (id bigint not null)", false),
        (2, rows, false),
        (3, "create unique index concurrently if not exists things_id on things (id)", true),
    ];
    let migration = |(version, text, no_tx): (i64, &'static str, bool)| {
        Migration::new(version, "a step".into(), MigrationType::Simple, text.into_sql_str(), no_tx)
    };
    Migrator::with_migrations(files.map(migration).into())
}

async fn is_valid(url: &str) -> bool {
    let mut connection = PgConnection::connect(url).await.expect("it answers");
    let index =
        sqlx::query_scalar("select indisvalid from pg_index where indexrelid = 'things_id'::regclass");
    index.fetch_one(&mut connection).await.expect("there is one")
}

/// Runs a test on a database with nothing in it, gone at its end.
async fn fresh(test: impl AsyncFnOnce(String)) {
    let server =
        std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a database: cargo xtask test");
    let name = format!("migrate_{}", Uuid::now_v7().simple());
    let url = format!("{}/{name}", server.rsplit_once('/').expect("a URL ends in a database").0);
    let mut stranger = PgConnection::connect(&server).await.expect("it answers");
    let run = |text: String| sqlx::raw_sql(AssertSqlSafe(text));
    run(format!("create database {name}")).execute(&mut stranger).await.expect("a database");
    let outcome = std::panic::AssertUnwindSafe(test(url)).catch_unwind().await;
    run(format!("drop database {name} with (force)")).execute(&mut stranger).await.expect("dropped");
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
