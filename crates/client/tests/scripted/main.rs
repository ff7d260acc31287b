//! The client against scripted servers over real sockets: cuts, duplicates, gaps, goodbyes, silence, chaos.

mod chaos;
mod commands;
mod connection;
mod rooms;
mod server;
