//! What a socket costs that does nothing: said hello, follows a room of its own. A printed figure.
//!
//! `SYSTEM_IDLE=2000 cargo xtask test -p gateway --release --test system -- idle --nocapture`; without the
//! variable a few sockets show that the measurement works.

use std::{fs, ops::Range};

use futures_util::{StreamExt as _, stream};
use order_domain::{ids::UserId, participant::AccountRole};
use serde_json::json;
use tokio::time::{Duration, sleep};

use crate::{cluster::Cluster, figures::size, participant::Participant, servers::Private};

const WARM_UP: u64 = 100;
const AT_ONCE: usize = 8;
const SETTLES: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn idle_sockets_are_weighed() {
    let count = size("SYSTEM_IDLE", 20);
    let cluster = Cluster::start("idle", 1, Private::Nothing).await;
    let pid = cluster.nodes[0].pid().expect("the node runs");
    // The first ones bring in code and pools that all others share.
    let mut sockets = open(&cluster, 0..WARM_UP).await;
    sleep(SETTLES).await; // allocators and pools come to rest
    let before = pss_kib(pid);
    sockets.extend(open(&cluster, WARM_UP..WARM_UP + count).await);
    sleep(SETTLES).await; // the same
    let after = pss_kib(pid);
    let each = after.saturating_sub(before) * 10 / count;
    println!(
        "idle: {count} sockets with a room each: {before} → {after} KiB, {}.{} KiB each",
        each / 10,
        each % 10
    );
    for socket in &sockets {
        let log = socket.log();
        assert!(log.losses.is_empty(), "one was lost at {:?}, told {:?}", log.losses, log.goodbyes);
    }
    drop(sockets);
    cluster.stop().await;
}

/// Sockets that said hello and follow a room of their own.
async fn open(cluster: &Cluster, numbers: Range<u64>) -> Vec<Participant> {
    let seller = UserId::new("seller").expect("a user id");
    let one = async |number: u64| {
        let buyer = UserId::new(format!("buyer-{number}")).expect("a user id");
        let order = cluster.api.place(0, &buyer, &seller, json!({})).await;
        let token = cluster.token(&buyer, AccountRole::User);
        let socket = Participant::start(buyer.as_str(), &buyer, &token, cluster.urls_from(0));
        socket.follow(order).await;
        assert!(socket.log().rooms[&order].live, "{buyer} follows");
        socket
    };
    stream::iter(numbers).map(one).buffer_unordered(AT_ONCE).collect().await
}

/// The share of memory that is the process's own; 0 where the system does not tell.
fn pss_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
