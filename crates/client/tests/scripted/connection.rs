//! Close codes, endpoints, silence, tokens.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use client::{Client, ConnectionState, NoToken, Options, Tap, Timing, TokenProvider};
use protocol::{ClientFrame, CloseCode, room::Presence};
use serde_json::json;
use tokio::sync::Notify;

use crate::server::{ROOM, Server, connect, live, options, soon, state, welcome};

/// 4000–4099: it stops, and says why to everybody who waits.
#[tokio::test]
async fn it_does_not_come_back_when_told_not_to() {
    let server = Server::start().await;
    let (client, mut events, peer) = connect(&server).await;
    peer.goodbye(CloseCode::Unauthenticated, None).await;
    let closed = state(&mut events, |state| matches!(state, ConnectionState::Closed(_))).await;
    let ConnectionState::Closed(closed) = closed else { unreachable!() };
    assert_eq!(closed.code, 4001);
    assert_eq!(soon("the end", events.next()).await, None);
    assert_eq!(client.connected().await.unwrap_err(), closed);
    assert_eq!(client.subscribe(ROOM).await.unwrap_err(), closed.into());
}

/// 4100–4199: at least the least wait, and as long as it was told.
#[tokio::test]
async fn it_backs_off_as_long_as_it_is_told() {
    let server = Server::start().await;
    let (_client, mut events, peer) = connect(&server).await;
    peer.goodbye(CloseCode::Overloaded, Some(60)).await;
    let waiting = state(&mut events, |state| matches!(state, ConnectionState::Waiting { .. })).await;
    let ConnectionState::Waiting { code, delay, .. } = waiting else { unreachable!() };
    assert_eq!(code, 4100);
    assert!((Duration::from_millis(60)..Duration::from_millis(90)).contains(&delay), "{delay:?}");
    server.welcome().await;
}

/// 4200–4299 (G12, G15): it resumes on the other node, after the given jitter.
#[tokio::test]
async fn it_resumes_on_another_node() {
    let (one, two) = (Server::start().await, Server::start().await);
    let (_client, mut events) = Client::connect(options([one.url(), two.url()]));
    let peer = one.welcome().await;
    peer.goodbye(CloseCode::Draining, Some(15)).await;
    let waiting = state(&mut events, |state| matches!(state, ConnectionState::Waiting { .. })).await;
    assert!(
        matches!(waiting, ConnectionState::Waiting { code: 4200, delay, .. } if delay == Duration::from_millis(15))
    );
    two.welcome().await;
}

/// It can be sent to the next node without a reason.
#[tokio::test]
async fn it_moves_on_when_asked() {
    let (one, two) = (Server::start().await, Server::start().await);
    let (client, _events) = Client::connect(options([one.url(), two.url()]));
    let mut peer = one.welcome().await;
    client.connected().await.unwrap();
    client.move_on().await.unwrap();
    assert_eq!(soon("the cut", peer.listen()).await, None);
    two.welcome().await;
}

/// A node that is gone or full is passed over.
#[tokio::test]
async fn it_goes_on_to_the_next_endpoint() {
    let gone = Server::start().await.url();
    let (full, good) = (Server::start().await, Server::start().await);
    let (client, _events) = Client::connect(options([gone, full.url(), good.url()]));
    full.refuse("HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n").await;
    let _peer = good.welcome().await;
    assert_eq!(soon("a welcome", client.connected()).await.unwrap().user.as_str(), "buyer");
}

/// An upgrade that is refused for our own mistake ends the same way the next time.
#[tokio::test]
async fn a_refused_upgrade_is_final() {
    let server = Server::start().await;
    let (client, _events) = Client::connect(options([server.url()]));
    server.refuse("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    let closed = soon("the end", client.connected()).await.unwrap_err();
    assert!(closed.reason.contains("403"), "{closed}");
}

/// G12: a black hole is noticed by silence.
#[tokio::test]
async fn silence_means_gone() {
    let server = Server::start().await;
    let silence = Timing { silence: Duration::from_millis(80), ..options([]).timing };
    let (_client, mut events) = Client::connect(Options { timing: silence, ..options([server.url()]) });
    let _silent = server.welcome().await;
    let waiting = state(&mut events, |state| matches!(state, ConnectionState::Waiting { .. })).await;
    assert!(matches!(waiting, ConnectionState::Waiting { code: 1006, .. }));
    server.welcome().await;
}

/// A server that accepts and then says nothing is no server.
#[tokio::test]
async fn a_welcome_must_come_in_time() {
    let server = Server::start().await;
    let timing = Timing { welcome_within: Duration::from_millis(80), ..options([]).timing };
    let (_client, _events) = Client::connect(Options { timing, ..options([server.url()]) });
    let _mute = server.accept().await;
    server.welcome().await;
}

/// 60 s without a frame of the client's own closes it: every heartbeat is answered.
#[tokio::test]
async fn heartbeats_are_answered() {
    let server = Server::start().await;
    let (_client, _events, mut peer) = connect(&server).await;
    for _ in 0..3 {
        peer.say(json!({"type": "heartbeat", "at": "2026-11-22T10:00:00Z", "heads": {}})).await;
        assert_eq!(peer.hear().await, ClientFrame::Heartbeat {});
    }
}

/// What is newer than the client does not disturb it.
#[tokio::test]
async fn unknown_and_unreadable_frames_are_passed_over() {
    let server = Server::start().await;
    let (_client, _events, mut peer) = connect(&server).await;
    peer.say(json!({"type": "aurora", "level": 3})).await;
    peer.say(json!({"type": "entry", "order": 5})).await;
    peer.say(json!([1, 2])).await;
    peer.say(json!({"type": "heartbeat", "at": "2026-11-22T10:00:00Z", "heads": {}})).await;
    assert_eq!(peer.hear().await, ClientFrame::Heartbeat {});
}

/// A new token is asked for at every connection; without one it tries again later.
#[tokio::test]
async fn every_connection_has_a_fresh_token() {
    let server = Server::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let token = TokenProvider::new(move || {
        let nth = asked.fetch_add(1, Ordering::SeqCst);
        std::future::ready(if nth == 1 { Err(NoToken("not now".into())) } else { Ok(format!("token {nth}")) })
    });
    let (_client, _events) = Client::connect(Options { token, ..options([server.url()]) });
    for expected in ["token 0", "token 2"] {
        let mut peer = server.accept().await;
        let ClientFrame::Hello(hello) = peer.hear().await else { panic!("no hello") };
        assert_eq!(hello.token.as_deref(), Some(expected));
        peer.say(welcome()).await;
        peer.close(1001).await;
    }
}

/// Whoever gives tokens may be slow: everything else goes on.
#[tokio::test]
async fn a_token_that_does_not_come_keeps_nothing_waiting() {
    struct Gone(Arc<AtomicUsize>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.store(2, Ordering::SeqCst);
        }
    }
    let (server, asked, stage) =
        (Server::start().await, Arc::new(Notify::new()), Arc::<AtomicUsize>::default());
    let token = TokenProvider::new({
        let (asked, stage) = (asked.clone(), stage.clone());
        move || {
            let (asked, stage) = (asked.clone(), stage.clone());
            async move {
                if stage.fetch_add(1, Ordering::SeqCst) == 0 {
                    return Ok("the first".to_owned());
                }
                let _gone = Gone(stage);
                asked.notify_one();
                std::future::pending().await
            }
        }
    });
    let (_client, _events) = Client::connect(Options { token, ..options([server.url()]) });
    let mut peer = server.accept().await;
    peer.hear().await;
    let mut short = welcome();
    short["token_expires_at"] = "2026-11-22T10:00:06Z".into();
    peer.say(short).await;
    soon("the next token is asked for", asked.notified()).await;
    stage.store(1, Ordering::SeqCst);
    peer.say(json!({"type": "heartbeat", "at": "2026-11-22T10:00:06Z", "heads": {}})).await;
    assert_eq!(peer.hear().await, ClientFrame::Heartbeat {});
    assert_eq!(stage.load(Ordering::SeqCst), 1, "the token is still awaited");
}

/// Presence is kept over a reconnect, typing is not worth it.
#[tokio::test]
async fn presence_is_said_again() {
    let server = Server::start().await;
    let (client, mut events, mut peer) = connect(&server).await;
    client.presence(Presence::Away).await.unwrap();
    assert!(matches!(peer.hear().await, ClientFrame::Presence(said) if said.state == Presence::Away));
    peer.close(1001).await;
    state(&mut events, |state| matches!(state, ConnectionState::Waiting { .. })).await;
    client.typing(ROOM, true).await.unwrap();
    let mut peer = server.welcome().await;
    assert!(matches!(peer.hear().await, ClientFrame::Presence(said) if said.state == Presence::Away));
    client.close().await;
    assert_eq!(soon("the close", peer.listen()).await, None);
}

/// A tap is shown each frame as it was sent: the welcome, and what the application is spared.
#[tokio::test]
async fn a_tap_is_shown_what_the_application_is_spared() {
    let server = Server::start().await;
    let (shown, mut frames) = tokio::sync::mpsc::channel(8);
    let tap = Tap::new(move |frame| shown.try_send(frame.to_owned()).expect("three are sent"));
    let (_client, _events) = Client::connect(Options { tap: Some(tap), ..options([server.url()]) });
    let mut peer = server.welcome().await;
    for _ in 0..2 {
        peer.say(live(1)).await;
    }
    for expected in [welcome(), live(1), live(1)] {
        assert_eq!(soon("a frame", frames.recv()).await, Some(expected.to_string()));
    }
}
