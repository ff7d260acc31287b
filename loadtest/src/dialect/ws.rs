//! The protocol of `peers/ws`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use uuid::Uuid;

use super::{Cursor, Saying, address};
use crate::scan::{Heard, Unreadable, entry_between, needed, raw};

pub fn request(url: &str, token: &str) -> Result<ClientRequestBuilder, String> {
    Ok(ClientRequestBuilder::new(address(url, "/")?).with_header("Authorization", format!("Bearer {token}")))
}

pub fn join(Cursor { reference, order, after, .. }: Cursor<'_>) -> String {
    format!(r#"{{"type":"join","ref":{reference},"room":"{order}","after":{after}}}"#)
}

pub fn send(Saying { reference, id, order, text, .. }: Saying<'_>) -> String {
    format!(r#"{{"type":"send","ref":{reference},"room":"{order}","id":"{id}","text":"{text}"}}"#)
}

pub fn read(frame: &str) -> Result<Heard<'_>, Unreadable> {
    match entry_between(frame, [r#"{"type":"entry","room":""#, r#"","entry":"#, "}"]) {
        Some(heard) => Ok(heard),
        None => Ok(parse(frame)?),
    }
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(rename = "ref")]
    reference: Option<i64>,
    #[serde(borrow)]
    room: Option<&'a str>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
    #[serde(borrow, default)]
    entries: Vec<&'a RawValue>,
    head: Option<u64>,
    #[serde(default)]
    more: bool,
    id: Option<Uuid>,
    seq: Option<u64>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(default)]
    retry: bool,
}

fn parse(frame: &str) -> Result<Heard<'_>, serde_json::Error> {
    let fields: Fields<'_> = serde_json::from_str(frame)?;
    Ok(match &*fields.kind {
        "entry" => {
            Heard::Entry { order: needed(fields.room, "room")?, entry: raw(needed(fields.entry, "entry")?)? }
        }
        "ack" => Heard::Ack {
            reference: needed(fields.reference, "ref")?,
            id: needed(fields.id, "id")?,
            seq: needed(fields.seq, "seq")?,
            duplicate: false,
        },
        "joined" => Heard::Page {
            order: fields.room,
            entries: fields.entries.into_iter().map(raw).collect::<Result<_, _>>()?,
            head: needed(fields.head, "head")?,
            epoch: None,
            more: fields.more,
        },
        "error" => Heard::Rejected {
            reference: needed(fields.reference, "ref")?,
            code: needed(fields.code, "code")?,
            retry: fields.retry,
            retry_after_ms: None,
        },
        _ => Heard::Other,
    })
}
