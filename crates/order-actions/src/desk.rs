//! The queue of the desk: every open case, the longest waiting first.

use order_domain::{
    ids::{OrderId, UserId},
    order::{CaseKind, Order},
    participant::{AccountRole, Side},
    rejection::{Code, Rejection},
    values::Timestamp,
};
use sqlx::PgConnection;

use crate::{
    caller::Caller,
    error::{ActionError, Unavailable},
    room,
    store::{Store, unit},
};

/// The most cases of one answer.
const QUEUE_MAX: i64 = 500;

/// A case that waits for somebody, or for an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedCase {
    /// The room.
    pub order: OrderId,
    /// What it is about.
    pub kind: CaseKind,
    /// The listing's title.
    pub title: String,
    /// Who opened it; nobody when a clock did.
    pub by: Option<Side>,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// Whole seconds since then.
    pub waiting_s: u64,
    /// Who has it.
    pub claimed_by: Option<UserId>,
}

impl Store {
    /// Open cases, the longest waiting first.
    pub async fn desk_queue(&self, caller: &Caller) -> Result<Vec<QueuedCase>, ActionError> {
        if !matches!(caller.role, AccountRole::Agent | AccountRole::Admin) {
            return Err(Rejection::new(Code::NotYourRole, "This is for customer experience.").into());
        }
        let pool = self.0.reads.clone();
        unit(async move {
            let rows = sqlx::query!(
                r#"select order_id, kind, title, opened_by, reason, opened_at, claimed_by,
                    greatest(0, extract(epoch from clock_timestamp() - opened_at))::bigint as "waiting_s!"
                from desk order by opened_at, order_id limit $1"#,
                QUEUE_MAX
            );
            let rows = rows.fetch_all(&pool).await?.into_iter().map(|row| {
                Ok(QueuedCase {
                    order: OrderId(row.order_id),
                    kind: kind(&row.kind)?,
                    title: row.title,
                    by: [Side::Buyer, Side::Seller]
                        .into_iter()
                        .find(|s| row.opened_by.as_deref() == Some(s.role().as_str())),
                    reason: row.reason,
                    opened_at: row.opened_at,
                    waiting_s: row.waiting_s.unsigned_abs(),
                    claimed_by: row.claimed_by.map(room::user).transpose()?,
                })
            });
            rows.collect()
        })
        .await
    }
}

fn kind(kind: &str) -> Result<CaseKind, Unavailable> {
    let all = [CaseKind::Dispute, CaseKind::Cancel, CaseKind::Idle];
    let known = all.into_iter().find(|known| known.as_str() == kind);
    known.ok_or_else(|| Unavailable::Row("a case of unknown kind".into()))
}

/// Keeps the queue in step with the order.
pub(crate) async fn follow(
    connection: &mut PgConnection,
    order: &Order,
    claimed_by: Option<&UserId>,
) -> Result<(), ActionError> {
    let Some(case) = &order.case else {
        sqlx::query!("delete from desk where order_id = $1", order.id.0).execute(connection).await?;
        return Ok(());
    };
    let queued = sqlx::query!(
        "insert into desk (order_id, kind, title, opened_by, reason, opened_at, claimed_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (order_id) do update set kind = excluded.kind, opened_by = excluded.opened_by,
            reason = excluded.reason, opened_at = excluded.opened_at, claimed_by = excluded.claimed_by",
        order.id.0,
        case.kind.as_str(),
        &*order.listing.title,
        case.by.map(|side| side.role().as_str()),
        case.reason.as_deref(),
        case.opened_at,
        claimed_by.map(UserId::as_str)
    );
    queued.execute(connection).await?;
    Ok(())
}
