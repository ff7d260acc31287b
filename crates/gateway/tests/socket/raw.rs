//! A socket byte by byte: for readers that do not read, and for what they find when they do.

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Much smaller, and the kernel's delays make every reading slow.
const RECEIVE_BYTES: u32 = 128 * 1024;

/// A connection that says hello and subscribes, and then does not read until it is told to; and what it
/// had read by then.
///
/// Its kernel keeps little for it: what is not read stays with the node.
pub async fn subscribed(address: SocketAddr, token: &str, subscribe: &Value) -> (TcpStream, Vec<u8>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(RECEIVE_BYTES).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let upgrade = format!(
        "GET /v1/socket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    read_until(&mut stream, "\r\n\r\n", &mut read).await;
    read.clear();
    stream.write_all(&masked(&json!({"type": "hello", "token": token}))).await.unwrap();
    read_until(&mut stream, "\"welcome\"", &mut read).await;
    stream.write_all(&masked(subscribe)).await.unwrap();
    read_until(&mut stream, "\"subscribed\"", &mut read).await;
    (stream, read)
}

/// Reads on until this text was seen.
pub async fn read_until(stream: &mut TcpStream, end: &str, seen: &mut Vec<u8>) {
    let mut looked = 0;
    while !contains(&seen[looked..], end.as_bytes()) {
        looked = seen.len().saturating_sub(end.len());
        let read = timeout(Duration::from_secs(20), stream.read_buf(seen)).await.expect("it comes in time");
        assert_ne!(read.expect("the socket is open"), 0, "closed before {end}");
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The whole frames of a server, unmasked and unbroken: opcode and payload.
pub fn frames(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let Some((opcode, payload, rest)) = first_frame(bytes) {
        frames.push((opcode, payload));
        bytes = rest;
    }
    frames
}

/// The first of them, if it is there as a whole; and what follows it.
fn first_frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [first, length, rest @ ..] = bytes else { return None };
    let (length, rest) = match (*length, rest) {
        (126, [a, b, rest @ ..]) => (usize::from(u16::from_be_bytes([*a, *b])), rest),
        (127, [0, 0, 0, 0, a, b, c, d, rest @ ..]) => {
            (usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?, rest)
        }
        (126 | 127, _) => return None,
        (length, rest) => (usize::from(length), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((first & 0x0F, payload, rest))
}

/// The next whole frame, taken out of what was read.
pub async fn next_frame(stream: &mut TcpStream, seen: &mut Vec<u8>) -> (u8, Vec<u8>) {
    loop {
        if let Some((opcode, payload, rest)) = first_frame(seen) {
            let (frame, left) = ((opcode, payload.to_vec()), rest.len());
            seen.drain(..seen.len() - left);
            return frame;
        }
        let read = timeout(Duration::from_secs(20), stream.read_buf(seen)).await.expect("it comes in time");
        assert_ne!(read.expect("the socket is open"), 0, "closed without a word");
    }
}

/// A client's frame under the mask of zeros.
pub fn masked(frame: &Value) -> Vec<u8> {
    let payload = frame.to_string().into_bytes();
    let length = u16::try_from(payload.len()).unwrap();
    let mut bytes = vec![0x81];
    if length < 126 {
        bytes.push(0x80 | u8::try_from(length).unwrap());
    } else {
        bytes.push(0x80 | 0x7E);
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// A client's ping, under the same mask.
pub fn ping(word: &[u8]) -> Vec<u8> {
    let length = u8::try_from(word.len()).unwrap();
    [&[0x89, 0x80 | length, 0, 0, 0, 0], word].concat()
}
