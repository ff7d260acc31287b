//! A stranger's lock in the database, which holds what is being done open for as long as a test needs.

use order_domain::ids::OrderId;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::house::House;

/// A lock, until it is released.
pub struct Lock {
    holder: PgConnection,
    watcher: PgConnection,
}

impl Lock {
    /// No hello is answered with a welcome.
    pub async fn on_welcomes(house: &House) -> Self {
        Self::take(house, "lock table memberships in access exclusive mode").await
    }

    /// No room is read.
    pub async fn on_reading(house: &House) -> Self {
        Self::take(house, "lock table heads in access exclusive mode").await
    }

    /// No command of this room is carried out.
    pub async fn on_room(house: &House, order: OrderId) -> Self {
        Self::take(house, &format!("select 1 from heads where order_id = '{order}' for update")).await
    }

    async fn take(house: &House, statement: &str) -> Self {
        let connect = async || PgConnection::connect(&house.database_url()).await.expect("Postgres answers");
        let (mut holder, watcher) = (connect().await, connect().await);
        holder.execute("begin").await.expect("a transaction");
        holder.execute(AssertSqlSafe(statement.to_owned())).await.expect("nobody else has it");
        Self { holder, watcher }
    }

    /// Until somebody waits for it.
    pub async fn is_met(&mut self) {
        const WAITING: &str = "select exists (select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock')";
        let met = async |watcher: &mut PgConnection| {
            sqlx::query_scalar::<_, bool>(WAITING).fetch_one(watcher).await.expect("Postgres answers")
        };
        while !met(&mut self.watcher).await {
            tokio::task::yield_now().await;
        }
    }

    pub async fn release(mut self) {
        self.holder.execute("rollback").await.expect("the lock is given back");
    }
}
