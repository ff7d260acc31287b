//! From an endpoint to a welcome: address, WebSocket with all limits set, `hello`. Nothing of the rooms.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::{
    ClientFrame, Retry, SUBPROTOCOL, ServerFrame,
    client_frame::Hello,
    server_frame::{Goodbye, Welcome},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        http::{Response, StatusCode, Uri, header::RETRY_AFTER},
        protocol::{CloseFrame, WebSocketConfig},
    },
};

use crate::Options;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a connection ended, or why there was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub code: u16,
    pub reason: String,
    pub retry: Retry,
    /// What the server asked to wait.
    pub told: Option<Duration>,
}

impl Ended {
    /// It just broke.
    pub fn broken(reason: impl Into<String>) -> Self {
        Self { code: 1006, reason: reason.into(), retry: Retry::Resume, told: None }
    }

    /// The application wants another endpoint, now.
    pub fn moving() -> Self {
        Self { told: Some(Duration::ZERO), ..Self::broken("moving on") }
    }

    /// Nothing can be done here for a while.
    pub fn back_off(reason: impl Into<String>, told: Option<Duration>) -> Self {
        Self { retry: Retry::BackOff, told, ..Self::broken(reason) }
    }

    /// The server closed; its goodbye knows more than the close frame.
    pub fn closed(code: u16, reason: String, goodbye: Option<Goodbye>) -> Self {
        let told = goodbye.as_ref().and_then(|goodbye| goodbye.retry_after_ms).map(Duration::from_millis);
        let (code, reason) = goodbye.map_or((code, reason), |goodbye| (goodbye.code, goodbye.reason));
        Self { code, reason, retry: Retry::after(code), told }
    }
}

impl From<tungstenite::Error> for Ended {
    fn from(error: tungstenite::Error) -> Self {
        match error {
            tungstenite::Error::Http(response) => refused(&response),
            error => Self::broken(error.to_string()),
        }
    }
}

/// The upgrade was refused. What is our own mistake would end the same way.
fn refused(response: &Response<Option<Vec<u8>>>) -> Ended {
    let status = response.status();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let reason = format!("the upgrade was refused: {status}");
    let retry = match status {
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Retry::Never,
        _ => Retry::BackOff,
    };
    Ended { retry, ..Ended::back_off(reason, seconds.map(Duration::from_secs)) }
}

/// Connects, says hello and waits for the welcome.
pub(crate) async fn dial(endpoint: &str, options: &Options) -> Result<(Socket, Box<Welcome>), Ended> {
    let token = options.token.ask().await.map_err(|none| Ended::back_off(none.to_string(), None))?;
    let address = address(endpoint)?;
    let request = ClientRequestBuilder::new(address).with_sub_protocol(SUBPROTOCOL);
    // A TLS handshake keeps kilobytes, and whoever awaits us would carry them for the whole life of its task.
    let connect = Box::pin(connect_async_with_config(request, Some(config(options)), true));
    let (mut socket, _) = connect.await?;
    let hello = Hello { token: Some(token), client: Some(options.client.clone()) };
    socket.send(Message::text(ClientFrame::Hello(hello).encode())).await?;
    let welcome = welcome(&mut socket, options).await?;
    Ok((socket, welcome))
}

/// `http://host:port` is as good as `ws://host:port`.
fn address(endpoint: &str) -> Result<Uri, Ended> {
    let base = endpoint.trim_end_matches('/');
    let base = match base.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(("https", rest)) => format!("wss://{rest}"),
        _ => base.to_owned(),
    };
    let address = format!("{base}/v1/socket").parse();
    address.map_err(|error| Ended { retry: Retry::Never, ..Ended::broken(format!("{endpoint}: {error}")) })
}

/// All five limits: the defaults keep 256 KiB an idle socket and bound nothing.
fn config(options: &Options) -> WebSocketConfig {
    /// A page of 200 entries of 4,000 characters and more fits; nothing of the server's is larger.
    const MESSAGE_BYTES: usize = 16 << 20;
    WebSocketConfig::default()
        .read_buffer_size(options.read_buffer_bytes)
        .write_buffer_size(0)
        .max_write_buffer_size(4 << 20)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES))
}

async fn welcome(socket: &mut Socket, options: &Options) -> Result<Box<Welcome>, Ended> {
    let mut goodbye = None;
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => {
                options.show(&text);
                match ServerFrame::decode(&text) {
                    Ok(Some(ServerFrame::Welcome(welcome))) => return Ok(welcome),
                    Ok(Some(ServerFrame::Goodbye(said))) => goodbye = Some(said),
                    _ => {}
                }
            }
            Message::Close(frame) => {
                let (code, reason) = close_of(frame);
                return Err(Ended::closed(code, reason, goodbye));
            }
            _ => {}
        }
    }
    Err(Ended::broken("closed before the welcome"))
}

/// Code and reason of a close frame; an empty one just broke.
pub(crate) fn close_of(frame: Option<CloseFrame>) -> (u16, String) {
    frame.map_or((1006, String::new()), |frame| (frame.code.into(), frame.reason.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_base_address() {
        for endpoint in ["http://127.0.0.1:1", "ws://127.0.0.1:1/", "ws://127.0.0.1:1"] {
            assert_eq!(address(endpoint).unwrap().to_string(), "ws://127.0.0.1:1/v1/socket");
        }
        assert_eq!(address("no address").unwrap_err().retry, Retry::Never);
    }

    #[test]
    fn a_goodbye_knows_more_than_the_close() {
        let goodbye = Goodbye { code: 4200, reason: "draining".into(), retry_after_ms: Some(800) };
        let ended = Ended::closed(1006, String::new(), Some(goodbye));
        assert_eq!((ended.code, ended.retry), (4200, Retry::Resume));
        assert_eq!(ended.told, Some(Duration::from_millis(800)));
    }

    #[test]
    fn a_full_node_says_when_to_come_back() {
        let response =
            |status: u16| Response::builder().status(status).header(RETRY_AFTER, "3").body(None).unwrap();
        let ended = refused(&response(503));
        assert_eq!((ended.retry, ended.told), (Retry::BackOff, Some(Duration::from_secs(3))));
        assert_eq!(refused(&response(401)).retry, Retry::Never);
    }
}
