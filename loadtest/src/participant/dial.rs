//! From a node's address to a welcome: a WebSocket with small buffers and all limits set.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::Retry;
use rustls::ClientConfig;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        self, Message,
        http::{StatusCode, header::RETRY_AFTER},
        protocol::WebSocketConfig,
    },
};

use crate::{
    dialect::{Dialect, Greeting},
    scan::Heard,
};

/// A connection that was welcomed.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// No frame of any system is larger, and no part of a stream waits that is.
pub const MESSAGE_BYTES: usize = 16 << 20;

const WITHIN: Duration = Duration::from_secs(30);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The node is full and says when to come back.
    #[error("the node puts connections off ({status})")]
    PutOff {
        /// Of the refusal.
        status: StatusCode,
        /// Not before.
        after: Duration,
    },
    /// The node refuses us for good.
    #[error("the node refuses the connection: {0}")]
    Refused(String),
    /// It just did not work.
    #[error("no connection: {0}")]
    Broken(String),
}

impl DialError {
    fn closed(code: u16, reason: &str) -> Self {
        let said = format!("{code} {reason}");
        match Retry::after(code) {
            Retry::Never => Self::Refused(said),
            Retry::BackOff => {
                Self::PutOff { status: StatusCode::SERVICE_UNAVAILABLE, after: Duration::from_secs(1) }
            }
            Retry::Resume => Self::Broken(said),
        }
    }

    /// When to come back.
    pub fn retry(&self) -> (Retry, Option<Duration>) {
        match self {
            Self::PutOff { after, .. } => (Retry::BackOff, Some(*after)),
            Self::Refused(_) => (Retry::Never, None),
            Self::Broken(_) => (Retry::Resume, None),
        }
    }
}

impl From<tungstenite::Error> for DialError {
    fn from(error: tungstenite::Error) -> Self {
        let tungstenite::Error::Http(response) = error else { return Self::Broken(error.to_string()) };
        let status = response.status();
        let told = response.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.parse().ok());
        match status {
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                Self::PutOff { status, after: Duration::from_secs(told.unwrap_or(1)) }
            }
            _ => Self::Refused(status.to_string()),
        }
    }
}

/// How to get in.
#[derive(Clone, Debug)]
pub struct Dialer {
    /// The wire of the system.
    pub dialect: Dialect,
    /// Whom to believe.
    pub tls: Arc<ClientConfig>,
}

impl Dialer {
    /// Connects and says hello; gives the socket and the commands a second that one user may give (0: any number).
    pub async fn dial(&self, url: &str, token: &str) -> Result<(Socket, u32), DialError> {
        let late = |_| DialError::Broken("no welcome in time".into());
        // A TLS stream is large, and a task keeps the room of its largest moment for its whole life.
        timeout(WITHIN, Box::pin(self.welcomed(url, token))).await.map_err(late)?
    }

    async fn welcomed(&self, url: &str, token: &str) -> Result<(Socket, u32), DialError> {
        let request = self.dialect.request(url, token).map_err(DialError::Refused)?;
        let tls = Some(Connector::Rustls(self.tls.clone()));
        let (mut socket, _) = connect_async_tls_with_config(request, Some(config()), true, tls).await?;
        let mut when_open = None;
        match self.dialect.greeting(token) {
            Greeting::None => return Ok((socket, 0)),
            Greeting::First(frame) => socket.send(Message::text(frame)).await?,
            Greeting::WhenOpen(frame) => when_open = Some(frame),
        }
        while let Some(message) = socket.next().await {
            let message = message?;
            if let Message::Close(Some(close)) = &message {
                return Err(DialError::closed(close.code.into(), &close.reason));
            }
            let (true, Ok(frame)) = (message.is_text() || message.is_binary(), message.to_text()) else {
                continue;
            };
            match self.dialect.read(frame) {
                Ok(Heard::Welcome { commands_per_s }) => return Ok((socket, commands_per_s)),
                Ok(Heard::Refused { reason }) => return Err(DialError::Refused(reason.into_owned())),
                Ok(Heard::Open) => {
                    if let Some(frame) = when_open.take() {
                        socket.send(Message::text(frame)).await?;
                    }
                }
                _ => {}
            }
        }
        Err(DialError::Broken("closed before the welcome".into()))
    }
}

/// The defaults keep 256 KiB an idle socket: thousands of them would measure our memory, not the server's.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_write_buffer_size(4 << 20)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES))
}
