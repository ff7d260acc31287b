//! Users' rooms and how far they were read. Only forward, never beyond the head; unread is a subtraction.

use order_domain::{
    ids::{OrderId, UserId},
    inbox_tab::InboxTab,
    values::{Seq, Timestamp},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{ActionError, Unavailable},
    room::{number, seq, user},
    store::{Store, unit},
};

impl Store {
    /// Moves readers' cursors forward, many at once; what is no member's, or not forward, does nothing.
    /// Gives those that moved, and where they stand.
    pub async fn mark_read(
        &self,
        reads: Vec<(OrderId, UserId, Seq)>,
    ) -> Result<Vec<(OrderId, UserId, Seq)>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            let moved = mark(&mut tx, &reads).await?;
            tx.commit().await?;
            Ok(moved)
        })
        .await
    }
}

async fn mark(
    connection: &mut PgConnection,
    reads: &[(OrderId, UserId, Seq)],
) -> Result<Vec<(OrderId, UserId, Seq)>, Unavailable> {
    let orders: Vec<Uuid> = reads.iter().map(|(order, _, _)| order.0).collect();
    let users: Vec<String> = reads.iter().map(|(_, user, _)| user.to_string()).collect();
    let seqs: Vec<i64> = reads.iter().map(|(_, _, seq)| number(*seq)).collect();
    // In (user, order) order, as everybody locks these rows; the running counts come from the entry itself. The limit
    // keeps the entry a look-up: a join might read whole rooms.
    let mark = sqlx::query!(
        r#"insert into memberships as m (user_id, order_id, read_seq, read_count)
        select i.user_id, i.order_id, e.seq, case i.user_id when h.buyer then e.for_buyer
            when h.seller then e.for_seller else 0 end
        from (select order_id, user_id, max(seq) as seq from unnest($1::uuid[], $2::text[], $3::bigint[])
            as u (order_id, user_id, seq) group by order_id, user_id) i
        join heads h on h.order_id = i.order_id
        cross join lateral (select seq, for_buyer, for_seller from entries
            where order_id = h.order_id and seq = least(i.seq, h.head) limit 1) e
        where i.user_id in (h.buyer, h.seller) or i.user_id = any(h.agents)
        order by i.user_id collate "C", i.order_id
        on conflict (user_id, order_id) do update set read_seq = excluded.read_seq,
            read_count = excluded.read_count, quiet_unread = case m.quiet_unread when 0 then 0 end
            where m.read_seq < excluded.read_seq
        returning order_id, user_id, read_seq"#,
        &orders,
        &users,
        &seqs
    );
    let moved = mark.fetch_all(connection).await?;
    moved.into_iter().map(|row| Ok((OrderId(row.order_id), user(row.user_id)?, seq(row.read_seq)))).collect()
}

/// Both sides of a new room.
pub(crate) async fn join(
    connection: &mut PgConnection,
    order: OrderId,
    [buyer, seller]: [&UserId; 2],
    tab: InboxTab,
    now: Timestamp,
) -> Result<(), ActionError> {
    let join = sqlx::query!(
        "insert into memberships (user_id, order_id, side, other, tab, moved_at)
        values ($2, $1, 'buyer', $3, $4, $5), ($3, $1, 'seller', $2, $4, $5)",
        order.0,
        buyer.as_str(),
        seller.as_str(),
        tab.as_str(),
        now
    );
    join.execute(connection).await?;
    Ok(())
}
