//! A raw WebSocket with a memory: frames of other types are kept until somebody asks for them.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use order_domain::ids::OrderId;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, http},
};

use crate::house::new_id;

const PATIENCE: Duration = Duration::from_secs(20);

/// One socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    seen: VecDeque<Value>,
    refs: i64,
}

/// An upgrade request with these headers.
pub fn request(address: SocketAddr, headers: &[(&'static str, &str)]) -> http::Request<()> {
    let mut request = format!("ws://{address}/v1/socket").into_client_request().expect("an address");
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    request
}

/// The answer of a refused upgrade.
pub async fn refused(request: http::Request<()>) -> http::Response<Option<Vec<u8>>> {
    Socket::try_open(request).await.expect_err("it is refused")
}

impl Socket {
    /// Connects and says nothing.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::open(request(address, &[("sec-websocket-protocol", protocol::SUBPROTOCOL)])).await
    }

    /// Connects with a request of one's own.
    pub async fn open(request: http::Request<()>) -> Self {
        Self::try_open(request).await.expect("the upgrade succeeds")
    }

    /// The same; the answer, when it is no upgrade.
    pub async fn try_open(request: http::Request<()>) -> Result<Self, http::Response<Option<Vec<u8>>>> {
        // A TLS handshake, which some build of the workspace can do, would make every test's future large.
        match Box::pin(connect_async(request)).await {
            Ok((stream, _)) => Ok(Self { stream, seen: VecDeque::new(), refs: 0 }),
            Err(Error::Http(response)) => Err(*response),
            Err(error) => panic!("the connection broke: {error}"),
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    /// Sends anything.
    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.expect("the socket takes it");
    }

    /// Sends a frame with a new `ref` and waits for its answer.
    pub async fn ask(&mut self, mut frame: Value) -> Value {
        self.refs += 1;
        frame["ref"] = json!(self.refs);
        self.send(&frame).await;
        let reference = self.refs;
        self.find(move |frame| frame["ref"] == reference).await
    }

    /// Follows a room from its newest entries.
    pub async fn subscribe(&mut self, order: OrderId) -> Value {
        let answer = self.ask(json!({"type": "subscribe", "order": order})).await;
        assert_eq!(answer["type"], "subscribed", "{answer}");
        answer
    }

    /// Gives a command under a new id.
    pub async fn command(&mut self, order: OrderId, command: Value) -> Value {
        self.ask(json!({"type": "command", "id": new_id(), "order": order, "command": command})).await
    }

    /// Posts a message, which is accepted.
    pub async fn post(&mut self, order: OrderId, text: &str) -> Value {
        let ack = self.command(order, json!({"type": "post_message", "text": text})).await;
        assert_eq!(ack["type"], "ack", "{ack}");
        ack
    }

    /// The next frame of a type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let kind = kind.to_owned();
        self.find(move |frame| frame["type"] == kind.as_str()).await
    }

    /// The texts of the next live messages.
    pub async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let entry = self.expect("entry").await;
            if let Some(text) = entry["entry"]["event"]["text"].as_str() {
                texts.push(text.to_owned());
            }
        }
        texts
    }

    /// The first frame, kept or yet to come, that fits.
    pub async fn find(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.seen.iter().position(&fits) {
            return self.seen.remove(at).expect("it was found");
        }
        loop {
            match self.next().await {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    if fits(&frame) {
                        return frame;
                    }
                    self.seen.push_back(frame);
                }
                Message::Close(close) => panic!("closed: {close:?}; seen before: {:?}", self.seen),
                _ => {}
            }
        }
    }

    /// The code with which a close of ours was answered.
    pub async fn answered_close(&mut self) -> Option<u16> {
        loop {
            if let Message::Close(close) = self.next().await {
                return close.map(|close| u16::from(close.code));
            }
        }
    }

    /// Waits for the close; its code. The goodbye before it says the same.
    pub async fn closed(&mut self) -> u16 {
        let mut goodbye = None;
        loop {
            match self.next().await {
                Message::Text(text) => goodbye = serde_json::from_str::<Value>(&text).ok(),
                Message::Close(Some(close)) => {
                    let code = u16::from(close.code);
                    let goodbye = goodbye.expect("a goodbye");
                    assert_eq!(goodbye["type"], "goodbye");
                    assert_eq!(goodbye["code"], code);
                    assert_eq!(goodbye["reason"], close.reason.as_str());
                    return code;
                }
                Message::Close(None) => panic!("closed without a code"),
                _ => {}
            }
        }
    }

    /// The next frame; the code, when the socket is closed instead.
    pub async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match self.next().await {
                Message::Text(text) => return Ok(serde_json::from_str(&text).expect("frames are JSON")),
                Message::Close(close) => return Err(close.expect("a close has a code").code.into()),
                _ => {}
            }
        }
    }

    /// Is the server still willing to answer?
    pub async fn is_alive(&mut self) -> bool {
        self.send_raw(Message::Ping(b"there?".to_vec().into())).await;
        loop {
            if let Message::Pong(echo) = self.next().await {
                return &echo[..] == b"there?";
            }
        }
    }

    /// Every frame seen so far that nobody asked for.
    pub fn seen(&self) -> impl Iterator<Item = &Value> {
        self.seen.iter()
    }

    /// Cuts the connection, without a word.
    pub fn cut(self) {
        drop(self);
    }

    async fn next(&mut self) -> Message {
        let next = timeout(PATIENCE, self.stream.next()).await.expect("a frame comes in time");
        next.expect("the socket is open").expect("a good frame")
    }
}
