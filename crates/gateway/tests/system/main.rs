//! The system as users get it: node processes, real sockets, real Postgres and Redis, and faults in all of them.
//!
//! Scenarios start a `cluster`, let a `crowd` of participants live orders on it while something is cut, killed,
//! stopped or flushed, and hand every log to the `checker`. Sizes are environment variables (`SYSTEM_…`, see the
//! scenarios); a failing interleaving prints its seed, and `SEED=…` plays it again.

mod api;
mod checker;
mod cluster;
mod crowd;
mod figures;
mod link;
mod log;
mod node;
mod participant;
mod plan;
mod scenarios;
mod servers;
mod token;
mod traffic;
