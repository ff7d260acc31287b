//! Messages that are not plain: with files, replies, edits, retractions. The plain ones go through the lane.

use order_domain::{
    command::Command,
    event::{Entry, Event},
    message,
    participant::Actor,
    rejection::Rejection,
    values::Seq,
};
use sqlx::PgConnection;
use std::sync::Arc;

use crate::{append::Draft, caller::Caller, error::ActionError, files, room::number, timeline};

/// What a message, an edit or a retraction becomes, under the room's lock.
pub(crate) async fn decide(
    connection: &mut PgConnection,
    draft: &Draft,
    caller: &Caller,
    by: &Actor,
    command: &Command,
) -> Result<Event, ActionError> {
    draft.head.may_speak(caller, by.role)?;
    let head = &draft.head;
    let event = match command {
        Command::PostMessage(post) => {
            message::post(post, &files::named(connection, draft, command).await?, head.seq)
        }
        Command::EditMessage(edit) => {
            let (original, retracted) = original(connection, draft, edit.seq).await?;
            message::edit(edit, original.as_deref(), retracted, by, draft.now)
        }
        Command::RetractMessage(retract) => {
            let (original, retracted) = original(connection, draft, retract.seq).await?;
            message::retract(retract, original.as_deref(), retracted, by)
        }
        _ => Err(Rejection::bad_field("type", "is no message")),
    };
    Ok(event?)
}

/// The entry meant, and whether it was taken back.
async fn original(
    connection: &mut PgConnection,
    draft: &Draft,
    seq: Seq,
) -> Result<(Option<Arc<Entry>>, bool), ActionError> {
    let order = draft.head.order;
    let Some(entry) = timeline::one(connection, order, seq).await? else { return Ok((None, false)) };
    // Only the author can have retracted it, after it was written.
    let retracted = sqlx::query_scalar!(
        r#"select exists (select 1 from entries where order_id = $1 and seq > $2 and user_id = $3
            and event->>'type' = 'message.retracted' and event->'seq' = to_jsonb($2::bigint)) as "retracted!""#,
        order.0,
        number(seq),
        entry.by.user.as_ref().map(order_domain::ids::UserId::as_str)
    );
    Ok((Some(entry), retracted.fetch_one(connection).await?))
}
