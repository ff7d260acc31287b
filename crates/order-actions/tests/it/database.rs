//! A fresh, migrated database for one test, gone at its end whether it passed or not.

use std::{
    env,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    panic::AssertUnwindSafe,
};

use futures_util::FutureExt as _;
use order_actions::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A database of its own.
#[derive(Clone, Debug)]
pub struct Database {
    name: String,
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// Runs a test on a fresh database.
pub async fn fresh<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let database = Database::create().await;
    let outcome = AssertUnwindSafe(test(database.clone())).catch_unwind().await;
    run(&format!("drop database {} with (force)", database.name)).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl Database {
    async fn create() -> Self {
        let template = TEMPLATE.get_or_init(template).await;
        let name = format!("test_{}", Uuid::now_v7().simple());
        run(&format!("create database {name} template {template}")).await;
        Self { name }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        url_of(&self.name)
    }

    /// A connection of a stranger's.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.expect("the database answers")
    }

    /// One number that the database knows.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&mut self.connect().await).await.expect("a count")
    }

    /// Changes a setting of this database for sessions to come.
    pub async fn set(&self, setting: &str) {
        run(&format!("alter database {} set {setting}", self.name)).await;
    }
}

/// Migrated once for each set of migrations, then copied. It stays: the next run finds it.
async fn template() -> String {
    let name = format!("template_{:016x}", migrations());
    let mut connection = PgConnection::connect(&maintenance()).await.expect("TEST_DATABASE_URL answers");
    // One process makes it, the others wait; a half-made one never has the name.
    sqlx::raw_sql("select pg_advisory_lock(7163)").execute(&mut connection).await.expect("locked");
    let known = sqlx::query_scalar("select count(*) from pg_database where datname = $1").bind(&name);
    let known: i64 = known.fetch_one(&mut connection).await.expect("a count");
    if known == 0 {
        run("drop database if exists template_being_made with (force)").await;
        run("create database template_being_made").await;
        let url = url_of("template_being_made");
        Store::migrate(&url).await.expect("the migrations run");
        Store::migrate(&url).await.expect("and are done the second time");
        run(&format!("alter database template_being_made rename to {name}")).await;
    }
    connection.close().await.expect("closed, and unlocked");
    name
}

fn migrations() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let files = std::fs::read_dir(folder).expect("the migrations").map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|end| end == "sql")).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

async fn run(statement: &str) {
    let mut connection = PgConnection::connect(&maintenance()).await.expect("TEST_DATABASE_URL answers");
    connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("a statement of the tests' own");
}

fn maintenance() -> String {
    env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a superuser's database: cargo xtask test")
}

fn url_of(name: &str) -> String {
    let maintenance = maintenance();
    let (server, _) = maintenance.rsplit_once('/').expect("a URL ends in a database");
    format!("{server}/{name}")
}
