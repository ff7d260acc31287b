//! What the peers say is read, and what we say is what they read.

use super::*;
use crate::scan::EntryHeard;

const ROOM: &str = "0198b7a4-0000-4000-8000-000000000001";
const ID: &str = "0198b7a4-0000-8000-8000-000000000002";
const ENTRY: &str = r#"{"seq":7,"id":"0198b7a4-0000-8000-8000-000000000002","sender":"b","at":"2026-01-01T00:00:00.000Z","text":"a \"b\""}"#;

fn entry() -> EntryHeard<'static> {
    EntryHeard { seq: 7, id: ID.parse().unwrap(), json: ENTRY }
}

#[test]
fn addresses_are_made_of_a_nodes_address() {
    for (dialect, url, expected) in [
        (Dialect::OrderChat, "http://127.0.0.1:1/", "ws://127.0.0.1:1/v1/socket"),
        (Dialect::OrderChat, "https://chat.example", "wss://chat.example/v1/socket"),
        (Dialect::OrderChat, "ws://127.0.0.1:1", "ws://127.0.0.1:1/v1/socket"),
        (Dialect::SocketIo, "http://127.0.0.1:1", "ws://127.0.0.1:1/socket.io/?EIO=4&transport=websocket"),
        (Dialect::Ws, "http://127.0.0.1:1", "ws://127.0.0.1:1/"),
    ] {
        let path = expected.splitn(4, '/').nth(3).unwrap();
        assert_eq!(address(url, &format!("/{path}")).unwrap().to_string(), expected);
        assert!(dialect.request(url, "t").is_ok() && dialect.request("no address", "t").is_err());
    }
}

#[test]
fn the_same_entry_is_heard_in_every_dialect() {
    let frames = [
        (Dialect::OrderChat, format!(r#"{{"type":"entry","order":"{ROOM}","entry":{ENTRY}}}"#)),
        (Dialect::SocketIo, format!(r#"42["entry","{ROOM}",{ENTRY}]"#)),
        (Dialect::SocketIo, format!(r#"42[ "entry", "{ROOM}", {ENTRY} ]"#)),
        (Dialect::Ws, format!(r#"{{"type":"entry","room":"{ROOM}","entry":{ENTRY}}}"#)),
        (Dialect::Ws, format!(r#"{{"type": "entry", "room": "{ROOM}", "entry": {ENTRY}}}"#)),
    ];
    for (dialect, frame) in frames {
        assert_eq!(dialect.read(&frame).unwrap(), Heard::Entry { order: ROOM, entry: entry() }, "{frame}");
    }
}

#[test]
fn the_same_answers_are_heard_from_both_peers() {
    let ack = Heard::Ack { reference: 12, id: ID.parse().unwrap(), seq: 7, duplicate: false };
    let page = |order| Heard::Page { order, entries: vec![entry()], head: 9, epoch: None, more: true };
    let no = Heard::Rejected { reference: 3, code: "forbidden".into(), retry: false, retry_after_ms: None };
    for (dialect, frame, expected) in [
        (Dialect::SocketIo, format!(r#"4312[{{"id":"{ID}","seq":7}}]"#), ack),
        (Dialect::SocketIo, format!(r#"431[{{"entries":[{ENTRY}],"head":9,"more":true}}]"#), page(None)),
        (Dialect::SocketIo, r#"433[{"error":"forbidden"}]"#.into(), no),
    ] {
        assert_eq!(dialect.read(&frame).unwrap(), expected, "{frame}");
    }
    let ack = Heard::Ack { reference: 12, id: ID.parse().unwrap(), seq: 7, duplicate: false };
    let later =
        Heard::Rejected { reference: 3, code: "unavailable".into(), retry: true, retry_after_ms: None };
    let joined =
        format!(r#"{{"type":"joined","room":"{ROOM}","entries":[{ENTRY}],"head":9,"more":true,"ref":1}}"#);
    for (frame, expected) in [
        (format!(r#"{{"type":"ack","id":"{ID}","seq":7,"ref":12}}"#), ack),
        (joined, page(Some(ROOM))),
        (r#"{"type":"error","code":"unavailable","retry":true,"ref":3}"#.into(), later),
    ] {
        assert_eq!(Dialect::Ws.read(&frame).unwrap(), expected, "{frame}");
    }
}

#[test]
fn a_socket_io_session_is_opened_kept_and_ended() {
    let read = |frame| Dialect::SocketIo.read(frame).unwrap();
    assert_eq!(read(r#"0{"sid":"x","pingInterval":25000}"#), Heard::Open);
    assert_eq!(Dialect::SocketIo.greeting("t"), Greeting::WhenOpen(r#"40{"token":"t"}"#.into()));
    assert_eq!(read(r#"40{"sid":"y"}"#), Heard::Welcome { commands_per_s: 0 });
    assert_eq!(read(r#"44{"message":"unauthorized"}"#), Heard::Refused { reason: "unauthorized".into() });
    assert_eq!((read("2"), Dialect::SocketIo.heartbeat()), (Heard::Heartbeat, "3"));
    for end in ["1", "41"] {
        assert_eq!(read(end), Heard::Goodbye { code: 1001, retry_after_ms: None });
    }
    assert_eq!((read("6"), read(""), read(r#"42["other",1]"#)), (Heard::Other, Heard::Other, Heard::Other));
    assert!(
        Dialect::SocketIo.read("43[{}]").is_err() && Dialect::SocketIo.read(r#"431[{"seq":1}]"#).is_err()
    );
}

#[test]
fn questions_are_json_with_their_number() {
    let cursor = Cursor { line: Uuid::nil(), reference: 1, order: ROOM, after: 5, epoch: None };
    let message =
        Saying { line: Uuid::nil(), reference: 2, id: ID.parse().unwrap(), order: ROOM, text: "hi" };
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    for frame in [Dialect::Ws.subscribe(cursor), Dialect::Ws.say(message)] {
        assert_eq!(parse(&frame)["room"], ROOM, "{frame}");
    }
    assert_eq!(parse(&Dialect::OrderChat.subscribe(cursor))["after"], 5);
    assert_eq!(parse(&Dialect::OrderChat.say(message))["command"]["text"], "hi");
    let join = Dialect::SocketIo.subscribe(cursor);
    assert_eq!(parse(join.strip_prefix("421").unwrap())[1]["after"], 5);
    let send = Dialect::SocketIo.say(message);
    assert_eq!(parse(send.strip_prefix("422").unwrap())[1]["id"], ID);
}

/// Operations come in any parts: none is read before it is whole, and none twice.
#[test]
fn nats_is_a_stream_of_operations() {
    let payload = format!(r#"{{"id":"{ID}","text":"hi"}}"#);
    let header = format!("NATS/1.0\r\nNats-Msg-Id: {ID}\r\n\r\n");
    let all = header.len() + payload.len();
    let live = format!(
        "HMSG room.{ROOM} 1 $JS.ACK.{ROOM}.c.1.7.3.1795727378771744329.0 {} {all}\r\n{header}{payload}\r\n",
        header.len()
    );
    let answered = |subject: &str, body: &str| format!("MSG {subject} {}\r\n{body}\r\n", body.len());
    let stored = answered(&format!("_SAID.l.12.{ID} 3"), r#"{"stream":"s","seq":7,"duplicate": true}"#);
    let refused =
        answered(&format!("_SAID.l.12.{ID} 3"), r#"{"error":{"code":503,"description":"no leader"}}"#);
    let nobody = format!("HMSG _SAID.l.12.{ID} 3 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
    let joined = answered("_JOIN.l.1.5 2", r#"{"name":"c","num_pending":2}"#);
    let rejected = |code: &'static str| Heard::Rejected {
        reference: 12,
        code: code.into(),
        retry: true,
        retry_after_ms: None,
    };
    let expected = [
        ("INFO {\"headers\":true} \r\n".to_owned(), Heard::Open),
        ("PONG\r\n".into(), Heard::Welcome { commands_per_s: 0 }),
        (
            live,
            Heard::Entry {
                order: ROOM,
                entry: EntryHeard { seq: 7, id: ID.parse().unwrap(), json: &payload },
            },
        ),
        (stored, Heard::Ack { reference: 12, id: ID.parse().unwrap(), seq: 7, duplicate: true }),
        (refused, rejected("no leader")),
        (nobody, rejected("no responders")),
        (joined, Heard::Page { order: None, entries: Vec::new(), head: 7, epoch: None, more: false }),
        ("PING\r\n".into(), Heard::Heartbeat),
        ("-ERR 'Slow Consumer'\r\n".into(), Heard::Refused { reason: "-ERR 'Slow Consumer'".into() }),
        ("MSG other\r\n".into(), Heard::Other),
    ];
    let stream: String = expected.iter().map(|(operation, _)| operation.as_str()).collect();
    for part in 1..stream.len() {
        let (mut heard, mut at) = (Vec::new(), 0);
        for end in (0..stream.len()).step_by(part).skip(1).chain([stream.len()]) {
            while let Some(length) = Dialect::Nats.whole(&stream.as_bytes()[at..end]) {
                heard.push(Dialect::Nats.read(&stream[at..at + length]).unwrap());
                at += length;
            }
        }
        assert!(heard.iter().eq(expected.iter().map(|(_, heard)| heard)), "parts of {part}: {heard:?}");
    }
}

#[test]
fn what_nats_stores_is_what_was_heard() {
    let stored = format!(r#"{{"seq":7,"entry":{{"id":"{ID}","text":"hi"}}}}"#);
    let entry = Dialect::Nats.stored(&stored).unwrap();
    assert_eq!((entry.seq, entry.json), (7, &stored[17..stored.len() - 1]));
    assert!(Dialect::Nats.stored(r#"{"seq":7}"#).is_err());
    let said = Saying { line: Uuid::nil(), reference: 2, id: ID.parse().unwrap(), order: ROOM, text: "hi" };
    assert!(Dialect::Nats.say(said).ends_with(&format!("\r\n\r\n{}\r\n", entry.json)));
}
