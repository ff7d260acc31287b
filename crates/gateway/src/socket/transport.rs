//! One WebSocket over one TCP stream: tungstenite reads frames, shared bytes are written with `writev`.
//!
//! Owns the stream and what is half read or half written; knows no frame of the protocol. At rest it holds no
//! write buffer and a read buffer of a few hundred bytes: an idle socket costs little.

use std::{
    io::{self, IoSlice},
    time::Duration,
};

use tokio::{net::TcpStream, task::coop::consume_budget, time::timeout};
use tungstenite::{
    Error, Message, Utf8Bytes,
    error::CapacityError,
    protocol::{Role, WebSocketConfig, WebSocketContext},
};

use super::{
    outgoing::{Outgoing, REPLIES_BYTES_MAX, SLICES},
    wire::Wire,
};

/// Most inbound frames fit; larger ones grow the buffer while they are read.
const READ_BUFFER_BYTES: usize = 512;

/// A WebSocket of a client.
#[derive(Debug)]
pub struct Transport {
    stream: TcpStream,
    context: WebSocketContext,
    outgoing: Outgoing,
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
        Self { stream, context, outgoing: Outgoing::default() }
    }

    /// The next message, if one has arrived; `None` when more bytes are needed.
    pub fn read(&mut self) -> Result<Option<Received>, Broken> {
        let mut halves = Halves { stream: &self.stream, outgoing: &mut self.outgoing };
        match self.context.read(&mut halves) {
            Ok(Message::Text(text)) => Ok(Some(Received::Text(text))),
            Ok(Message::Binary(_)) => Ok(Some(Received::Binary)),
            Ok(Message::Close(_)) => {
                // The answer that closes in order, if the stream takes it at once: nobody waits for it.
                let _ = self.context.flush(&mut halves);
                let _ = self.write_on();
                Err(Broken::Left)
            }
            Ok(_) => Ok(Some(Received::Control)),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until there may be something to read.
    pub async fn readable(&self) -> io::Result<()> {
        self.stream.readable().await
    }

    /// Waits until something may be written.
    pub async fn writable(&self) -> io::Result<()> {
        self.stream.writable().await
    }

    /// Is anything of ours on its way?
    pub fn is_writing(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Are there answers of the reader to be written?
    pub fn has_replies(&self) -> bool {
        self.outgoing.has_replies()
    }

    /// Puts whole frames on their way.
    pub fn put(&mut self, frames: Vec<Wire>) {
        self.outgoing.put(frames);
    }

    /// Gives up what has not begun: no more than half a frame is on its way after this.
    pub fn cut(&mut self) {
        self.outgoing.cut();
    }

    /// Writes what the stream takes at once; false when it took nothing.
    pub fn write_on(&mut self) -> io::Result<bool> {
        let mut moved = false;
        while self.is_writing() {
            match self.try_write() {
                Ok(bytes) => self.outgoing.written(bytes),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
            moved = true;
        }
        Ok(moved)
    }

    /// Writes everything that is on its way. How long that may take is for the caller to say.
    pub async fn flush(&mut self) -> io::Result<()> {
        loop {
            consume_budget().await;
            self.write_on()?;
            if !self.is_writing() {
                return Ok(());
            }
            self.writable().await?;
        }
    }

    /// One `writev` of what comes next.
    fn try_write(&self) -> io::Result<usize> {
        let mut pieces = [IoSlice::new(&[]); SLICES];
        let count = self.outgoing.next(&mut pieces);
        match self.stream.try_write_vectored(&pieces[..count]) {
            // A stream that takes nothing is broken.
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            other => other,
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
                consume_budget().await;
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

/// The stream as tungstenite sees it: reads come from it, answers go aside.
struct Halves<'a> {
    stream: &'a TcpStream,
    outgoing: &'a mut Outgoing,
}

impl io::Read for Halves<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.try_read(buffer)
    }
}

impl io::Write for Halves<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.outgoing.reply(bytes) { Ok(bytes.len()) } else { Err(io::ErrorKind::WouldBlock.into()) }
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
