//! Does what was written hold together? Asked of the product's own store: I1, I2 and the counts of sampled orders.

use std::sync::Arc;

use order_actions::{Start, Store};
use order_domain::{
    event::Entry,
    ids::OrderId,
    order::Order,
    participant::{Role, Side},
    values::Seq,
};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::DatasetError;

/// Orders spread over the whole data set: each is the first behind a random id of the time in which there are some.
pub async fn sample(database_url: &str, count: u32) -> Result<Vec<OrderId>, DatasetError> {
    let mut connection = PgConnection::connect(database_url).await?;
    let orders = sqlx::query_scalar(
        "with ends as (
            select (select order_id from heads where buyer <> 'template-buyer' order by order_id limit 1) as low,
                (select order_id from heads order by order_id desc limit 1) as high
        ), span as (
            select ('x' || left(replace(low::text, '-', ''), 12))::bit(48)::bigint as low,
                ('x' || left(replace(high::text, '-', ''), 12))::bit(48)::bigint as high from ends
        )
        select distinct h.order_id from span, generate_series(0, $1 - 1) n cross join lateral (
            select order_id from heads
            where order_id >= rpad(lpad(to_hex(low + (high - low) * n / $1), 12, '0'), 32, '0')::uuid
            order by order_id limit 1) h
        order by h.order_id",
    );
    let orders: Vec<Uuid> = orders.bind(i64::from(count)).fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(orders.into_iter().map(OrderId).collect())
}

/// The whole timeline of a room.
pub async fn timeline(store: &Store, order: OrderId) -> Result<Vec<Arc<Entry>>, DatasetError> {
    let mut entries: Vec<Arc<Entry>> = Vec::new();
    loop {
        let after = entries.last().map_or(Seq(0), |entry| entry.seq);
        let page = store.entries(order, Start::After(after, 200)).await?;
        if page.entries.is_empty() {
            return Ok(entries);
        }
        entries.extend(page.entries);
    }
}

/// I1 and I2 of an order, and what both sides' inboxes say is unread.
pub async fn holds_together(store: &Store, order: OrderId) -> Result<(), DatasetError> {
    let broken = |problem| DatasetError::Broken { order, problem };
    let entries = timeline(store, order).await?;
    let room = store.room(order).await?;
    if !entries.iter().map(|entry| entry.seq.0).eq(1..=room.head.0) {
        return Err(broken("its seqs are not 1 to its head (I1)"));
    }
    if !entries.is_sorted_by_key(|entry| entry.at) {
        return Err(broken("its time goes back"));
    }
    let fold = Order::fold(order, entries.iter().map(AsRef::as_ref)).ok();
    if fold.is_none() || fold != room.order {
        return Err(broken("its timeline does not fold to it (I2)"));
    }
    for side in [Side::Buyer, Side::Seller] {
        let user = if side == Side::Buyer { &room.buyer } else { &room.seller };
        let listed =
            store.inbox_room(user, order).await?.ok_or_else(|| broken("a party has it not in the inbox"))?;
        let read = room.cursors.get(user).copied().unwrap_or(Seq(0));
        let counts = |entry: &&Arc<Entry>| entry.by.role != Role::Bot && entry.by.role != side.role();
        let unread = entries.iter().filter(|entry| entry.seq > read).filter(counts).count();
        if listed.unread != unread as u64 || listed.head != room.head {
            return Err(broken("an inbox does not agree with its timeline"));
        }
    }
    Ok(())
}
