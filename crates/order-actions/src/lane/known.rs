//! Ids of a batch that were used before: looked up only once the unique index has refused it, for they are rare.

use order_domain::rejection::Rejection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    batch,
    post::{Post, Queued},
    writer::Writer,
};
use crate::{
    committed::Committed,
    error::ActionError,
    repeat::{self, Outcome},
    room::{self, seq},
};

/// Answers the messages whose id is known; gives back the rest, to be written.
pub(crate) async fn answer(writer: &mut Writer, piece: Vec<Queued>) -> Option<Vec<Queued>> {
    let known = match writer.look_up(&piece).await {
        Ok(known) => known,
        Err(error) => {
            batch::refuse(piece, &error);
            return None;
        }
    };
    let before = piece.len();
    let mut rest = Vec::with_capacity(before);
    for (queued, known) in piece.into_iter().zip(known) {
        match known.first {
            None => rest.push(queued),
            Some(first) => {
                let outcome = known.outcome(first, &queued.post);
                queued.answer(outcome);
            }
        }
    }
    if rest.len() == before {
        // Refused for a repeated id, and none is there: writing it again would go on for ever.
        batch::refuse(rest, &sqlx::Error::RowNotFound);
        return None;
    }
    Some(rest)
}

pub(crate) struct Known {
    first: Option<i64>,
    last: Option<i64>,
    version: Option<i64>,
    digest: Option<Vec<u8>>,
    buyer: String,
    seller: String,
}

impl Known {
    fn outcome(self, first: i64, post: &Post) -> Result<Committed, ActionError> {
        let (buyer, seller) = (room::user(self.buyer)?, room::user(self.seller)?);
        if post.caller.user != buyer && post.caller.user != seller {
            return Err(Rejection::order_not_found().into());
        }
        if self.digest.as_deref() != Some(&post.digest) {
            return Err(repeat::id_reused().into());
        }
        let version = self.version.map_or(0, |version| seq(version).0);
        let outcome = Outcome { first: Some(seq(first)), last: self.last.map(seq), version };
        Ok(Committed { duplicate: true, ..Committed::of(post.order, outcome, [buyer, seller]) })
    }
}

/// Asks the timeline: one row for each message, in the batch's order.
pub(crate) async fn look_up(
    connection: &mut PgConnection,
    piece: &[Queued],
) -> Result<Vec<Known>, sqlx::Error> {
    let posts = || piece.iter().map(|queued| &queued.post);
    let orders: Vec<Uuid> = posts().map(|post| post.order.0).collect();
    let senders: Vec<&str> = posts().map(|post| post.caller.user.as_str()).collect();
    let ids: Vec<Uuid> = posts().map(|post| post.id.0).collect();
    // The limit keeps each look-up an index scan of its own: as a join it is planned as a scan of the timeline.
    let known = sqlx::query_as!(
        Known,
        r#"select e.seq as "first?", e.last_seq as last, e.version, e.digest,
            coalesce(h.buyer, '-') as "buyer!", coalesce(h.seller, '-') as "seller!"
        from unnest($1::uuid[], $2::text[], $3::uuid[]) with ordinality as i (order_id, sender, command_id, place)
        left join lateral (select seq, last_seq, version, digest from entries where order_id = i.order_id
            and sender = i.sender and command_id = i.command_id and digest is not null limit 1) e on true
        left join lateral (select buyer, seller from heads where order_id = i.order_id limit 1) h on true
        order by i.place"#,
        &orders,
        &senders as &[&str],
        &ids
    );
    known.fetch_all(connection).await
}
