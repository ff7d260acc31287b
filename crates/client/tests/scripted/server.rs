//! A server that does what a test says, one connection at a time.

use std::{future::Future, time::Duration};

use client::{Client, ConnectionState, Event, Events, Options, Timing};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::domain::{
    event::{Entry, Event as Happened},
    ids::{CommandId, OrderId, UserId},
    participant::{Actor, Role},
    values::{Seq, Text, Timestamp},
};
use protocol::{ClientFrame, CloseCode};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        protocol::CloseFrame,
    },
};
use uuid::Uuid;

pub const EPOCH: Uuid = Uuid::from_u128(0xe1);
pub const ROOM: OrderId = OrderId(Uuid::from_u128(0x01));

/// Nothing here takes this long, unless it is broken.
pub async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    timeout(Duration::from_secs(20), future).await.unwrap_or_else(|_| panic!("{what} takes too long"))
}

/// Where clients connect to.
pub struct Server {
    listener: TcpListener,
}

/// One connection of a client.
pub struct Peer {
    socket: WebSocketStream<TcpStream>,
}

impl Server {
    pub async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// The next connection, before the hello.
    pub async fn accept(&self) -> Peer {
        let (stream, _) = soon("a connection", self.listener.accept()).await.unwrap();
        let socket = accept_hdr_async(stream, subprotocol).await.unwrap();
        Peer { socket }
    }

    /// The next connection, welcomed.
    pub async fn welcome(&self) -> Peer {
        let mut peer = self.accept().await;
        assert!(matches!(peer.hear().await, ClientFrame::Hello(_)));
        peer.say(welcome()).await;
        peer
    }

    /// The next connection gets this answer instead of an upgrade.
    pub async fn refuse(&self, answer: &str) {
        let (mut stream, _) = soon("a connection", self.listener.accept()).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes()).await.unwrap();
    }
}

#[expect(clippy::result_large_err, clippy::unnecessary_wraps, reason = "the signature is tungstenite's")]
fn subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offered = request.headers().get("sec-websocket-protocol").expect("a subprotocol is offered");
    assert_eq!(offered, "order-chat.v1");
    response.headers_mut().insert("sec-websocket-protocol", offered.clone());
    Ok(response)
}

impl Peer {
    pub async fn say(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame of the client.
    pub async fn hear(&mut self) -> ClientFrame {
        soon("a frame", self.listen()).await.expect("the client is there")
    }

    /// The next frame of the client; `None` when it is gone.
    pub async fn listen(&mut self) -> Option<ClientFrame> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Text(text)) => return Some(ClientFrame::decode(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The `ref` of the next frame, which must be a `subscribe`, and what it asks for.
    pub async fn subscribe(&mut self) -> (i64, Option<u64>, Option<Uuid>) {
        match self.hear().await {
            ClientFrame::Subscribe(asked) => (asked.reference, asked.after.map(|seq| seq.0), asked.epoch),
            other => panic!("{other:?} is no subscribe"),
        }
    }

    /// The `ref`, id and text of the next frame, which must be a message.
    pub async fn message(&mut self) -> (i64, CommandId, String) {
        match self.hear().await {
            ClientFrame::Command(asked) => (asked.reference, asked.id, text_of(&asked.command)),
            other => panic!("{other:?} is no command"),
        }
    }

    pub async fn goodbye(mut self, code: CloseCode, retry_after_ms: Option<u64>) {
        let frame = json!({"type": "goodbye", "code": code.number(), "reason": code.reason(), "retry_after_ms": retry_after_ms});
        self.say(frame).await;
        self.close(code.number()).await;
    }

    /// Closes and waits until the client has answered: a reset would swallow the close.
    pub async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }
}

pub fn text_of(command: &protocol::domain::command::Command) -> String {
    match command {
        protocol::domain::command::Command::PostMessage(message) => {
            message.text.as_deref().unwrap_or_default().to_owned()
        }
        other => panic!("{other:?} is no message"),
    }
}

pub fn welcome() -> Value {
    json!({
        "type": "welcome", "session": Uuid::nil(), "epoch": EPOCH, "features": [], "user": "buyer", "role": "user",
        "at": "2026-11-22T10:00:00Z", "heartbeat_ms": 25000, "token_expires_at": "2026-11-22T11:00:00Z",
        "limits": {"frame_bytes": 65536, "text_chars": 4000, "commands_per_s": 20, "rooms": 200, "history_page": 200},
        "unread": {"rooms": 0, "entries": 0},
    })
}

pub fn subscribed(reference: i64, head: u64, entries: &[u64]) -> Value {
    let entries: Vec<_> = entries.iter().map(|seq| entry(*seq)).collect();
    let person = |user: &str| json!({"user": user, "name": user});
    json!({
        "type": "subscribed", "ref": reference, "order": ROOM, "epoch": EPOCH, "head": head, "entries": entries,
        "snapshot": {
            "kind": "conversation", "order": ROOM, "version": 1, "head": head, "actions": [],
            "parties": {"buyer": person("buyer"), "seller": person("seller"), "agents": []},
        },
        "members": [], "cursors": {},
    })
}

pub fn live(seq: u64) -> Value {
    json!({"type": "entry", "order": ROOM, "entry": entry(seq)})
}

pub fn entry(seq: u64) -> Value {
    entry_of(seq, CommandId(Uuid::from_u128(u128::from(seq) << 64)), &seq.to_string())
}

pub fn entry_of(seq: u64, id: CommandId, text: &str) -> Value {
    let entry = Entry {
        seq: Seq(seq),
        at: Timestamp::UNIX_EPOCH,
        by: Actor::person(Role::Seller, UserId::new("seller").unwrap(), "Seller"),
        id,
        event: Happened::MessagePosted { text: Text::new(text).ok(), files: Vec::new(), reply_to: None },
    };
    serde_json::to_value(entry).unwrap()
}

pub fn ack(reference: i64, id: CommandId, seq: u64, duplicate: bool) -> Value {
    json!({"type": "ack", "ref": reference, "id": id, "order": ROOM, "seq": seq, "last_seq": seq, "version": 1, "duplicate": duplicate})
}

/// Options with short waits; the silence is the usual one.
pub fn options(urls: impl IntoIterator<Item = String>) -> Options {
    let timing = Timing {
        behind: Duration::from_millis(100),
        resume: Duration::from_millis(20),
        back_off: Duration::from_millis(30),
        longest: Duration::from_millis(200),
        ..Timing::default()
    };
    Options { timing, ..Options::new(urls, "a token") }
}

pub async fn connect(server: &Server) -> (Client, Events, Peer) {
    let (client, events) = Client::connect(options([server.url()]));
    let peer = server.welcome().await;
    (client, events, peer)
}

/// A client that follows the room, whose head is `head`.
pub async fn following(server: &Server, head: u64) -> (Client, Events, Peer) {
    let (client, events, mut peer) = connect(server).await;
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.subscribe(ROOM).await }
    });
    let (reference, after, _) = peer.subscribe().await;
    assert_eq!(after, None);
    peer.say(subscribed(reference, head, &[])).await;
    soon("the room", asking).await.unwrap().unwrap();
    (client, events, peer)
}

/// The next event that is neither about the connection nor about the room's beginning.
pub async fn next(events: &mut Events) -> Event {
    loop {
        match soon("an event", events.next()).await.expect("the client lives") {
            Event::Connection(_) | Event::Subscribed { .. } => {}
            event => return event,
        }
    }
}

/// The seqs of the next entries; nothing else may come between.
pub async fn seqs(events: &mut Events, count: usize) -> Vec<u64> {
    let mut seqs = Vec::new();
    while seqs.len() < count {
        match next(events).await {
            Event::Entry { entry, .. } => seqs.push(entry.seq.0),
            other => panic!("{other:?} is no entry"),
        }
    }
    seqs
}

/// The next change of the connection that fits.
pub async fn state(events: &mut Events, fits: impl Fn(&ConnectionState) -> bool) -> ConnectionState {
    loop {
        match soon("a state", events.next()).await.expect("the client lives") {
            Event::Connection(state) if fits(&state) => return state,
            _ => {}
        }
    }
}
