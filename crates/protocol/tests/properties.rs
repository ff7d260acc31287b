//! Whatever arrives, decoding answers: it never panics, and what is written reads back as the same.

use order_domain::{
    command::{AcceptDelivery, Command, DeclineOrder, PostMessage, ProposeUpdate, SubmitRequirements},
    event::{Entry, Event},
    ids::{CommandId, OrderId, UserId},
    participant::{Actor, Role},
    values::{Amount, Seq, Text, Timestamp},
};
use proptest::prelude::*;
use protocol::{
    ClientFrame, Encoded, FrameError, SeenEntry, ServerFrame,
    client_frame::{
        CommandFrame, Hello, History, PresenceFrame, Read, Refresh, Subscribe, Typing, Unsubscribe,
    },
    limits::CLOSE_REASON_BYTES,
    room::Presence,
    server_frame::EntryFrame,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn order() -> impl Strategy<Value = OrderId> {
    id().prop_map(OrderId)
}

fn seq() -> impl Strategy<Value = Seq> {
    (0..(1_u64 << 53)).prop_map(Seq)
}

fn text() -> impl Strategy<Value = Text> {
    "\\PC{0,40}".prop_filter_map("a text", |text| Text::new(text).ok())
}

fn command() -> impl Strategy<Value = Command> {
    let message = (proptest::option::of(text()), proptest::option::of(seq()))
        .prop_map(|(text, reply_to)| PostMessage { text, files: Vec::new(), reply_to }.into());
    let update = (proptest::option::of(any::<u32>()), proptest::option::of(0..1_000_000_i64)).prop_map(
        |(revisions, price)| {
            ProposeUpdate { due_at: None, revisions, price: price.and_then(|price| Amount::new(price).ok()) }
                .into()
        },
    );
    let answers = proptest::collection::btree_map("[a-z]{1,8}", json_value(), 0..4);
    prop_oneof![
        4 => message,
        1 => any::<u32>().prop_map(|delivery| AcceptDelivery { delivery }.into()),
        1 => text().prop_map(|reason| DeclineOrder { reason }.into()),
        1 => update,
        1 => answers.prop_map(|answers| SubmitRequirements { answers }.into()),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(Value::from_iter),
        ]
    })
}

fn frame() -> impl Strategy<Value = ClientFrame> {
    let reference = any::<i64>;
    let words = || proptest::option::of("\\PC{0,20}");
    prop_oneof![
        (words(), words()).prop_map(|(token, client)| ClientFrame::Hello(Hello { token, client })),
        (reference(), "\\PC{0,20}")
            .prop_map(|(reference, token)| ClientFrame::Refresh(Refresh { reference, token })),
        (reference(), order(), proptest::option::of(seq()), proptest::option::of(id())).prop_map(
            |(reference, order, after, epoch)| ClientFrame::Subscribe(Subscribe {
                reference,
                order,
                after,
                epoch
            })
        ),
        (reference(), order())
            .prop_map(|(reference, order)| ClientFrame::Unsubscribe(Unsubscribe { reference, order })),
        (reference(), order(), seq(), 1..=200_u32).prop_map(|(reference, order, before, limit)| {
            ClientFrame::History(History { reference, order, before, limit })
        }),
        (reference(), id(), order(), command(), proptest::option::of(any::<u64>())).prop_map(
            |(reference, id, order, command, expect_version)| {
                CommandFrame { reference, id: CommandId(id), order, command, expect_version }.into()
            }
        ),
        (order(), seq()).prop_map(|(order, seq)| ClientFrame::Read(Read { order, seq })),
        (order(), any::<bool>()).prop_map(|(order, on)| ClientFrame::Typing(Typing { order, on })),
        any::<bool>().prop_map(|there| {
            let state = if there { Presence::Active } else { Presence::Away };
            ClientFrame::Presence(PresenceFrame { state })
        }),
        Just(ClientFrame::Heartbeat {}),
    ]
}

/// Decodes and checks what every refusal promises.
fn decode(text: &str) -> Result<ClientFrame, FrameError> {
    let read = ClientFrame::decode(text);
    if let Err(FrameError::Bad(bad)) = &read {
        assert!(bad.reason().len() <= CLOSE_REASON_BYTES, "{}", bad.reason());
        assert!(!bad.reason().is_empty());
    }
    read
}

proptest! {
    #[test]
    fn frames_read_back_as_the_same(frame in frame()) {
        prop_assert_eq!(decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*") {
        let _ = decode(&text);
        let _ = ServerFrame::decode(&text);
    }

    #[test]
    fn any_json_is_answered(value in json_value()) {
        let _ = decode(&value.to_string());
        let _ = ServerFrame::decode(&value.to_string());
    }

    /// One field of a good frame becomes anything at all.
    #[test]
    fn any_field_can_be_anything(frame in frame(), field in any::<prop::sample::Index>(), value in json_value()) {
        let mut json: Value = serde_json::from_str(&frame.encode()).unwrap();
        let names: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
        json[&names[field.index(names.len())]] = value;
        let _ = decode(&json.to_string());
    }

    /// Cut anywhere, or with any byte put in anywhere (as long as it stays UTF-8: the socket sees to that).
    #[test]
    fn any_damage_is_answered(frame in frame(), cut in any::<prop::sample::Index>(), put in any::<char>()) {
        let chars: Vec<char> = frame.encode().chars().collect();
        let at = cut.index(chars.len());
        let _ = decode(&chars[..at].iter().collect::<String>());
        let damaged: String = chars[..at].iter().chain([&put]).chain(&chars[at..]).collect();
        let _ = decode(&damaged);
    }

    /// An entry that was encoded once is the same frame, and reads back as the same entry.
    #[test]
    fn a_spliced_entry_is_the_same_frame(order in order(), seq in seq(), text in text(), id in id(), ms in 0..4_000_000_000_000_i64) {
        let entry = Entry {
            seq,
            at: Timestamp::from_timestamp_millis(ms).unwrap(),
            by: Actor::person(Role::Buyer, UserId::new("buyer").unwrap(), "Buyer"),
            id: CommandId(id),
            event: Event::MessagePosted { text: Some(text), files: Vec::new(), reply_to: None },
        };
        let spliced = Encoded::new(&entry).frame(order);
        let plain = ServerFrame::<_, Value>::Entry(EntryFrame { order, entry: entry.clone() }).encode();
        prop_assert_eq!(&spliced, &plain);
        let Some(ServerFrame::Entry(seen)) = ServerFrame::decode(&spliced).unwrap() else { panic!("{spliced}") };
        prop_assert_eq!(seen.entry.read(), Some(entry.clone()));
        prop_assert_eq!(seen.entry, SeenEntry::from(&entry));
    }
}

/// Depth costs its length and nothing more, wherever it stands.
#[test]
fn depth_is_answered() {
    for deep in ["[".repeat(60_000), "{\"a\":".repeat(10_000)] {
        let closed = format!(
            "{}1{}",
            &deep,
            deep.chars().rev().map(|c| if c == '[' { ']' } else { '}' }).collect::<String>()
        );
        for text in [
            deep.clone(),
            format!("{{\"type\":\"hello\",\"token\":{deep}"),
            format!("{{\"type\":\"hello\",\"x\":{closed}}}"),
        ] {
            let _ = decode(&text);
            let _ = ServerFrame::decode(&text);
        }
    }
    assert!(decode("{\"type\":\"heartbeat\",\"future\":[[[1]]]}").is_ok());
    assert_eq!(json!({"type": "heartbeat"}).to_string(), ClientFrame::Heartbeat {}.encode());
}
