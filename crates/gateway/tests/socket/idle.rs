//! What an idle socket costs, and that it costs no more with time: a coarse bound; the harness measures.

use std::{fs, time::Duration};

use crate::house::with_nodes;

const SOCKETS: usize = 300;
/// Debug build, both ends of the connection and the allocator's habits included.
const KIB_MAX: usize = 64;

/// P4, coarsely: both ends of a subscribed socket in one process stay small.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_socket_is_small() {
    with_nodes(1, |house| async move {
        let mut sockets = Vec::new();
        let order = house.order().await;
        house.socket(0, "buyer").await.subscribe(order).await;
        let before = resident_kib();
        for number in 0..SOCKETS {
            let user = format!("user{number}");
            sockets.push(house.socket(0, &user).await);
        }
        tokio::time::timeout(Duration::from_secs(5), async {
            while house.nodes[0].state.rooms.socket_count() < SOCKETS {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("they are all there");
        let each = (resident_kib() - before) / SOCKETS;
        println!("{each} KiB for each socket, its client included");
        assert!(each <= KIB_MAX, "{each} KiB");
    })
    .await;
}

fn resident_kib() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("how much is resident");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("in KiB")
}
