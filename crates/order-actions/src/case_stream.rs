//! The desk's own stream about a room: claims, notes, and which staff looked in. Parties never see it (D11).

use order_domain::{
    event::{CaseEntry, CaseEvent},
    ids::{CommandId, OrderId},
    participant::Actor,
    rejection::Rejection,
    values::{Seq, Text, Timestamp},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    caller::{Caller, staff_only},
    committed::Committed,
    digest::{self, Digest},
    error::ActionError,
    head::{self, Head},
    repeat::{self, Outcome},
    room::{self, number, seq},
    store::{Inner, Store, unit},
    timeline::{PAGE_MAX, actor},
};

/// Some entries of a case stream in ascending seq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// The last entry there is.
    pub head: Seq,
    /// Without a hole.
    pub entries: Vec<CaseEntry>,
}

/// An entry before it has its seq.
#[derive(Clone, Debug)]
pub(crate) struct CaseRow {
    pub at: Timestamp,
    pub by: Actor,
    pub id: CommandId,
    pub event: CaseEvent,
    /// Only when this is the first entry of a command.
    pub digest: Option<Digest>,
    pub version: u64,
}

impl Store {
    /// The case stream after an entry, for staff who may read the room.
    pub async fn case_entries(
        &self,
        caller: &Caller,
        order: OrderId,
        after: Seq,
        limit: u32,
    ) -> Result<CasePage, ActionError> {
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { page(&store, &caller, order, after, limit).await }).await
    }

    /// A note among staff.
    pub async fn add_case_note(
        &self,
        caller: &Caller,
        order: OrderId,
        id: CommandId,
        text: Text,
    ) -> Result<Committed, ActionError> {
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { note(&store, &caller, order, id, text).await }).await
    }
}

async fn page(
    store: &Inner,
    caller: &Caller,
    order: OrderId,
    after: Seq,
    limit: u32,
) -> Result<CasePage, ActionError> {
    let head = store.heads.ask(order).await?.ok_or_else(Rejection::order_not_found)?;
    let mut connection = store.reads.acquire().await?;
    staff_only(head.role_of(caller)?.is_staff())?;
    let last = sqlx::query_scalar!("select head from case_heads where order_id = $1", order.0);
    let last = last.fetch_optional(&mut *connection).await?.unwrap_or(0);
    let rows = sqlx::query!(
        r#"select seq, at, role, user_id, name, command_id, event as "event: Json<CaseEvent>"
        from case_entries where order_id = $1 and seq > $2 and seq <= $3 order by seq limit $4"#,
        order.0,
        number(after),
        last,
        i64::from(limit.min(PAGE_MAX))
    );
    let rows = rows.fetch_all(&mut *connection).await?.into_iter().map(|row| {
        let by = actor(&row.role, row.user_id, row.name)?;
        let id = CommandId(row.command_id);
        Ok(CaseEntry { seq: seq(row.seq), at: row.at, by, id, event: row.event.0 })
    });
    Ok(CasePage { head: seq(last), entries: rows.collect::<Result<_, ActionError>>()? })
}

async fn note(
    store: &Inner,
    caller: &Caller,
    order: OrderId,
    id: CommandId,
    text: Text,
) -> Result<Committed, ActionError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    let event = CaseEvent::Noted { text };
    let digest = digest::of(&event);
    // Before anything is refused: the case may have closed since, and with it the access.
    if let Some(outcome) = repeat::find(&mut tx, order, caller.user.as_str(), id, &digest).await? {
        return Ok(outcome.duplicate(&head));
    }
    let role = head.role_of(caller)?;
    staff_only(role.is_staff())?;
    let by = caller.actor(role);
    let row = CaseRow { at: view.now, by, id, event, digest: Some(digest), version: head.version };
    append(&mut tx, order, &[row]).await?;
    tx.commit().await?;
    let outcome = Outcome { first: None, last: None, version: head.version };
    Ok(Committed { duplicate: false, ..outcome.duplicate(&head) })
}

/// Appends under the stream's own lock, which is its own total order.
pub(crate) async fn append(
    connection: &mut PgConnection,
    order: OrderId,
    rows: &[CaseRow],
) -> Result<(), ActionError> {
    let count = i64::try_from(rows.len()).expect("a command makes few case events");
    let moved = sqlx::query_scalar!(
        "insert into case_heads as c (order_id, head) values ($1, $2)
        on conflict (order_id) do update set head = c.head + excluded.head returning head",
        order.0,
        count
    );
    let head = moved.fetch_one(&mut *connection).await?;
    for (row, seq) in rows.iter().zip(head - count + 1..) {
        insert(connection, order, seq, row).await?;
    }
    Ok(())
}

async fn insert(
    connection: &mut PgConnection,
    order: OrderId,
    seq: i64,
    row: &CaseRow,
) -> Result<(), ActionError> {
    let insert = sqlx::query!(
        "insert into case_entries (order_id, seq, at, role, user_id, name, sender, command_id, event, digest, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        order.0,
        seq,
        row.at,
        row.by.role.as_str(),
        row.by.user.as_ref().map(order_domain::ids::UserId::as_str),
        row.by.name,
        &*row.by.sender(),
        row.id.0,
        serde_json::to_value(&row.event).expect("case events are plain data"),
        row.digest.as_ref().map(|digest| &digest[..]),
        number(Seq(row.version))
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Records that a member of staff looked into a room: the first time, and the first time in each case.
pub(crate) async fn record_read(store: &Inner, order: OrderId, caller: &Caller) -> Result<(), ActionError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    let role = head.role_of(caller)?;
    // Asked again under the lock: two sockets of one agent subscribe at once.
    if was_read(&mut tx, &head, caller).await? {
        return Ok(());
    }
    let row = CaseRow {
        at: view.now,
        by: caller.actor(role),
        id: CommandId(Uuid::now_v7()),
        event: CaseEvent::Read {},
        digest: None,
        version: head.version,
    };
    append(&mut tx, order, &[row]).await?;
    Ok(tx.commit().await?)
}

/// Is this reader's look into the room on record?
pub(crate) async fn was_read(
    connection: &mut PgConnection,
    head: &Head,
    caller: &Caller,
) -> Result<bool, ActionError> {
    let known = sqlx::query_scalar!(
        r#"select exists (select 1 from case_entries where order_id = $1 and user_id = $2
            and event->>'type' = 'case.read' and at >= coalesce($3::timestamptz, '-infinity')) as "known!""#,
        head.order.0,
        caller.user.as_str(),
        head.case_opened_at
    );
    Ok(known.fetch_one(connection).await?)
}
