//! What a participant needs of Socket.IO 5 over Engine.IO 4 on a WebSocket: packets that are one text frame each. A crate
//! for it would poll over HTTP first, start threads, and be a part of what is measured; the codec is this file.
//!
//! Engine.IO: `0` open, `2` ping, `3` pong, `4` message. Inside a message, Socket.IO: `0` connect, `1` disconnect,
//! `2` event, `3` the answer to an event, `4` refused. An event that wants an answer has a number before its arguments.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use uuid::Uuid;

use super::{Cursor, Saying, address};
use crate::scan::{EntryHeard, Heard, Unreadable, entry_between, needed, raw};

/// The answer to a ping.
pub const PONG: &str = "3";

pub fn request(url: &str) -> Result<ClientRequestBuilder, String> {
    Ok(ClientRequestBuilder::new(address(url, "/socket.io/?EIO=4&transport=websocket")?))
}

/// Connects to the main namespace.
pub fn connect(token: &str) -> String {
    format!("40{}", serde_json::json!({ "token": token }))
}

pub fn join(Cursor { reference, order, after, .. }: Cursor<'_>) -> String {
    format!(r#"42{reference}["join",{{"room":"{order}","after":{after}}}]"#)
}

pub fn send(Saying { reference, id, order, text, .. }: Saying<'_>) -> String {
    format!(r#"42{reference}["send",{{"room":"{order}","id":"{id}","text":"{text}"}}]"#)
}

pub fn read(frame: &str) -> Result<Heard<'_>, Unreadable> {
    if let Some(heard) = entry_between(frame, [r#"42["entry",""#, r#"","#, "]"]) {
        return Ok(heard);
    }
    let (kind, rest) = frame.split_at_checked(1).unwrap_or((frame, ""));
    Ok(match kind {
        "0" => Heard::Open,
        "1" => goodbye(),
        "2" => Heard::Heartbeat,
        "4" => message(rest)?,
        _ => Heard::Other,
    })
}

/// The server ends the session; come back.
fn goodbye() -> Heard<'static> {
    Heard::Goodbye { code: 1001, retry_after_ms: None }
}

fn message(packet: &str) -> Result<Heard<'_>, serde_json::Error> {
    let (kind, rest) = packet.split_at_checked(1).unwrap_or((packet, ""));
    match kind {
        "0" => Ok(Heard::Welcome { commands_per_s: 0 }),
        "1" => Ok(goodbye()),
        "2" => event(rest),
        "3" => answer(rest),
        "4" => refused(rest),
        _ => Ok(Heard::Other),
    }
}

/// An entry that does not look as expected, or an event of no interest.
fn event(arguments: &str) -> Result<Heard<'_>, serde_json::Error> {
    let name = serde_json::from_str::<Vec<&RawValue>>(arguments)?;
    if name.first().is_none_or(|name| name.get() != r#""entry""#) {
        return Ok(Heard::Other);
    }
    let (_, order, entry): (&str, &str, &RawValue) = serde_json::from_str(arguments)?;
    Ok(Heard::Entry { order, entry: raw(entry)? })
}

/// To `join` a page, to `send` an ack, or an error to either.
#[derive(Deserialize)]
struct Answer<'a> {
    id: Option<Uuid>,
    seq: Option<u64>,
    #[serde(borrow)]
    entries: Option<Vec<&'a RawValue>>,
    head: Option<u64>,
    #[serde(default)]
    more: bool,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
    #[serde(default)]
    retry: bool,
}

fn answer(packet: &str) -> Result<Heard<'_>, serde_json::Error> {
    let digits = packet.bytes().take_while(u8::is_ascii_digit).count();
    let reference = packet[..digits].parse().ok();
    let reference = needed(reference, "the number of the question")?;
    let (answer,): (Answer<'_>,) = serde_json::from_str(&packet[digits..])?;
    if let Some(code) = answer.error {
        return Ok(Heard::Rejected { reference, code, retry: answer.retry, retry_after_ms: None });
    }
    let Some(entries) = answer.entries else {
        let (id, seq) = (needed(answer.id, "id")?, needed(answer.seq, "seq")?);
        return Ok(Heard::Ack { reference, id, seq, duplicate: false });
    };
    let entries: Vec<EntryHeard<'_>> = entries.into_iter().map(raw).collect::<Result<_, _>>()?;
    Ok(Heard::Page {
        order: None,
        entries,
        head: needed(answer.head, "head")?,
        epoch: None,
        more: answer.more,
    })
}

fn refused(packet: &str) -> Result<Heard<'_>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Error<'a> {
        #[serde(borrow)]
        message: Cow<'a, str>,
    }
    let error: Error<'_> = serde_json::from_str(packet)?;
    Ok(Heard::Refused { reason: error.message })
}
