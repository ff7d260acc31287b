//! Talk in a room: no decision beyond "may speak here", no version, no prompt (L51).

use chrono::Duration;

use crate::{
    command::{EditMessage, PostMessage, RetractMessage},
    event::{Entry, Event, FileRef},
    files,
    participant::{Actor, Role},
    rejection::{Code, Rejection},
    values::{Seq, Timestamp},
};

/// How long an own message can be edited.
pub const EDIT_WINDOW: Duration = Duration::minutes(15);

/// May somebody speak in a room? The parties always, staff once they have joined; nobody once it is archived.
///
/// The one answer for commands, for `actions` and for conversations (D3).
pub fn may_speak(role: Role, joined: bool, archived: bool) -> Result<(), Rejection> {
    match role {
        _ if archived => Err(room_closed()),
        Role::Buyer | Role::Seller => Ok(()),
        Role::Agent | Role::Admin if joined => Ok(()),
        Role::Agent | Role::Admin => Err(Rejection::new(Code::NotJoined, "Join the case first.")),
        Role::Bot | Role::System | Role::Host => {
            Err(Rejection::new(Code::NotYourRole, "Only people talk in a room."))
        }
    }
}

/// The room is read-only.
pub fn room_closed() -> Rejection {
    Rejection::new(Code::RoomClosed, "This room is closed.")
}

/// What a message becomes; `found` are files of the room that it names, `head` bounds what it may answer.
pub fn post(command: &PostMessage, found: &[FileRef], head: Seq) -> Result<Event, Rejection> {
    let files = files::find_all(found, &command.files)?;
    if command.reply_to.is_some_and(|seq| seq.0 == 0 || seq > head) {
        return Err(Rejection::bad_field("reply_to", "must be an entry of this room"));
    }
    Ok(Event::MessagePosted { text: command.text.clone(), files, reply_to: command.reply_to })
}

/// An edit of `original`, if it is the actor's own message, still there and young enough.
pub fn edit(
    command: &EditMessage,
    original: Option<&Entry>,
    retracted: bool,
    actor: &Actor,
    now: Timestamp,
) -> Result<Event, Rejection> {
    let original = own(original, retracted, actor)?;
    if now - original.at > EDIT_WINDOW {
        return Err(Rejection::new(Code::WindowClosed, "A message can be edited for 15 minutes."));
    }
    Ok(Event::MessageEdited { seq: command.seq, text: command.text.clone() })
}

/// A retraction of `original`, if it is the actor's own message and still there.
pub fn retract(
    command: &RetractMessage,
    original: Option<&Entry>,
    retracted: bool,
    actor: &Actor,
) -> Result<Event, Rejection> {
    own(original, retracted, actor)?;
    Ok(Event::MessageRetracted { seq: command.seq })
}

fn own<'a>(original: Option<&'a Entry>, retracted: bool, actor: &Actor) -> Result<&'a Entry, Rejection> {
    let message = original.filter(|entry| matches!(entry.event, Event::MessagePosted { .. }));
    let Some(message) = message else {
        return Err(Rejection::bad_field("seq", "must be a message of this room"));
    };
    if message.by.user.is_none() || message.by.user != actor.user {
        return Err(Rejection::new(Code::NotYourRole, "This is not your message."));
    }
    if retracted {
        return Err(Rejection::new(Code::AlreadyDone, "The message was taken back."));
    }
    Ok(message)
}
