//! One socket's way in: past nodes that are full for the moment, with advice when it stays out.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

use crate::participant::{DialError, Seat, Shared, Socket};

/// A socket that is in.
pub struct Arrived {
    pub seat: Seat,
    pub socket: Socket,
    /// From the first attempt.
    pub took: Duration,
    /// Attempts that a full node put off.
    pub put_off: u64,
    /// That one user may give; 0 for any number.
    pub commands_per_s: u32,
}

/// Dials until a node takes the socket.
pub async fn arrive(shared: &Shared, urls: &[Arc<str>], number: u32, end: Instant) -> Result<Arrived> {
    let members = shared.crowd.members;
    let (room, member) = (number / members, number % members);
    let urls: Vec<_> = (0..urls.len()).map(|at| urls[(at + number as usize) % urls.len()].clone()).collect();
    let token = shared.crowd.user(room, member).1;
    let (began, mut put_off) = (Instant::now(), 0);
    loop {
        match shared.dialer.dial(&urls[0], token).await {
            Ok((socket, commands_per_s)) => {
                let seat = Seat { number, room, member, urls };
                return Ok(Arrived { seat, socket, took: began.elapsed(), put_off, commands_per_s });
            }
            Err(DialError::PutOff { after, .. }) if Instant::now() + after < end => {
                put_off += 1;
                sleep(after.mul_f64(1.0 + rand::random::<f64>())).await;
            }
            Err(error) => bail!("socket {number}: {error}{}", advice(&error)),
        }
    }
}

fn advice(error: &DialError) -> &'static str {
    match error {
        DialError::PutOff { .. } => {
            "; it takes fewer connections a second than the plan dials: raise dial_within_s, \
             or ORDER_CHAT_LIMIT_CONNECTS_PER_S and ORDER_CHAT_LIMIT_SOCKETS_PER_USER there"
        }
        DialError::Refused(_) => "; are the tokens of this deployment?",
        DialError::Broken(_) => "",
    }
}
