//! The one statement of a batch.
//!
//! It locks the rooms that nobody holds, in id order; the locked rows say who may speak; heads move by their
//! counts and the entries follow, and so, in steps, do the rooms' places in inboxes. It never reads the timeline, and its plan must be good however the tables
//! grow after it was made: hence the limit where a join could scan (and see the session's settings).

use order_domain::{
    ids::UserId,
    values::{Seq, Timestamp},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::post::Queued;
use crate::{
    error::Unavailable,
    room::{self, seq},
};

/// What became of one message, in the order of the batch.
#[derive(Clone, Debug)]
pub(crate) enum Fate {
    /// It is an entry.
    Said(Said),
    /// The room is read-only.
    Closed,
    /// There is no such room for this sender.
    Absent,
    /// Somebody holds the room.
    Held,
}

/// Where and when it was said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub seq: Seq,
    pub at: Timestamp,
    pub version: u64,
    pub buyer: UserId,
    pub seller: UserId,
}

/// Writes a batch. No id may be in it twice.
///
/// The statement is a transaction of its own. `fetch_all` reads to the end of Postgres's answer, which comes after
/// the commit; to stop at a row would be to acknowledge what is not committed yet (G1).
pub(crate) async fn write(connection: &mut PgConnection, batch: &[Queued]) -> Result<Vec<Fate>, sqlx::Error> {
    Columns::of(batch).write(connection).await
}

/// A batch as columns.
struct Columns<'a> {
    order: Vec<Uuid>,
    user: Vec<&'a str>,
    name: Vec<&'a str>,
    id: Vec<Uuid>,
    digest: Vec<&'a [u8]>,
    event: Vec<String>,
    rooms: Vec<Uuid>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [Queued]) -> Self {
        let posts = || batch.iter().map(|queued| &queued.post);
        let order: Vec<Uuid> = posts().map(|post| post.order.0).collect();
        let mut rooms = order.clone();
        rooms.sort_unstable();
        rooms.dedup();
        Self {
            user: posts().map(|post| post.caller.user.as_str()).collect(),
            name: posts().map(|post| post.caller.name.as_str()).collect(),
            id: posts().map(|post| post.id.0).collect(),
            digest: posts().map(|post| &post.digest[..]).collect(),
            event: posts()
                .map(|p| serde_json::to_string(&p.event()).expect("events are plain data"))
                .collect(),
            order,
            rooms,
        }
    }

    async fn write(&self, connection: &mut PgConnection) -> Result<Vec<Fate>, sqlx::Error> {
        let rows = sqlx::query_as!(
            Row,
            r#"with input as materialized (
                select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bytea[], $6::text[])
                    with ordinality as i (order_id, user_id, name, command_id, digest, event, place)
            ), locked as materialized (
                select order_id, head, at, version, buyer, seller, archived, for_buyer, for_seller, moved_at
                from heads where order_id = any($7::uuid[]) order by order_id for update skip locked
            ), said as materialized (
                select i.*, l.version, l.buyer, l.seller, l.moved_at, i.user_id = l.buyer as by_buyer,
                    l.head + row_number() over sofar as seq,
                    l.for_buyer + count(*) filter (where i.user_id = l.seller) over sofar as for_buyer,
                    l.for_seller + count(*) filter (where i.user_id = l.buyer) over sofar as for_seller,
                    max(date_trunc('milliseconds', greatest(clock_timestamp(), l.at))) over room as at
                from input i join locked l on l.order_id = i.order_id
                where not l.archived and i.user_id in (l.buyer, l.seller)
                window room as (partition by i.order_id), sofar as (partition by i.order_id order by i.place)
            ), moves as materialized (
                select order_id, buyer, seller, max(seq) as head, max(at) as at, max(for_buyer) as for_buyer,
                    max(for_seller) as for_seller, max(at) >= moved_at + interval '10 minutes' as steps
                from said group by order_id, buyer, seller, moved_at
            ), moved as (
                update heads h set head = m.head, at = m.at, for_buyer = m.for_buyer, for_seller = m.for_seller,
                    moved_at = case when m.steps then m.at else h.moved_at end
                from moves m where h.order_id = m.order_id
            ), listed as (
                update memberships m set moved_at = s.at, quiet_unread = null
                from (select m.user_id, m.order_id, s.at from moves s
                    join memberships m on m.user_id = any(array[s.buyer, s.seller]) and m.order_id = s.order_id
                    where s.steps order by m.user_id collate "C", m.order_id for update of m) s
                where m.user_id = s.user_id and m.order_id = s.order_id
            ), written as (
                insert into entries (order_id, seq, at, role, user_id, name, sender, command_id, event, for_buyer,
                    for_seller, digest, last_seq, version)
                select order_id, seq, at, case when by_buyer then 'buyer' else 'seller' end, user_id, name, user_id,
                    command_id, event::jsonb, for_buyer, for_seller, digest, seq, version
                from said order by order_id, seq
            )
            select s.seq as "seq?", s.at as "at?", s.version as "version?", s.buyer as "buyer?",
                s.seller as "seller?", l.archived and i.user_id in (l.buyer, l.seller) as closed,
                l.order_id is null and h.order_id is not null as "held!"
            from input i
            left join said s on s.place = i.place
            left join locked l on l.order_id = i.order_id
            left join lateral (select order_id from heads where order_id = i.order_id and l.order_id is null
                limit 1) h on true
            order by i.place"#,
            &self.order,
            &self.user as &[&str],
            &self.name as &[&str],
            &self.id,
            &self.digest as &[&[u8]],
            &self.event,
            &self.rooms
        );
        let fates = rows.fetch_all(connection).await?.into_iter().map(Row::fate);
        fates.collect::<Result<_, _>>().map_err(|error| sqlx::Error::Decode(error.into()))
    }
}

struct Row {
    seq: Option<i64>,
    at: Option<Timestamp>,
    version: Option<i64>,
    buyer: Option<String>,
    seller: Option<String>,
    closed: Option<bool>,
    held: bool,
}

impl Row {
    fn fate(self) -> Result<Fate, Unavailable> {
        let Self {
            seq: Some(at_seq),
            at: Some(at),
            version: Some(version),
            buyer: Some(buyer),
            seller: Some(seller),
            ..
        } = self
        else {
            return Ok(match (self.held, self.closed) {
                (true, _) => Fate::Held,
                (_, Some(true)) => Fate::Closed,
                _ => Fate::Absent,
            });
        };
        let (buyer, seller) = (room::user(buyer)?, room::user(seller)?);
        Ok(Fate::Said(Said { seq: seq(at_seq), at, version: seq(version).0, buyer, seller }))
    }
}
