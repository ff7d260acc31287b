//! A user's rooms: tabs with counts, unread, the last entry, the next step. What moved last comes first.

use std::collections::BTreeMap;

use order_domain::{
    clock::TimerKind,
    event::Event,
    guide::{self, Prompt},
    ids::{OrderId, UserId},
    order::{Order, State},
    participant::{Actor, Side},
    rejection::Rejection,
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::{
    error::{ActionError, Unavailable},
    room::{self, RoomKind, seq},
    store::{Store, unit},
    timeline::actor,
};

/// The most rooms of one page.
const PAGE: u32 = 50;
/// Characters of a preview.
const PREVIEW_CHARS: usize = 140;

/// A tab of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Every room.
    All,
    /// Waits for the seller.
    New,
    /// Work goes on.
    Active,
    /// The buyer reviews.
    Delivered,
    /// A case is open.
    Disputed,
    /// Ended.
    Done,
    /// Rooms without an order.
    Conversations,
}

impl Tab {
    /// Every tab.
    pub const ALL: [Self; 7] = [
        Self::All,
        Self::New,
        Self::Active,
        Self::Delivered,
        Self::Disputed,
        Self::Done,
        Self::Conversations,
    ];

    /// Where an order stands in both inboxes.
    pub(crate) fn of(order: &Order) -> Self {
        match order.state {
            _ if order.case.is_some() => Self::Disputed,
            State::Offered | State::New => Self::New,
            State::InProgress | State::InRevision => Self::Active,
            State::Delivered => Self::Delivered,
            _ => Self::Done,
        }
    }

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Active => "active",
            Self::Delivered => "delivered",
            Self::Disputed => "disputed",
            Self::Done => "done",
            Self::Conversations => "conversations",
        }
    }
}

/// How many rooms each tab holds.
pub type TabCounts = BTreeMap<Tab, u64>;

/// One page of an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxPage {
    /// Every tab, empty ones too.
    pub tabs: TabCounts,
    /// What moved last comes first.
    pub rooms: Vec<InboxRoom>,
    /// Asks for the next page.
    pub next: Option<String>,
}

/// A room in a user's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRoom {
    /// The room.
    pub order: OrderId,
    /// What it is about.
    pub kind: RoomKind,
    /// The user's side.
    pub side: Side,
    /// The listing's title; in a conversation the other's name.
    pub title: String,
    /// The other party.
    pub other: UserId,
    /// What they are called.
    pub other_name: String,
    /// Where the order stands.
    pub state: Option<State>,
    /// The same in the marketplace's words.
    pub label: Option<String>,
    /// The last entry.
    pub head: Seq,
    /// Entries that the user has not read, is not the author of, and that are no prompts.
    pub unread: u64,
    /// The last thing that somebody did.
    pub last: Option<Last>,
    /// What the user is asked to do next.
    pub next_step: Option<Prompt>,
    /// When that, or the other's part, is due.
    pub deadline: Option<Timestamp>,
}

/// The last entry that is no prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// Who.
    pub by: Actor,
    /// The first characters of a message; of anything else its type.
    pub preview: String,
    /// When.
    pub at: Timestamp,
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
    /// One page of a user's rooms, at most 50, with the counts of all tabs.
    pub async fn inbox(
        &self,
        user: &UserId,
        tab: Tab,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<InboxPage, ActionError> {
        let after = cursor.map(Place::read).transpose()?;
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move {
            let limit = limit.clamp(1, PAGE);
            let tabs = tab_counts(&pool, &user).await?;
            let mut places = places(&pool, &user, tab, after, limit + 1).await?;
            let more = places.len() > limit as usize;
            places.truncate(limit as usize);
            let next = places.last().filter(|_| more).map(Place::write);
            let ids: Vec<Uuid> = places.iter().map(|place| place.order).collect();
            Ok(InboxPage { tabs, rooms: rooms(&pool, &user, &ids).await?, next })
        })
        .await
    }

    /// One room of a user's inbox.
    pub async fn inbox_room(&self, user: &UserId, order: OrderId) -> Result<Option<InboxRoom>, Unavailable> {
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move { Ok(rooms(&pool, &user, &[order.0]).await?.pop()) }).await
    }

    /// What a user has not read, in all rooms.
    pub async fn unread(&self, user: &UserId) -> Result<Unread, Unavailable> {
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move {
            let row = sqlx::query!(
                r#"select count(*) filter (where unread > 0) as "rooms!", coalesce(sum(unread), 0)::bigint as "entries!"
                from (select case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count as unread
                    from memberships m join heads h on h.order_id = m.order_id
                    where m.user_id = $1 and m.side is not null) rooms"#,
                user.as_str()
            );
            let row = row.fetch_one(&pool).await?;
            Ok(Unread { rooms: row.rooms.unsigned_abs(), entries: row.entries.unsigned_abs() })
        })
        .await
    }
}

/// Where a page ends: the room's last entry, and its id among those of the same moment.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: Timestamp,
    order: Uuid,
}

impl Place {
    fn write(&self) -> String {
        format!("{}.{}", self.at.timestamp_millis(), self.order)
    }

    fn read(cursor: &str) -> Result<Self, Rejection> {
        let parts = cursor.split_once('.');
        let place = parts.and_then(|(at, order)| {
            let at = Timestamp::from_timestamp_millis(at.parse().ok()?)?;
            Some(Self { at, order: order.parse().ok()? })
        });
        place.ok_or_else(|| Rejection::bad_field("cursor", "must be the `next` of a page"))
    }
}

async fn tab_counts(pool: &PgPool, user: &UserId) -> Result<TabCounts, Unavailable> {
    let rows = sqlx::query!(
        r#"select tab as "tab!", count(*) as "rooms!" from memberships
        where user_id = $1 and side is not null group by tab"#,
        user.as_str()
    );
    let rows = rows.fetch_all(pool).await?;
    let mut counts: TabCounts = Tab::ALL.into_iter().map(|tab| (tab, 0)).collect();
    for row in rows {
        let rooms = row.rooms.unsigned_abs();
        *counts.entry(Tab::All).or_default() += rooms;
        if let Some(tab) = Tab::ALL.into_iter().find(|tab| tab.as_str() == row.tab) {
            counts.insert(tab, rooms);
        }
    }
    Ok(counts)
}

async fn places(
    pool: &PgPool,
    user: &UserId,
    tab: Tab,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Place>, Unavailable> {
    let rows = sqlx::query_as!(
        Place,
        r#"select h.at, h.order_id as "order" from memberships m join heads h on h.order_id = m.order_id
        where m.user_id = $1 and m.side is not null and ($2 = 'all' or m.tab = $2)
            and ($3::timestamptz is null or (h.at, h.order_id) < ($3, $4::uuid))
        order by h.at desc, h.order_id desc limit $5"#,
        user.as_str(),
        tab.as_str(),
        after.map(|place| place.at),
        after.map(|place| place.order),
        i64::from(limit)
    );
    Ok(rows.fetch_all(pool).await?)
}

/// Rooms of a user, what moved last first.
async fn rooms(pool: &PgPool, user: &UserId, orders: &[Uuid]) -> Result<Vec<InboxRoom>, Unavailable> {
    let rows = sqlx::query_as!(
        Row,
        r#"select h.order_id, h.kind, m.side as "side!", m.other as "other!", u.name as "other_name?", h.head,
            case m.side when 'buyer' then h.for_buyer else h.for_seller end - m.read_count as "unread!",
            o.doc as "doc?: Json<Order>", e.at as "at?", e.role as "role?", e.user_id, e.name,
            e.event as "event?: Json<Event>"
        from memberships m
        join heads h on h.order_id = m.order_id
        left join orders o on o.order_id = m.order_id
        left join users u on u.id = m.other
        left join lateral (select at, role, user_id, name, event from entries
            where order_id = h.order_id and seq <= h.head and role <> 'bot' order by seq desc limit 1) e on true
        where m.user_id = $1 and m.order_id = any($2) and m.side is not null
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
}

impl Row {
    fn room(self) -> Result<InboxRoom, Unavailable> {
        let side = if self.side == "buyer" { Side::Buyer } else { Side::Seller };
        let other_name = self.other_name.clone().unwrap_or_else(|| self.other.clone());
        let last = self.last()?;
        let order = self.doc.map(|doc| doc.0);
        Ok(InboxRoom {
            order: OrderId(self.order_id),
            kind: RoomKind::read(&self.kind),
            side,
            title: order.as_ref().map_or_else(|| other_name.clone(), |order| order.listing.title.to_string()),
            other: room::user(self.other)?,
            other_name,
            state: order.as_ref().map(|order| order.state),
            label: order.as_ref().map(Order::label),
            head: seq(self.head),
            unread: self.unread.unsigned_abs(),
            last,
            next_step: order.as_ref().map(|order| guide::next_step(order, side)),
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

/// The clock that a person watches in this state, unless it stands still.
fn deadline(order: &Order) -> Option<Timestamp> {
    let kind = match order.state {
        State::New => TimerKind::Accept,
        State::InProgress | State::InRevision if order.overdue => return order.due_at,
        State::InProgress | State::InRevision => TimerKind::Due,
        State::Delivered => TimerKind::Review,
        _ => return None,
    };
    order.timers.get(&kind).filter(|timer| timer.paused_at.is_none()).map(|timer| timer.fire_at)
}
