//! Who may not see: outsiders, agents before and after their case, revoked users (G8, I7).

use std::time::Duration;

use order_domain::{
    command::{ClaimCase, CloseDispute, JoinCase, OpenDispute},
    ids::{OrderId, UserId},
    participant::AccountRole,
    rejection::Code,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    cluster::Cluster,
    crowd::Crowd,
    log::{Answer, Log},
    participant::{Participant, new_id},
    plan::{self, Part, text},
    servers::Private,
};

const SOON: Duration = Duration::from_secs(10);
/// G8 says one second; the tests' machine is busy.
const REVOKED_WITHIN: Duration = Duration::from_secs(3);
const CANARY: &str = "canary-4711-of-the-desk";

/// I7: what agents note about a case reaches neither party, on no socket and in no answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_note_stays_at_the_desk() {
    let cluster = Cluster::start("case-note", 2, Private::Nothing).await;
    let (buyer, seller, agent) = (user("buyer"), user("seller"), user("agent"));
    let order = cluster.api.place(0, &buyer, &seller, json!({})).await;
    let parties = [(0, &buyer), (1, &seller)];
    let mut devices = Vec::new();
    for (node, party) in parties {
        let token = cluster.token(party, AccountRole::User);
        let secrets = vec![CANARY.to_owned()];
        let device = Participant::keeping(party.as_str(), party, &token, cluster.urls_from(node), secrets);
        device.follow(order).await;
        devices.push(device);
    }
    let desk = device_of(&cluster, &agent, AccountRole::Agent, 1);
    accepted(&devices[0].tell(order, dispute()).await);
    accepted(&desk.tell(order, ClaimCase {}).await);
    let note = json!({"id": Uuid::now_v7(), "text": CANARY});
    let path = format!("/v1/orders/{order}/case/entries");
    let token = cluster.token(&agent, AccountRole::Agent);
    let (status, body) = cluster.api.call(0, Method::POST, &path, &token, Some(note)).await;
    assert!(status.is_success(), "{status}: {body}");
    let (_, stream) = cluster.api.call(1, Method::GET, &path, &token, None).await;
    assert!(stream.contains(CANARY), "the desk reads its own notes: {stream}");
    accepted(&desk.tell(order, JoinCase {}).await);
    desk.follow(order).await;
    accepted(&desk.tell(order, plan::say(1)).await);
    accepted(&devices[0].tell(order, CloseDispute {}).await);

    let head = cluster.api.timeline(0, order).await.1;
    for (device, (_, party)) in devices.into_iter().zip(parties) {
        device.until("the end of the case", SOON, |log| log.last(order) >= head).await;
        assert_eq!(device.stop().await.faults, Vec::<String>::new());
        for node in 0..2 {
            for answer in everything_of(&cluster, node, party, order).await {
                assert!(!answer.contains(CANARY), "{party} was told: {answer}");
            }
        }
    }
    cluster.stop().await;
}

/// G8: an outsider is told the same of a room that is there and of one that is not, everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_finds_nothing() {
    let cluster = Cluster::start("outsider", 2, Private::Nothing).await;
    let order = cluster.api.place(0, &user("buyer"), &user("seller"), json!({})).await;
    let nowhere = OrderId(Uuid::now_v7());
    for role in [AccountRole::User, AccountRole::Agent] {
        let outsider = user(&format!("outsider-{}", role.as_str()));
        let device = device_of(&cluster, &outsider, role, 0);
        let token = cluster.token(&outsider, role);
        for room in [order, nowhere] {
            device.follow(room).await;
            assert!(!device.log().rooms[&room].live, "an outsider follows {room}");
            let refused = device.tell(room, plan::say(1)).await;
            assert_eq!(refused.code(), Some(Code::OrderNotFound));
        }
        for (method, path, body) in calls() {
            let [there, nowhere] = [order, nowhere].map(|room| path.replace("{}", &room.to_string()));
            let there = cluster.api.call(1, method.clone(), &there, &token, body.clone()).await;
            let nowhere = cluster.api.call(1, method.clone(), &nowhere, &token, body).await;
            assert_eq!(there.0, nowhere.0, "{method} {path}: {} / {}", there.1, nowhere.1);
            let refused = matches!(there.0, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(refused, "{method} {path} says {}: {}", there.0, there.1);
        }
    }
    cluster.stop().await;
}

/// G8: an agent reads a room while its case is theirs: `not_joined` before, out when it closes.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_sees_a_case_while_it_is_theirs() {
    let cluster = Cluster::start("agent", 2, Private::Nothing).await;
    let crowd = Crowd::gather(&cluster, "1", &[(Part::Buyer, 1), (Part::Seller, 1)], false, json!({})).await;
    let (buyer, order) = (crowd.members[0].device.clone(), crowd.order);
    let agent = device_of(&cluster, &user("agent"), AccountRole::Agent, 1);
    assert_eq!(agent.tell(order, plan::say(1)).await.code(), Some(Code::OrderNotFound), "no case yet");
    accepted(&buyer.tell(order, dispute()).await);
    assert_eq!(agent.tell(order, plan::say(2)).await.code(), Some(Code::NotJoined));
    agent.follow(order).await;
    assert!(!agent.log().rooms[&order].live, "an agent follows before the claim");
    accepted(&agent.tell(order, ClaimCase {}).await);
    agent.follow(order).await;
    assert!(agent.log().rooms[&order].live, "an agent with the case follows");
    accepted(&agent.tell(order, JoinCase {}).await);
    accepted(&agent.tell(order, plan::say(3)).await);

    let closed = Instant::now();
    accepted(&buyer.tell(order, CloseDispute {}).await);
    let out = |log: &Log| log.rooms[&order].withdrawn;
    agent.until("withdrawal", SOON, |log| out(log).is_some()).await;
    let took = out(&agent.log()).expect("it has just been withdrawn") - closed;
    let after = buyer.tell(order, plan::say(4)).await;
    println!("access of an agent withdrawn {took:.1?} after the case was closed");
    assert!(took < Duration::from_secs(2), "it took {took:?}");
    assert_eq!(agent.tell(order, plan::say(5)).await.code(), Some(Code::OrderNotFound));
    let Answer::Acked { first: Some(after), .. } = after else { panic!("{after:?}") };
    let seen = agent.stop().await.last(order);
    assert!(seen < after, "the agent got entry {after} after the case was closed");
    drop(crowd);
    cluster.stop().await;
}

/// G8: revocation closes the sockets of a user on every node, and tokens of before are refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_user_is_out_within_a_second() {
    let cluster = Cluster::start("revoked", 2, Private::Nothing).await;
    let (buyer, seller) = (user("buyer"), user("seller"));
    let order = cluster.api.place(0, &buyer, &seller, json!({})).await;
    let devices: Vec<_> = (0..2).map(|node| device_of(&cluster, &buyer, AccountRole::User, node)).collect();
    let other = device_of(&cluster, &seller, AccountRole::User, 0);
    for device in devices.iter().chain([&other]) {
        device.follow(order).await;
    }
    let token = cluster.token(&buyer, AccountRole::User);
    let revoked = Instant::now();
    let path = format!("/v1/users/{buyer}/revoke");
    let (status, body) = cluster.api.call(0, Method::POST, &path, cluster.api.host(), None).await;
    assert!(status.is_success(), "{status}: {body}");
    for (node, device) in devices.iter().enumerate() {
        device.until("the close", SOON, |log| log.goodbyes.contains(&4001)).await;
        println!("revoked: the socket on node {node} closed {:.1?} after", revoked.elapsed());
    }
    assert!(revoked.elapsed() < REVOKED_WITHIN, "it took {:?}", revoked.elapsed());
    for node in 0..2 {
        let inbox = || cluster.api.call(node, Method::GET, "/v1/inbox", &token, None);
        while inbox().await.0 != StatusCode::UNAUTHORIZED {
            assert!(revoked.elapsed() < REVOKED_WITHIN, "node {node} takes the token");
            sleep(Duration::from_millis(20)).await; // asked again: there is nothing to be told by
        }
        println!("revoked: the token refused on node {node} {:.1?} after", revoked.elapsed());
    }
    accepted(&other.tell(order, plan::say(1)).await);
    cluster.stop().await;
}

/// G8 with Redis gone: each node finds revocations in the database, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn revocations_need_no_redis() {
    let mut cluster = Cluster::start("revoked-without-redis", 2, Private::Redis).await;
    let users = ["first", "second", "spared"].map(user);
    let devices = users.each_ref().map(|user| device_of(&cluster, user, AccountRole::User, 1));
    for (buyer, device) in users.iter().zip(&devices) {
        device.follow(cluster.api.place(0, buyer, &user("seller"), json!({})).await).await;
    }
    let redis = cluster.servers.redis.as_mut().expect("a Redis of its own");
    tokio::task::block_in_place(|| redis.kill9()).expect("Redis dies");
    for (user, device) in users.iter().zip(&devices).take(2) {
        let revoked = Instant::now();
        let path = format!("/v1/users/{user}/revoke");
        let (status, body) = cluster.api.call(0, Method::POST, &path, cluster.api.host(), None).await;
        assert!(status.is_success(), "{status}: {body}");
        device.until("the close", SOON, |log| log.goodbyes.contains(&4001)).await;
        println!(
            "revoked without Redis: the socket on the other node closed {:.1?} after",
            revoked.elapsed()
        );
        assert!(revoked.elapsed() < REVOKED_WITHIN, "it took {:?}", revoked.elapsed());
    }
    assert_eq!(devices[2].log().goodbyes, Vec::<u16>::new(), "nobody else is closed");
    cluster.stop().await;
}

fn user(name: &str) -> UserId {
    UserId::new(name).expect("a user id")
}

fn dispute() -> OpenDispute {
    OpenDispute { reason: text("not what was agreed"), cx_join: true }
}

fn device_of(cluster: &Cluster, user: &UserId, role: AccountRole, node: usize) -> Participant {
    Participant::start(user.as_str(), user, &cluster.token(user, role), cluster.urls_from(node))
}

fn accepted(answer: &Answer) {
    assert!(answer.is_ack(), "{answer:?}");
}

/// Every call of a room that somebody could try.
fn calls() -> Vec<(Method, &'static str, Option<Value>)> {
    let command = json!({"id": new_id(), "command": {"type": "post_message", "text": "hello"}});
    let file = json!({"name": "a.txt", "size": 1, "sha256": "0".repeat(64), "type": "text/plain"});
    vec![
        (Method::GET, "/v1/orders/{}", None),
        (Method::GET, "/v1/orders/{}?at_seq=1", None),
        (Method::GET, "/v1/orders/{}/entries?after=0", None),
        (Method::POST, "/v1/orders/{}/commands", Some(command)),
        (Method::POST, "/v1/orders/{}/files", Some(file)),
        (Method::GET, "/v1/orders/{}/case/entries", None),
    ]
}

/// Whatever a party can read over HTTP.
async fn everything_of(cluster: &Cluster, node: usize, party: &UserId, order: OrderId) -> Vec<String> {
    let token = cluster.token(party, AccountRole::User);
    let paths = [
        format!("/v1/orders/{order}"),
        format!("/v1/orders/{order}/entries?after=0&limit=200"),
        format!("/v1/orders/{order}/case/entries"),
        "/v1/inbox".to_owned(),
        "/v1/desk/queue".to_owned(),
    ];
    let mut answers = Vec::new();
    for path in paths {
        answers.push(cluster.api.call(node, Method::GET, &path, &token, None).await.1);
    }
    answers
}
