//! Tells the other nodes about entries and signals: Redis, and an in-process twin.
//!
//! It carries speed, never truth: anything here may be lost, repeated or late, and every
//! loss it notices itself it admits with an [`Incoming::Generation`], upon which the node
//! compares its active rooms with the database. Nothing here waits for Redis, except
//! [`Fanout::subscribed`], for a bounded time. It never reads a frame and never knows a socket.

mod backoff;
mod channel;
mod counters;
mod ensemble;
mod error;
mod fanout;
mod header;
mod health;
mod inbox;
mod interest;
mod local;
mod publication;
mod redis;
mod settings;

pub use channel::Channel;
pub use counters::Counts;
pub use error::FanoutError;
pub use fanout::{Fanout, Subscription};
pub use health::Health;
pub use local::LocalBus;
pub use publication::{Incoming, Publication};
pub use settings::{FanoutSettings, Limits, Pace};
