//! The socket as a client sees it: real nodes, real Postgres and Redis, raw frames (`cargo xtask test`).

mod bad_input;
mod busy;
mod cases;
mod database;
mod dialogues;
mod drained;
mod greeting;
mod hangups;
mod house;
mod kernel;
mod limits;
mod lock;
mod nodes;
mod raw;
mod slow;
mod wire;
