//! The rules of an order, told as given / when / then, as one matrix, and as properties of random histories.

mod answers;
mod beginnings;
mod documents;
mod invariants;
mod matrix;
mod money;
mod scene;
mod stories;
mod terms;
mod timers;
