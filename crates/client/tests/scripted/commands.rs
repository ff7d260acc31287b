//! Commands: once whatever happens, in order, with the id they were given.

use client::{Ask, Client, CommandError, ConnectionState};
use protocol::{
    ClientFrame,
    domain::{
        command::{PostMessage, SubmitRequirements},
        rejection::Code,
        values::Text,
    },
};
use serde_json::json;

use crate::server::{ROOM, Server, ack, connect, options, soon, state, text_of, welcome};

fn message(text: &str) -> PostMessage {
    PostMessage { text: Some(Text::new(text).unwrap()), files: Vec::new(), reply_to: None }
}

/// G2, G6: a lost answer is asked for again with the same id.
#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let answers = async {
        let (_, first, _) = peer.message().await;
        drop(peer);
        let mut peer = server.welcome().await;
        let (reference, again, text) = peer.message().await;
        assert_eq!((first, text.as_str()), (again, "hello"));
        peer.say(ack(reference, again, 7, true)).await;
        peer
    };
    let (done, _peer) = tokio::join!(client.command(ROOM, message("hello")), answers);
    let done = done.unwrap();
    assert!(done.duplicate);
    assert_eq!(done.seq.unwrap().0, 7);
}

/// "Try again" is done by the client, with the same id, after what it was told.
#[tokio::test]
async fn a_machine_that_failed_is_asked_again() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let answers = async {
        let (reference, id, _) = peer.message().await;
        peer.say(json!({"type": "rejected", "ref": reference, "id": id, "code": "unavailable", "message": "", "retry": true, "retry_after_ms": 10})).await;
        let (reference, again, _) = peer.message().await;
        assert_eq!(id, again);
        peer.say(ack(reference, again, 1, false)).await;
    };
    let (done, ()) = tokio::join!(client.command(ROOM, message("hello")), answers);
    assert!(!done.unwrap().duplicate);
}

/// A final refusal is an error with its code.
#[tokio::test]
async fn a_refusal_is_final() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let answers = async {
        let (reference, id, _) = peer.message().await;
        peer.say(json!({"type": "rejected", "ref": reference, "id": id, "code": "room_closed", "message": "The room is closed.", "retry": false})).await;
    };
    let (done, ()) = tokio::join!(client.command(ROOM, message("hello")), answers);
    assert_eq!(*done.unwrap_err().code().unwrap(), Code::RoomClosed);
}

/// One room's commands go one by one, so that a retry overtakes nothing.
#[tokio::test]
async fn a_rooms_commands_keep_their_order() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let giving: Vec<_> = ["one", "two", "three"].map(|text| client.command(ROOM, message(text))).into();
    let answers = async {
        for (seq, expected) in [(1, "one"), (2, "two"), (3, "three")] {
            let (reference, id, text) = peer.message().await;
            assert_eq!(text, expected);
            peer.say(json!({"type": "rejected", "ref": reference, "id": id, "code": "rate_limited", "message": "", "retry": true, "retry_after_ms": 1})).await;
            let (reference, id, text) = peer.message().await;
            assert_eq!(text, expected, "nothing overtook it");
            peer.say(ack(reference, id, seq, false)).await;
        }
    };
    let (done, ()) = tokio::join!(futures_util::future::join_all(giving), answers);
    assert_eq!(done.into_iter().map(|ack| ack.unwrap().seq.unwrap().0).collect::<Vec<_>>(), [1, 2, 3]);
}

/// G2: an id that was used twice by mistake, both in flight at once: each command gets the answer to its own frame.
#[tokio::test]
async fn answers_go_by_their_ref() {
    let server = Server::start().await;
    let options = client::Options { in_flight_per_room: 2, ..options([server.url()]) };
    let (client, _events) = client::Client::connect(options);
    let first = Ask::new(ROOM, message("one"));
    let second = Ask { id: first.id, ..Ask::new(ROOM, message("two")) };
    let answers = async {
        let mut peer = server.welcome().await;
        let (one, id, _) = peer.message().await;
        let (two, _, text) = peer.message().await;
        assert_eq!(text, "two");
        peer.say(json!({"type": "rejected", "ref": two, "id": id, "code": "unavailable", "message": "", "retry": true, "retry_after_ms": 1})).await;
        let (two, _, text) = peer.message().await;
        assert_eq!(text, "two", "only the one that was told to try again does");
        peer.say(json!({"type": "rejected", "ref": two, "id": id, "code": "id_reused", "message": "", "retry": false})).await;
        peer.say(ack(one, id, 1, false)).await;
        peer
    };
    let (one, two, _peer) = tokio::join!(client.ask(first), client.ask(second), answers);
    assert_eq!(one.expect("the first is accepted").seq.unwrap().0, 1);
    assert_eq!(*two.unwrap_err().code().unwrap(), Code::IdReused);
}

/// A command can be given before there is a connection, with an id of one's own, at a version.
#[tokio::test]
async fn commands_wait_for_a_connection() {
    let server = Server::start().await;
    let (client, _events) = client::Client::connect(options([server.url()]));
    let ask = Ask::new(ROOM, message("early")).at_version(3);
    let answers = async {
        let mut peer = server.welcome().await;
        let protocol::ClientFrame::Command(frame) = peer.hear().await else { panic!("no command") };
        assert_eq!(
            (frame.id, frame.expect_version, text_of(&frame.command).as_str()),
            (ask.id, Some(3), "early")
        );
        peer.say(ack(frame.reference, frame.id, 1, false)).await;
        peer
    };
    let (done, _peer) = tokio::join!(client.ask(ask.clone()), answers);
    done.unwrap();
}

/// What the server would close the socket for is not sent.
#[tokio::test]
async fn a_command_must_fit_into_a_frame() {
    let server = Server::start().await;
    let (client, _events, _peer) = connect(&server).await;
    let answers = [("a".to_owned(), json!("x".repeat(70_000)))].into();
    let refused = client.command(ROOM, SubmitRequirements { answers }).await.unwrap_err();
    assert!(matches!(refused, CommandError::TooLarge { bytes, was_sent: false } if bytes > 70_000));
}

/// How much that is the server says, and what waited for it longer than it takes is told so.
#[tokio::test]
async fn a_server_may_take_less() {
    let server = Server::start().await;
    let (client, mut events) = Client::connect(options([server.url()]));
    let text = "x".repeat(3_900);
    let waiting = tokio::spawn({
        let (client, text) = (client.clone(), text.clone());
        async move { client.command(ROOM, message(&text)).await }
    });
    let mut small = welcome();
    small["limits"]["frame_bytes"] = 2_000.into();
    let mut peer = server.accept().await;
    peer.hear().await;
    peer.say(small).await;
    state(&mut events, |state| matches!(state, ConnectionState::Connected { .. })).await;
    let told = [soon("the answer", waiting).await.unwrap(), client.command(ROOM, message(&text)).await];
    for told in told {
        assert!(
            matches!(told, Err(CommandError::TooLarge { bytes, was_sent: false }) if bytes > 3_900),
            "{told:?}"
        );
    }
    client.typing(ROOM, true).await.unwrap();
    assert!(matches!(peer.hear().await, ClientFrame::Typing(_)), "nothing was sent before it");
}

/// G6: what a server of larger frames was sent, and did not answer, is not called undone.
#[tokio::test]
async fn what_may_have_happened_is_not_called_undone() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let text = "x".repeat(3_900);
    let asking = tokio::spawn(async move { client.command(ROOM, message(&text)).await });
    peer.message().await;
    peer.close(1001).await;
    let mut small = welcome();
    small["limits"]["frame_bytes"] = 2_000.into();
    let mut peer = server.accept().await;
    peer.hear().await;
    peer.say(small).await;
    let told = soon("the answer", asking).await.unwrap();
    assert!(matches!(told, Err(CommandError::TooLarge { was_sent: true, .. })), "{told:?}");
}

/// Closing answers everybody who still waits.
#[tokio::test]
async fn closing_answers_whoever_waits() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let closing = async {
        peer.message().await;
        client.close().await;
    };
    let (done, ()) =
        soon("the end", async { tokio::join!(client.command(ROOM, message("hello")), closing) }).await;
    assert!(matches!(done, Err(CommandError::Closed(closed)) if closed.code == 1000));
    assert!(matches!(client.command(ROOM, message("late")).await, Err(CommandError::Closed(_))));
}
