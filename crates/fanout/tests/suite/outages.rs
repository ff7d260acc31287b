//! Redis failing: killed, silent, cut off, flushed. Each test has a server of its own.
//!
//! `comes_back_after_more_tries_than_a_connection_manager_makes` is the regression test for
//! the library's deafness: its `ConnectionManager` tries six times and never again.

use std::time::Duration;

use fanout::{Channel, FanoutSettings, Health, Incoming, Pace, Subscription};
use local_servers::{Place, Redis};
use tokio::task::block_in_place;

use crate::world::{Node, World, entry, order};

/// A Redis to be mistreated, and two nodes on it that share a room.
struct Scene {
    redis: Redis,
    a: Node,
    b: Node,
    room: order_domain::ids::OrderId,
}

fn server() -> Redis {
    block_in_place(|| Redis::start(&Place::throwaway("fanout")?)).expect("a Redis of our own")
}

impl Scene {
    async fn new() -> Self {
        Self::at(Pace::default()).await
    }

    async fn at(pace: Pace) -> Self {
        let redis = server();
        let world = World::redis_at(&redis.url());
        let settings = || FanoutSettings { pace: pace.clone(), ..world.settings() };
        let (a, b) = (world.node_with(settings()).await, world.node_with(settings()).await);
        let room = order();
        b.joins(Channel::Room(room)).await;
        let mut scene = Self { redis, a, b, room };
        scene.b_hears_a(1).await;
        scene
    }

    async fn b_hears_a(&mut self, seq: u64) {
        self.a.says(entry(self.room, seq));
        assert_eq!(self.b.news().await, entry(self.room, seq));
    }

    /// Both nodes are told of a newer generation and hear each other again.
    async fn recovers(&mut self) {
        assert!(self.a.generation().await >= 2);
        assert!(self.b.generation().await >= 2);
        assert!(matches!(self.b.heard().await, Health::Heard { generation } if generation >= 2));
        self.b_hears_a(99).await;
    }

    async fn command(&self, name: &str, arguments: &[&str]) -> redis::Value {
        let client = redis::Client::open(self.redis.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd(name).arg(arguments).query_async(&mut connection).await.unwrap()
    }
}

/// G10: normal again by itself, however long Redis was gone. How soon is measured under load, by the faults of the
/// gateway's system tests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comes_back_after_more_tries_than_a_connection_manager_makes() {
    let mut scene = Scene::new().await;
    let before = scene.b.fanout.counters().attempts;
    block_in_place(|| scene.redis.kill9()).unwrap();
    scene.b.deaf().await;
    scene.b.counts(|counts| counts.attempts > before + 8).await;

    block_in_place(|| scene.redis.restart()).unwrap();
    scene.recovers().await;
    assert!(scene.b.fanout.counters().deaf > Duration::from_secs(1));
}

/// G10: detected at once when the connection drops, without any waiting; publishing and subscribing go on unblocked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_connection_is_noticed_at_once() {
    let never = Duration::from_hours(1);
    let pace = Pace { canary: never, answer: never, deaf: never, subscribed: never, ..Pace::default() };
    let mut scene = Scene::at(pace).await;
    block_in_place(|| scene.redis.kill9()).unwrap();
    scene.b.deaf().await;
    scene.b.fanout.subscribe(Channel::Node);
    assert_eq!(scene.b.fanout.subscribed(&Channel::Node).await, Subscription::Degraded);
    scene.a.says(entry(scene.room, 2));
    scene.a.counts(|counts| counts.dropped_away == 1).await;

    block_in_place(|| scene.redis.restart()).unwrap();
    scene.recovers().await;
    assert_eq!(scene.b.fanout.subscribed(&Channel::Node).await, Subscription::Heard, "wanted while deaf");
}

/// G10: a Redis that keeps its connections and says nothing is found out by its canary.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_redis_is_deaf() {
    let mut scene = Scene::new().await;
    scene.redis.pause().unwrap();
    scene.b.fanout.subscribe(Channel::Node);
    assert_eq!(scene.b.fanout.subscribed(&Channel::Node).await, Subscription::Degraded);
    scene.b.deaf().await;

    scene.a.deaf().await;
    scene.redis.resume().unwrap();
    scene.recovers().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_subscribers_come_back_as_a_new_generation() {
    let mut scene = Scene::new().await;
    for _ in 0..3 {
        scene.command("CLIENT", &["KILL", "TYPE", "pubsub"]).await;
        scene.recovers().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_publisher_repeats_on_a_new_connection() {
    let mut scene = Scene::new().await;
    scene.command("CLIENT", &["KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
    scene.b_hears_a(2).await;
    assert_eq!(scene.a.fanout.counters().dropped_away, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushing_changes_nothing() {
    let mut scene = Scene::new().await;
    scene.command("FLUSHALL", &[]).await;
    scene.b_hears_a(2).await;
    assert_eq!(scene.b.fanout.counters().generations, 1);
}

/// A tiny buffer makes Redis drop a subscriber that is behind: found out, and made up for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_dropped_for_its_buffer_comes_back() {
    let mut scene = Scene::new().await;
    scene.command("CONFIG", &["SET", "client-output-buffer-limit", "pubsub 1024 1024 1"]).await;
    let large = bytes::Bytes::from(vec![0; 512 << 10]);
    let order = scene.room;
    let burst = (0..20).map(|_| fanout::Publication::Signal { order, frame: large.clone() });
    scene.a.fanout.publish(burst.collect());
    assert!(scene.b.generation().await >= 2);
    scene.command("CONFIG", &["SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60"]).await;
    scene.b.heard().await;
    scene.a.says(entry(order, 99));
    while scene.b.next().await != Incoming::News(entry(order, 99)) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starts_before_redis_does() {
    let mut redis = server();
    block_in_place(|| redis.kill9()).unwrap();
    let world = World::redis_at(&redis.url());
    let (mut a, mut b) = (world.starting(world.settings()), world.starting(world.settings()));
    let room = order();
    b.fanout.subscribe(Channel::Room(room));
    b.counts(|counts| counts.attempts > 2).await;
    block_in_place(|| redis.restart()).unwrap();
    assert_eq!((a.generation().await, b.generation().await), (1, 1));
    a.says(entry(room, 1));
    assert_eq!(b.news().await, entry(room, 1));
}

/// Everything wanted is subscribed again before the generation is announced.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_rooms_are_back_when_the_generation_is() {
    let mut scene = Scene::new().await;
    let rooms: Vec<_> = (0..3000).map(|_| order()).collect();
    for room in &rooms {
        scene.b.fanout.subscribe(Channel::Room(*room));
    }
    block_in_place(|| scene.redis.restart()).unwrap();
    scene.a.generation().await;
    scene.b.generation().await;
    scene.a.fanout.publish(rooms.iter().map(|room| entry(*room, 1)).collect());
    for room in rooms {
        assert_eq!(scene.b.news().await, entry(room, 1));
    }
}

/// Listening alone proves nothing: a node whose canary is not published is not heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_takes_no_publications_is_deaf() {
    let mut scene = Scene::new().await;
    scene.command("ACL", &["SETUSER", "default", "-publish"]).await;
    scene.a.says(entry(scene.room, 2));
    scene.a.counts(|counts| counts.refused == 1).await;
    scene.a.deaf().await;
    scene.b.deaf().await;
    scene.command("ACL", &["SETUSER", "default", "+publish"]).await;
    scene.recovers().await;
}
