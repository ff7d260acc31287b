//! What a client is made from. Every queue of it has a limit here.

use std::time::Duration;

use protocol::limits;

use crate::{Tap, TokenProvider};

/// How to connect.
#[derive(Clone, Debug)]
pub struct Options {
    /// Base addresses of the nodes (`http://host:port` or `ws://host:port`), tried in turn from the first.
    pub endpoints: Vec<String>,
    /// Where tokens come from.
    pub token: TokenProvider,
    /// Name and version of the application, for the server's log.
    pub client: String,
    /// Commands and questions without an answer; one more waits for its place.
    pub outbox: usize,
    /// Commands of one room on their way at once. With more than one, a retry may overtake what follows it.
    pub in_flight_per_room: usize,
    /// Events that the application has not taken yet. When it is full the client stops reading, and the server
    /// closes a slow consumer: nothing is lost, it resumes.
    pub events: usize,
    /// Bytes read at once.
    pub read_buffer_bytes: usize,
    /// How long things take.
    pub timing: Timing,
    /// Sees every text frame as it was received.
    pub tap: Option<Tap>,
}

/// How long things take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// From the first attempt to connect to the welcome.
    pub welcome_within: Duration,
    /// Without any frame for this long the node is taken for gone.
    pub silence: Duration,
    /// A frame that cannot be written for this long means the same.
    pub write_within: Duration,
    /// A room that is known to be behind is read again after this long.
    pub behind: Duration,
    /// The first bound of the jitter of a resume.
    pub resume: Duration,
    /// The least wait of a back-off, and its first bound.
    pub back_off: Duration,
    /// The last bound of both.
    pub longest: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            welcome_within: Duration::from_secs(10),
            silence: limits::SILENCE,
            write_within: Duration::from_secs(10),
            behind: Duration::from_secs(2),
            resume: Duration::from_millis(250),
            back_off: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// The usual ones.
    pub fn new<E: Into<String>>(
        endpoints: impl IntoIterator<Item = E>,
        token: impl Into<TokenProvider>,
    ) -> Self {
        Self {
            endpoints: endpoints.into_iter().map(Into::into).collect(),
            token: token.into(),
            client: concat!("order-chat-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            outbox: 1024,
            in_flight_per_room: 1,
            events: 1024,
            read_buffer_bytes: 4096,
            timing: Timing::default(),
            tap: None,
        }
    }

    pub(crate) fn show(&self, frame: &str) {
        if let Some(tap) = &self.tap {
            tap.show(frame);
        }
    }
}
