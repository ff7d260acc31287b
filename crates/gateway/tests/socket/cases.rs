//! Staff in a room: only while they have the case, and never longer.

use order_domain::participant::AccountRole;
use serde_json::json;

use crate::house::with_nodes;

/// G8: an agent follows the room once the case is claimed, and is out when it closes, on either node.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_out_when_the_case_closes() {
    with_nodes(2, |house| async move {
        let (order, mut buyer, mut seller) = house.parties(0, 1).await;
        let mut agent = house.socket_as(1, "agent", AccountRole::Agent).await;
        buyer.subscribe(order).await;
        seller.subscribe(order).await;
        seller.command(order, json!({"type": "accept_order"})).await;
        let dispute =
            json!({"type": "open_dispute", "reason": "It is not what was agreed.", "cx_join": true});
        let opened = buyer.command(order, dispute).await;
        assert_eq!(opened["type"], "ack", "{opened}");
        assert_eq!(agent.ask(json!({"type": "subscribe", "order": order})).await["code"], "not_joined");
        let claimed = agent.command(order, json!({"type": "claim_case"})).await;
        assert_eq!(claimed["type"], "ack", "{claimed}");
        let room = agent.subscribe(order).await;
        assert_eq!(room["snapshot"]["case"]["claimed_by"], "agent");
        agent.command(order, json!({"type": "join_case"})).await;
        buyer.find(|frame| frame["entry"]["event"]["type"] == "agent.joined").await;
        agent.find(|frame| frame["type"] == "snapshot").await;
        // Subscribed unseen, seen from now on.
        buyer.find(|frame| frame["kind"] == "presence" && frame["user"] == "agent").await;
        agent.send(&json!({"type": "typing", "order": order, "on": true})).await;
        buyer.find(|frame| frame["kind"] == "typing" && frame["user"] == "agent").await;
        let closed = buyer.command(order, json!({"type": "close_dispute"})).await;
        assert_eq!(closed["type"], "ack", "{closed}");
        let out = agent.expect("unsubscribed").await;
        assert_eq!((&out["order"], &out["reason"]), (&json!(order), &json!("access_withdrawn")));
        buyer.post(order, "among ourselves").await;
        // The agent's node has it, and gave it to whom it is for.
        seller.find(|frame| frame["entry"]["event"]["text"] == "among ourselves").await;
        assert!(agent.is_alive().await);
        assert!(agent.seen().all(|frame| frame["entry"]["event"]["text"] != "among ourselves"));
        assert_ne!(agent.ask(json!({"type": "subscribe", "order": order})).await["type"], "subscribed");
    })
    .await;
}
