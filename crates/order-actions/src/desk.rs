//! The queue of the desk: every open case; what was escalated comes first, then what waits longest.

use order_domain::{
    claim::Claim,
    ids::{OrderId, UserId},
    order::{CaseKind, Order},
    participant::Side,
    values::{Text, Timestamp},
};
use sqlx::{PgConnection, PgPool};

use crate::{
    caller::{Caller, staff_only},
    error::{ActionError, Unavailable},
    mark::{Mark, no_cursor},
    room,
    store::{Store, unit},
    users,
};

/// The most cases of one page.
const PAGE: u32 = 100;
/// The most agents that are named.
const AGENTS: i64 = 500;

/// One page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskPage {
    /// Escalated ones first, then the longest waiting.
    pub cases: Vec<QueuedCase>,
    /// Asks for the next page.
    pub next: Option<String>,
}

/// A case that waits for somebody, or for an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedCase {
    /// The room.
    pub order: OrderId,
    /// What it is about.
    pub kind: CaseKind,
    /// The listing's title.
    pub title: String,
    /// The host's own order number.
    pub reference: Option<Text>,
    /// Who opened it; nobody when a clock did.
    pub by: Option<Side>,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// Whole seconds since then.
    pub waiting_s: u64,
    /// Since when it stands at the front, because nobody came in time.
    pub escalated_at: Option<Timestamp>,
    /// Who has it.
    pub claimed_by: Option<UserId>,
    /// What they are called.
    pub claimed_by_name: Option<String>,
    /// When another agent may take the case from them; absent once somebody joined.
    pub claimable_from: Option<Timestamp>,
}

/// Where a page ends: at the front or not, since when the case is open, and its order among those of one moment.
#[derive(Clone, Copy, Debug)]
struct Place {
    escalated: bool,
    mark: Mark,
}

impl Place {
    fn of(case: &QueuedCase) -> Self {
        let mark = Mark { at: case.opened_at, order: case.order.0 };
        Self { escalated: case.escalated_at.is_some(), mark }
    }

    fn write(&self) -> String {
        format!("{}.{}", if self.escalated { "front" } else { "rest" }, self.mark.write())
    }

    fn read(cursor: &str) -> Option<Self> {
        let (queue, mark) = cursor.split_once('.')?;
        let escalated = ["rest", "front"].iter().position(|known| *known == queue)? == 1;
        Some(Self { escalated, mark: Mark::read(mark)? })
    }
}

impl Store {
    /// One page of open cases, at most 100. A case that moves between two pages is found by asking from the start.
    pub async fn desk_queue(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<DeskPage, ActionError> {
        staff_only(caller.role.is_staff())?;
        let after = cursor.map(|cursor| Place::read(cursor).ok_or_else(no_cursor)).transpose()?;
        let pool = self.0.reads.clone();
        unit(async move {
            let limit = limit.clamp(1, PAGE);
            let mut cases = waiting(&pool, after, limit + 1).await?;
            let more = cases.len() > limit as usize;
            cases.truncate(limit as usize);
            let next = cases.last().filter(|_| more).map(|case| Place::of(case).write());
            Ok(DeskPage { cases, next })
        })
        .await
    }

    /// Whom a case may be handed over to: every agent that a token spoke of, by name, at most 500.
    pub async fn desk_agents(&self, caller: &Caller) -> Result<Vec<(UserId, String)>, ActionError> {
        staff_only(caller.role.is_staff())?;
        let pool = self.0.reads.clone();
        unit(async move { Ok(users::agents(&pool, AGENTS).await?) }).await
    }
}

async fn waiting(pool: &PgPool, after: Option<Place>, limit: u32) -> Result<Vec<QueuedCase>, Unavailable> {
    let rows = sqlx::query!(
        r#"select order_id, kind, title, opened_by, reason, opened_at, claimed_by, claimable_from, escalated_at,
            (select name from users where id = claimed_by) as claimed_by_name,
            (select doc->>'reference' from orders o where o.order_id = desk.order_id) as reference,
            greatest(0, extract(epoch from clock_timestamp() - opened_at))::bigint as "waiting_s!"
        from desk
        where $1::boolean is null or ((escalated_at is null), opened_at, order_id) > ($1, $2, $3)
        order by (escalated_at is null), opened_at, order_id limit $4"#,
        after.map(|place| !place.escalated),
        after.map(|place| place.mark.at),
        after.map(|place| place.mark.order),
        i64::from(limit)
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| {
        Ok(QueuedCase {
            order: OrderId(row.order_id),
            kind: kind(&row.kind)?,
            title: row.title,
            reference: row.reference.and_then(|reference| Text::new(reference).ok()),
            by: [Side::Buyer, Side::Seller]
                .into_iter()
                .find(|s| row.opened_by.as_deref() == Some(s.role().as_str())),
            reason: row.reason,
            opened_at: row.opened_at,
            waiting_s: row.waiting_s.unsigned_abs(),
            escalated_at: row.escalated_at,
            claimed_by: row.claimed_by.map(room::user).transpose()?,
            claimed_by_name: row.claimed_by_name,
            claimable_from: row.claimable_from,
        })
    });
    rows.collect()
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
    claim: Option<&Claim>,
) -> Result<(), ActionError> {
    let Some(case) = &order.case else {
        sqlx::query!("delete from desk where order_id = $1", order.id.0).execute(connection).await?;
        return Ok(());
    };
    let queued = sqlx::query!(
        "insert into desk (order_id, kind, title, opened_by, reason, opened_at, claimed_by, claimable_from, escalated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (order_id) do update set kind = excluded.kind, opened_by = excluded.opened_by,
            reason = excluded.reason, opened_at = excluded.opened_at, claimed_by = excluded.claimed_by,
            claimable_from = excluded.claimable_from, escalated_at = excluded.escalated_at",
        order.id.0,
        case.kind.as_str(),
        &*order.listing.title,
        case.by.map(|side| side.role().as_str()),
        case.reason.as_deref(),
        case.opened_at,
        claim.map(|claim| claim.agent.as_str()),
        claim.and_then(|claim| claim.open_from(order)),
        case.escalated_at
    );
    queued.execute(connection).await?;
    Ok(())
}
