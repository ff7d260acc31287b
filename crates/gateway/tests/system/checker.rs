//! Judges a run in the manner of Jepsen: the clients' logs against the database, rule by rule.
//!
//! Pure: takes evidence, gives breaches. Proves G1–G7 for the run that made the evidence; that it finds each
//! kind of breach is proved in `tests`, on logs that were broken on purpose.

mod asked;
mod breach;
mod deliveries;
mod order;
#[cfg(test)]
mod tests;

use order_domain::{event::Entry, ids::OrderId, order::Order, values::Seq};

pub use self::breach::Breach;
use crate::log::Log;

/// One room after a run, when nothing moves any more.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The room.
    pub order: OrderId,
    /// Its timeline as the database has it, read over HTTP.
    pub entries: Vec<Entry>,
    /// The head that came with it.
    pub head: Seq,
    /// The order as it is stored beside the timeline.
    pub stored: Order,
    /// What every device saw and asked.
    pub logs: Vec<Log>,
}

/// Everything that is wrong; nothing when the guarantees held.
pub fn check(evidence: &Evidence) -> Vec<Breach> {
    let rules = [wire, deliveries::stream, asked::check, deliveries::check, order::check];
    rules.iter().flat_map(|rule| rule(evidence)).collect()
}

/// What devices already found wrong while reading.
fn wire(evidence: &Evidence) -> Vec<Breach> {
    let faults = evidence.logs.iter().flat_map(|log| log.faults.iter().map(move |fault| (log, fault)));
    faults.map(|(log, fault)| Breach::Wire { device: log.device.clone(), fault: fault.clone() }).collect()
}
