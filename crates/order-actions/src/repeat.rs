//! A command id that was used before: the stored outcome, or a refusal when it was another payload (G2).

use order_domain::{
    ids::{CommandId, OrderId},
    rejection::{Code, Rejection},
    values::Seq,
};
use sqlx::PgConnection;

use crate::{committed::Committed, digest::Digest, error::ActionError, head::Head, room::seq};

/// What the acknowledgement of a command says, stored with its first entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub first: Option<Seq>,
    pub last: Option<Seq>,
    pub version: u64,
}

/// Looks for an earlier use of the id by this sender in this room.
pub(crate) async fn find(
    connection: &mut PgConnection,
    order: OrderId,
    sender: &str,
    id: CommandId,
    digest: &Digest,
) -> Result<Option<Outcome>, ActionError> {
    let found = sqlx::query!(
        r#"select digest as "digest!", version as "version!", seq as "first?", last_seq as "last?" from entries
            where order_id = $1 and sender = $2 and command_id = $3 and digest is not null
        union all
        select digest, version, null, null from case_entries
            where order_id = $1 and sender = $2 and command_id = $3 and digest is not null"#,
        order.0,
        sender,
        id.0
    );
    let Some(found) = found.fetch_optional(connection).await? else { return Ok(None) };
    if found.digest != digest {
        return Err(id_reused().into());
    }
    let outcome =
        Outcome { first: found.first.map(seq), last: found.last.map(seq), version: seq(found.version).0 };
    Ok(Some(outcome))
}

/// The id belongs to something else.
pub(crate) fn id_reused() -> Rejection {
    Rejection::new(Code::IdReused, "This id was used for another command.")
}

impl Outcome {
    /// The first answer again.
    pub(crate) fn duplicate(self, head: &Head) -> Committed {
        let answer = Committed::of(head.order, self, [head.buyer.clone(), head.seller.clone()]);
        Committed { duplicate: true, ..answer }
    }
}
