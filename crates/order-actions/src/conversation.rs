//! A room without an order: one per pair of users, whichever of them asks, and however often.

use order_domain::{
    ids::{OrderId, UserId},
    inbox_tab::InboxTab,
    participant::{AccountRole, Side},
    rejection::{Code, Rejection},
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
        self.conversation_between(caller.user.clone(), with, side).await
    }

    /// The conversation of two users, for the host; `side` is the first one's.
    pub async fn conversation_between(
        &self,
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
                Side::Buyer => open(&store, &user, &with).await,
                Side::Seller => open(&store, &with, &user).await,
            }
        })
        .await
    }
}

async fn open(store: &Inner, buyer: &UserId, seller: &UserId) -> Result<OrderId, ActionError> {
    let mut tx = store.begin().await?;
    let order = OrderId(Uuid::now_v7());
    if let Some(known) = claim(&mut tx, order, buyer, seller).await? {
        return Ok(known);
    }
    users::stub(&mut tx, [buyer, seller]).await?;
    let now = sqlx::query_scalar!(r#"select date_trunc('milliseconds', clock_timestamp()) as "now!""#);
    let now = now.fetch_one(&mut *tx).await?;
    place::create(&mut tx, order, RoomKind::Conversation, buyer, seller, now).await?;
    cursors::join(&mut tx, order, [buyer, seller], InboxTab::Conversations, now).await?;
    tx.commit().await?;
    Ok(order)
}

/// Claims the pair for `order`; gives the room that has it already.
async fn claim(
    connection: &mut PgConnection,
    order: OrderId,
    buyer: &UserId,
    seller: &UserId,
) -> Result<Option<OrderId>, ActionError> {
    let (first, second) = if buyer < seller { (buyer, seller) } else { (seller, buyer) };
    let claim = sqlx::query!(
        "insert into conversations (first_user, second_user, order_id) values ($1, $2, $3)
        on conflict (first_user, second_user) do nothing",
        first.as_str(),
        second.as_str(),
        order.0
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
