//! Nodes that die, stand still, or are replaced one after the other, in traffic (G1, G4, G12).

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{
    cluster::Cluster,
    crowd::{Crowd, hold},
    figures::seconds,
    plan::{self, Part},
    servers::Private,
    traffic::Traffic,
};

const PATIENCE: Duration = Duration::from_mins(1);
/// A minute of silence, and what the check of it takes.
const NOTICED_WITHIN: Duration = Duration::from_secs(75);

/// G1, G12: kill -9; its clients resume elsewhere and nothing accepted is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_node_loses_nothing() {
    let mut cluster = Cluster::start("kill-node", 2, Private::Nothing).await;
    let traffic = Traffic::start(&cluster, 6).await;
    traffic.flows(3, PATIENCE).await;
    cluster.nodes[0].kill9();
    traffic.flows(3, PATIENCE).await;
    cluster.nodes[0].start();
    cluster.until_ready(0).await;
    cluster.nodes[1].kill9();
    traffic.flows(3, PATIENCE).await;
    let held = traffic.finish(&cluster, 0).await;
    println!("kill -9 of a node, twice: {} accepted; G12 resume {}", held.accepted(), held.resumes());
    assert!(!held.resumes().is_empty() && held.resumes().p(99) < Duration::from_secs(15));
    cluster.stop().await;
}

/// G12: a node that stands still; what it was told before and after is there once. `SYSTEM_STOP_S` says how long.
#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_node_goes_on_where_it_was() {
    let mut cluster = Cluster::start("stop-node", 2, Private::Nothing).await;
    let traffic = Traffic::start(&cluster, 4).await;
    traffic.flows(3, PATIENCE).await;
    let stopped = Instant::now();
    cluster.nodes[1].pause();
    sleep(seconds("SYSTEM_STOP_S", 6)).await; // the outage
    cluster.nodes[1].resume();
    let going_on = Instant::now();
    traffic.flows(3, PATIENCE).await;
    let held = traffic.finish(&cluster, 0).await;
    let other_node = held.acks(stopped, going_on, |_| true);
    println!("node stopped for {:.0?}: {} accepted; acks {other_node}", going_on - stopped, held.accepted());
    cluster.stop().await;
}

/// G1, G4, G15: every node is replaced in turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_is_not_noticed() {
    let mut cluster = Cluster::start("rolling", 2, Private::Nothing).await;
    let traffic = Traffic::start(&cluster, 4).await;
    for node in 0..2 {
        traffic.flows(2, PATIENCE).await;
        let status = cluster.nodes[node].terminate(Duration::from_secs(20));
        assert!(status.success(), "node {node} ended with {status}");
        cluster.nodes[node].start();
        cluster.until_ready(node).await;
    }
    traffic.flows(2, PATIENCE).await;
    let held = traffic.finish(&cluster, 0).await;
    println!("rolling restart: {} accepted; resume {}", held.accepted(), held.resumes());
    assert!(held.goodbyes(4200) > 0, "nobody was told of a drain");
    cluster.stop().await;
}

/// G12: a link that swallows everything is noticed on both ends within a minute and a little.
#[tokio::test(flavor = "multi_thread")]
async fn a_black_hole_is_noticed_on_both_ends() {
    let cluster = Cluster::start("black-hole", 2, Private::Nothing).await;
    let cast = [(Part::Buyer, 1), (Part::Seller, 1)];
    let crowd = Crowd::gather(&cluster, "1", &cast, true, json!({})).await;
    let (buyer, seller) = (&crowd.members[0], &crowd.members[1]);
    buyer.link.as_ref().expect("this crowd has links").swallow(cluster.address(1));
    let swallowed = Instant::now();
    let said = seller.device.tell(crowd.order, plan::say(1)).await;
    assert!(said.is_ack(), "{said:?}");
    buyer.device.until("a resume", NOTICED_WITHIN, |log| !log.resumes.is_empty()).await;
    let client_end = swallowed.elapsed();
    while !cluster.api.metrics(0).await.contains("code=\"4202\"") {
        assert!(swallowed.elapsed() < NOTICED_WITHIN, "the node holds on to a dead socket");
        sleep(Duration::from_millis(250)).await; // asked again: there is nothing to be told by
    }
    println!(
        "black hole: noticed by the client after {client_end:.0?}, by the node after {:.0?}",
        swallowed.elapsed()
    );
    hold(vec![crowd], &cluster, 0).await;
    cluster.stop().await;
}
