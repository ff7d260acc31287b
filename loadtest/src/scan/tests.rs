//! Both ways of reading agree with the protocol's own reader, on frames that its own writer wrote.

use proptest::prelude::*;
use protocol::{
    SeenEntry, ServerFrame,
    domain::{
        event::Entry,
        ids::OrderId,
        values::{Seq, Text},
    },
    server_frame::EntryFrame,
};
use serde_json::json;

use super::*;

fn written(seq: u64, id: Uuid, text: &str) -> String {
    let entry: Entry = serde_json::from_value(json!({
        "seq": seq, "at": "2026-11-22T10:00:00.123Z", "by": {"role": "buyer", "user": "u1", "name": "An \"id\":\"x"},
        "id": id, "event": {"type": "message.posted", "text": text},
    }))
    .expect("an entry of the protocol");
    let entry = SeenEntry::from(&entry);
    ServerFrame::<_, ()>::Entry(EntryFrame { order: OrderId(Uuid::from_u128(9)), entry }).encode()
}

proptest! {
    /// Whatever people write, position, parser and protocol read the same.
    #[test]
    fn an_entry_is_read_the_same_in_both_ways(seq in 1_u64..1 << 53, id: u128, text in r#"[a-z"\\{}:, ]{0,40}x"#) {
        prop_assume!(Text::new(text.clone()).is_ok());
        let frame = written(seq, Uuid::from_u128(id), &text);
        let fast = entry_by_position(&frame);
        prop_assert!(fast.is_some(), "our own server's frame takes the fast way: {frame}");
        let parsed = parse(&frame).ok();
        prop_assert_eq!(fast.as_ref(), parsed.as_ref());
        let Some(Heard::Entry { entry, .. }) = fast else { unreachable!() };
        let read: SeenEntry = serde_json::from_str(entry.json).unwrap();
        prop_assert_eq!((read.seq, read.id.0), (Seq(entry.seq), entry.id));
    }

    #[test]
    fn nothing_that_arrives_panics(frame in ".{0,200}") {
        let _ = read(&frame);
    }
}

#[test]
fn fields_in_another_order_are_read_too() {
    let id = Uuid::from_u128(5);
    let frame = format!(
        r#"{{"order":"o","entry":{{"event":{{"x":1,"id":"no"}},"id":"{id}","seq":4}},"type":"entry"}}"#
    );
    let Heard::Entry { order, entry } = read(&frame).unwrap() else { panic!("an entry") };
    assert_eq!((order, entry.seq, entry.id), ("o", 4, id));
}

#[test]
fn an_id_inside_the_event_is_not_the_entrys() {
    let id = Uuid::from_u128(5);
    let json = format!(r#"{{"seq":4,"event":{{"type":"t","id":"{}"}},"id":"{id}"}}"#, Uuid::from_u128(6));
    assert_eq!(entry(&json).unwrap().id, id);
}

#[test]
fn answers_are_read() {
    let id = Uuid::from_u128(5);
    let ack = format!(
        r#"{{"type":"ack","ref":7,"id":"{id}","order":"o","seq":12,"last_seq":12,"version":1,"duplicate":true}}"#
    );
    assert_eq!(read(&ack).unwrap(), Heard::Ack { reference: 7, id, seq: 12, duplicate: true });
    let no =
        r#"{"type":"rejected","ref":8,"code":"rate_limited","message":"…","retry":true,"retry_after_ms":50}"#;
    let code = Cow::Borrowed("rate_limited");
    assert_eq!(
        read(no).unwrap(),
        Heard::Rejected { reference: 8, code, retry: true, retry_after_ms: Some(50) }
    );
    let bye = r#"{"type":"goodbye","code":4200,"reason":"draining","retry_after_ms":800}"#;
    assert_eq!(read(bye).unwrap(), Heard::Goodbye { code: 4200, retry_after_ms: Some(800) });
    assert_eq!(read(r#"{"type":"signal","order":"o"}"#).unwrap(), Heard::Other);
    assert!(read("{").is_err() && read(r#"{"type":"ack"}"#).is_err());
}

#[test]
fn a_page_keeps_its_entries_as_they_are() {
    let id = Uuid::from_u128(5);
    let entry = format!(r#"{{"seq":4,"id":"{id}","event":{{}}}}"#);
    let page = format!(r#"{{"type":"entries","order":"o","entries":[{entry}],"head":9}}"#);
    let Heard::Page { entries, head, epoch, .. } = read(&page).unwrap() else { panic!("a page") };
    assert_eq!((entries.len(), head, epoch, entries[0].json), (1, 9, None, entry.as_str()));
}
