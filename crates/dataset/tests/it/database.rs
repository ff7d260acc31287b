//! A migrated database of its own for one test, gone at its end whether it passed or not.

use std::{env, panic::AssertUnwindSafe};

use dataset::{Scale, fill};
use futures_util::FutureExt as _;
use order_actions::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// Small, and in every other way like a large one. So few entries that `analyze` reads them all: plans are the same
/// in every run.
pub const SMALL: Scale =
    Scale { orders: 1000, entries: 20_000, unfinished_percent: 30, talk_most: 50, seed: 1 };

/// Runs a test on a filled database.
pub async fn filled<F: Future<Output = ()>>(test: impl FnOnce(String) -> F) {
    let name = format!("dataset_{}", Uuid::now_v7().simple());
    run(&format!("create database {name}")).await;
    let maintenance = maintenance();
    let (server, _) = maintenance.rsplit_once('/').expect("a URL ends in a database");
    let url = format!("{server}/{name}");
    let test = async {
        Store::migrate(&url).await.expect("the migrations run");
        fill(&url, SMALL, |line| eprintln!("{line}")).await.expect("it is filled");
        test(url.clone()).await;
    };
    let outcome = AssertUnwindSafe(test).catch_unwind().await;
    run(&format!("drop database {name} with (force)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// One number that the database knows.
pub async fn count(url: &str, query: &'static str) -> i64 {
    let mut connection = PgConnection::connect(url).await.expect("the database answers");
    sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("a count")
}

async fn run(statement: &str) {
    let mut connection = PgConnection::connect(&maintenance()).await.expect("TEST_DATABASE_URL answers");
    connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("a statement of the tests' own");
}

fn maintenance() -> String {
    env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a superuser's database: cargo xtask test")
}
