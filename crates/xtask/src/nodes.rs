//! Gateway nodes: where they listen, and the wait until they serve.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Result;
use local_servers::{Service, free_port};

use crate::interrupt::Interrupt;

/// Waits until the node can serve, or somebody asks us to end.
pub fn wait_until_ready(node: &mut Service, interrupt: &Interrupt) -> Result<()> {
    node.wait_until_ready(|| interrupt.came())?;
    interrupt.check()
}

/// `preferred` when nobody listens there, so that the address is easy to remember.
pub fn port_or_free(preferred: u16) -> u16 {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, preferred)).is_ok();
    if free { preferred } else { free_port() }
}
