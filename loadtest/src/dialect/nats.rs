//! What a participant needs of the NATS protocol on a WebSocket, with `JetStream` behind it: a stream for each room, whose
//! seq is the room's, and a consumer for each connection, which begins after the last entry that is known and stays.
//!
//! NATS writes a stream of operations, and a frame holds any part of it; `whole` finds where the first one ends. Answers
//! come to subjects that a connection makes up, which say what they answer.

use std::{borrow::Cow, str::FromStr};

use memchr::memmem;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use uuid::Uuid;

use super::{Cursor, Saying, address};
use crate::scan::{EntryHeard, Heard, Unreadable, needed};

/// The answer to a ping.
pub const PONG: &str = "PONG\r\n";

const END: &[u8] = b"\r\n";
/// The subscriptions of a connection: to its room, and to what its questions are answered with.
const LIVE: &str = "1";
const JOIN: &str = "2";
const SAID: &str = "3";
/// How long a consumer outlives its connection, in nanoseconds.
const OUTLIVES: u64 = 10_000_000_000;

pub fn request(url: &str) -> Result<ClientRequestBuilder, String> {
    Ok(ClientRequestBuilder::new(address(url, "/")?))
}

/// The nodes ask nobody who they are.
pub fn connect() -> String {
    let options =
        r#"{"verbose":false,"pedantic":false,"headers":true,"protocol":0,"lang":"rust","version":"1"}"#;
    format!("CONNECT {options}\r\nPING\r\n")
}

pub fn join(Cursor { line, reference, order, after, .. }: Cursor<'_>) -> String {
    let consumer = serde_json::json!({"stream_name": order, "config": {
        "deliver_subject": format!("_LIVE.{line}"), "deliver_policy": "by_start_sequence", "opt_start_seq": after + 1,
        "ack_policy": "none", "max_deliver": 1, "mem_storage": true, "num_replicas": 1, "inactive_threshold": OUTLIVES,
    }});
    let consumer = consumer.to_string();
    format!(
        "SUB _LIVE.{line} {LIVE}\r\nSUB _JOIN.{line}.*.* {JOIN}\r\nSUB _SAID.{line}.*.* {SAID}\r\n\
         PUB $JS.API.CONSUMER.CREATE.{order} _JOIN.{line}.{reference}.{after} {}\r\n{consumer}\r\n",
        consumer.len()
    )
}

pub fn say(Saying { line, reference, id, order, text }: Saying<'_>) -> String {
    let header = format!("NATS/1.0\r\nNats-Msg-Id: {id}\r\n\r\n");
    let payload = format!(r#"{{"id":"{id}","text":"{text}"}}"#);
    let (header_bytes, bytes) = (header.len(), header.len() + payload.len());
    format!("HPUB room.{order} _SAID.{line}.{reference}.{id} {header_bytes} {bytes}\r\n{header}{payload}\r\n")
}

/// The length of the first operation, once all of it is there.
pub fn whole(stream: &[u8]) -> Option<usize> {
    let line_end = memmem::find(stream, END)?;
    let line = &stream[..line_end];
    let has_body = line.starts_with(b"MSG ") || line.starts_with(b"HMSG ");
    let bytes = || str::from_utf8(line.rsplit(|byte| *byte == b' ').next()?).ok()?.parse::<usize>().ok();
    let body = if has_body { bytes().map_or(0, |bytes| bytes.saturating_add(END.len())) } else { 0 };
    let all = (line_end + END.len()).checked_add(body)?;
    (stream.len() >= all).then_some(all)
}

/// Reads one operation.
pub fn read(operation: &str) -> Result<Heard<'_>, Unreadable> {
    let (line, body) = operation.split_once("\r\n").unwrap_or((operation, ""));
    let mut words = line.split_ascii_whitespace();
    match words.next().unwrap_or_default() {
        "INFO" => Ok(Heard::Open),
        "PONG" => Ok(Heard::Welcome { commands_per_s: 0 }),
        "PING" => Ok(Heard::Heartbeat),
        "-ERR" => Ok(Heard::Refused { reason: Cow::Borrowed(line) }),
        "MSG" | "HMSG" => message(line, body.strip_suffix("\r\n").unwrap_or(body)),
        _ => Ok(Heard::Other),
    }
}

/// A stored entry, as the back end gives it: the seq stands beside what was sent.
pub fn stored(json: &str) -> Result<EntryHeard<'_>, Unreadable> {
    #[derive(Deserialize)]
    struct Stored<'a> {
        seq: u64,
        #[serde(borrow)]
        entry: &'a serde_json::value::RawValue,
    }
    let Stored { seq, entry } = serde_json::from_str(json)?;
    Ok(sent(seq, entry.get())?)
}

/// `MSG subject sid [reply] bytes`, `HMSG subject sid [reply] header-bytes bytes`.
fn message<'a>(line: &'a str, body: &'a str) -> Result<Heard<'a>, Unreadable> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let [kind, subject, sid, ref between @ .., _] = words[..] else { return Ok(Heard::Other) };
    let header_bytes =
        if kind == "HMSG" { between.last().and_then(|bytes| bytes.parse().ok()) } else { None };
    let payload = body.get(header_bytes.unwrap_or(0)..).unwrap_or_default();
    match sid {
        LIVE => live(subject, between.first().copied().unwrap_or_default(), payload),
        JOIN => joined(subject, payload),
        SAID => said(subject, payload),
        _ => Ok(Heard::Other),
    }
}

/// The reply subject is `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>`.
fn live<'a>(subject: &'a str, reply: &str, payload: &'a str) -> Result<Heard<'a>, Unreadable> {
    let seq = || reply.strip_prefix("$JS.ACK.")?.split('.').nth(3)?.parse().ok();
    let order = needed(subject.strip_prefix("room."), "the room")?;
    Ok(Heard::Entry { order, entry: sent(needed(seq(), "the stream's seq")?, payload)? })
}

/// To `_JOIN.<line>.<reference>.<after>`: how much the new consumer will bring.
fn joined<'a>(subject: &str, payload: &'a str) -> Result<Heard<'a>, Unreadable> {
    let (reference, after): (i64, u64) = question(subject)?;
    Ok(match answer(payload)? {
        Answer { error: Some(problem), .. } => problem.rejects(reference),
        Answer { num_pending, .. } => {
            let head = after + needed(num_pending, "num_pending")?;
            Heard::Page { order: None, entries: Vec::new(), head, epoch: None, more: false }
        }
    })
}

/// To `_SAID.<line>.<reference>.<id>`: where it is stored.
fn said<'a>(subject: &str, payload: &'a str) -> Result<Heard<'a>, Unreadable> {
    let (reference, id): (i64, Uuid) = question(subject)?;
    Ok(match answer(payload)? {
        Answer { error: Some(problem), .. } => problem.rejects(reference),
        Answer { seq, duplicate, .. } => Heard::Ack { reference, id, seq: needed(seq, "seq")?, duplicate },
    })
}

/// What we made our own subject say.
fn question<A: FromStr, B: FromStr>(subject: &str) -> Result<(A, B), serde_json::Error> {
    let mut words = subject.split('.').skip(2);
    let mut word = || words.next();
    let asked = word().and_then(|word| word.parse().ok()).zip(word().and_then(|word| word.parse().ok()));
    needed(asked, "the question")
}

#[derive(Deserialize)]
struct Answer<'a> {
    seq: Option<u64>,
    #[serde(default)]
    duplicate: bool,
    num_pending: Option<u64>,
    #[serde(borrow)]
    error: Option<Problem<'a>>,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow)]
    description: Cow<'a, str>,
}

impl<'a> Problem<'a> {
    fn rejects(self, reference: i64) -> Heard<'a> {
        Heard::Rejected { reference, code: self.description, retry: true, retry_after_ms: None }
    }
}

/// Nothing at all comes from a stream that nobody leads at the moment.
fn answer(payload: &str) -> Result<Answer<'_>, serde_json::Error> {
    if payload.is_empty() {
        let error = Some(Problem { description: "no responders".into() });
        return Ok(Answer { seq: None, duplicate: false, num_pending: None, error });
    }
    serde_json::from_str(payload)
}

/// A payload, at its place.
fn sent(seq: u64, json: &str) -> Result<EntryHeard<'_>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Sent {
        id: Uuid,
    }
    let by_place = json.strip_prefix(r#"{"id":""#).and_then(|rest| Uuid::try_parse(rest.get(..36)?).ok());
    let id = by_place.map_or_else(|| serde_json::from_str(json).map(|Sent { id }| id), Ok)?;
    Ok(EntryHeard { seq, id, json })
}
