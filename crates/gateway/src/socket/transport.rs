//! One WebSocket over one TCP stream: tungstenite reads frames, shared bytes are written with `writev`.
//!
//! Owns the stream and what is half read or half written; knows no frame of the protocol. At rest it holds no
//! write buffer and a read buffer of a few hundred bytes: an idle socket costs little.

use std::{
    io::{self, IoSlice},
    time::Duration,
};

use bytes::Buf as _;
use tokio::{net::TcpStream, time::timeout};
use tungstenite::{
    Error, Message, Utf8Bytes,
    error::CapacityError,
    protocol::{Role, WebSocketConfig, WebSocketContext},
};

use super::wire::Wire;

/// A reader that takes nothing for so long is gone.
pub const WRITE_STALL: Duration = Duration::from_secs(10);
/// Most inbound frames fit; larger ones grow the buffer while they are read.
const READ_BUFFER_BYTES: usize = 512;
/// Pongs and the answer to a close that may wait; a client that only pings waits for its answers.
const REPLIES_BYTES_MAX: usize = 1024;
/// Frames in one `writev`.
const SLICES: usize = 64;

/// A WebSocket of a client.
#[derive(Debug)]
pub struct Transport {
    stream: TcpStream,
    context: WebSocketContext,
    /// Answers of the reader (pong, close), written between two frames.
    replies: Vec<u8>,
}

/// What the client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// A whole text message.
    Text(Utf8Bytes),
    /// A whole binary message: not part of the protocol.
    Binary,
    /// A ping or a pong; answered already.
    Control,
}

/// Why nothing more can be read.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The client closed, politely or not.
    #[error("the client left")]
    Left,
    /// A message over the limit.
    #[error("a frame over the limit")]
    TooLarge,
    /// A text that is no UTF-8.
    #[error("a text that is not UTF-8")]
    NotUtf8,
    /// Something that RFC 6455 forbids.
    #[error("not a WebSocket frame: {0}")]
    Violation(tungstenite::error::ProtocolError),
    /// The stream failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Transport {
    /// Takes over a stream after its upgrade; `early` are bytes that came with the request.
    pub fn new(stream: TcpStream, early: &[u8], frame_bytes_max: Option<usize>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(REPLIES_BYTES_MAX)
            .max_message_size(frame_bytes_max)
            .max_frame_size(frame_bytes_max);
        let context = WebSocketContext::from_partially_read(early.to_vec(), Role::Server, Some(config));
        Self { stream, context, replies: Vec::new() }
    }

    /// The next message, if one has arrived; `None` when more bytes are needed.
    pub fn read(&mut self) -> Result<Option<Received>, Broken> {
        let mut halves = Halves { stream: &self.stream, replies: &mut self.replies };
        match self.context.read(&mut halves) {
            Ok(Message::Text(text)) => Ok(Some(Received::Text(text))),
            Ok(Message::Binary(_)) => Ok(Some(Received::Binary)),
            Ok(Message::Close(_)) => Err(Broken::Left),
            Ok(_) => Ok(Some(Received::Control)),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until there may be something to read.
    pub async fn readable(&self) -> io::Result<()> {
        self.stream.readable().await
    }

    /// Are there answers of the reader to be written?
    pub fn has_replies(&self) -> bool {
        !self.replies.is_empty()
    }

    /// Writes whole frames. Not to be dropped half-way, unless the socket is given up.
    pub async fn write(&mut self, frames: &[Wire]) -> io::Result<()> {
        self.write_replies().await?;
        let mut frames = frames;
        let mut written = 0;
        while let Some(first) = frames.first() {
            if written >= first.len() {
                written -= first.len();
                frames = &frames[1..];
                continue;
            }
            match self.try_write(frames, written) {
                Ok(more) => written += more,
                Err(error) => self.wait_to_write(error).await?,
            }
        }
        Ok(())
    }

    /// Writes the answers of the reader.
    pub async fn write_replies(&mut self) -> io::Result<()> {
        let mut replies = io::Cursor::new(std::mem::take(&mut self.replies));
        while replies.has_remaining() {
            match accepted(self.stream.try_write(replies.chunk())) {
                Ok(written) => replies.advance(written),
                Err(error) => self.wait_to_write(error).await?,
            }
        }
        Ok(())
    }

    /// One `writev` of what follows the first `written` bytes. Its slices are too large to be kept while waiting.
    fn try_write(&self, frames: &[Wire], written: usize) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        slices[0] = IoSlice::new(&frames[0].bytes()[written..]);
        for (slice, frame) in slices[1..].iter_mut().zip(&frames[1..]) {
            *slice = IoSlice::new(frame.bytes());
        }
        accepted(self.stream.try_write_vectored(&slices[..frames.len().min(SLICES)]))
    }

    async fn wait_to_write(&self, error: io::Error) -> io::Result<()> {
        if error.kind() == io::ErrorKind::WouldBlock {
            timeout(WRITE_STALL, self.stream.writable()).await?
        } else {
            Err(error)
        }
    }

    /// After the last frame: waits, a while, until the client has read it and closes.
    ///
    /// Dropped at once, a stream with unread input is reset, and the client may never see our last frames.
    pub async fn linger(mut self, at_most: Duration) {
        let until_closed = async {
            tokio::io::AsyncWriteExt::shutdown(&mut self.stream).await?;
            let mut ignored = [0; 256];
            loop {
                self.stream.readable().await?;
                match self.stream.try_read(&mut ignored) {
                    Ok(0) => return Ok(()),
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                    _ => {}
                }
            }
        };
        // The connection ends here either way.
        let _: Result<io::Result<()>, _> = timeout(at_most, until_closed).await;
    }
}

/// A stream that takes nothing is broken.
fn accepted(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        other => other,
    }
}

/// The stream as tungstenite sees it: reads come from it, answers go aside.
struct Halves<'a> {
    stream: &'a TcpStream,
    replies: &'a mut Vec<u8>,
}

impl io::Read for Halves<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.try_read(buffer)
    }
}

impl io::Write for Halves<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.replies.len() + bytes.len() > REPLIES_BYTES_MAX {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.replies.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        match error {
            Error::Capacity(CapacityError::MessageTooLong { .. }) => Self::TooLarge,
            Error::Utf8(_) => Self::NotUtf8,
            Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
            | Error::ConnectionClosed
            | Error::AlreadyClosed => Self::Left,
            Error::Protocol(violation) => Self::Violation(violation),
            Error::Io(error) => Self::Io(error),
            other => Self::Io(io::Error::other(other)),
        }
    }
}
