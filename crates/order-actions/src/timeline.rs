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

    /// Seqs have no gaps, so a page is a span of them.
    pub(crate) fn span(self, order: OrderId, head: Seq) -> Span {
        let (low, high) = match self {
            Self::After(after, limit) => {
                let limit = u64::from(limit.min(PAGE_MAX));
                (after.0.saturating_add(1), head.0.min(after.0.saturating_add(limit)))
            }
            Self::Before(before, limit) => {
                let high = head.0.min(before.0.saturating_sub(1));
                (high.saturating_sub(u64::from(limit.min(PAGE_MAX))) + 1, high)
            }
        };
        Span { order, low: Seq(low), high: Seq(high) }
    }
}

/// The entries from `low` to `high`, at most [`PAGE_MAX`] of them; none when `low` is above `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    order: OrderId,
    low: Seq,
    high: Seq,
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
            let pages = spans(&mut connection, &[start.span(order, head)]).await?;
            Ok(Page { head, entries: pages.into_iter().flatten().collect() })
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
    let role = role.ok_or_else(|| Unavailable::Row("an entry by an unknown role".into()))?;
    Ok(Actor { role, user: id.map(user).transpose()?, name })
}

/// The entries of each span, in its place.
pub(crate) async fn spans(
    connection: &mut PgConnection,
    spans: &[Span],
) -> Result<Vec<Vec<Arc<Entry>>>, Unavailable> {
    let orders: Vec<Uuid> = spans.iter().map(|span| span.order.0).collect();
    let low: Vec<i64> = spans.iter().map(|span| number(span.low)).collect();
    let high: Vec<i64> = spans.iter().map(|span| number(span.high)).collect();
    // The limit keeps each span an index scan of its own: a join might scan the timeline.
    let rows = sqlx::query!(
        r#"select i.place as "place!", e.seq, e.at, e.role, e.user_id, e.name, e.command_id,
            e.event as "event: Json<Event>"
        from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as i (order_id, low, high, place)
        cross join lateral (select seq, at, role, user_id, name, command_id, event from entries
            where order_id = i.order_id and seq between i.low and i.high order by seq limit $4) e
        order by i.place, e.seq"#,
        &orders,
        &low,
        &high,
        i64::from(PAGE_MAX)
    );
    let mut pages = vec![Vec::new(); spans.len()];
    for row in rows.fetch_all(connection).await? {
        let place = usize::try_from(row.place - 1).expect("places count from 1");
        let (seq, at, role, user_id, name) = (row.seq, row.at, row.role, row.user_id, row.name);
        let row = Row { seq, at, role, user_id, name, command_id: row.command_id, event: row.event };
        pages[place].push(row.entry()?);
    }
    Ok(pages)
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
