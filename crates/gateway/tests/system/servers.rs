//! Postgres and Redis of a scenario: those of `cargo xtask test` for all, or private ones that may be killed.
//!
//! Every scenario has a database of its own. Calls that wait for a process block: `block_in_place` is inside.

use std::{env, time::Duration};

use local_servers::{Place, Postgres, Redis, random_hex};
use order_actions::Store;
use order_domain::ids::OrderId;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::block_in_place,
};

/// What a cluster runs on.
pub struct Servers {
    pub postgres: Option<Postgres>,
    pub redis: Option<Redis>,
    database: String,
    maintenance_url: String,
    redis_url: String,
}

/// Which servers a scenario kills.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Private {
    Nothing,
    Redis,
    Postgres,
}

impl Servers {
    /// Servers with a fresh, migrated database.
    pub async fn start(private: Private) -> Self {
        let (postgres, redis) = block_in_place(|| started(private));
        let maintenance_url =
            postgres.as_ref().map_or_else(|| setting("TEST_DATABASE_URL"), |server| server.url("postgres"));
        let redis_url = redis.as_ref().map_or_else(|| setting("TEST_REDIS_URL"), Redis::url);
        let database = format!("system_{}", random_hex(8));
        let servers = Self { postgres, redis, database, maintenance_url, redis_url };
        servers.run_at(&servers.maintenance_url, format!("create database {}", servers.database)).await;
        Store::migrate(&servers.database_url()).await.expect("the migrations run");
        servers
    }

    pub fn database_url(&self) -> String {
        let (server, _) = self.maintenance_url.rsplit_once('/').expect("a URL ends in a database");
        format!("{server}/{}", self.database)
    }

    pub fn redis_url(&self) -> &str {
        &self.redis_url
    }

    /// Waits until Postgres takes a connection again; gives when it did.
    pub async fn postgres_accepts(&self) -> tokio::time::Instant {
        loop {
            if let Ok(connection) = PgConnection::connect(&self.database_url()).await {
                let accepted = tokio::time::Instant::now();
                drop(connection);
                return accepted;
            }
            tokio::time::sleep(Duration::from_millis(10)).await; // asked again: there is nothing to be told by
        }
    }

    /// FLUSHALL, and every client thrown out.
    pub async fn flush_redis(&self) {
        let url = self.redis_url.strip_prefix("redis://:").expect("the tests' Redis has a password");
        let (password, address) = url.trim_end_matches('/').split_once('@').expect("and an address");
        let mut redis = TcpStream::connect(address).await.expect("Redis answers");
        let ask = format!(
            "AUTH {password}\r\nFLUSHALL\r\nCLIENT KILL TYPE normal\r\nCLIENT KILL TYPE pubsub\r\nQUIT\r\n"
        );
        redis.write_all(ask.as_bytes()).await.expect("Redis listens");
        let mut answer = String::new();
        redis.read_to_string(&mut answer).await.expect("Redis answers");
        assert!(answer.starts_with("+OK\r\n+OK"), "{answer}");
    }

    /// Locks a room's head as a stranger would, until what it gives is dropped.
    pub async fn lock_room(&self, order: OrderId) -> PgConnection {
        let mut stranger = PgConnection::connect(&self.database_url()).await.expect("the database answers");
        stranger.execute("begin").await.expect("a transaction begins");
        let lock = format!("select head from heads where order_id = '{order}' for update");
        stranger.execute(AssertSqlSafe(lock)).await.expect("the room is there");
        stranger
    }

    async fn run_at(&self, url: &str, statement: String) {
        let mut connection = PgConnection::connect(url).await.expect("the tests' Postgres answers");
        connection.execute(AssertSqlSafe(statement)).await.expect("a statement of the tests' own");
    }

    /// Removes the database, unless its server goes anyway.
    pub async fn remove(self) {
        if self.postgres.is_none() {
            let drop = format!("drop database {} with (force)", self.database);
            self.run_at(&self.maintenance_url, drop).await;
        }
        block_in_place(|| drop((self.postgres, self.redis)));
    }
}

fn started(private: Private) -> (Option<Postgres>, Option<Redis>) {
    if private == Private::Nothing {
        return (None, None);
    }
    let place = Place::throwaway("system").expect("a place for servers");
    match private {
        Private::Redis => (None, Some(Redis::start(&place).expect("Redis starts"))),
        _ => (Some(Postgres::start(&place).expect("Postgres starts")), None),
    }
}

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} names the tests' server: run cargo xtask test"))
}
