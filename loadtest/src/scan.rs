//! Reads of a frame only what a load needs. The hot path, `entry`, is found by position; everything else by a
//! borrowing parse. Pure.

use std::borrow::Cow;

use memchr::memmem;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// What a frame is to a participant of ours.
#[derive(Debug, PartialEq)]
pub enum Heard<'a> {
    /// Something new in a room.
    Entry {
        /// The room.
        order: &'a str,
        /// The entry.
        entry: EntryHeard<'a>,
    },
    /// A message of ours is stored.
    Ack {
        /// The question's.
        reference: i64,
        /// The command's.
        id: Uuid,
        /// Where it stands.
        seq: u64,
        /// It had been stored before.
        duplicate: bool,
    },
    /// It was not.
    Rejected {
        /// The question's.
        reference: i64,
        /// Why.
        code: Cow<'a, str>,
        /// Try again with the same id.
        retry: bool,
        /// Not before.
        retry_after_ms: Option<u64>,
    },
    /// The answer to `subscribe`, or a page while catching up.
    Page {
        /// The room, where it is told.
        order: Option<&'a str>,
        /// Ascending.
        entries: Vec<EntryHeard<'a>>,
        /// The last seq that exists.
        head: u64,
        /// Present in the answer to `subscribe`.
        epoch: Option<Uuid>,
        /// There are more, to be asked for.
        more: bool,
    },
    /// The connection is open and waits for who we are.
    Open,
    /// It does not take us.
    Refused {
        /// Why.
        reason: Cow<'a, str>,
    },
    /// The server wants to know whether we live.
    Heartbeat,
    /// The last frame.
    Goodbye {
        /// The close code.
        code: u16,
        /// Not before.
        retry_after_ms: Option<u64>,
    },
    /// The hello was taken: commands a second and user that are allowed, 0 for no limit.
    Welcome {
        /// Of one user.
        commands_per_s: u32,
    },
    /// Of no interest.
    Other,
}

/// An entry: its place, what caused it, and its text as it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHeard<'a> {
    /// Its place.
    pub seq: u64,
    /// The command that caused it.
    pub id: Uuid,
    /// The JSON of the whole entry.
    pub json: &'a str,
}

/// A frame that is none of the protocol's.
#[derive(Debug, thiserror::Error)]
#[error("a frame cannot be read: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

/// Reads a frame.
pub fn read(frame: &str) -> Result<Heard<'_>, Unreadable> {
    match entry_by_position(frame) {
        Some(heard) => Ok(heard),
        None => Ok(parse(frame)?),
    }
}

/// The entry frame as our own server writes it; `None` for anything that looks different.
fn entry_by_position(frame: &str) -> Option<Heard<'_>> {
    entry_between(frame, [r#"{"type":"entry","order":""#, r#"","entry":"#, "}"])
}

/// A frame that is a room and an entry between three constant parts.
pub fn entry_between<'a>(frame: &'a str, [before, between, after]: [&str; 3]) -> Option<Heard<'a>> {
    const UUID: usize = 36;
    let (order, rest) = frame.strip_prefix(before)?.split_at_checked(UUID)?;
    let json = rest.strip_prefix(between)?.strip_suffix(after)?;
    entry_by_place(json).map(|entry| Heard::Entry { order, entry })
}

/// `seq` comes first and `id` before the event. A quote inside a JSON string has a backslash before it, so `"id":"`
/// is never part of a text.
fn entry_by_place(json: &str) -> Option<EntryHeard<'_>> {
    const ID: &[u8] = br#","id":""#;
    let rest = json.strip_prefix(r#"{"seq":"#)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let seq = rest[..digits].parse().ok()?;
    let at = digits + memmem::find(&rest.as_bytes()[digits..], ID)?;
    // An id after the event would be one of the event's own fields.
    if memmem::find(&rest.as_bytes()[digits..at], br#""event":"#).is_some() {
        return None;
    }
    let id = rest.get(at + ID.len()..at + ID.len() + 36)?;
    Some(EntryHeard { seq, id: Uuid::try_parse(id).ok()?, json })
}

/// Reads one entry of a page.
pub fn entry(json: &str) -> Result<EntryHeard<'_>, Unreadable> {
    #[derive(Deserialize)]
    struct Fields {
        seq: u64,
        id: Uuid,
    }
    if let Some(entry) = entry_by_place(json) {
        return Ok(entry);
    }
    let Fields { seq, id } = serde_json::from_str(json)?;
    Ok(EntryHeard { seq, id, json })
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(rename = "ref")]
    reference: Option<i64>,
    #[serde(borrow)]
    order: Option<&'a str>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    entries: Vec<&'a RawValue>,
    id: Option<Uuid>,
    seq: Option<u64>,
    head: Option<u64>,
    epoch: Option<Uuid>,
    #[serde(default)]
    duplicate: bool,
    #[serde(borrow, default)]
    code: Option<Code<'a>>,
    #[serde(default)]
    retry: bool,
    retry_after_ms: Option<u64>,
    limits: Option<Limits>,
}

/// A word in `rejected`, a number in `goodbye`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Code<'a> {
    Number(u16),
    #[serde(borrow)]
    Word(Cow<'a, str>),
}

#[derive(Deserialize)]
struct Limits {
    commands_per_s: u32,
}

fn parse(frame: &str) -> Result<Heard<'_>, serde_json::Error> {
    let fields: Fields<'_> = serde_json::from_str(frame)?;
    Ok(match &*fields.kind {
        "entry" => Heard::Entry {
            order: needed(fields.order, "order")?,
            entry: raw(needed(fields.entry, "entry")?)?,
        },
        "ack" => Heard::Ack {
            reference: needed(fields.reference, "ref")?,
            id: needed(fields.id, "id")?,
            seq: fields.seq.unwrap_or(0),
            duplicate: fields.duplicate,
        },
        "rejected" => Heard::Rejected {
            reference: needed(fields.reference, "ref")?,
            code: needed(fields.code.and_then(Code::word), "code")?,
            retry: fields.retry,
            retry_after_ms: fields.retry_after_ms,
        },
        "subscribed" | "entries" => Heard::Page {
            order: Some(needed(fields.order, "order")?),
            entries: fields.entries.into_iter().map(raw).collect::<Result<_, _>>()?,
            head: needed(fields.head, "head")?,
            epoch: fields.epoch,
            more: false, // the server goes on by itself
        },
        "heartbeat" => Heard::Heartbeat,
        "goodbye" => Heard::Goodbye {
            code: needed(fields.code.and_then(|code| code.number()), "code")?,
            retry_after_ms: fields.retry_after_ms,
        },
        "welcome" => {
            Heard::Welcome { commands_per_s: fields.limits.map_or(0, |limits| limits.commands_per_s) }
        }
        _ => Heard::Other,
    })
}

/// A field that must be there.
pub fn needed<T>(field: Option<T>, name: &'static str) -> Result<T, serde_json::Error> {
    use serde::de::Error as _;
    field.ok_or_else(|| serde_json::Error::missing_field(name))
}

/// Reads one entry of a page.
pub fn raw(json: &RawValue) -> Result<EntryHeard<'_>, serde_json::Error> {
    entry(json.get()).map_err(|Unreadable(error)| error)
}

impl<'a> Code<'a> {
    fn word(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(_) => None,
        }
    }

    fn number(&self) -> Option<u16> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
