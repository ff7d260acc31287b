//! What a server sends that our own client would not pass on.

use protocol::domain::ids::OrderId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::participant::tests::shared;

const ROOM: OrderId = OrderId(Uuid::from_u128(1));

/// Of a party to the order that is room 7 of the run.
fn ears() -> Ears {
    let ears = Ears::new(shared(8), "buyer".into(), true);
    ears.knows(ROOM, 7);
    ears
}

fn entry(seq: u64) -> Value {
    json!({
        "seq": seq, "at": "2026-01-01T00:00:00Z", "by": {"role": "system"}, "id": Uuid::from_u128(seq.into()),
        "event": {"type": "order_overdue"},
    })
}

fn live(ears: &Ears, order: OrderId, seq: u64) {
    ears.hear(&json!({"type": "entry", "order": order, "entry": entry(seq)}).to_string());
}

/// The answer to a `subscribe`.
fn answer(ears: &Ears, seqs: std::ops::RangeInclusive<u64>) {
    let fixture = include_str!("../../../../crates/protocol/fixtures/server/subscribed.json");
    let fixture: Value = serde_json::from_str(fixture).unwrap();
    let mut frame = fixture["cases"][0]["frame"].clone();
    frame["order"] = json!(ROOM);
    frame["entries"] = seqs.map(entry).collect();
    ears.hear(&frame.to_string());
}

fn kinds(ears: &Ears) -> Vec<String> {
    ears.shared.judge.verdict().findings.breaches.into_keys().collect()
}

#[test]
fn a_repetition_is_heard() {
    let ears = ears();
    [1, 2, 2].into_iter().for_each(|seq| live(&ears, ROOM, seq));
    assert_eq!(kinds(&ears), ["repeated"]);
}

#[test]
fn disorder_is_heard() {
    let ears = ears();
    [1, 3, 2].into_iter().for_each(|seq| live(&ears, ROOM, seq));
    assert_eq!(kinds(&ears), ["gap", "late"]);
}

#[test]
fn a_strangers_room_is_heard() {
    let ears = ears();
    live(&ears, OrderId(Uuid::from_u128(2)), 1);
    assert_eq!(kinds(&ears), ["other room"]);
}

#[test]
fn a_leak_is_heard_whatever_carries_it_and_its_room_is_named() {
    let ears = ears();
    let canaries = ears.shared.judge.canaries();
    let (theirs, note) = (canaries.text(Audience::Room(3), 1), canaries.text(Audience::Staff, 1));
    ears.hear(&json!({"type": "news", "text": theirs}).to_string());
    let mut frame = json!({"type": "entry", "order": ROOM, "entry": entry(1)});
    frame["entry"]["event"]["note"] = json!(note);
    ears.hear(&frame.to_string());
    let first = ears.shared.judge.verdict().findings.first;
    assert!(first[0].starts_with("buyer: received") && first[1].starts_with("room 7, buyer: "), "{first:?}");
}

/// Who subscribes anew is answered from where they had asked, whatever came before the answer; once, and only then.
#[test]
fn a_page_may_tell_once_more_what_came_before_it() {
    let ears = ears();
    answer(&ears, 1..=2);
    [3, 4].into_iter().for_each(|seq| live(&ears, ROOM, seq));
    answer(&ears, 3..=5);
    live(&ears, ROOM, 6);
    assert_eq!((kinds(&ears), ears.reader(ROOM).last()), (Vec::<String>::new(), 6));
    [1, 4].into_iter().for_each(|seq| live(&ears, ROOM, seq));
    assert_eq!(ears.shared.judge.verdict().findings.of_kind("repeated"), 2);
}
