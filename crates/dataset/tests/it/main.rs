//! A small data set on a real Postgres (`TEST_DATABASE_URL`, see `cargo xtask test`): it is what a large one is.

mod database;
mod plans;
mod small;
