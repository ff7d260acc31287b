//! Pages of a room's timeline, both ways, and the sweep over heads.

use std::sync::Arc;

use order_domain::{
    event::{Entry, Event},
    ids::{CommandId, OrderId},
    participant::{Actor, Role},
    rejection::Rejection,
    values::{Seq, Timestamp},
};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

use crate::{
    error::{ActionError, Unavailable},
    room::{number, seq, user},
    store::{Store, unit},
};

/// The most entries of one page.
pub const PAGE_MAX: u32 = 200;
/// Heads asked for by one statement.
const HEADS_CHUNK: usize = 1000;

/// Some entries of a room in ascending seq, with its head at the same moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The last entry there is.
    pub head: Seq,
    /// Without a hole.
    pub entries: Vec<Arc<Entry>>,
}

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The first entries after this one, at most so many (and [`PAGE_MAX`]).
    After(Seq, u32),
    /// The last ones before this one, at most so many.
    Before(Seq, u32),
}

impl Start {
    /// The newest entries.
    pub fn newest(limit: u32) -> Self {
        Self::Before(Seq(u64::MAX), limit)
    }
}

/// How far a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomHead {
    /// The room.
    pub order: OrderId,
    /// Its last entry.
    pub head: Seq,
    /// Its version.
    pub version: u64,
}

impl Store {
    /// One page of the timeline, ascending.
    pub async fn entries(&self, order: OrderId, start: Start) -> Result<Page, ActionError> {
        let pool = self.0.reads.clone();
        unit(async move {
            let mut connection = pool.acquire().await?;
            let head = head_of(&mut connection, order).await?;
            // After the head is read: an entry that comes in between is for the next page.
            let entries = entries_from(&mut connection, order, start, head).await?;
            Ok(Page { head, entries })
        })
        .await
    }

    /// How far rooms are; those that do not exist are left out.
    pub async fn heads(&self, orders: &[OrderId]) -> Result<Vec<RoomHead>, Unavailable> {
        let pool = self.0.background.clone();
        let orders: Vec<Uuid> = orders.iter().map(|order| order.0).collect();
        unit(async move {
            let mut heads = Vec::with_capacity(orders.len());
            for chunk in orders.chunks(HEADS_CHUNK) {
                heads.extend(heads_of(&pool, chunk).await?);
            }
            Ok(heads)
        })
        .await
    }
}

async fn heads_of(pool: &PgPool, orders: &[Uuid]) -> Result<Vec<RoomHead>, Unavailable> {
    let rows =
        sqlx::query!("select order_id, head, version from heads where order_id = any($1)", orders as &[Uuid]);
    let heads = rows.fetch_all(pool).await?.into_iter().map(|row| RoomHead {
        order: OrderId(row.order_id),
        head: seq(row.head),
        version: seq(row.version).0,
    });
    Ok(heads.collect())
}

/// A stored entry, as its columns.
struct Row {
    seq: i64,
    at: Timestamp,
    role: String,
    user_id: Option<String>,
    name: Option<String>,
    command_id: Uuid,
    event: Json<Event>,
}

impl Row {
    fn entry(self) -> Result<Arc<Entry>, Unavailable> {
        let by = actor(&self.role, self.user_id, self.name)?;
        let id = CommandId(self.command_id);
        Ok(Arc::new(Entry { seq: seq(self.seq), at: self.at, by, id, event: self.event.0 }))
    }
}

fn entries(rows: impl IntoIterator<Item = Row>) -> Result<Vec<Arc<Entry>>, Unavailable> {
    rows.into_iter().map(Row::entry).collect()
}

/// An author of the database.
pub(crate) fn actor(role: &str, id: Option<String>, name: Option<String>) -> Result<Actor, Unavailable> {
    let all = [Role::Buyer, Role::Seller, Role::Agent, Role::Admin, Role::Bot, Role::System, Role::Host];
    let role = all.into_iter().find(|known| known.as_str() == role);
    let role = role.ok_or_else(|| Unavailable::Database("an entry by an unknown role".into()))?;
    Ok(Actor { role, user: id.map(user).transpose()?, name })
}

/// The entries of a page, up to `head`.
pub(crate) async fn entries_from(
    connection: &mut PgConnection,
    order: OrderId,
    start: Start,
    head: Seq,
) -> Result<Vec<Arc<Entry>>, ActionError> {
    let rows = match start {
        Start::After(after, limit) => rows_after(connection, order, after, head, limit).await?,
        Start::Before(before, limit) => rows_before(connection, order, before, head, limit).await?,
    };
    Ok(entries(rows)?)
}

async fn rows_after(
    connection: &mut PgConnection,
    order: OrderId,
    after: Seq,
    head: Seq,
    limit: u32,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select seq, at, role, user_id, name, command_id, event as "event: Json<Event>"
        from entries where order_id = $1 and seq > $2 and seq <= $3 order by seq limit $4"#,
        order.0,
        number(after),
        number(head),
        i64::from(limit.min(PAGE_MAX))
    );
    rows.fetch_all(connection).await
}

async fn rows_before(
    connection: &mut PgConnection,
    order: OrderId,
    before: Seq,
    head: Seq,
    limit: u32,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select seq, at, role, user_id, name, command_id, event as "event: Json<Event>"
        from entries where order_id = $1 and seq < $2 and seq <= $3 order by seq desc limit $4"#,
        order.0,
        number(before),
        number(head),
        i64::from(limit.min(PAGE_MAX))
    );
    let mut rows = rows.fetch_all(connection).await?;
    rows.reverse();
    Ok(rows)
}

async fn head_of(connection: &mut PgConnection, order: OrderId) -> Result<Seq, ActionError> {
    let head = sqlx::query_scalar!("select head from heads where order_id = $1", order.0);
    let head = head.fetch_optional(connection).await?.ok_or_else(Rejection::order_not_found)?;
    Ok(seq(head))
}

/// What the fold up to an entry needs: talk and prompts change no order.
pub(crate) async fn acts_up_to(
    connection: &mut PgConnection,
    order: OrderId,
    last: Seq,
) -> Result<Vec<Arc<Entry>>, ActionError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select seq, at, role, user_id, name, command_id, event as "event: Json<Event>" from entries
        where order_id = $1 and seq <= $2 and role <> 'bot' and event->>'type' not like 'message.%' order by seq"#,
        order.0,
        number(last)
    );
    Ok(entries(rows.fetch_all(connection).await?)?)
}

/// One entry.
pub(crate) async fn one(
    connection: &mut PgConnection,
    order: OrderId,
    at: Seq,
) -> Result<Option<Arc<Entry>>, ActionError> {
    let row = sqlx::query_as!(
        Row,
        r#"select seq, at, role, user_id, name, command_id, event as "event: Json<Event>"
        from entries where order_id = $1 and seq = $2"#,
        order.0,
        number(at)
    );
    Ok(row.fetch_optional(connection).await?.map(Row::entry).transpose()?)
}
