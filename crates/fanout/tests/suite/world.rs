//! Nodes to test with, on either twin, each world under a channel prefix of its own.

use std::num::NonZeroU16;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use fanout::{Channel, Fanout, FanoutSettings, Health, Incoming, LocalBus, Publication, Subscription};
use local_servers::{Place, RedisCluster};
use order_domain::ids::OrderId;
use order_domain::values::Seq;
use tokio::sync::mpsc;
use tokio::task::block_in_place;
use tokio::time::timeout;
use uuid::Uuid;

/// Longer than anything here takes; whoever waits so long has found a bug.
const PATIENCE: Duration = Duration::from_secs(20);

/// Of the channels on a cluster.
pub const PARTS: u16 = 7;

static SHARED: OnceLock<RedisCluster> = OnceLock::new();

/// So many masters.
pub fn cluster(masters: u16) -> RedisCluster {
    block_in_place(|| RedisCluster::start(&Place::throwaway("fanout")?, masters))
        .expect("a cluster of our own")
}

/// Where nodes meet.
pub struct World {
    twin: Twin,
    prefix: String,
    pub epoch: Uuid,
}

enum Twin {
    InProcess(LocalBus),
    Redis(String),
    Cluster(String),
}

/// One node and what it hears.
pub struct Node {
    pub fanout: Fanout,
    incoming: mpsc::Receiver<Incoming>,
}

impl World {
    pub fn in_process() -> Self {
        Self::new(Twin::InProcess(LocalBus::new()))
    }

    /// On the Redis that all tests share.
    pub fn redis() -> Self {
        let url = std::env::var("TEST_REDIS_URL");
        Self::redis_at(&url.expect("TEST_REDIS_URL names no Redis for tests: run cargo xtask test"))
    }

    pub fn redis_at(url: &str) -> Self {
        Self::new(Twin::Redis(url.to_owned()))
    }

    /// On a cluster of masters that tests share, in more parts than it has masters.
    pub fn cluster() -> Self {
        Self::cluster_at(&SHARED.get_or_init(|| cluster(3)).urls())
    }

    pub fn cluster_at(urls: &str) -> Self {
        Self::new(Twin::Cluster(urls.to_owned()))
    }

    fn new(twin: Twin) -> Self {
        Self { twin, prefix: format!("test-{}", Uuid::new_v4()), epoch: Uuid::new_v4() }
    }

    pub fn settings(&self) -> FanoutSettings {
        let prefix = self.prefix.clone();
        FanoutSettings { prefix, ..FanoutSettings::new(Uuid::new_v4(), self.epoch) }
    }

    /// A node that is heard and has been told of its first generation.
    pub async fn node(&self) -> Node {
        self.node_with(self.settings()).await
    }

    pub async fn node_with(&self, settings: FanoutSettings) -> Node {
        let mut node = self.starting(settings);
        assert_eq!(node.next().await, Incoming::Generation(1));
        node
    }

    /// A node that may not be heard yet.
    pub fn starting(&self, settings: FanoutSettings) -> Node {
        let (fanout, incoming) = match &self.twin {
            Twin::InProcess(bus) => Fanout::in_process(bus, &settings),
            Twin::Redis(url) => {
                let redis_url = Some(url.clone());
                Fanout::start(FanoutSettings { redis_url, ..settings }).expect("an address")
            }
            Twin::Cluster(urls) => {
                let (redis_url, cluster_parts) = (Some(urls.clone()), NonZeroU16::new(PARTS));
                Fanout::start(FanoutSettings { redis_url, cluster_parts, ..settings }).expect("addresses")
            }
        };
        Node { fanout, incoming }
    }

    /// The channel's name on Redis.
    pub fn channel_name(&self, order: OrderId) -> String {
        format!("{}:room:{order}", self.prefix)
    }
}

impl Node {
    pub async fn joins(&self, channel: Channel) {
        self.fanout.subscribe(channel.clone());
        assert_eq!(self.fanout.subscribed(&channel).await, Subscription::Heard);
    }

    pub fn says(&self, publication: Publication) {
        self.fanout.publish(vec![publication]);
    }

    pub async fn next(&mut self) -> Incoming {
        let next = timeout(PATIENCE, self.incoming.recv()).await.expect("nothing is heard");
        next.expect("the fan-out lives")
    }

    pub async fn news(&mut self) -> Publication {
        match self.next().await {
            Incoming::News(publication) => publication,
            Incoming::Generation(generation) => panic!("generation {generation} instead of news"),
        }
    }

    /// The next generation; news before it are passed over.
    pub async fn generation(&mut self) -> u64 {
        loop {
            if let Incoming::Generation(generation) = self.next().await {
                return generation;
            }
        }
    }

    pub async fn health(&self, wanted: impl Fn(&Health) -> bool) -> Health {
        let mut health = self.fanout.health();
        let reached = timeout(PATIENCE, health.wait_for(|health| wanted(health))).await;
        *reached.expect("the health never came").expect("the fan-out lives")
    }

    pub async fn heard(&self) -> Health {
        self.health(|health| !health.is_deaf()).await
    }

    pub async fn deaf(&self) -> Health {
        self.health(Health::is_deaf).await
    }

    /// Waits for counters to get somewhere.
    pub async fn counts(&self, wanted: impl Fn(&fanout::Counts) -> bool) -> fanout::Counts {
        let counting = async {
            loop {
                let counts = self.fanout.counters();
                if wanted(&counts) {
                    return counts;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, counting).await.unwrap_or_else(|_| panic!("stuck at {:?}", self.fanout.counters()))
    }
}

pub fn order() -> OrderId {
    OrderId(Uuid::new_v4())
}

pub fn entry(order: OrderId, seq: u64) -> Publication {
    entries(order, seq, seq)
}

pub fn entries(order: OrderId, first: u64, last: u64) -> Publication {
    let frame = Bytes::from(format!("entries {first} to {last}"));
    Publication::Entry {
        order,
        first: Seq(first),
        last: Seq(last),
        version: first / 2,
        changed: first.is_multiple_of(2),
        frame,
    }
}

pub fn signal(order: OrderId, text: &'static str) -> Publication {
    Publication::Signal { order, frame: Bytes::from_static(text.as_bytes()) }
}
