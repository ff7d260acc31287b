//! How a socket ends: last words, a close frame with the same code, and time for the client to read them.

use std::time::Duration;

use protocol::{CloseCode, server_frame::Goodbye};
use tokio::time::timeout;

use super::{
    Frame,
    send_queue::End,
    transport::{Broken, Transport},
    wire::Wire,
};
use crate::metrics;

/// A reader that is stuck does not hold its socket for longer.
const WRITTEN_WITHIN: Duration = Duration::from_secs(2);
const READ_WITHIN: Duration = Duration::from_secs(2);

/// Says goodbye and closes.
pub async fn part(mut transport: Transport, goodbye: Goodbye) {
    metrics::counter!(metrics::CLOSES, "code" => goodbye.code.to_string()).increment(1);
    let close = Wire::close(goodbye.code, &goodbye.reason);
    transport.put(vec![Wire::frame(&Frame::Goodbye(goodbye)), close]);
    if let Ok(Ok(())) = timeout(WRITTEN_WITHIN, transport.flush()).await {
        transport.linger(READ_WITHIN).await;
    }
}

/// What a reading error ends a socket with.
pub fn end_of(broken: &Broken) -> End {
    let (code, reason) = match broken {
        Broken::Left | Broken::Io(_) => return End::Silent,
        Broken::TooLarge => (1009, "frame over the limit".to_owned()),
        Broken::NotUtf8 => (1007, "not UTF-8".to_owned()),
        Broken::Violation(violation) => (1002, violation.to_string()),
    };
    End::AfterFlush(Goodbye { code, reason, retry_after_ms: None })
}

/// An end with one of our codes, after what waits.
pub fn after_flush(code: CloseCode) -> End {
    End::AfterFlush(Goodbye::new(code))
}
