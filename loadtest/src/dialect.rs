//! What a participant says and hears on the wire of each system that is measured: the one place that knows more than one
//! protocol. Pure; rooms, messages, figures and the judge are the same for all.

mod order_chat;
mod socket_io;
#[cfg(test)]
mod tests;
mod ws;

use tokio_tungstenite::tungstenite::{ClientRequestBuilder, http::Uri};
use uuid::Uuid;

use crate::scan::{Heard, Unreadable};

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
        }
    }

    /// What follows the upgrade.
    pub fn greeting(self, token: &str) -> Greeting {
        match self {
            Self::OrderChat => Greeting::First(order_chat::hello(token)),
            Self::SocketIo => Greeting::WhenOpen(socket_io::connect(token)),
            Self::Ws => Greeting::None,
        }
    }

    /// Follows a room.
    pub fn subscribe(self, cursor: Cursor<'_>) -> String {
        match self {
            Self::OrderChat => order_chat::subscribe(cursor),
            Self::SocketIo => socket_io::join(cursor),
            Self::Ws => ws::join(cursor),
        }
    }

    /// Says something.
    pub fn say(self, message: Saying<'_>) -> String {
        match self {
            Self::OrderChat => order_chat::say(message),
            Self::SocketIo => socket_io::send(message),
            Self::Ws => ws::send(message),
        }
    }

    /// The answer to a heartbeat.
    pub fn heartbeat(self) -> &'static str {
        match self {
            Self::OrderChat | Self::Ws => r#"{"type":"heartbeat"}"#,
            Self::SocketIo => socket_io::PONG,
        }
    }

    /// Reads a frame.
    pub fn read(self, frame: &str) -> Result<Heard<'_>, Unreadable> {
        match self {
            Self::OrderChat => crate::scan::read(frame),
            Self::SocketIo => socket_io::read(frame),
            Self::Ws => ws::read(frame),
        }
    }

    /// Does the client ask for page after page, and hold back what is said meanwhile? Our own server sees to both.
    pub fn client_pages(self) -> bool {
        self != Self::OrderChat
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
