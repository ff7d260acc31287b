//! Starts a private Postgres and Redis, prints their URLs, and keeps them until its
//! input ends: `cargo run -p local-servers --example hold`. The tests kill it.

use std::io::{self, Read as _, Write as _};

use local_servers::{Error, Place, Postgres, Redis};

fn main() -> Result<(), Error> {
    let place = Place::throwaway("hold")?.telling(|line| eprintln!("{line}"));
    let postgres = Postgres::start(&place)?;
    let redis = Redis::start(&place)?;
    println!("{}\n{}", postgres.url("postgres"), redis.url());
    let _ = io::stdout().flush();
    let _ = io::stdin().read(&mut [0]);
    Ok(())
}
