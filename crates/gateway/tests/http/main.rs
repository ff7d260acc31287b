//! The HTTP side as a stranger, a user and the host meet it: real nodes, real Postgres (`cargo xtask test`).

mod answers;
mod app;
#[path = "../socket/database.rs"]
mod database;
mod demo;
mod document;
mod downloads;
mod edges;
mod keys;
mod pages;
mod served;
mod upload_bounds;
mod uploads;
