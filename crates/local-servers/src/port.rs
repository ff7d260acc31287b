//! Free TCP ports on 127.0.0.1.
//!
//! Not by binding port 0: those lie in the range that outgoing connections draw from,
//! so a server that is killed and restarted on its port could find a client's socket
//! sitting there. The range below lies under every usual ephemeral range.

use std::net::{Ipv4Addr, TcpListener};

use crate::random::random_u16;

const FIRST: u16 = 17_000;
const COUNT: u16 = 12_000;

/// A port nobody listens on right now. Somebody else may take it before the caller
/// does: bind soon, and try another when that fails.
pub fn free_port() -> u16 {
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    (0..1_000)
        .map(|_| FIRST + random_u16() % COUNT)
        .find(free)
        .expect("one of a thousand random ports is free")
}
