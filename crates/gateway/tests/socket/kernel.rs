//! What the kernel knows of a connection.

use std::net::SocketAddr;

/// Bytes that wait at one end of a connection: written and not taken by the other end, arrived and not read. `None` when
/// there is no such end.
pub fn queues(end: SocketAddr, other: SocketAddr) -> Option<(u64, u64)> {
    let ends = format!(" {} {} ", as_the_kernel_writes(end), as_the_kernel_writes(other));
    let connections = std::fs::read_to_string("/proc/net/tcp").expect("the kernel tells");
    let (_, rest) = connections.lines().find_map(|line| line.split_once(&ends))?;
    let (_state, queues) = rest.split_once(' ')?;
    let (unsent, unread) = queues.split_whitespace().next()?.split_once(':')?;
    let bytes = |hex| u64::from_str_radix(hex, 16).ok();
    Some((bytes(unsent)?, bytes(unread)?))
}

fn as_the_kernel_writes(address: SocketAddr) -> String {
    let SocketAddr::V4(address) = address else { panic!("the tests use IPv4") };
    format!("{:08X}:{:04X}", u32::from_le_bytes(address.ip().octets()), address.port())
}
