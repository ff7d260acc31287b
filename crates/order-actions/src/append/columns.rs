//! What every change of a room writes, as one statement: entries as columns, the head, the order, its places.

use std::sync::Arc;

use chrono::TimeDelta;
use order_domain::{
    clock,
    event::Entry,
    inbox_tab::InboxTab,
    order::Order,
    values::{Seq, Timestamp},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    digest::Digest,
    head::{Head, Read},
    repeat::Outcome,
    room::number,
};

/// How long what was decided without a lock may be written. Whoever asked elsewhere meanwhile, and was refused because
/// a time was over, is not told something that an older copy then belies.
const HOLDS_FOR: TimeDelta = TimeDelta::seconds(1);

/// An entry; the first of a command carries what its acknowledgement says.
#[derive(Debug)]
pub(super) struct Row {
    pub entry: Arc<Entry>,
    pub ack: Option<(Digest, Outcome)>,
}

/// Entries as columns, written all at once.
#[derive(Debug, Default)]
pub(super) struct Columns {
    seq: Vec<i64>,
    at: Vec<Timestamp>,
    role: Vec<String>,
    user: Vec<Option<String>>,
    name: Vec<Option<String>>,
    sender: Vec<String>,
    id: Vec<Uuid>,
    event: Vec<serde_json::Value>,
    for_buyer: Vec<i64>,
    for_seller: Vec<i64>,
    digest: Vec<Option<Vec<u8>>>,
    last: Vec<Option<i64>>,
    version: Vec<Option<i64>>,
}

impl Columns {
    pub(super) fn push(&mut self, row: &Row, head: &Head) {
        let Entry { seq, at, by, id, event } = &*row.entry;
        self.seq.push(number(*seq));
        self.at.push(*at);
        self.role.push(by.role.as_str().to_owned());
        self.user.push(by.user.as_ref().map(ToString::to_string));
        self.name.push(by.name.clone());
        self.sender.push(by.sender().into_owned());
        self.id.push(id.0);
        self.event.push(serde_json::to_value(event).expect("events are plain data"));
        self.for_buyer.push(head.counts.buyer);
        self.for_seller.push(head.counts.seller);
        self.digest.push(row.ack.map(|(digest, _)| digest.to_vec()));
        self.last.push(row.ack.and_then(|(_, outcome)| outcome.last).map(number));
        self.version.push(row.ack.map(|(_, outcome)| number(Seq(outcome.version))));
    }

    /// One statement: the head moves, and with it go the entries, the order with its wake-up (a fresh lease, or none),
    /// and, when they are others, the places in inboxes.
    ///
    /// What was decided without a lock (`only_if`) is written only while it holds: the head row is the one that was read,
    /// nobody holds it, no id was used before, and no time has passed in which a clock may have ruled otherwise. Else
    /// nothing is written, and the answer is no.
    ///
    /// The answer is read to its end, which on a connection without a transaction comes after the commit (G1).
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        head: &Head,
        saved: Saved<'_>,
        only_if: Option<Read>,
    ) -> Result<bool, sqlx::Error> {
        let agents: Vec<String> = head.agents.iter().map(ToString::to_string).collect();
        let doc = saved.order.map(|order| serde_json::to_value(order).expect("an order is plain data"));
        let write = sqlx::query_scalar!(
            r#"with mine as materialized (
                select order_id, $16 >= moved_at + interval '10 minutes' as steps from heads
                where order_id = $1 and ($24::bigint is null or (xmin::text::bigint = $24
                    and clock_timestamp() < $25::timestamptz
                    -- The limit keeps each id a look-up of its own.
                    and not exists (select 1 from unnest($7::text[], $8::uuid[]) i (sender, command_id)
                        cross join lateral (select 1 from entries where order_id = $1 and sender = i.sender
                            and command_id = i.command_id and digest is not null limit 1) known)))
                for no key update skip locked
            ), head as (
                update heads h set head = $15, at = $16, version = $17, agents = $18, claimed_by = $19,
                    claimed_until = $20, case_opened_at = $21, for_buyer = $22, for_seller = $23,
                    moved_at = case when mine.steps then $16 else h.moved_at end
                from mine where h.order_id = mine.order_id
                returning h.order_id, h.buyer, h.seller, mine.steps
            ), written as (
                insert into entries (order_id, seq, at, role, user_id, name, sender, command_id, event, for_buyer,
                    for_seller, digest, last_seq, version)
                select head.order_id, e.* from head, unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[],
                    $6::text[], $7, $8, $9::jsonb[], $10::bigint[], $11::bigint[], $12::bytea[],
                    $13::bigint[], $14::bigint[]) e
            ), saved as (
                insert into orders (order_id, doc) select order_id, $26 from head where $26::jsonb is not null
                on conflict (order_id) do update set doc = excluded.doc
            ), asleep as (
                delete from wakes where order_id = (select order_id from head)
                    and $26 is not null and $27::timestamptz is null
            ), awake as (
                insert into wakes (order_id, at) select order_id, $27 from head where $27 is not null
                on conflict (order_id) do update set at = excluded.at, lease_until = '-infinity'
            ), listed as (
                -- Locked in (user, order) order, as everywhere.
                update memberships m set tab = coalesce($28, m.tab),
                    moved_at = case when theirs.steps then $16 else m.moved_at end,
                    quiet_unread = case when theirs.steps then null else m.quiet_unread end
                from (select m.user_id, head.steps from head
                    join memberships m on m.user_id = any(array[head.buyer, head.seller])
                        and m.order_id = head.order_id
                    where head.steps or $28::text is not null
                    order by m.user_id collate "C" for update of m) theirs
                where m.user_id = theirs.user_id and m.order_id = $1
            )
            select order_id from head"#,
            head.order.0,
            &self.seq,
            &self.at,
            &self.role,
            &self.user as &[Option<String>],
            &self.name as &[Option<String>],
            &self.sender,
            &self.id,
            &self.event,
            &self.for_buyer,
            &self.for_seller,
            &self.digest as &[Option<Vec<u8>>],
            &self.last as &[Option<i64>],
            &self.version as &[Option<i64>],
            number(head.seq),
            head.at,
            number(Seq(head.version)),
            &agents,
            head.claim.as_ref().map(|claim| claim.agent.as_str()),
            head.claim.as_ref().map(|claim| claim.until),
            head.case_opened_at,
            head.counts.buyer,
            head.counts.seller,
            only_if.map(|read| read.xmin),
            only_if.map(|read| read.at + HOLDS_FOR),
            doc,
            saved.order.and_then(clock::next_wake).map(|wake| wake.at),
            saved.tab.map(InboxTab::as_str)
        );
        Ok(!write.fetch_all(connection).await?.is_empty())
    }
}

/// What is derived from the timeline and kept, where it is another now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Saved<'a> {
    pub order: Option<&'a Order>,
    pub tab: Option<InboxTab>,
}
