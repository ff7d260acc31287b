//! One room's lock held by somebody else while both nodes write batches: the other rooms flow (no deadlock).

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{cluster::Cluster, figures::seconds, servers::Private, traffic::Traffic};

const PATIENCE: Duration = Duration::from_mins(1);

/// `SYSTEM_LOCK_S` says how long it is held (10).
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_room_stalls_itself_only() {
    let cluster = Cluster::start("lock", 2, Private::Nothing).await;
    let traffic = Traffic::start(&cluster, 6).await;
    traffic.flows(3, PATIENCE).await;
    let locked = traffic.rooms()[0];
    let stranger = cluster.servers.lock_room(locked).await;
    let from = Instant::now();
    sleep(seconds("SYSTEM_LOCK_S", 10)).await; // the lock
    drop(stranger);
    let to = Instant::now();
    traffic.flows(3, PATIENCE).await;
    let held = traffic.finish(&cluster, 0).await;
    let (there, elsewhere) =
        (held.acks(from, to, |room| room == locked), held.acks(from, to, |room| room != locked));
    println!("one room locked for {:.0?}: acks elsewhere {elsewhere}; in it {there}", to - from);
    assert!(elsewhere.p(99) < Duration::from_secs(2), "elsewhere {elsewhere}");
    cluster.stop().await;
}
