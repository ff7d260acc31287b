//! SIGTERM in traffic (G15): told, closed, finished, and nothing accepted is lost.

use std::time::Duration;

use tokio::time::Instant;

use crate::{cluster::Cluster, servers::Private, traffic::Traffic};

const PATIENCE: Duration = Duration::from_mins(1);
const FINISHED_WITHIN: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn a_drained_node_says_goodbye_and_ends() {
    let mut cluster = Cluster::start("sigterm", 2, Private::Nothing).await;
    let traffic = Traffic::start(&cluster, 6).await;
    traffic.flows(3, PATIENCE).await;
    let told = Instant::now();
    let status = cluster.nodes[0].terminate(FINISHED_WITHIN + Duration::from_secs(5));
    let took = told.elapsed();
    assert!(status.success(), "the node ended with {status}");
    assert!(took <= FINISHED_WITHIN, "it took {took:?}");
    traffic.flows(3, PATIENCE).await;
    let held = traffic.finish(&cluster, 1).await;
    let goodbyes = held.goodbyes(4200);
    println!(
        "SIGTERM: ended in {took:.1?}; {goodbyes} told 4200; {} accepted; resume {}",
        held.accepted(),
        held.resumes()
    );
    assert_eq!(goodbyes, 12, "half of the devices sat on that node");
    assert!(traffic_went_to_the_other(&held));
    cluster.stop().await;
}

fn traffic_went_to_the_other(held: &crate::traffic::Held) -> bool {
    !held.resumes().is_empty()
}
