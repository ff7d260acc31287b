//! Postgres killed and restarted in traffic (G1, G6, G13).

use std::time::Duration;

use tokio::{task::block_in_place, time::Instant};

use crate::{cluster::Cluster, servers::Private, traffic::Traffic};

const PATIENCE: Duration = Duration::from_secs(90);
const SERVES_WITHIN: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn postgres_killed() {
    let mut cluster = Cluster::start("postgres-killed", 2, Private::Postgres).await;
    let traffic = Traffic::start(&cluster, 4).await;
    traffic.flows(3, PATIENCE).await;
    let postgres = cluster.servers.postgres.as_mut().expect("a Postgres of its own");
    block_in_place(|| postgres.kill9().and_then(|()| postgres.restart())).expect("Postgres starts again");
    judge("Postgres kill -9", cluster, traffic).await;
}

/// A fast shutdown cuts every session; the start replays nothing.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_restarted() {
    let mut cluster = Cluster::start("postgres-restarted", 2, Private::Postgres).await;
    let traffic = Traffic::start(&cluster, 4).await;
    traffic.flows(3, PATIENCE).await;
    let postgres = cluster.servers.postgres.as_mut().expect("a Postgres of its own");
    block_in_place(|| postgres.restart()).expect("Postgres starts again");
    judge("Postgres fast restart", cluster, traffic).await;
}

async fn judge(what: &str, cluster: Cluster, traffic: Traffic) {
    let accepts: Instant = cluster.servers.postgres_accepts().await;
    let service = traffic.serves_again(accepts, PATIENCE).await;
    traffic.flows(3, PATIENCE).await;
    let held = traffic.finish(&cluster, 0).await;
    println!(
        "{what}: {} accepted; G13 every room served {service:.1?} after Postgres accepted",
        held.accepted()
    );
    assert!(service < SERVES_WITHIN, "service came back after {service:?}");
    cluster.stop().await;
}
