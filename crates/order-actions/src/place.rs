//! A purchase becomes a room and its order (L5), once per id.

use order_domain::{
    change::{self, Change},
    ids::{CommandId, OrderId, UserId},
    inbox_tab::InboxTab,
    participant::{Actor, Role},
    placement::Placement,
    rejection::{Code, Rejection},
    values::{Text, Timestamp},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    append::Draft,
    committed::Committed,
    cursors,
    digest::{self, Digest},
    error::ActionError,
    refusals,
    repeat::{self, Outcome},
    room::{self, RoomKind},
    store::{Inner, Store, unit},
    users,
};

impl Store {
    /// Places an order for the host. The same id and placement give the same order again.
    pub async fn place_order(&self, id: CommandId, placement: Placement) -> Result<Committed, ActionError> {
        let store = self.0.clone();
        unit(async move { place(&store, id, &placement).await }).await
    }
}

async fn place(store: &Inner, id: CommandId, placement: &Placement) -> Result<Committed, ActionError> {
    let digest = digest::of(placement);
    let mut tx = store.begin().await?;
    let order = match claim(&mut tx, id, placement, &digest).await? {
        Claim::Mine(order) => order,
        Claim::Before(order) => return placed_before(&mut tx, order).await,
    };
    let now = now(&mut tx).await?;
    let host = Actor::nobody(Role::Host);
    let change = change::open(order, id, &host, placement, &store.presets, now)?;
    users::stub(&mut tx, [&placement.buyer, &placement.seller]).await?;
    let (buyer, seller) = (&placement.buyer, &placement.seller);
    create(&mut tx, order, RoomKind::Order, buyer, seller, now).await?;
    cursors::join(&mut tx, order, [buyer, seller], InboxTab::of(&change.order), now).await?;
    let (written, outcome) = write(&mut tx, change, &host, digest).await?;
    if let Some(address) = &placement.shipping_address {
        keep_address(&mut tx, order, address).await?;
    }
    tx.commit().await?;
    Ok(written.committed(outcome))
}

async fn write(
    connection: &mut PgConnection,
    change: Change,
    host: &Actor,
    digest: Digest,
) -> Result<(crate::append::Written, Outcome), ActionError> {
    let room = room::read(connection, change.order.id).await?;
    let (head, view) = room.ok_or_else(Rejection::order_not_found)?;
    let mut draft = Draft::of(head, view);
    let outcome = draft.take(change, host, digest);
    Ok((draft.write(connection).await?, outcome))
}

enum Claim {
    Mine(OrderId),
    Before(OrderId),
}

/// The id is ours from here to the end of the transaction; a rival waits and then finds what we made.
async fn claim(
    connection: &mut PgConnection,
    id: CommandId,
    placement: &Placement,
    digest: &Digest,
) -> Result<Claim, ActionError> {
    let order = placement.order.unwrap_or_else(|| OrderId(Uuid::now_v7()));
    let claim = sqlx::query!(
        "insert into placements (command_id, order_id, digest) values ($1, $2, $3)
        on conflict (command_id) do nothing",
        id.0,
        order.0,
        &digest[..]
    );
    if claim.execute(&mut *connection).await?.rows_affected() == 1 {
        return Ok(Claim::Mine(order));
    }
    let known = sqlx::query!("select order_id, digest from placements where command_id = $1", id.0);
    let known = known.fetch_one(connection).await?;
    if known.digest == digest {
        Ok(Claim::Before(OrderId(known.order_id)))
    } else {
        Err(repeat::id_reused().into())
    }
}

async fn placed_before(connection: &mut PgConnection, order: OrderId) -> Result<Committed, ActionError> {
    let (head, _) = room::read(connection, order).await?.ok_or_else(Rejection::order_not_found)?;
    let first = sqlx::query!(
        r#"select last_seq as "last_seq!", version as "version!" from entries where order_id = $1 and seq = 1"#,
        order.0
    );
    let first = first.fetch_one(connection).await?;
    let outcome = Outcome {
        first: Some(room::seq(1)),
        last: Some(room::seq(first.last_seq)),
        version: room::seq(first.version).0,
    };
    Ok(outcome.duplicate(&head))
}

async fn now(connection: &mut PgConnection) -> Result<Timestamp, ActionError> {
    let now = sqlx::query_scalar!(r#"select date_trunc('milliseconds', clock_timestamp()) as "now!""#);
    Ok(now.fetch_one(connection).await?)
}

/// Makes the head row of a new room.
pub(crate) async fn create(
    connection: &mut PgConnection,
    order: OrderId,
    kind: RoomKind,
    buyer: &UserId,
    seller: &UserId,
    now: Timestamp,
) -> Result<(), ActionError> {
    let create = sqlx::query!(
        "insert into heads (order_id, kind, at, moved_at, version, buyer, seller)
        values ($1, $2, $3, $3, 1, $4, $5)",
        order.0,
        kind.as_str(),
        now,
        buyer.as_str(),
        seller.as_str()
    );
    match create.execute(connection).await {
        Ok(_) => Ok(()),
        Err(error) if refusals::is_unique(&error, "heads_pkey") => {
            let message = "An order with this id exists already.";
            Err(Rejection { field: Some("order".into()), ..Rejection::new(Code::AlreadyDone, message) }
                .into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep_address(
    connection: &mut PgConnection,
    order: OrderId,
    address: &Text,
) -> Result<(), ActionError> {
    let keep =
        sqlx::query!("update orders set shipping_address = $2 where order_id = $1", order.0, &**address);
    keep.execute(connection).await?;
    Ok(())
}
