//! Pages of a timeline as frames that no queue is too small for.

use std::sync::Arc;

use order_domain::{event::Entry, ids::OrderId, values::Seq};
use protocol::{Ref, server_frame::Entries};

use super::{Frame, send_queue::BYTES_MAX, wire::Wire};

/// A page that is larger is cut: several of them must fit into a queue.
pub const PAGE_BYTES: usize = BYTES_MAX / 4;

/// An `entries` frame.
pub fn frame(order: OrderId, reference: Option<Ref>, entries: &[Arc<Entry>], head: Seq) -> Wire {
    Wire::frame(&Frame::Entries(Entries { reference, order, entries: entries.to_vec(), head }))
}

/// The most of `entries` that fit into a frame made by `make`; `cut` gives the part to try next.
pub fn fitting<'a>(
    mut entries: &'a [Arc<Entry>],
    make: impl Fn(&[Arc<Entry>]) -> Wire,
    cut: impl Fn(&'a [Arc<Entry>]) -> &'a [Arc<Entry>],
) -> (Wire, &'a [Arc<Entry>]) {
    loop {
        let wire = make(entries);
        if wire.len() <= PAGE_BYTES || entries.len() <= 1 {
            return (wire, entries);
        }
        entries = cut(entries);
    }
}

/// The earlier half.
pub fn earlier(entries: &[Arc<Entry>]) -> &[Arc<Entry>] {
    &entries[..entries.len().div_ceil(2)]
}

/// The later half.
pub fn later(entries: &[Arc<Entry>]) -> &[Arc<Entry>] {
    &entries[entries.len() / 2..]
}
