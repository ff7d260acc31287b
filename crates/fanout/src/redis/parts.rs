//! A Redis Cluster: its channels are spread over *parts*, each with its own connections, supervised like a Redis of
//! its own.
//!
//! A part is a hash tag, so all its channels lie in one slot, and whichever server owns the slot serves it. The slots of
//! the parts are spread evenly over the slots there are, however many servers own them.

use std::num::NonZeroU16;

use crc::{CRC_16_XMODEM, Crc};
use redis::Value;

/// As the specification of Redis Cluster has it.
pub(crate) const SLOTS: u16 = 16_384;
const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_XMODEM);

/// What all channels of one part have in their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// With its braces.
    pub(crate) text: String,
    pub(crate) slot: u16,
}

/// One tag for each part, the same on every node that is given the same.
pub(crate) fn tags(prefix: &str, parts: NonZeroU16) -> Vec<Tag> {
    (0..parts.get()).map(|part| tag(prefix, part, parts)).collect()
}

/// The first number that leads into the part's share of the slots.
fn tag(prefix: &str, part: u16, parts: NonZeroU16) -> Tag {
    let bound = |part: u16| u32::from(part) * u32::from(SLOTS) / u32::from(parts.get());
    let share = bound(part)..bound(part + 1);
    let numbered = (0u32..).map(|number| format!("{prefix}.{number}"));
    let mut tags = numbered.map(|name| Tag { slot: crc(&name) % SLOTS, text: format!("{{{name}}}") });
    tags.find(|tag| share.contains(&u32::from(tag.slot))).expect("the hash reaches every share")
}

/// Which part a channel belongs to.
pub(crate) fn part_of(channel: &str, parts: usize) -> usize {
    usize::from(crc(channel)) % parts
}

fn crc(text: &str) -> u16 {
    CRC.checksum(text.as_bytes())
}

/// Who owns a slot, by the answer of `CLUSTER SLOTS`: host and port, no host when it is the one who was asked.
pub(crate) fn owner(answer: &Value, slot: u16) -> Option<(Option<String>, u16)> {
    let range = items(answer)?.iter().filter_map(items).find(|range| {
        let bound = |at: usize| range.get(at).and_then(number);
        matches!((bound(0), bound(1)), (Some(first), Some(last)) if (first..=last).contains(&i64::from(slot)))
    })?;
    // After the bounds its master, then its replicas.
    let master = items(range.get(2)?)?;
    let host = text(master.first()?).filter(|host| !host.is_empty());
    Some((host, u16::try_from(number(master.get(1)?)?).ok()?))
}

fn items(value: &Value) -> Option<&Vec<Value>> {
    if let Value::Array(items) = value { Some(items) } else { None }
}

fn number(value: &Value) -> Option<i64> {
    if let Value::Int(number) = value { Some(*number) } else { None }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(count: u16) -> NonZeroU16 {
        NonZeroU16::new(count).unwrap()
    }

    /// The value that the specification gives.
    #[test]
    fn the_hash_is_the_one_of_redis() {
        assert_eq!(crc("123456789"), 0x31c3);
    }

    #[test]
    fn parts_are_spread_evenly_and_the_same_everywhere() {
        for count in [1, 3, 16, 100] {
            let all = tags("order-chat", parts(count));
            assert_eq!(all, tags("order-chat", parts(count)));
            assert_eq!(all.len(), usize::from(count));
            for (part, tag) in all.iter().enumerate() {
                let share = usize::from(tag.slot) * usize::from(count) / usize::from(SLOTS);
                assert!(share == part || share + 1 == part, "{tag:?} is not in the share of {part}");
            }
        }
        let mut seen = [0; 16];
        (0..4096).for_each(|number| seen[part_of(&format!("room:{number}"), 16)] += 1);
        assert!(seen.iter().all(|rooms| (150..400).contains(rooms)), "{seen:?}");
    }

    #[test]
    fn the_owner_of_a_slot_is_read() {
        let bulk = |text: &str| Value::BulkString(text.into());
        let server = |host: Value, port| Value::Array(vec![host, Value::Int(port), bulk("id")]);
        let range = |first, last, master| {
            Value::Array(vec![Value::Int(first), Value::Int(last), master, server(bulk("10.0.0.9"), 9)])
        };
        let answer = Value::Array(vec![
            range(0, 100, server(bulk("10.0.0.1"), 7000)),
            range(101, 200, server(bulk(""), 7001)),
            range(201, 300, server(Value::Nil, 7002)),
        ]);
        assert_eq!(owner(&answer, 100), Some((Some("10.0.0.1".into()), 7000)));
        assert_eq!(owner(&answer, 101), Some((None, 7001)));
        assert_eq!(owner(&answer, 300), Some((None, 7002)));
        assert_eq!(owner(&answer, 301), None);
        assert_eq!(owner(&Value::Nil, 0), None);
        assert_eq!(owner(&Value::Array(vec![Value::Array(vec![Value::Int(0), Value::Int(9)])]), 5), None);
    }
}
