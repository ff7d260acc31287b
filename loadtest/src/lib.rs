//! Simulated participants of an order-chat deployment: they load it, measure it from the moment each message was due,
//! judge whether it was right, and draw a report.
//!
//! Owns the plans, the participants, the figures and the judge. Knows a deployment only from outside: its HTTP API, its
//! socket, and, on the same machine, what its processes use.

pub mod api;
pub mod browse;
pub mod cli;
pub mod compare;
pub mod crowd;
pub mod dialect;
pub mod figures;
pub mod judge;
pub mod latency;
pub mod mark;
pub mod measures;
pub mod orders;
pub mod outcome;
pub mod pace;
pub mod participant;
pub mod plan;
pub mod process;
pub mod progress;
pub mod recorder;
pub mod report;
pub mod scan;
pub mod scenario;
pub mod schedule;
pub mod session;
pub mod stop;
pub mod tls;
pub mod tokens;
