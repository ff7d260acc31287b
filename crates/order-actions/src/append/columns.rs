//! Entries as columns: all of a transaction's go in by one statement, with the head.

use std::sync::Arc;

use order_domain::{
    event::Entry,
    values::{Seq, Timestamp},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{digest::Digest, error::ActionError, head::Head, repeat::Outcome, room::number};

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

    /// One statement: the entries, the head that they lead to, and when its time has come the place in inboxes.
    pub(super) async fn write(&self, connection: &mut PgConnection, head: &Head) -> Result<(), ActionError> {
        let agents: Vec<String> = head.agents.iter().map(ToString::to_string).collect();
        let write = sqlx::query!(
            r#"with written as (
                insert into entries (order_id, seq, at, role, user_id, name, sender, command_id, event, for_buyer,
                    for_seller, digest, last_seq, version)
                select $1, * from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                    $7::text[], $8::uuid[], $9::jsonb[], $10::bigint[], $11::bigint[], $12::bytea[],
                    $13::bigint[], $14::bigint[])
            ), listed as (
                update memberships m set moved_at = $16, quiet_unread = null
                from (select m.user_id from heads h
                    join memberships m on m.user_id = any(array[h.buyer, h.seller]) and m.order_id = h.order_id
                    where h.order_id = $1 and $16 >= h.moved_at + interval '10 minutes'
                    order by m.user_id collate "C" for update of m) s
                where m.user_id = s.user_id and m.order_id = $1
            )
            update heads set head = $15, at = $16, version = $17, agents = $18, claimed_by = $19, claimed_until = $20,
                case_opened_at = $21, for_buyer = $22, for_seller = $23,
                moved_at = case when $16 >= moved_at + interval '10 minutes' then $16 else moved_at end
            where order_id = $1"#,
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
            head.counts.seller
        );
        write.execute(connection).await?;
        Ok(())
    }
}
