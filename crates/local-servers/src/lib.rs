//! Private Postgres and Redis for a developer's machine and for tests: found or
//! installed, started on free ports of 127.0.0.1, gone afterwards.
//!
//! Owns the server programs, their folders and their lives; never touches a server
//! it did not start, whatever runs on 5432 or 6379. Everything is blocking: call it
//! from `main`, from a plain test, or from `spawn_blocking`.
//!
//! ```no_run
//! use local_servers::{Place, Postgres, Redis};
//! # fn main() -> Result<(), local_servers::Error> {
//! let place = Place::throwaway("faults")?;
//! let mut postgres = Postgres::start(&place)?;
//! let redis = Redis::start(&place)?;
//! println!("{} {}", postgres.url("postgres"), redis.url());
//! postgres.kill9()?;
//! postgres.restart()?; // same port, same data, recovered
//! # Ok(())
//! # }
//! ```
//!
//! # How a server ends
//!
//! Dropping the handle stops it. A caller that dies without dropping (SIGKILL, Ctrl-C,
//! `exit`, abort) takes it along too: see [`Process`]. What even that leaves behind is
//! found by its pid file and stopped by the next start in the same place.

mod account;
mod error;
mod find;
mod initdb;
mod install;
mod launch;
mod leftover;
mod place;
mod port;
mod postgres;
mod process;
mod random;
mod redis;
mod redis_cluster;
mod service;
mod wait;

pub use error::Error;
pub use find::chromium;
pub use place::Place;
pub use port::free_port;
pub use postgres::Postgres;
pub use process::{Process, log_tail};
pub use random::random_hex;
pub use redis::Redis;
pub use redis_cluster::RedisCluster;
pub use service::Service;
