//! Messages beyond plain text (L51): files, answers, edits, retractions; and rooms without an order (S8, S41).

use futures_util::future::join_all;
use order_actions::{Store, StoreSettings};
use order_domain::{event::Event, participant::Side, rejection::Code};
use serde_json::json;

use crate::{
    database::fresh,
    world::{World, buyer, code, file, host, id, of_file, placement, rejection, say, seller, settings, user},
};

/// L51: own messages only, once taken back for good; the original entry stays as it was.
#[tokio::test]
async fn edits_and_retractions() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let seq = world.done(&buyer(), order, say("Helo")).await.first.expect("an entry");
        let edit = json!({"type": "edit_message", "seq": seq, "text": "Hello"});
        world.done(&buyer(), order, edit.clone()).await;
        assert_eq!(world.refused(&seller(), order, edit.clone()).await, Code::NotYourRole);
        let of_placing = json!({"type": "edit_message", "seq": 1, "text": "x"});
        assert_eq!(world.refused(&buyer(), order, of_placing).await, Code::BadField);
        let retract = json!({"type": "retract_message", "seq": seq});
        let retracted = world.done(&buyer(), order, retract.clone()).await;
        assert_eq!(retracted.version, 1, "talk moves no version");
        assert!(retracted.room.is_none());
        assert_eq!(world.refused(&buyer(), order, retract).await, Code::AlreadyDone);
        assert_eq!(world.refused(&buyer(), order, edit).await, Code::AlreadyDone);
        let original = &world.timeline(order).await[usize::try_from(seq.0).expect("small") - 1];
        assert!(
            matches!(&original.event, Event::MessagePosted { text: Some(text), .. } if &**text == "Helo")
        );
        world.holds_together(order).await;
    })
    .await;
}

/// L51, S67: files belong to their room; an answer needs its entry.
#[tokio::test]
async fn files_and_answers() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, elsewhere) = (world.order(json!("creator")).await, world.order(json!("creator")).await);
        let file = world.file(order).await;
        let show = json!({"type": "post_message", "files": [file.id], "reply_to": 1});
        let shown = world.done(&buyer(), order, show.clone()).await;
        assert!(
            matches!(&shown.entries[0].event, Event::MessagePosted { files, .. } if files == std::slice::from_ref(&file))
        );
        let refused = rejection(world.ask(&buyer(), elsewhere, show).await);
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some("files[0]")));
        let ahead = json!({"type": "post_message", "text": "x", "reply_to": 99});
        assert_eq!(rejection(world.ask(&buyer(), order, ahead).await).field.as_deref(), Some("reply_to"));
    })
    .await;
}

/// S12: a file as an answer is one of this room; the answer says its name, size and hash.
#[tokio::test]
async fn files_as_answers() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let mut purchase = placement(json!("creator"));
        let question = json!({"id": "logo", "label": "Your logo?", "kind": "file", "required": true});
        purchase.requirements = vec![serde_json::from_value(question).expect("a question")];
        let order = world.store.place_order(id(), purchase).await.expect("placed").order;
        let elsewhere = world.file(world.order(json!("creator")).await).await;
        let answer = |id| json!({"type": "submit_requirements", "answers": {"logo": id}});
        for made_up in [elsewhere.id, order_domain::ids::FileId(uuid::Uuid::now_v7())] {
            let refused = rejection(world.ask(&buyer(), order, answer(made_up)).await);
            assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some("answers.logo")));
        }
        let logo = world.file(order).await;
        let answered = world.done(&buyer(), order, answer(logo.id)).await;
        assert!(answered.room.is_some());
        assert_eq!(world.stored(order).await.answers["logo"], json!(logo));
        world.holds_together(order).await;
    })
    .await;
}

/// A file's fields have limits; the same id gives the same file, another content is refused.
#[tokio::test]
async fn registering_files() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let (order, command) = (world.order(json!("creator")).await, id());
        let store = &world.store;
        let first = store.register_file(&host(), order, command, file("a.zip")).await.expect("a file");
        let again = store.register_file(&host(), order, command, file("a.zip")).await.expect("the same file");
        assert_eq!(first, again);
        assert_eq!(
            code(of_file(store.register_file(&host(), order, command, file("b.zip")).await)),
            Code::IdReused
        );
        let by_a_party = store.register_file(&buyer(), order, id(), file("a.zip")).await;
        assert_eq!(
            code(of_file(by_a_party)),
            Code::NotYourRole,
            "nobody vouches for bytes that are not here"
        );
        let mut bad = vec![
            (file("../a"), "name"),
            (file("a\u{7}"), "name"),
            (file(" "), "name"),
            (file(&"x".repeat(256)), "name"),
        ];
        let mut hash = file("a");
        hash.sha256 = "xyz".into();
        let mut size = file("a");
        size.size = (1 << 53) + 1;
        let mut kind = file("a");
        kind.media_type = "zip".into();
        bad.extend([(hash, "sha256"), (size, "size"), (kind, "type")]);
        for (bad, field) in bad {
            let refused = rejection(of_file(store.register_file(&host(), order, id(), bad).await));
            assert_eq!(refused.field.as_deref(), Some(field));
        }
    })
    .await;
}

/// S8: one conversation per pair, whoever asks; talk and nothing else.
#[tokio::test]
async fn conversations() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let store = &world.store;
        let buyer = buyer();
        let opened =
            join_all((0..6).map(|_| store.open_conversation(&buyer, user("seller"), Side::Buyer))).await;
        let room = *opened[0].as_ref().expect("a room");
        assert!(opened.iter().all(|opened| matches!(opened, Ok(same) if *same == room)));
        let other_way = store.open_conversation(&seller(), user("buyer"), Side::Seller).await;
        assert_eq!(other_way.expect("a room"), room);
        assert_eq!(code(store.open_conversation(&buyer, user("buyer"), Side::Buyer).await), Code::BadField);
        world.done(&buyer, room, say("Do you do weddings?")).await;
        assert_eq!(world.refused(&seller(), room, json!({"type": "accept_order"})).await, Code::WrongState);
        let view = store.room(room).await.expect("the room");
        assert!(view.order.is_none());
        assert_eq!((view.kind, view.head.0), (order_actions::RoomKind::Conversation, 1));
    })
    .await;
}

/// S8: a user begins so many conversations within a day; those that are there are open, and the host is not counted.
#[tokio::test]
async fn a_user_begins_so_many_conversations_a_day() {
    fresh(async |database| {
        let few = StoreSettings { conversations_per_day: 2, ..settings(&database) };
        let store = Store::connect(few).await.expect("the store opens");
        let buyer = buyer();
        let mut rooms = Vec::new();
        for other in ["a", "b"] {
            rooms.push(store.open_conversation(&buyer, user(other), Side::Buyer).await.expect("a room"));
        }
        let refused = store.open_conversation(&buyer, user("c"), Side::Buyer).await;
        let refused = rejection(refused);
        assert_eq!(refused.code, Code::TooManyConversations);
        let first = "select min(opened_at) + interval '1 day' from conversations where opened_by = 'buyer'";
        let first = sqlx::query_scalar(first).fetch_one(&mut database.connect().await).await;
        assert_eq!(refused.allowed_from, first.expect("a time"), "when the first one is a day old");
        assert_eq!(
            store.open_conversation(&buyer, user("a"), Side::Buyer).await.expect("it is there"),
            rooms[0]
        );
        store.open_conversation(&seller(), user("buyer"), Side::Seller).await.expect("somebody else begins");
        store.conversation_between(user("buyer"), user("d"), Side::Buyer).await.expect("the host begins");

        let mut connection = database.connect().await;
        sqlx::query("update conversations set opened_at = opened_at - interval '1 day'")
            .execute(&mut connection)
            .await
            .expect("a day goes by");
        store.open_conversation(&buyer, user("c"), Side::Buyer).await.expect("another day");
    })
    .await;
}

/// L52, D3: an archived room is read-only, and whoever looks at it is told.
#[tokio::test]
async fn an_archived_room_is_read_only() {
    fresh(async |database| {
        let world = World::on(&database).await;
        let order = world.order(json!("creator")).await;
        let seq = world.done(&buyer(), order, say("Hello")).await.first.expect("an entry");
        assert!(!world.store.room(order).await.expect("the room").archived);
        let archive = sqlx::query("update heads set archived = true");
        archive.execute(&mut database.connect().await).await.expect("archived");
        let edit = json!({"type": "edit_message", "seq": seq, "text": "Bye"});
        for command in [say("Bye"), edit] {
            assert_eq!(world.refused(&buyer(), order, command).await, Code::RoomClosed);
        }
        assert!(world.store.room(order).await.expect("the room").archived);
    })
    .await;
}
