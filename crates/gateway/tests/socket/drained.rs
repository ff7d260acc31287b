//! The end of a node, as its sockets see it.

use gateway::node::Node;
use order_domain::participant::AccountRole;
use serde_json::json;

use crate::{
    house::{token, with_nodes},
    lock::Lock,
    wire::Socket,
};

/// G15: answers that do not come are waited for, but not for ever; then it is goodbye all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_drain_does_not_wait_for_ever() {
    with_nodes(1, |house| async move {
        let order = house.order().await;
        let node = Node::start(house.settings()).await.expect("the node starts");
        let mut socket = Socket::connect(node.address).await;
        socket.send(&json!({"type": "hello", "token": token("buyer", AccountRole::User)})).await;
        socket.expect("welcome").await;
        // One after the other, each as long as Postgres waits for a lock: far longer than a node takes to end.
        let rooms = Lock::on_reading(&house).await;
        for reference in 0..30 {
            socket.send(&json!({"type": "subscribe", "ref": reference, "order": order})).await;
        }
        assert!(socket.is_alive().await, "all of them are read");
        let state = node.state.clone();
        node.drain().await;
        // The process would end here.
        assert_eq!(state.rooms.socket_count(), 0);
        assert_eq!(socket.closed().await, 4200);
        rooms.release().await;
    })
    .await;
}
