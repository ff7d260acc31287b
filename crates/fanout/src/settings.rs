//! How a fan-out is set up. Every queue has its limit and every wait its end.

use std::num::NonZeroU16;
use std::time::Duration;

use uuid::Uuid;

/// Settings of one node's fan-out. [`FanoutSettings::new`] has the defaults.
#[derive(Clone, Debug)]
pub struct FanoutSettings {
    /// Where Redis is; of a cluster several servers, separated by commas. Without it the node is alone, on a bus of
    /// its own.
    pub redis_url: Option<String>,
    /// In how many parts the channels are spread over a Redis Cluster (7 or newer): the same on every node. Without it
    /// there is one server.
    pub cluster_parts: Option<NonZeroU16>,
    /// In front of every channel name: one per deployment, one per test.
    pub prefix: String,
    /// Who speaks. Unique per run of a node.
    pub node: Uuid,
    /// The database's epoch at start; see [`Fanout::set_epoch`](crate::Fanout::set_epoch).
    pub epoch: Uuid,
    /// How much may wait.
    pub limits: Limits,
    /// How long things may take.
    pub pace: Pace,
}

/// How much may wait.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Publications heard and not yet taken by this node.
    pub incoming: usize,
    /// Bytes of publications not yet taken by Redis.
    pub outgoing_bytes: usize,
    /// Batches of publications not yet taken by Redis.
    pub outgoing_batches: usize,
    /// Channels in one SUBSCRIBE or UNSUBSCRIBE.
    pub channels_per_command: usize,
}

/// How long things may take.
#[derive(Clone, Debug)]
pub struct Pace {
    /// A connection, greeted.
    pub connect: Duration,
    /// An answer of Redis.
    pub answer: Duration,
    /// Between two canaries, and between two pings.
    pub canary: Duration,
    /// Without a canary for so long, this node is deaf.
    pub deaf: Duration,
    /// The longest pause between two tries to connect.
    pub pause_max: Duration,
    /// The longest wait of [`Fanout::subscribed`](crate::Fanout::subscribed).
    pub subscribed: Duration,
}

impl FanoutSettings {
    /// The defaults: no Redis, prefix `order-chat`.
    pub fn new(node: Uuid, epoch: Uuid) -> Self {
        let prefix = "order-chat".to_owned();
        let (limits, pace) = (Limits::default(), Pace::default());
        Self { redis_url: None, cluster_parts: None, prefix, node, epoch, limits, pace }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { incoming: 8192, outgoing_bytes: 16 << 20, outgoing_batches: 4096, channels_per_command: 500 }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            answer: Duration::from_secs(2),
            canary: Duration::from_secs(1),
            deaf: Duration::from_secs(3),
            pause_max: Duration::from_secs(1),
            subscribed: Duration::from_secs(1),
        }
    }
}
