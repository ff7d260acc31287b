//! Bodies of the HTTP calls, both ways. Placing an order takes the rules' own
//! [`Placement`](order_domain::placement::Placement).

pub mod body;
pub mod desk;
pub mod files;
pub mod inbox;
pub mod orders;
pub mod rooms;
pub mod users;

pub use body::{BadBody, read};
