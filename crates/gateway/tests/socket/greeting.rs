//! Who is welcomed, and what may happen between a hello and its welcome: a lock on what the welcome reads holds that
//! moment open.

use gateway::node::Node;
use order_domain::{ids::UserId, participant::AccountRole};
use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::{
    house::{House, token, with_nodes},
    lock::Lock,
    wire::{Socket, request},
};

/// G8: a revocation that comes after the token was checked, and before anybody knows of the socket, closes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_during_the_greeting_closes_the_socket() {
    with_nodes(1, |house| async move {
        let mut welcomes = Lock::on_welcomes(&house).await;
        let mut buyer = hello(&house, "buyer").await;
        welcomes.is_met().await;
        let user = UserId::new("buyer").unwrap();
        house.nodes[0].state.rooms.user_revoked(&user, chrono::Utc::now());
        welcomes.release().await;
        assert_eq!(buyer.closed().await, 4001);
    })
    .await;
}

/// G8: a bearer token of the upgrade is not trusted at the hello, if it was revoked between the two.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_between_upgrade_and_hello_closes_the_socket() {
    with_nodes(1, |house| async move {
        let bearer = format!("Bearer {}", token("buyer", AccountRole::User));
        let mut buyer = Socket::open(request(house.nodes[0].address, &[("authorization", &bearer)])).await;
        let user = UserId::new("buyer").unwrap();
        house.nodes[0].state.rooms.user_revoked(&user, chrono::Utc::now());
        buyer.send(&json!({"type": "hello"})).await;
        assert_eq!(buyer.closed().await, 4001);
    })
    .await;
}

/// G8: a revocation of which no node was told is found in the database: that is how it goes while Redis is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_nobody_tells_of_is_found() {
    with_nodes(1, |house| async move {
        let (_, mut buyer, mut seller) = house.parties(0, 0).await;
        let user = UserId::new("buyer").unwrap();
        house.nodes[0].state.store.revoke(user, chrono::Utc::now()).await.expect("revoked");
        assert_eq!(buyer.closed().await, 4001);
        assert!(seller.is_alive().await);
    })
    .await;
}

/// G8: a node that starts knows every revocation that can still cover a token, and no older one.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_node_knows_who_was_revoked() {
    with_nodes(1, |house| async move {
        let (held, now) = (token("buyer", AccountRole::User), chrono::Utc::now());
        let (buyer, seller) = (UserId::new("buyer").unwrap(), UserId::new("seller").unwrap());
        let store = &house.nodes[0].state.store;
        store.revoke(buyer.clone(), now).await.expect("revoked");
        store.revoke(seller.clone(), now - chrono::TimeDelta::days(32)).await.expect("revoked");
        let mut postgres = PgConnection::connect(&house.database_url()).await.expect("Postgres answers");
        let long_ago = "update revocations set revoked_at = up_to where user_id = 'seller'";
        postgres.execute(long_ago).await.expect("as if it had been then");
        let node = Node::start(house.settings()).await.expect("the node starts");
        assert!(node.state.tokens.is_revoked(&buyer, now));
        assert!(!node.state.tokens.is_revoked(&seller, now - chrono::TimeDelta::days(33)));
        let mut socket = Socket::connect(node.address).await;
        socket.send(&json!({"type": "hello", "token": held})).await;
        assert_eq!(socket.closed().await, 4001);
        node.drain().await;
    })
    .await;
}

/// 4103: the database does not answer in time, so nobody is welcomed; the next hello is.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_closes_with_4103() {
    with_nodes(1, |house| async move {
        let welcomes = Lock::on_welcomes(&house).await;
        let mut buyer = hello(&house, "buyer").await;
        assert_eq!(buyer.closed().await, 4103);
        assert_eq!(house.nodes[0].state.rooms.socket_count(), 0);
        welcomes.release().await;
        house.socket(0, "buyer").await;
    })
    .await;
}

async fn hello(house: &House, user: &str) -> Socket {
    let mut socket = Socket::connect(house.nodes[0].address).await;
    socket.send(&json!({"type": "hello", "token": token(user, AccountRole::User)})).await;
    socket
}
