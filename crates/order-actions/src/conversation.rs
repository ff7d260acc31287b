//! A room without an order: one per pair of users, whichever of them asks, and however often.

use chrono::TimeDelta;
use order_domain::{
    ids::{OrderId, UserId},
    inbox_tab::InboxTab,
    participant::{AccountRole, Side},
    rejection::{Code, Rejection},
    values::Timestamp,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    caller::Caller,
    cursors,
    error::ActionError,
    place,
    room::RoomKind,
    store::{Inner, Store, unit},
    users,
};

const DAY: TimeDelta = TimeDelta::days(1);

impl Store {
    /// The caller's conversation with another user, made if there is none; `side` is the caller's.
    pub async fn open_conversation(
        &self,
        caller: &Caller,
        with: UserId,
        side: Side,
    ) -> Result<OrderId, ActionError> {
        if caller.role != AccountRole::User {
            return Err(Rejection::new(Code::NotYourRole, "Conversations are between users.").into());
        }
        let opening = Opening { order: new_id(), opened_by: Some(caller.user.clone()) };
        self.open(opening, caller.user.clone(), with, side).await
    }

    /// The conversation of two users, for the host, who may begin as many as it likes; `side` is the first one's.
    pub async fn conversation_between(
        &self,
        user: UserId,
        with: UserId,
        side: Side,
    ) -> Result<OrderId, ActionError> {
        self.open(Opening { order: new_id(), opened_by: None }, user, with, side).await
    }

    async fn open(
        &self,
        opening: Opening,
        user: UserId,
        with: UserId,
        side: Side,
    ) -> Result<OrderId, ActionError> {
        if user == with {
            return Err(Rejection::bad_field("with", "must be somebody else").into());
        }
        let store = self.0.clone();
        unit(async move {
            match side {
                Side::Buyer => open(&store, opening, &user, &with).await,
                Side::Seller => open(&store, opening, &with, &user).await,
            }
        })
        .await
    }
}

/// A conversation that may be about to begin.
struct Opening {
    order: OrderId,
    opened_by: Option<UserId>,
}

fn new_id() -> OrderId {
    OrderId(Uuid::now_v7())
}

async fn open(
    store: &Inner,
    opening: Opening,
    buyer: &UserId,
    seller: &UserId,
) -> Result<OrderId, ActionError> {
    let mut tx = store.begin().await?;
    let now = sqlx::query_scalar!(r#"select date_trunc('milliseconds', clock_timestamp()) as "now!""#);
    let now = now.fetch_one(&mut *tx).await?;
    if let Some(known) = claim(&mut tx, &opening, buyer, seller, now).await? {
        return Ok(known);
    }
    let Opening { order, opened_by } = opening;
    if let Some(user) = opened_by {
        within_a_day(&mut tx, &user, now, store.conversations_per_day).await?;
    }
    users::stub(&mut tx, [buyer, seller]).await?;
    place::create(&mut tx, order, RoomKind::Conversation, buyer, seller, now).await?;
    cursors::join(&mut tx, order, [buyer, seller], InboxTab::Conversations, now).await?;
    tx.commit().await?;
    Ok(order)
}

/// Claims the pair for this one; gives the room that has it already.
async fn claim(
    connection: &mut PgConnection,
    opening: &Opening,
    buyer: &UserId,
    seller: &UserId,
    now: Timestamp,
) -> Result<Option<OrderId>, ActionError> {
    let (first, second) = if buyer < seller { (buyer, seller) } else { (seller, buyer) };
    let claim = sqlx::query!(
        "insert into conversations (first_user, second_user, order_id, opened_by, opened_at)
        values ($1, $2, $3, $4, $5)
        on conflict (first_user, second_user) do nothing",
        first.as_str(),
        second.as_str(),
        opening.order.0,
        opening.opened_by.as_ref().map(UserId::as_str),
        now
    );
    if claim.execute(&mut *connection).await?.rows_affected() == 1 {
        return Ok(None);
    }
    let known = sqlx::query_scalar!(
        "select order_id from conversations where first_user = $1 and second_user = $2",
        first.as_str(),
        second.as_str()
    );
    Ok(Some(OrderId(known.fetch_one(connection).await?)))
}

/// Each new conversation is a room, and a line in a stranger's inbox: a user begins so many in any 24 hours. Counts those
/// that are committed, with the one that was just claimed: who asks for several at once may get a few more.
async fn within_a_day(
    connection: &mut PgConnection,
    user: &UserId,
    now: Timestamp,
    most: u32,
) -> Result<(), ActionError> {
    if most == 0 {
        return Ok(());
    }
    let first_too_many = sqlx::query_scalar!(
        "select opened_at from conversations where opened_by = $1 and opened_at > $2
        order by opened_at desc offset $3 limit 1",
        user.as_str(),
        now - DAY,
        i64::from(most)
    );
    match first_too_many.fetch_optional(connection).await? {
        None => Ok(()),
        Some(opened_at) => {
            let sentence = format!("You began {most} conversations within a day. Begin another one later.");
            Err(Rejection::new(Code::TooManyConversations, sentence)
                .allowed_from(Some(opened_at + DAY))
                .into())
        }
    }
}
