//! What a participant says and hears on the wire of each system that is measured: the one place that knows more than one
//! protocol. Pure; rooms, messages, figures and the judge are the same for all.

mod nats;
mod order_chat;
mod socket_io;
#[cfg(test)]
mod tests;
mod ws;

use tokio_tungstenite::tungstenite::{ClientRequestBuilder, http::Uri};
use uuid::Uuid;

use crate::scan::{self, EntryHeard, Heard, Unreadable};

/// A wire protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Our own.
    #[default]
    OrderChat,
    /// Socket.IO 5 over Engine.IO 4, WebSocket only.
    SocketIo,
    /// Plain JSON over WebSocket.
    Ws,
    /// NATS over WebSocket, with `JetStream`.
    Nats,
}

/// What a socket owes before it is in.
#[derive(Debug, PartialEq, Eq)]
pub enum Greeting {
    /// Nothing: the upgrade was the welcome.
    None,
    /// This, at once.
    First(String),
    /// This, when the server says that it is open.
    WhenOpen(String),
}

/// Which room, and from where on.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    /// The connection, where the protocol wants a name for it.
    pub line: Uuid,
    /// Comes back in the answer.
    pub reference: i64,
    /// The room.
    pub order: &'a str,
    /// The last entry that is known.
    pub after: u64,
    /// Of which history of the room.
    pub epoch: Option<Uuid>,
}

/// What is said.
#[derive(Clone, Copy, Debug)]
pub struct Saying<'a> {
    /// The connection.
    pub line: Uuid,
    /// Comes back in the answer.
    pub reference: i64,
    /// The same for each attempt.
    pub id: Uuid,
    /// The room.
    pub order: &'a str,
    /// Needs no escaping in JSON.
    pub text: &'a str,
}

impl Dialect {
    /// The upgrade, at a node's address.
    pub fn request(self, url: &str, token: &str) -> Result<ClientRequestBuilder, String> {
        match self {
            Self::OrderChat => order_chat::request(url),
            Self::SocketIo => socket_io::request(url),
            Self::Ws => ws::request(url, token),
            Self::Nats => nats::request(url),
        }
    }

    /// What follows the upgrade.
    pub fn greeting(self, token: &str) -> Greeting {
        match self {
            Self::OrderChat => Greeting::First(order_chat::hello(token)),
            Self::SocketIo => Greeting::WhenOpen(socket_io::connect(token)),
            Self::Ws => Greeting::None,
            Self::Nats => Greeting::WhenOpen(nats::connect()),
        }
    }

    /// Follows a room.
    pub fn subscribe(self, cursor: Cursor<'_>) -> String {
        match self {
            Self::OrderChat => order_chat::subscribe(cursor),
            Self::SocketIo => socket_io::join(cursor),
            Self::Ws => ws::join(cursor),
            Self::Nats => nats::join(cursor),
        }
    }

    /// Says something.
    pub fn say(self, message: Saying<'_>) -> String {
        match self {
            Self::OrderChat => order_chat::say(message),
            Self::SocketIo => socket_io::send(message),
            Self::Ws => ws::send(message),
            Self::Nats => nats::say(message),
        }
    }

    /// The answer to a heartbeat.
    pub fn heartbeat(self) -> &'static str {
        match self {
            Self::OrderChat | Self::Ws => r#"{"type":"heartbeat"}"#,
            Self::SocketIo => socket_io::PONG,
            Self::Nats => nats::PONG,
        }
    }

    /// Reads a frame; of a stream, what `whole` found.
    pub fn read(self, frame: &str) -> Result<Heard<'_>, Unreadable> {
        match self {
            Self::OrderChat => scan::read(frame),
            Self::SocketIo => socket_io::read(frame),
            Self::Ws => ws::read(frame),
            Self::Nats => nats::read(frame),
        }
    }

    /// The length of the first thing said in a stream that binary frames carry in any parts; `None` until it is whole.
    pub fn whole(self, stream: &[u8]) -> Option<usize> {
        if self == Self::Nats { nats::whole(stream) } else { (!stream.is_empty()).then_some(stream.len()) }
    }

    /// Reads an entry of a stored timeline.
    pub fn stored(self, json: &str) -> Result<EntryHeard<'_>, Unreadable> {
        if self == Self::Nats { nats::stored(json) } else { scan::entry(json) }
    }

    /// Does the client ask for page after page, and hold back what is said meanwhile? Our own server sees to both, and
    /// a consumer of NATS brings everything after the cursor.
    pub fn client_pages(self) -> bool {
        matches!(self, Self::SocketIo | Self::Ws)
    }
}

/// `http://host:port` and `https://…`: the socket has its scheme.
fn address(url: &str, path: &str) -> Result<Uri, String> {
    let base = url.trim_end_matches('/');
    let base = match base.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(("https", rest)) => format!("wss://{rest}"),
        _ => base.to_owned(),
    };
    format!("{base}{path}").parse().map_err(|error| format!("{url} is no address: {error}"))
}
