//! Redis killed, back empty, flushed, in traffic (G4, G5, G10): correctness does not notice, latency says so.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{cluster::Cluster, figures::seconds, servers::Private, traffic::Traffic};

const PATIENCE: Duration = Duration::from_mins(1);
/// After Redis is back, so long may delivery between nodes still take the slow way.
const NORMAL_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_for_a_second() {
    outage("redis-1s", Duration::from_secs(1)).await;
}

/// `SYSTEM_REDIS_S` says how long it is gone.
#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_for_longer() {
    outage("redis-long", seconds("SYSTEM_REDIS_S", 8)).await;
}

async fn outage(name: &str, length: Duration) {
    let mut cluster = Cluster::start(name, 2, Private::Redis).await;
    let traffic = Traffic::start(&cluster, 4).await;
    traffic.flows(3, PATIENCE).await;
    let redis = cluster.servers.redis.as_mut().expect("a Redis of its own");
    tokio::task::block_in_place(|| redis.kill9()).expect("Redis dies");
    let gone = Instant::now();
    sleep(length).await; // the outage
    let back = Instant::now();
    let redis = cluster.servers.redis.as_mut().expect("a Redis of its own");
    tokio::task::block_in_place(|| redis.restart()).expect("Redis starts");
    let normal = Instant::now() + NORMAL_WITHIN;
    sleep(NORMAL_WITHIN).await; // what G10 allows
    traffic.flows(3, PATIENCE).await;
    let over = Instant::now();
    let held = traffic.finish(&cluster, 0).await;
    let meanwhile = held.across_nodes(gone, back, 2);
    let afterwards = held.across_nodes(normal, over, 2);
    println!(
        "Redis gone for {length:?}: {} accepted; G10 across nodes meanwhile {meanwhile}; from 5 s after {afterwards}",
        held.accepted()
    );
    assert!(meanwhile.p(99) < Duration::from_secs(5), "meanwhile {meanwhile}");
    assert!(afterwards.p(99) < Duration::from_secs(2), "afterwards {afterwards}");
    cluster.stop().await;
}

/// FLUSHALL, and every connection of the nodes thrown out.
#[tokio::test(flavor = "multi_thread")]
async fn redis_flushed() {
    let cluster = Cluster::start("redis-flushed", 2, Private::Redis).await;
    let traffic = Traffic::start(&cluster, 4).await;
    traffic.flows(3, PATIENCE).await;
    let flushed = Instant::now();
    cluster.servers.flush_redis().await;
    traffic.flows(6, PATIENCE).await;
    let over = Instant::now();
    let held = traffic.finish(&cluster, 1).await;
    println!(
        "Redis flushed: {} accepted; across nodes {}",
        held.accepted(),
        held.across_nodes(flushed, over, 2)
    );
    cluster.stop().await;
}
