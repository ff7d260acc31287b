//! Rooms: in order and once, gaps healed, resumed after cuts, told when they start anew.

use client::{Client, Event, Events, Options, Place, RoomError, Tap};
use protocol::ClientFrame;
use protocol::domain::{rejection::Code, values::Seq};
use serde_json::json;
use tokio::{sync::mpsc, task::yield_now};
use uuid::Uuid;

use crate::server::{
    EPOCH, Peer, ROOM, Server, connect, entry, following, live, next, options, seqs, soon, subscribed,
};

/// G4: duplicates are dropped, entries come in order.
#[tokio::test]
async fn duplicates_are_dropped() {
    let server = Server::start().await;
    let (_client, mut events, mut peer) = following(&server, 10).await;
    for seq in [11, 11, 9, 12, 11, 12, 13] {
        peer.say(live(seq)).await;
    }
    assert_eq!(seqs(&mut events, 3).await, [11, 12, 13]);
}

/// G4, G5: a gap is not passed on, what is missing is asked for.
#[tokio::test]
async fn a_gap_is_healed() {
    let server = Server::start().await;
    let (_client, mut events, mut peer) = following(&server, 10).await;
    peer.say(live(11)).await;
    peer.say(live(13)).await;
    let (reference, after, epoch) = peer.subscribe().await;
    assert_eq!((after, epoch), (Some(11), Some(EPOCH)));
    peer.say(live(14)).await;
    peer.say(subscribed(reference, 14, &[12, 13, 14])).await;
    peer.say(live(15)).await;
    assert_eq!(seqs(&mut events, 5).await, [11, 12, 13, 14, 15]);
}

/// A server that cannot heal is asked again, and not at full speed.
#[tokio::test]
async fn a_hole_in_the_answer_is_asked_again() {
    let server = Server::start().await;
    let (_client, mut events, mut peer) = following(&server, 10).await;
    peer.say(live(12)).await;
    for _ in 0..2 {
        let (reference, after, _) = peer.subscribe().await;
        assert_eq!(after, Some(10));
        peer.say(subscribed(reference, 12, &[12])).await;
    }
    let (reference, ..) = peer.subscribe().await;
    peer.say(subscribed(reference, 12, &[11, 12])).await;
    assert_eq!(seqs(&mut events, 2).await, [11, 12]);
}

/// G4: after a cut it goes on after the last entry, on any node, page after page.
#[tokio::test]
async fn a_cut_room_is_resumed() {
    let server = Server::start().await;
    let (client, mut events, mut peer) = following(&server, 0).await;
    peer.say(live(1)).await;
    assert_eq!(seqs(&mut events, 1).await, [1]);
    drop(peer);
    let mut peer = server.welcome().await;
    let (reference, after, epoch) = peer.subscribe().await;
    assert_eq!((after, epoch), (Some(1), Some(EPOCH)));
    peer.say(subscribed(reference, 5, &[2, 3])).await;
    peer.say(json!({"type": "entries", "order": ROOM, "entries": [entry(4), entry(5)], "head": 5})).await;
    peer.say(live(6)).await;
    assert_eq!(seqs(&mut events, 5).await, [2, 3, 4, 5, 6]);
    drop(client);
    assert_eq!(soon("the end", peer.listen()).await, None);
}

/// G5: a heartbeat that knows more than came is believed after a while.
#[tokio::test]
async fn a_head_that_does_not_come_is_fetched() {
    let server = Server::start().await;
    let (_client, mut events, mut peer) = following(&server, 3).await;
    peer.say(json!({"type": "heartbeat", "at": "2026-11-22T10:00:00Z", "heads": {ROOM.to_string(): 4}}))
        .await;
    assert_eq!(peer.hear().await, ClientFrame::Heartbeat {});
    let (reference, after, _) = peer.subscribe().await;
    assert_eq!(after, Some(3));
    peer.say(subscribed(reference, 4, &[4])).await;
    assert_eq!(seqs(&mut events, 1).await, [4]);
}

/// G5: another history is told, and read from its newest entries on.
#[tokio::test]
async fn another_epoch_starts_anew() {
    let server = Server::start().await;
    let (_client, mut events, peer) = following(&server, 10).await;
    drop(peer);
    let mut peer = server.welcome().await;
    let (reference, after, _) = peer.subscribe().await;
    assert_eq!(after, Some(10));
    peer.say(json!({"type": "rejected", "ref": reference, "code": "resync_required", "message": "", "retry": false})).await;
    let (reference, after, epoch) = peer.subscribe().await;
    assert_eq!((after, epoch), (None, None));
    let mut answer = subscribed(reference, 4, &[3, 4]);
    answer["epoch"] = json!(Uuid::from_u128(2));
    peer.say(answer).await;
    assert_eq!(next(&mut events).await, Event::Resynced { order: ROOM });
    assert_eq!(seqs(&mut events, 2).await, [3, 4]);
}

/// An agent's access ends: the room is gone and stays gone after a cut.
#[tokio::test]
async fn withdrawn_access_is_told() {
    let server = Server::start().await;
    let (_client, mut events, mut peer) = following(&server, 10).await;
    peer.say(json!({"type": "unsubscribed", "order": ROOM, "reason": "access_withdrawn"})).await;
    peer.say(live(11)).await;
    let gone = Event::Unsubscribed { order: ROOM, reason: "access_withdrawn".into() };
    assert_eq!(next(&mut events).await, gone);
    drop(peer);
    let mut peer = server.welcome().await;
    peer.say(json!({"type": "heartbeat", "at": "2026-11-22T10:00:00Z", "heads": {}})).await;
    assert_eq!(peer.hear().await, ClientFrame::Heartbeat {}, "and no subscribe before it");
}

/// A refusal reaches whoever asked; what a machine could not do is tried again.
#[tokio::test]
async fn a_refused_room_is_an_error() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let answers = async {
        let (reference, ..) = peer.subscribe().await;
        peer.say(json!({"type": "rejected", "ref": reference, "code": "unavailable", "message": "", "retry": true, "retry_after_ms": 5})).await;
        let (reference, ..) = peer.subscribe().await;
        peer.say(json!({"type": "rejected", "ref": reference, "code": "order_not_found", "message": "", "retry": false})).await;
    };
    let (refused, ()) = tokio::join!(client.subscribe(ROOM), answers);
    let Err(RoomError::Rejected(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.code, Code::OrderNotFound);
}

/// A program that kept its place goes on from there; one that wants everything begins before the first.
#[tokio::test]
async fn a_place_can_be_kept() {
    let server = Server::start().await;
    let (client, mut events, mut peer) = connect(&server).await;
    let kept = Place { after: Some(Seq(41)), epoch: Some(EPOCH) };
    let answers = async {
        let (reference, after, epoch) = peer.subscribe().await;
        assert_eq!((after, epoch), (Some(41), Some(EPOCH)));
        peer.say(subscribed(reference, 42, &[42])).await;
    };
    let (joined, ()) = tokio::join!(client.subscribe_from(ROOM, kept), answers);
    joined.unwrap();
    assert_eq!(seqs(&mut events, 1).await, [42]);
    client.unsubscribe(ROOM).await.unwrap();
    assert!(matches!(peer.hear().await, ClientFrame::Unsubscribe(_)));
    let answers = async {
        let (reference, after, epoch) = peer.subscribe().await;
        assert_eq!((after, epoch), (Some(0), None));
        peer.say(subscribed(reference, 0, &[])).await;
    };
    let (joined, ()) = tokio::join!(client.subscribe_from(ROOM, Place::START), answers);
    joined.unwrap();
}

/// A page of history is asked again after a cut.
#[tokio::test]
async fn history_survives_a_cut() {
    let server = Server::start().await;
    let (client, _events, mut peer) = connect(&server).await;
    let answers = async {
        assert!(matches!(peer.hear().await, ClientFrame::History(_)));
        drop(peer);
        let mut peer = server.welcome().await;
        let ClientFrame::History(asked) = peer.hear().await else { panic!("no history") };
        assert_eq!((asked.before, asked.limit), (Seq(9), 2));
        peer.say(json!({"type": "entries", "ref": asked.reference, "order": ROOM, "entries": [entry(7), entry(8)], "head": 20})).await;
        peer
    };
    let (page, _peer) = tokio::join!(client.history(ROOM, Seq(9), 2), answers);
    assert_eq!(page.unwrap().entries.len(), 2);
}

/// Read marks wait for the next connection, the last one only.
#[tokio::test]
async fn read_marks_survive_a_cut() {
    let server = Server::start().await;
    let (client, mut events, peer) = following(&server, 10).await;
    drop(peer);
    crate::server::state(&mut events, |state| matches!(state, client::ConnectionState::Waiting { .. })).await;
    client.read(ROOM, Seq(7)).await.unwrap();
    client.read(ROOM, Seq(9)).await.unwrap();
    client.read(ROOM, Seq(8)).await.unwrap();
    let mut peer = server.welcome().await;
    peer.subscribe().await;
    let ClientFrame::Read(mark) = peer.hear().await else { panic!("no read mark") };
    assert_eq!(mark.seq, Seq(9));
}

/// An application that does not listen slows its own client down and loses nothing; closing works meanwhile.
#[tokio::test]
async fn a_slow_application_loses_nothing() {
    let server = Server::start().await;
    let (client, mut events) = Client::connect(Options { events: 4, ..options([server.url()]) });
    let mut peer = server.welcome().await;
    let answers = async {
        let (reference, ..) = peer.subscribe().await;
        peer.say(subscribed(reference, 0, &[])).await;
        for seq in 1..=500 {
            peer.say(live(seq)).await;
        }
    };
    let (joined, ()) = tokio::join!(client.subscribe(ROOM), answers);
    joined.unwrap();
    assert_eq!(seqs(&mut events, 400).await, (1..=400).collect::<Vec<_>>());
    soon("the close", client.close()).await;
}

/// What is asked while an event is handed over goes out once it has been, not with whatever happens next.
#[tokio::test]
async fn what_is_asked_during_an_event_goes_out_after_it() {
    let (client, mut events, mut peer) = handing_over(&Server::start().await).await;
    client.unsubscribe(ROOM).await.unwrap();
    taken_note_of().await;
    assert_eq!(seqs(&mut events, 2).await, [1, 2]);
    assert!(matches!(soon("the leave", peer.hear()).await, ClientFrame::Unsubscribe(_)));
}

/// So does the wish to move on.
#[tokio::test]
async fn it_moves_on_after_an_event() {
    let server = Server::start().await;
    let (client, mut events, mut peer) = handing_over(&server).await;
    client.move_on().await.unwrap();
    taken_note_of().await;
    assert_eq!(seqs(&mut events, 2).await, [1, 2]);
    assert_eq!(soon("the cut", peer.listen()).await, None);
    server.welcome().await;
}

/// A client that follows the room and waits for its application, which has yet to take the entries 1 and 2.
async fn handing_over(server: &Server) -> (Client, Events, Peer) {
    let (shown, mut frames) = mpsc::channel(8);
    let tap = Tap::new(move |frame| shown.try_send(frame.to_owned()).expect("four are sent"));
    // Two of the connection's and the room's beginning; then one entry fits.
    let options = Options { events: 4, tap: Some(tap), ..options([server.url()]) };
    let (client, events) = Client::connect(options);
    let mut peer = server.welcome().await;
    let answers = async {
        let (reference, ..) = peer.subscribe().await;
        peer.say(subscribed(reference, 0, &[])).await;
        peer.say(live(1)).await;
        peer.say(live(2)).await;
    };
    let (joined, ()) = tokio::join!(client.subscribe(ROOM), answers);
    joined.unwrap();
    let second = live(2).to_string();
    while soon("a frame", frames.recv()).await.expect("the client lives") != second {}
    (client, events, peer)
}

/// The client's task has had its turns.
async fn taken_note_of() {
    for _ in 0..16 {
        yield_now().await;
    }
}
