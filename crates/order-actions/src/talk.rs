//! Messages that are not plain: with files, replies, edits, retractions. The plain ones go through the lane.

use order_domain::{
    command::{Command, EditMessage, RetractMessage},
    event::Event,
    ids::OrderId,
    message,
    participant::Actor,
    rejection::Rejection,
    values::Seq,
};
use sqlx::PgConnection;

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
        Command::EditMessage(EditMessage { seq, text }) => {
            let original = timeline::one(connection, head.order, *seq).await?;
            message::editable(original.as_deref(), by, draft.now)?;
            stands(connection, head.order, *seq).await?;
            Ok(Event::MessageEdited { seq: *seq, text: text.clone() })
        }
        Command::RetractMessage(RetractMessage { seq }) => {
            let original = timeline::one(connection, head.order, *seq).await?;
            message::own(original.as_deref(), by)?;
            stands(connection, head.order, *seq).await?;
            Ok(Event::MessageRetracted { seq: *seq })
        }
        _ => Err(Rejection::bad_field("type", "is no message")),
    };
    Ok(event?)
}

/// Refuses a message that was taken back. Its own index answers, however long the room is.
async fn stands(connection: &mut PgConnection, order: OrderId, seq: Seq) -> Result<(), ActionError> {
    let taken_back = sqlx::query_scalar!(
        r#"select exists (select 1 from entries where order_id = $1 and (event->>'seq')::bigint = $2
            and event->>'type' = 'message.retracted') as "taken_back!""#,
        order.0,
        number(seq)
    );
    if taken_back.fetch_one(connection).await? { Err(message::taken_back().into()) } else { Ok(()) }
}
