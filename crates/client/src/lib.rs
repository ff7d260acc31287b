//! A client of order-chat that resumes, retries and never loses its place.
//!
//! [`Client::connect`] starts one task that owns the connection, whatever happens to it: it comes back on any of
//! the endpoints, picks every room up where it was, and sends what has no answer yet once more with the same id.
//! What happens arrives on [`Events`]: each entry of a followed room once and in order (G4), or the word that the
//! room starts anew (G5).
//!
//! ```no_run
//! # use protocol::domain::{command::PostMessage, ids::OrderId, values::Text};
//! use client::{Client, Event, Options};
//!
//! # async fn talk(order: OrderId, token: String) -> Result<(), Box<dyn std::error::Error>> {
//! let (client, mut events) = Client::connect(Options::new(["http://one:8080", "http://two:8080"], token));
//! client.subscribe(order).await?;
//! let text = Some(Text::new("Hello")?);
//! let ack = client.command(order, PostMessage { text, files: vec![], reply_to: None }).await?;
//! while let Some(event) = events.next().await {
//!     if let Event::Entry { entry, .. } = event {
//!         println!("{} {}", entry.seq, entry.event.kind());
//!         if Some(entry.seq) == ack.seq {
//!             break;
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! `backoff`, `outbox`, `timeline` and `engine` are pure; `dial` and `driver` hold the sockets.

mod backoff;
mod client;
mod dial;
mod driver;
mod engine;
mod error;
mod event;
mod options;
mod outbox;
mod questions;
mod request;
mod tap;
mod timeline;
mod token;

pub use client::{Client, Events};
pub use error::{Closed, CommandError, Refused, RoomError};
pub use event::{ConnectionState, Event};
pub use options::{Options, Timing};
pub use request::{Ask, Place};
pub use tap::Tap;
pub use token::{NoToken, TokenProvider};
