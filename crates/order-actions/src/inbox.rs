//! A user's rooms: tabs with counts, unread, the last entry, the next step. What moved last comes first.

mod rooms;

use std::collections::BTreeMap;

use order_domain::{
    guide::Prompt,
    ids::{OrderId, UserId},
    inbox_tab::InboxTab,
    order::{CaseKind, State},
    participant::{Actor, Side},
    values::{Seq, Text, Timestamp},
};
use rooms::{moved_since, places, rooms, tab_counts};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    error::{ActionError, Unavailable},
    mark::{Mark, no_cursor},
    room::RoomKind,
    store::{Store, unit},
};

/// The most rooms of one page.
const PAGE: u32 = 50;
/// Users asked for by one statement.
const USERS_CHUNK: usize = 500;

/// How many rooms each tab holds.
pub type TabCounts = BTreeMap<InboxTab, u64>;

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
    /// The host's own order number.
    pub reference: Option<Text>,
    /// The other party.
    pub other: UserId,
    /// What they are called.
    pub other_name: String,
    /// Where the order stands.
    pub state: Option<State>,
    /// The same in the marketplace's words.
    pub label: Option<String>,
    /// What customer experience was called for.
    pub case: Option<CaseKind>,
    /// The last entry.
    pub head: Seq,
    /// Entries that the user has not read, is not the author of, and that are no prompts.
    pub unread: u64,
    /// The last thing that somebody did.
    pub last: Option<Last>,
    /// What the user is asked to do next.
    pub next_step: Option<Prompt>,
    /// The next moment at which something runs out.
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

impl Store {
    /// One page of a user's rooms, at most 50, with the counts of all tabs.
    pub async fn inbox(
        &self,
        user: &UserId,
        tab: InboxTab,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<InboxPage, ActionError> {
        let after = cursor.map(|cursor| Mark::read(cursor).ok_or_else(no_cursor)).transpose()?;
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move {
            let page = page(&pool, &user, tab, after, limit.clamp(1, PAGE));
            // Both to their end, whatever becomes of the other: a statement is not left half-way.
            let (tabs, page) = tokio::join!(tab_counts(&pool, &user), page);
            let (tabs, (rooms, next)) = (tabs?, page?);
            Ok(InboxPage { tabs, rooms, next })
        })
        .await
    }

    /// One room of a user's inbox.
    pub async fn inbox_room(&self, user: &UserId, order: OrderId) -> Result<Option<InboxRoom>, Unavailable> {
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move { Ok(rooms(&pool, &user, &[order.0]).await?.pop()) }).await
    }

    /// Which of these users' rooms moved since a moment of the database's clock, and how far they are.
    pub async fn moved_since(
        &self,
        users: &[UserId],
        since: Timestamp,
    ) -> Result<Vec<(UserId, OrderId, Seq)>, Unavailable> {
        let (pool, users) = (self.0.background.clone(), users.to_vec());
        unit(async move {
            let mut moved = Vec::new();
            for chunk in users.chunks(USERS_CHUNK) {
                moved.extend(moved_since(&pool, chunk, since).await?);
            }
            Ok(moved)
        })
        .await
    }
}

async fn page(
    pool: &PgPool,
    user: &UserId,
    tab: InboxTab,
    after: Option<Mark>,
    limit: u32,
) -> Result<(Vec<InboxRoom>, Option<String>), Unavailable> {
    let mut places = places(pool, user, tab, after, limit + 1).await?;
    let more = places.len() > limit as usize;
    places.truncate(limit as usize);
    let next = places.last().filter(|_| more).map(Mark::write);
    let ids: Vec<Uuid> = places.iter().map(|place| place.order).collect();
    Ok((rooms(pool, user, &ids).await?, next))
}
