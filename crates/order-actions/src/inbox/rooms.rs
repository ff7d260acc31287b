//! How an inbox is read: which rooms are on a page, then what is shown of them.

use order_domain::{
    clock::TimerKind,
    event::Event,
    guard::Moment,
    guide,
    ids::{OrderId, UserId},
    inbox_tab::InboxTab,
    order::Order,
    participant::Side,
    values::{Seq, Timestamp},
};
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use super::{InboxRoom, Last, TabCounts};
use crate::{
    error::Unavailable,
    mark::Mark,
    room::{self, RoomKind, seq},
    timeline::actor,
};

/// Characters of a preview.
const PREVIEW_CHARS: usize = 140;

/// How many rooms each tab holds.
pub(super) async fn tab_counts(pool: &PgPool, user: &UserId) -> Result<TabCounts, Unavailable> {
    let rows = sqlx::query!(
        r#"select tab as "tab!", count(*) as "rooms!" from memberships
        where user_id = $1 and tab is not null group by tab"#,
        user.as_str()
    );
    let rows = rows.fetch_all(pool).await?;
    let mut counts: TabCounts = InboxTab::ALL.into_iter().map(|tab| (tab, 0)).collect();
    for row in rows {
        let rooms = row.rooms.unsigned_abs();
        *counts.entry(InboxTab::All).or_default() += rooms;
        if let Some(tab) = InboxTab::read(&row.tab) {
            counts.insert(tab, rooms);
        }
    }
    Ok(counts)
}

/// One page of places. `moved_at` is at most a step of ten minutes behind: a full page's worth of rooms that
/// are surely on it or further up shows how far down others may have to be looked at.
pub(super) async fn places(
    pool: &PgPool,
    user: &UserId,
    tab: InboxTab,
    after: Option<Mark>,
    limit: u32,
) -> Result<Vec<Mark>, Unavailable> {
    let tabs: Vec<&str> = match tab {
        InboxTab::All => InboxTab::ALL.iter().map(|tab| tab.as_str()).collect(),
        tab => vec![tab.as_str()],
    };
    let rows = sqlx::query_as!(
        Mark,
        r#"with surely as (
            select m.moved_at from unnest($2::text[]) t (tab) cross join lateral (
                select moved_at from memberships where user_id = $1 and tab = t.tab
                    and moved_at <= coalesce($3::timestamptz - interval '10 minutes', 'infinity')
                order by moved_at desc limit $5) m
            order by m.moved_at desc offset $5 - 1 limit 1
        )
        select h.at, h.order_id as "order"
        from unnest($2) t (tab) cross join lateral (
            -- Offset 0 keeps each tab an index scan of its own.
            select order_id from memberships where user_id = $1 and tab = t.tab
                and moved_at <= coalesce($3, 'infinity')
                and moved_at > coalesce((select moved_at from surely) - interval '10 minutes', '-infinity')
            offset 0) m
        join heads h on h.order_id = m.order_id
        where $3 is null or (h.at, h.order_id) < ($3, $4::uuid)
        order by h.at desc, h.order_id desc limit $5"#,
        user.as_str(),
        &tabs as &[&str],
        after.map(|place| place.at),
        after.map(|place| place.order),
        i64::from(limit)
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Which of these users' rooms moved since a moment of the database's clock, and how far they are.
pub(super) async fn moved_since(
    pool: &PgPool,
    users: &[UserId],
    since: Timestamp,
) -> Result<Vec<(UserId, OrderId, Seq)>, Unavailable> {
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    let tabs: Vec<&str> = InboxTab::ALL.iter().map(|tab| tab.as_str()).collect();
    let rows = sqlx::query!(
        r#"select u.user_id as "user_id!", h.order_id, h.head
        from unnest($1::text[]) u (user_id) cross join unnest($2::text[]) t (tab) cross join lateral (
            select order_id from memberships where user_id = u.user_id and tab = t.tab
                and moved_at > $3::timestamptz - interval '10 minutes' offset 0) m
        join heads h on h.order_id = m.order_id
        where h.at >= $3"#,
        &users,
        &tabs as &[&str],
        since
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    rows.map(|row| Ok((room::user(row.user_id)?, OrderId(row.order_id), seq(row.head)))).collect()
}

/// Rooms of a user, what moved last first.
pub(super) async fn rooms(
    pool: &PgPool,
    user: &UserId,
    orders: &[Uuid],
) -> Result<Vec<InboxRoom>, Unavailable> {
    // The limit keeps each room a look-up of its own: a join might read all rooms of a user who has thousands.
    let rows = sqlx::query_as!(
        Row,
        r#"select h.order_id, h.kind, m.side as "side!", m.other as "other!", u.name as "other_name?", h.head,
            case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count as "unread!",
            o.doc as "doc?: Json<Order>", e.at as "at?", e.role as "role?", e.user_id, e.name,
            e.event as "event?: Json<Event>",
            date_trunc('milliseconds', greatest(clock_timestamp(), h.at)) as "now!"
        from unnest($2::uuid[]) i (order_id)
        cross join lateral (select order_id, side, other, read_count from memberships
            where user_id = $1 and order_id = i.order_id and side is not null limit 1) m
        join heads h on h.order_id = m.order_id
        left join orders o on o.order_id = m.order_id
        left join users u on u.id = m.other
        left join lateral (select at, role, user_id, name, event from entries
            where order_id = h.order_id and seq <= h.head and role <> 'bot' order by seq desc limit 1) e on true
        order by h.at desc, h.order_id desc"#,
        user.as_str(),
        orders as &[Uuid]
    );
    rows.fetch_all(pool).await?.into_iter().map(Row::room).collect()
}

struct Row {
    order_id: Uuid,
    kind: String,
    side: String,
    other: String,
    other_name: Option<String>,
    head: i64,
    unread: i64,
    doc: Option<Json<Order>>,
    at: Option<Timestamp>,
    role: Option<String>,
    user_id: Option<String>,
    name: Option<String>,
    event: Option<Json<Event>>,
    now: Timestamp,
}

impl Row {
    fn room(self) -> Result<InboxRoom, Unavailable> {
        let side = if self.side == "buyer" { Side::Buyer } else { Side::Seller };
        let other_name = self.other_name.clone().unwrap_or_else(|| self.other.clone());
        let last = self.last()?;
        let order = self.doc.map(|doc| doc.0);
        // Who has a case changes nothing for a party.
        let moment = Moment { now: self.now, claim: None };
        Ok(InboxRoom {
            order: OrderId(self.order_id),
            kind: RoomKind::read(&self.kind),
            side,
            title: order.as_ref().map_or_else(|| other_name.clone(), |order| order.listing.title.to_string()),
            reference: order.as_ref().and_then(|order| order.reference.clone()),
            other: room::user(self.other)?,
            other_name,
            state: order.as_ref().map(|order| order.state),
            label: order.as_ref().map(Order::label),
            case: order.as_ref().and_then(|order| order.case.as_ref()).map(|case| case.kind),
            head: seq(self.head),
            unread: self.unread.unsigned_abs(),
            last,
            next_step: order.as_ref().map(|order| guide::next_step(order, side, &moment)),
            deadline: order.as_ref().and_then(deadline),
        })
    }

    fn last(&self) -> Result<Option<Last>, Unavailable> {
        let (Some(at), Some(role), Some(event)) = (self.at, &self.role, &self.event) else { return Ok(None) };
        let by = actor(role, self.user_id.clone(), self.name.clone())?;
        Ok(Some(Last { by, preview: preview(&event.0), at }))
    }
}

fn preview(event: &Event) -> String {
    match event {
        Event::MessagePosted { text: Some(text), .. } | Event::MessageEdited { text, .. } => {
            text.chars().take(PREVIEW_CHARS).collect()
        }
        Event::MessagePosted { files, .. } => {
            files.first().map_or_else(String::new, |file| file.name.clone())
        }
        other => other.kind().as_str().to_owned(),
    }
}

/// The first of the clocks that a person watches, unless it stands still.
fn deadline(order: &Order) -> Option<Timestamp> {
    const WATCHED: [TimerKind; 5] =
        [TimerKind::Accept, TimerKind::Due, TimerKind::Review, TimerKind::Proposal, TimerKind::Resolution];
    let running = WATCHED.iter().filter_map(|kind| order.timers.get(kind));
    let next = running.filter(|timer| timer.paused_at.is_none()).map(|timer| timer.fire_at).min();
    next.or(order.due_at.filter(|_| order.overdue))
}
