//! order-actions on a real Postgres: every test has a database of its own (`TEST_DATABASE_URL`, see `cargo xtask test`).

mod conflicts;
mod crowds;
mod database;
mod doors;
mod durable;
mod greeting;
mod group_commit;
mod histories;
mod inbox;
mod repeats;
mod silence;
mod staff;
mod story;
mod talk;
mod timers;
mod world;
