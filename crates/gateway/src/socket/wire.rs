//! A frame as it goes onto the wire: header and payload made once, the bytes shared by every socket.
//!
//! A server's frames are unmasked (RFC 6455, 5.1), so they are the same for everyone.

use bytes::Bytes;
use protocol::limits::CLOSE_REASON_BYTES;
use serde::Serialize;

/// The longest header of an unmasked frame.
const HEADER_BYTES_MAX: usize = 10;
const FINAL_TEXT: u8 = 0x81;
const FINAL_CLOSE: u8 = 0x88;

/// One whole frame. Cloning copies a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    bytes: Bytes,
    header_bytes: u8,
}

impl Wire {
    /// A frame of the protocol.
    ///
    /// # Panics
    /// Never: frames have string keys and no failing serializer.
    pub fn frame(frame: &impl Serialize) -> Self {
        let mut buffer = Vec::with_capacity(512);
        buffer.resize(HEADER_BYTES_MAX, 0);
        serde_json::to_writer(&mut buffer, frame).expect("a frame is always JSON");
        Self::with_header(FINAL_TEXT, buffer)
    }

    /// A text that was encoded elsewhere.
    pub fn text(payload: &str) -> Self {
        Self::copied(FINAL_TEXT, payload.as_bytes())
    }

    /// A close frame; a long reason is cut.
    pub fn close(code: u16, reason: &str) -> Self {
        let end = reason.floor_char_boundary(CLOSE_REASON_BYTES);
        let payload = [&code.to_be_bytes(), &reason.as_bytes()[..end]].concat();
        Self::copied(FINAL_CLOSE, &payload)
    }

    /// Header and payload.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is sent, without the header.
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(usize::from(self.header_bytes)..)
    }

    /// Bytes on the wire.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never: a header is always there.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn copied(first: u8, payload: &[u8]) -> Self {
        let mut buffer = Vec::with_capacity(HEADER_BYTES_MAX + payload.len());
        buffer.resize(HEADER_BYTES_MAX, 0);
        buffer.extend_from_slice(payload);
        Self::with_header(first, buffer)
    }

    /// Writes the header right before the payload, which begins at [`HEADER_BYTES_MAX`].
    #[expect(clippy::cast_possible_truncation, reason = "each arm has checked the length")]
    fn with_header(first: u8, mut buffer: Vec<u8>) -> Self {
        let length = buffer.len() - HEADER_BYTES_MAX;
        let (lengths, used) = match length {
            0..=125 => ([length as u8, 0, 0, 0, 0, 0, 0, 0, 0], 1),
            126..=0xFFFF => {
                let [a, b] = (length as u16).to_be_bytes();
                ([126, a, b, 0, 0, 0, 0, 0, 0], 3)
            }
            _ => {
                let mut lengths = [127; 9];
                lengths[1..].copy_from_slice(&(length as u64).to_be_bytes());
                (lengths, 9)
            }
        };
        let start = HEADER_BYTES_MAX - used - 1;
        buffer[start] = first;
        buffer[start + 1..HEADER_BYTES_MAX].copy_from_slice(&lengths[..used]);
        // What waits in queues and logs of rooms is no larger than it must be.
        buffer.shrink_to_fit();
        Self { bytes: Bytes::from(buffer).slice(start..), header_bytes: used as u8 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use tungstenite::{
        Message,
        protocol::{Role, WebSocket},
    };

    use super::*;

    fn read_back(wire: &Wire) -> Message {
        let stream = std::io::Cursor::new(wire.bytes().to_vec());
        WebSocket::from_raw_socket(stream, Role::Client, None).read().unwrap()
    }

    #[test]
    fn every_length_reads_back() {
        for length in [0, 1, 125, 126, 0xFFFF, 0x1_0000, 300_000] {
            let text = "x".repeat(length);
            let wire = Wire::text(&text);
            assert_eq!(read_back(&wire), Message::text(text.clone()));
            assert_eq!(wire.payload(), text);
        }
    }

    #[test]
    fn a_frame_is_its_json() {
        let wire = Wire::frame(&serde_json::json!({"type": "heartbeat"}));
        assert_eq!(read_back(&wire), Message::text(r#"{"type":"heartbeat"}"#));
    }

    #[test]
    fn a_close_reason_is_cut_between_characters() {
        let Message::Close(Some(close)) = read_back(&Wire::close(4000, &"ü".repeat(100))) else {
            panic!("no close")
        };
        assert_eq!((u16::from(close.code), close.reason.len()), (4000, 122));
    }
}
