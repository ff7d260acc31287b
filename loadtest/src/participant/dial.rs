//! From a node's address to a welcome: a WebSocket with small buffers and all limits set.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{ClientFrame, Retry, SUBPROTOCOL, client_frame::Hello};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        http::{StatusCode, Uri, header::RETRY_AFTER},
        protocol::WebSocketConfig,
    },
};

use crate::scan::{Heard, read};

/// A connection that was welcomed.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

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

/// Connects and says hello; gives the socket and the commands a second that one user may give (0: any number).
pub async fn dial(url: &str, token: &str) -> Result<(Socket, u32), DialError> {
    let late = |_| DialError::Broken("no welcome in time".into());
    timeout(WITHIN, welcomed(url, token)).await.map_err(late)?
}

async fn welcomed(url: &str, token: &str) -> Result<(Socket, u32), DialError> {
    let address = address(url).map_err(DialError::Refused)?;
    let request = ClientRequestBuilder::new(address).with_sub_protocol(SUBPROTOCOL);
    let (mut socket, _) = connect_async_with_config(request, Some(config()), true).await?;
    let hello = Hello { token: Some(token.to_owned()), client: Some("order-chat-load".into()) };
    socket.send(Message::text(ClientFrame::Hello(hello).encode())).await?;
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => {
                if let Ok(Heard::Welcome { commands_per_s }) = read(&text) {
                    return Ok((socket, commands_per_s));
                }
            }
            Message::Close(Some(close)) => {
                let said = format!("{} {}", u16::from(close.code), close.reason);
                return Err(match Retry::after(close.code.into()) {
                    Retry::Never => DialError::Refused(said),
                    Retry::BackOff => {
                        let after = Duration::from_secs(1);
                        DialError::PutOff { status: StatusCode::SERVICE_UNAVAILABLE, after }
                    }
                    Retry::Resume => DialError::Broken(said),
                });
            }
            _ => {}
        }
    }
    Err(DialError::Broken("closed before the welcome".into()))
}

/// `http://host:port` and `https://…`: the socket has its scheme.
fn address(url: &str) -> Result<Uri, String> {
    let base = url.trim_end_matches('/');
    let base = match base.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(("https", rest)) => format!("wss://{rest}"),
        _ => base.to_owned(),
    };
    format!("{base}/v1/socket").parse().map_err(|error| format!("{url} is no address: {error}"))
}

/// The defaults keep 256 KiB an idle socket: thousands of them would measure our memory, not the server's.
fn config() -> WebSocketConfig {
    const MESSAGE_BYTES: usize = 16 << 20;
    WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_write_buffer_size(4 << 20)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_a_nodes_address() {
        for (url, expected) in [
            ("http://127.0.0.1:1/", "ws://127.0.0.1:1/v1/socket"),
            ("https://chat.example", "wss://chat.example/v1/socket"),
            ("ws://127.0.0.1:1", "ws://127.0.0.1:1/v1/socket"),
        ] {
            assert_eq!(address(url).unwrap().to_string(), expected);
        }
        assert!(address("no address").is_err());
    }
}
