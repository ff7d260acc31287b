//! A private Redis Cluster of masters without replicas, for what one server cannot show: slots that move.

use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::place::Place;
use crate::port::free_port;
use crate::process::log_tail;
use crate::random::random_hex;
use crate::redis::Redis;

const SLOTS: u32 = 16_384;
const READY_WITHIN: Duration = Duration::from_secs(60);
const LOG_LINES: usize = 20;
const POLL: Duration = Duration::from_millis(50);

/// Masters that share the slots evenly. Dropping stops them.
#[derive(Debug)]
pub struct RedisCluster {
    /// In the order of their slots.
    pub masters: Vec<Redis>,
}

impl RedisCluster {
    /// Finds or installs Redis, which has to be 7.0 or newer for its sharded channels, and starts so many masters.
    pub fn start(place: &Place, masters: u16) -> Result<Self, Error> {
        let password = random_hex(16);
        let start = |number| {
            let name = format!("redis-{number}");
            Redis::start_as(place, &name, password.clone(), Some(free_port()))
        };
        let cluster = Self { masters: (0..masters).map(start).collect::<Result<_, _>>()? };
        cluster.share_slots();
        cluster.wait_until_whole()?;
        Ok(cluster)
    }

    /// The addresses of all masters, separated by commas.
    pub fn urls(&self) -> String {
        self.masters.iter().map(Redis::url).collect::<Vec<_>>().join(",")
    }

    /// Gives all slots of one master to another, at once: for who listens there, they are elsewhere from now on.
    pub fn move_slots(&self, from: usize, to: usize) {
        let (first, last) = self.share(from);
        let answer = self.ask(to, "CLUSTER MYID");
        let id = answer.lines().find(|line| line.len() == 40).unwrap_or_default();
        // Its claim is the youngest from here on: the old owner's, still under way, takes nothing back.
        self.ask(to, "CLUSTER BUMPEPOCH");
        let lines: Vec<_> = (first..=last).map(|slot| format!("CLUSTER SETSLOT {slot} NODE {id}")).collect();
        // The new owner first: the old one sends everybody there.
        for master in [to].into_iter().chain((0..self.masters.len()).filter(|master| *master != to)) {
            self.ask(master, &lines.join("\r\n"));
        }
    }

    fn share_slots(&self) {
        for (number, master) in self.masters.iter().enumerate() {
            let (first, last) = self.share(number);
            // Epochs of their own, so that nobody has to give in.
            self.ask(number, &format!("CLUSTER SET-CONFIG-EPOCH {}", number + 1));
            self.ask(number, &format!("CLUSTER ADDSLOTSRANGE {first} {last}"));
            let (port, bus) = (master.port(), master.bus.unwrap_or_default());
            self.ask(0, &format!("CLUSTER MEET 127.0.0.1 {port} {bus}"));
        }
    }

    fn share(&self, number: usize) -> (u32, u32) {
        let count = u32::try_from(self.masters.len()).expect("a few masters");
        let number = u32::try_from(number).expect("a few masters");
        (number * SLOTS / count, (number + 1) * SLOTS / count - 1)
    }

    fn ask(&self, master: usize, command: &str) -> String {
        self.masters[master].ask(command).unwrap_or_default()
    }

    fn wait_until_whole(&self) -> Result<(), Error> {
        let known = format!("cluster_known_nodes:{}", self.masters.len());
        let whole = |master: usize| {
            let info = self.ask(master, "CLUSTER INFO");
            info.contains("cluster_state:ok") && info.contains(&known)
        };
        let end = Instant::now() + READY_WITHIN;
        while !(0..self.masters.len()).all(whole) {
            if Instant::now() > end {
                return Err(Error::Start {
                    server: "a Redis Cluster",
                    reason: format!("its masters do not know each other after {READY_WITHIN:?}"),
                    log: log_tail(&self.masters[0].log(), LOG_LINES),
                });
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}
