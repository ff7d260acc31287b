//! Timers: whatever is due fires before anything else is decided, and a schedule wakes rooms where nothing is.
//!
//! A due room is claimed by a short committed lease and then run as an ordinary transaction, never both locks
//! in one. The lease only spares work; that a timer fires once follows from the order's state under the lock.

use std::time::Duration;

use order_domain::{
    change,
    guard::Moment,
    ids::OrderId,
    participant::{Actor, Role},
    rejection::Rejection,
};
use sqlx::{PgPool, Postgres, Transaction};

use crate::{
    append::Draft,
    committed::Committed,
    digest,
    error::{ActionError, Unavailable},
    head,
    repeat::Outcome,
    room,
    store::{Inner, Store, unit},
};

/// How long a claimed room is left to who claimed it. Longer than any of its statements may take.
const LEASE_S: f64 = 15.0;

impl Store {
    /// Takes at most `limit` rooms in hand where something is due. Those that are not woken while this node has
    /// them are somebody's again later.
    pub async fn claim_due(&self, limit: u32) -> Result<Vec<OrderId>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move { claim(&pool, limit).await }).await
    }

    /// Fires what is due in a room; none when somebody was first.
    pub async fn wake(&self, order: OrderId) -> Result<Option<Committed>, ActionError> {
        let store = self.0.clone();
        unit(async move { wake(&store, order).await }).await
    }

    /// How long until the next timer of any room is due; none when none is armed.
    pub async fn next_due_in(&self) -> Result<Option<Duration>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let left = sqlx::query_scalar!(
                // The earliest may be in somebody's hand while the next is not.
                "select extract(epoch from min(greatest(at, lease_until)) - clock_timestamp())::float8
                from (select at, lease_until from wakes order by at limit 100) first"
            );
            let left = left.fetch_one(&pool).await?;
            Ok(left.map(|left_s| Duration::try_from_secs_f64(left_s.max(0.0)).unwrap_or(Duration::MAX)))
        })
        .await
    }
}

async fn claim(pool: &PgPool, limit: u32) -> Result<Vec<OrderId>, Unavailable> {
    let mut tx = pool.begin().await?;
    // A clock that stands still within a statement bounds the scan of the index; one that goes on would only filter it.
    let claimed = sqlx::query_scalar!(
        "update wakes set lease_until = clock_timestamp() + make_interval(secs => $2)
        where order_id in (select order_id from wakes where at <= statement_timestamp()
            and lease_until <= clock_timestamp() order by at limit $1 for update skip locked)
        returning order_id",
        i64::from(limit),
        LEASE_S
    );
    let claimed = claimed.fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(claimed.into_iter().map(OrderId).collect())
}

async fn wake(store: &Inner, order: OrderId) -> Result<Option<Committed>, ActionError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.background.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    let mut draft = Draft::of(head, view);
    fire(&mut draft);
    // Somebody else was first; what they left is scheduled anew.
    if draft.is_empty() { Ok(None) } else { Ok(Some(commit(tx, draft).await?)) }
}

/// Fires what is due, in order of its time, each as a change of its own.
pub(crate) fn fire(draft: &mut Draft) {
    let by = Actor::nobody(Role::System);
    while let Some(change) = due(draft) {
        let digest = digest::of(&change.row);
        draft.take(change, &by, digest);
    }
}

fn due(draft: &Draft) -> Option<change::Change> {
    let moment = Moment { now: draft.now, claim: draft.head.claim.as_ref() };
    change::fire(draft.order.as_ref()?, draft.head.seq, &moment)
}

/// Commits what timers did.
pub(crate) async fn commit(
    mut tx: Transaction<'static, Postgres>,
    draft: Draft,
) -> Result<Committed, ActionError> {
    let written = draft.write(&mut tx).await?;
    tx.commit().await?;
    let (first, last) = (written.entries.first(), written.entries.last());
    let outcome = Outcome {
        first: first.map(|entry| entry.seq),
        last: last.map(|entry| entry.seq),
        version: written.head.version,
    };
    Ok(written.committed(outcome))
}
