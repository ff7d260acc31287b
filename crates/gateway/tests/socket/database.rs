//! A fresh, migrated database for one test, gone at its end.

use std::env;

use order_actions::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// A database of its own.
pub struct Database {
    name: String,
}

impl Database {
    /// Created and migrated.
    pub async fn fresh() -> Self {
        let name = format!("socket_{}", Uuid::now_v7().simple());
        run(&format!("create database {name}")).await;
        let database = Self { name };
        Store::migrate(&database.url()).await.expect("the migrations run");
        database
    }

    /// Where it is.
    pub fn url(&self) -> String {
        let maintenance = setting("TEST_DATABASE_URL");
        let (server, _) = maintenance.rsplit_once('/').expect("a URL ends in a database");
        format!("{server}/{}", self.name)
    }

    /// Its name, for other things of the same test.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Removes it.
    pub async fn remove(self) {
        run(&format!("drop database {} with (force)", self.name)).await;
    }
}

async fn run(statement: &str) {
    let mut connection =
        PgConnection::connect(&setting("TEST_DATABASE_URL")).await.expect("Postgres answers");
    connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("a statement of the tests' own");
}

/// What `cargo xtask test` tells the tests.
pub fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} names the tests' server: run cargo xtask test"))
}
