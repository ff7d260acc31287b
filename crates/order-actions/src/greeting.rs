//! What a user is welcomed with: how much is unread, in all their rooms.
//!
//! An entry moves its room's memberships once in ten minutes only, so what is unread is a look at the room. Who has
//! thousands of rooms pays that once: what is unread in those that are quiet is written down after the greeting, and holds
//! until the next entry, which is sure to move them, or the next reading.

use order_domain::{ids::UserId, values::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{
    error::Unavailable,
    store::{Store, unit},
};

/// A greeting that looked at more rooms than this lets them be settled.
const LOOKED_AT_MAX: u64 = 50;
/// Rooms that are settled by one statement, under their locks.
const SETTLED_AT_ONCE: u64 = 200;

/// What a user is welcomed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The database's clock, in whole milliseconds.
    pub at: Timestamp,
    /// In all their rooms.
    pub unread: Unread,
    /// Rooms that had to be looked at.
    pub(crate) looked_at: u64,
}

/// What a user has not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Rooms with something unread.
    pub rooms: u64,
    /// All of it.
    pub entries: u64,
}

impl Store {
    /// What a user is welcomed with.
    pub async fn greeting(&self, user: &UserId) -> Result<Greeting, Unavailable> {
        let greeting = self.0.greetings.ask(user.clone()).await?;
        if greeting.looked_at > LOOKED_AT_MAX
            && let Ok(turn) = self.0.settling.clone().try_acquire_owned()
        {
            let (store, user) = (self.clone(), user.clone());
            tokio::spawn(async move {
                if let Err(error) = store.settle(&user).await {
                    tracing::warn!(%error, "a user's quiet rooms were not settled: the next greeting looks at them again");
                }
                drop(turn);
            });
        }
        Ok(greeting)
    }

    /// Writes down what is unread in a user's quiet rooms, as the greeting of who has many does by itself; gives how many.
    pub async fn settle(&self, user: &UserId) -> Result<u64, Unavailable> {
        let mut all = 0;
        loop {
            let (pool, user) = (self.0.background.clone(), user.clone());
            let settled = unit(async move { settle(&pool, &user).await }).await?;
            all += settled;
            if settled < SETTLED_AT_ONCE {
                return Ok(all);
            }
        }
    }
}

/// The greetings of these users, each in its place.
pub(crate) async fn greetings(pool: PgPool, users: Vec<UserId>) -> Result<Vec<Greeting>, Unavailable> {
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select date_trunc('milliseconds', clock_timestamp()) as "at!", r.rooms as "rooms!",
            r.entries as "entries!", r.looked_at as "looked_at!"
        from unnest($1::text[]) with ordinality as i (user_id, place)
        cross join lateral (
            select count(*) filter (where unread > 0) as rooms, coalesce(sum(unread), 0)::bigint as entries,
                count(*) filter (where quiet_unread is null) as looked_at
            from (select m.quiet_unread, coalesce(m.quiet_unread,
                    (select case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count
                    from heads h where h.order_id = m.order_id)) as unread
                from memberships m
                where m.user_id = i.user_id and m.side is not null and m.quiet_unread is distinct from 0) unread) r
        order by i.place"#,
        &users
    );
    let rows = rows.fetch_all(&pool).await?.into_iter().map(|row| {
        let unread = Unread { rooms: row.rooms.unsigned_abs(), entries: row.entries.unsigned_abs() };
        Greeting { at: row.at, unread, looked_at: row.looked_at.unsigned_abs() }
    });
    Ok(rows.collect())
}

/// Rooms that have not moved for ten minutes. Their heads say so from now on, so that the next entry moves them whatever
/// the clock says. Whoever is writing an entry holds the room: those rooms are left out.
async fn settle(pool: &PgPool, user: &UserId) -> Result<u64, Unavailable> {
    let settle = sqlx::query!(
        r#"with quiet as materialized (
            select m.user_id, m.order_id,
                case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count as unread
            from memberships m join heads h on h.order_id = m.order_id
            where m.user_id = $1 and m.side is not null and m.quiet_unread is distinct from 0
                and m.quiet_unread is null and m.moved_at <= statement_timestamp() - interval '10 minutes'
            order by m.moved_at limit $2
            for update of h skip locked for update of m skip locked
        ), stirs as (
            update heads h set moved_at = '-infinity' from quiet q
            where h.order_id = q.order_id and h.moved_at > '-infinity'
        )
        update memberships m set quiet_unread = q.unread from quiet q
        where m.user_id = q.user_id and m.order_id = q.order_id"#,
        user.as_str(),
        i64::try_from(SETTLED_AT_ONCE).expect("a small number")
    );
    Ok(settle.execute(pool).await?.rows_affected())
}
