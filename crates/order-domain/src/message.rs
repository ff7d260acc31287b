//! Talk in a room: no decision beyond "may speak here", no version, no prompt (L51).

use chrono::Duration;

use crate::{
    command::PostMessage,
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

/// The message that an actor may edit, unless it was taken back: their own, and young enough.
pub fn editable<'a>(
    original: Option<&'a Entry>,
    actor: &Actor,
    now: Timestamp,
) -> Result<&'a Entry, Rejection> {
    let message = own(original, actor)?;
    if now - message.at > EDIT_WINDOW {
        return Err(Rejection::new(Code::WindowClosed, "A message can be edited for 15 minutes."));
    }
    Ok(message)
}

/// The message that an actor may take back, unless it was taken back: their own.
pub fn own<'a>(original: Option<&'a Entry>, actor: &Actor) -> Result<&'a Entry, Rejection> {
    let message = original.filter(|entry| matches!(entry.event, Event::MessagePosted { .. }));
    let message = message.ok_or_else(|| Rejection::bad_field("seq", "must be a message of this room"))?;
    if message.by.user.is_none() || message.by.user != actor.user {
        return Err(Rejection::new(Code::NotYourRole, "This is not your message."));
    }
    Ok(message)
}

/// Nobody changes what was taken back.
pub fn taken_back() -> Rejection {
    Rejection::new(Code::AlreadyDone, "The message was taken back.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// L51: author and age are known from the message alone.
    #[test]
    fn what_cannot_be_edited_is_known_from_the_message_alone() {
        let by = |user| json!({"role": "buyer", "user": user, "name": "Buyer"});
        let entry = json!({"seq": 1, "at": "2026-01-01T00:00:00Z", "by": by("u1"), "id": uuid::Uuid::nil(),
            "event": {"type": "message.posted", "text": "Hello"}});
        let entry: Entry = serde_json::from_value(entry).unwrap();
        let actor = |user| serde_json::from_value::<Actor>(by(user)).unwrap();
        let code = |user, minutes| {
            let now = entry.at + Duration::minutes(minutes);
            editable(Some(&entry), &actor(user), now).err().map(|refused| refused.code)
        };
        assert_eq!(code("u1", 15), None);
        assert_eq!(code("u1", 16), Some(Code::WindowClosed));
        assert_eq!(code("u2", 0), Some(Code::NotYourRole));
        assert_eq!(own(None, &actor("u1")).unwrap_err().code, Code::BadField);
    }
}
