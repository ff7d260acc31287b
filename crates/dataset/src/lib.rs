//! A large database of real orders: what happens to plans and figures when a deployment has grown?
//!
//! A few dozen *templates* live through the real [`Store`](order_actions::Store), so that each timeline folds to its
//! stored order. Their rows are read back as `COPY` writes them, and written again a million times with other ids,
//! users and moments. Nothing here knows a column, so a migration is followed by itself. No part of the server:
//! the only other crate that speaks SQL, because a store has no command "become large".

pub mod check;
pub mod error;
pub mod fill;
pub mod lives;
pub mod people;
pub mod picks;
pub mod plans;
pub mod sizes;
pub mod template;
pub mod words;

pub use error::DatasetError;
pub use fill::{Scale, fill};
