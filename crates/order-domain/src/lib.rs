//! The rules of order-chat: what may happen to an order, by whom, what follows, and what each side is told.
//!
//! Pure: no IO, no clock, no randomness. Time and ids are arguments. The lifecycle is one table
//! ([`lifecycle::ROWS`], [`effect::EFFECTS`]); an order is what folding its timeline gives ([`order::Order`]);
//! a step is made by [`change`].

pub mod actions;
pub mod change;
pub mod claim;
pub mod clock;
pub mod command;
pub mod decide;
pub mod document;
pub mod effect;
pub mod event;
pub mod files;
pub mod guard;
pub mod guide;
pub mod hours;
pub mod ids;
pub mod inbox_tab;
pub mod lifecycle;
pub mod lint;
pub mod message;
pub mod order;
pub mod participant;
pub mod payment;
pub mod placement;
pub mod policy;
pub mod rejection;
pub mod requirements;
#[cfg(feature = "schema")]
mod schema;
pub mod values;
