//! A Redis Cluster: rooms are everywhere, masters fall, slots move.

use std::time::Duration;

use fanout::{Channel, Incoming, Publication};
use local_servers::RedisCluster;
use order_domain::ids::OrderId;
use order_domain::values::Seq;
use tokio::task::block_in_place;
use tokio::time::timeout;

use crate::world::{Node, World, cluster, entry, order};

const PATIENCE: Duration = Duration::from_secs(20);
/// As many as surely have some in each part.
const ROOMS: usize = 100;

struct Scene {
    cluster: RedisCluster,
    a: Node,
    b: Node,
    rooms: Vec<OrderId>,
    said: u64,
}

impl Scene {
    async fn new(masters: u16) -> Self {
        let cluster = cluster(masters);
        let world = World::cluster_at(&cluster.urls());
        let (a, b) = (world.node().await, world.node().await);
        let rooms: Vec<_> = (0..ROOMS).map(|_| order()).collect();
        for room in &rooms {
            b.joins(Channel::Room(*room)).await;
        }
        let mut scene = Self { cluster, a, b, rooms, said: 0 };
        scene.b_hears_a().await;
        scene
    }

    /// In every room one entry more, and every one of them arrives.
    async fn b_hears_a(&mut self) {
        self.said += 1;
        self.a.fanout.publish(self.rooms.iter().map(|room| entry(*room, self.said)).collect());
        let mut missing = self.rooms.clone();
        while !missing.is_empty() {
            // Parts are heard in any order among each other.
            if let Incoming::News(Publication::Entry { order, last: Seq(last), .. }) = self.b.next().await
                && last == self.said
            {
                missing.retain(|room| *room != order);
            }
        }
    }

    /// Both nodes are told to look into the database, and hear each other again everywhere.
    async fn recovers(&mut self) {
        assert!(self.a.generation().await >= 2);
        assert!(self.b.generation().await >= 2);
        self.a.heard().await;
        self.b.heard().await;
        self.b_hears_a().await;
    }
}

/// Every master has some of the rooms, and none of them says what it is not asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_are_spread_over_the_masters() {
    let scene = Scene::new(3).await;
    for master in &scene.cluster.masters {
        let mut connection = connect(&master.url()).await;
        let channels: Vec<String> =
            redis::cmd("PUBSUB").arg("SHARDCHANNELS").query_async(&mut connection).await.unwrap();
        let rooms = channels.iter().filter(|name| name.contains(":room:")).count();
        assert!((1..ROOMS).contains(&rooms), "{rooms} of {ROOMS}");
        let plain: Vec<String> =
            redis::cmd("PUBSUB").arg("CHANNELS").query_async(&mut connection).await.unwrap();
        assert!(plain.is_empty(), "{plain:?}");
    }
}

/// G10: a master that falls makes the nodes deaf as a whole, since some of their rooms are; back, it is heard again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_that_falls_makes_deaf_and_comes_back() {
    let mut scene = Scene::new(3).await;
    block_in_place(|| scene.cluster.masters[1].kill9()).unwrap();
    scene.a.deaf().await;
    scene.b.deaf().await;
    block_in_place(|| scene.cluster.masters[1].restart()).unwrap();
    scene.recovers().await;
}

/// Slots that move to another master take their rooms along: the nodes follow, and are told that they may have missed
/// something.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slots_that_move_are_followed() {
    let mut scene = Scene::new(3).await;
    block_in_place(|| scene.cluster.move_slots(2, 0));
    scene.recovers().await;
    let mut connection = connect(&scene.cluster.masters[2].url()).await;
    let none = async {
        loop {
            let left: Vec<String> =
                redis::cmd("PUBSUB").arg("SHARDCHANNELS").query_async(&mut connection).await.unwrap();
            if left.is_empty() {
                return;
            }
        }
    };
    timeout(PATIENCE, none).await.expect("nobody listens at the old place");
}

async fn connect(url: &str) -> redis::aio::MultiplexedConnection {
    redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}
