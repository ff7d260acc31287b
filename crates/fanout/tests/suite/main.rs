//! The fan-out on real servers: one suite for both twins, and Redis failing in every way it can.

mod both_twins;
mod cluster;
mod outages;
mod redis_only;
mod world;
