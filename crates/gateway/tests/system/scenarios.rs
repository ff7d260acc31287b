//! One file for each kind of trouble.

mod creator;
mod drain;
mod idle;
mod interleavings;
mod lock;
mod nodes;
mod postgres;
mod privacy;
mod redis;
mod story;
mod uploads;
