//! One command, whole: read the room, let due timers fire, decide, write; at once if that is all, else under the room's
//! lock, where a repeated id is answered first.

use order_domain::{
    change,
    command::{Command, CommandKind},
    decide::{Asked, own_fields},
    event::FileRef,
    guard::Moment,
    participant::{AccountRole, Actor, Role},
    rejection::{Code, Rejection},
};
use sqlx::PgConnection;

use crate::{
    append::Draft,
    caller::Caller,
    committed::{Ask, Committed},
    digest::{self, Digest},
    error::ActionError,
    files, head, lane, refusals,
    repeat::{self, Outcome},
    room::{self, RoomKind},
    store::{Inner, Store, unit},
    talk, timers, users,
};

/// Refusals that time alone may bring about.
const TIMELY: [Code; 3] = [Code::WindowClosed, Code::StaleProposal, Code::BadField];

impl Store {
    /// Executes a participant's command. Plain messages are committed in groups, the rest one by one.
    ///
    /// Dropping the returned future does not stop the work: the same id says later what became of it.
    pub async fn execute(&self, caller: Caller, ask: Ask) -> Result<Committed, ActionError> {
        own_fields(&ask.command)?;
        if let Some(post) = lane::Post::plain(&caller, &ask) {
            return self.0.lane.post(post).await;
        }
        let store = self.0.clone();
        unit(async move { execute(&store, &caller, &ask).await }).await
    }
}

async fn execute(store: &Inner, caller: &Caller, ask: &Ask) -> Result<Committed, ActionError> {
    let digest = digest::of(&ask.command);
    let _turn = store.turns.take(ask.order).await?;
    match at_once(store, caller, ask, digest).await? {
        Some(committed) => Ok(committed),
        None => under_lock(store, caller, ask, digest).await,
    }
}

/// What is plainly accepted waits for nobody: the room is read, and what follows is written if the room is still that a
/// moment later. A repeat, a refusal, a case or a rival leaves everything to the lock.
///
/// Only of the parties: their ids all stand in the timeline, whose index refuses a repeat. Not those of staff.
async fn at_once(
    store: &Inner,
    caller: &Caller,
    ask: &Ask,
    digest: Digest,
) -> Result<Option<Committed>, ActionError> {
    if caller.role != AccountRole::User {
        return Ok(None);
    }
    let mut connection = store.statements.acquire().await?;
    let (head, view) =
        room::read(&mut connection, ask.order).await?.ok_or_else(Rejection::order_not_found)?;
    // Who is no party never was one.
    let by = caller.actor(head.role_of(caller)?);
    let mut draft = Draft::of(head, view);
    timers::fire(&mut draft);
    let outcome = match perform(&mut connection, &mut draft, caller, &by, ask, digest).await {
        Ok(outcome) if outcome.first.is_some() && draft.is_plain() => outcome,
        Ok(_) | Err(ActionError::Rejected(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    match draft.write_at_once(&mut connection).await {
        Ok(written) => Ok(written.map(|written| written.committed(outcome))),
        Err(error) if refusals::is_of_data(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn under_lock(
    store: &Inner,
    caller: &Caller,
    ask: &Ask,
    digest: Digest,
) -> Result<Committed, ActionError> {
    let mut tx = store.begin().await?;
    head::lock(&mut tx, ask.order).await?;
    let (head, view) = room::read(&mut tx, ask.order).await?.ok_or_else(Rejection::order_not_found)?;
    // Before anything is refused: a command may have ended the sender's own access, and its answer been lost.
    if let Some(outcome) = repeat::find(&mut tx, ask.order, caller.user.as_str(), ask.id, &digest).await? {
        return Ok(outcome.duplicate(&head));
    }
    let by = caller.actor(role(&head, caller, &ask.command)?);
    let mut draft = Draft::of(head, view);
    timers::fire(&mut draft);
    match perform(&mut tx, &mut draft, caller, &by, ask, digest).await {
        Ok(outcome) => {
            let written = draft.write(&mut tx).await?;
            tx.commit().await?;
            Ok(written.committed(outcome))
        }
        Err(ActionError::Rejected(rejection)) if !draft.is_empty() => {
            let fired = Box::new(timers::commit(tx, draft).await?);
            Err(ActionError::RejectedAfterTimers { rejection, fired })
        }
        // A copy of this command may have been read in time, and wait to be written: it must not succeed after this.
        Err(ActionError::Rejected(rejection)) if TIMELY.contains(&rejection.code) => {
            head::touch(&mut tx, ask.order).await?;
            tx.commit().await?;
            Err(rejection.into())
        }
        Err(error) => Err(error),
    }
}

/// The caller's part here. An agent reads no unclaimed room, but may claim its case.
fn role(head: &head::Head, caller: &Caller, command: &Command) -> Result<Role, Rejection> {
    let claims = command.kind() == CommandKind::ClaimCase && head.case_opened_at.is_some();
    match head.role_of(caller) {
        Err(refusal) if refusal.code == Code::NotJoined && claims => Ok(Role::Agent),
        other => other,
    }
}

/// Decides, and takes the outcome into the draft. A refusal leaves the draft as it was.
async fn perform(
    connection: &mut PgConnection,
    draft: &mut Draft,
    caller: &Caller,
    by: &Actor,
    ask: &Ask,
    digest: Digest,
) -> Result<Outcome, ActionError> {
    if ask.expect_version.is_some_and(|expected| expected != draft.head.version) {
        let message = format!("The order is at version {} now.", draft.head.version);
        return Err(Rejection::new(Code::VersionConflict, message).into());
    }
    if ask.command.kind().is_message() {
        let event = talk::decide(connection, draft, caller, by, &ask.command).await?;
        return Ok(draft.say(event, by.clone(), ask.id, digest));
    }
    let files = files::named(connection, draft, &ask.command).await?;
    let change = decide(draft, by, ask, &files)?;
    if let Command::HandOverCase(hand_over) = &ask.command
        && !users::is_agent(connection, &hand_over.to).await?
    {
        return Err(Rejection::bad_field("to", "must be another agent").into());
    }
    Ok(draft.take(change, by, digest))
}

fn decide(draft: &Draft, by: &Actor, ask: &Ask, files: &[FileRef]) -> Result<change::Change, Rejection> {
    let head = &draft.head;
    let Some(order) = &draft.order else { return Err(not_in_a_conversation(by, head.kind)) };
    let asked = Asked { id: ask.id, command: &ask.command, files };
    let moment = Moment { now: draft.now, claim: head.claim.as_ref() };
    change::perform(order, head.seq, by, &asked, &moment)
}

fn not_in_a_conversation(by: &Actor, kind: RoomKind) -> Rejection {
    debug_assert_eq!(kind, RoomKind::Conversation, "a room of an order has its order");
    match by.role.side() {
        Some(_) => Rejection::new(Code::WrongState, "This is a conversation without an order."),
        None => Rejection::new(Code::NotYourRole, "This is not yours to do in a conversation."),
    }
}
