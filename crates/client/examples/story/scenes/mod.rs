//! Stories of whole orders, played by people on different nodes; tests play them too and look at what they return.

pub mod creator;
mod host;
mod person;
mod token;
mod transcript;

use protocol::domain::{ids::OrderId, order::State};

/// Where a story is played.
pub struct Stage {
    /// Base addresses of the nodes.
    pub urls: Vec<String>,
    /// Signs the tokens (HS256).
    pub secret: String,
    /// Every socket is cut after every step and resumes on the next node.
    pub restless: bool,
    /// Prints nothing.
    pub quiet: bool,
}

/// What came of one order.
#[derive(Debug)]
pub struct Outcome {
    /// Which.
    pub order: OrderId,
    /// Where it ended.
    pub state: State,
    /// The types of its events in order, which everybody saw alike.
    pub events: Vec<String>,
    /// Minor units given back to the buyer.
    pub refunded: i64,
    /// Minor units paid to the seller.
    pub released: i64,
}

impl Stage {
    /// All addresses, beginning with one of them: where somebody connects first.
    fn urls_from(&self, first: usize) -> Vec<String> {
        let mut urls = self.urls.clone();
        let count = urls.len().max(1);
        urls.rotate_left(first % count);
        urls
    }
}
