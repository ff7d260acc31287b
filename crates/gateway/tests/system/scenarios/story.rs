//! The same story told twice: once plainly, once with every socket cut and resumed on the other node after each
//! step. The two timelines are the same but for ids and times (G4).

use std::time::Duration;

use order_domain::{
    command::{
        AcceptDelivery, AcceptOrder, AcceptResolution, AcceptUpdate, ClaimCase, Command, DeliverExternal,
        JoinCase, OpenDispute, ProposeResolution, ProposeUpdate, RequestRevision, Resolution,
        SubmitRequirements,
    },
    event::Entry,
};
use protocol::snapshot::OrderSnapshot;
use serde_json::{Value, json};

use crate::{
    cluster::Cluster,
    crowd::{Cast, Crowd, hold},
    log::Log,
    participant::new_id,
    plan::{self, Part, text},
    servers::Private,
};

const CAST: &Cast = &[(Part::Buyer, 1), (Part::Seller, 1), (Part::Agent, 1)];
const PATIENCE: Duration = Duration::from_secs(20);

/// Who does what next, given what they see.
type Step = (usize, fn(&OrderSnapshot) -> Command);

const BUYER: usize = 0;
const SELLER: usize = 1;
const AGENT: usize = 2;

/// From purchase to completion, through a revision, a contract update and a dispute.
const STORY: &[Step] = &[
    (BUYER, |_| SubmitRequirements { answers: [("brand".to_owned(), json!("Ours"))].into() }.into()),
    (SELLER, |_| AcceptOrder::default().into()),
    (BUYER, |_| plan::say(1)),
    (SELLER, |_| plan::say(2)),
    (SELLER, |_| DeliverExternal { place: text("by mail"), note: None }.into()),
    (BUYER, |seen| RequestRevision { delivery: delivery(seen), text: text("bluer"), points: vec![] }.into()),
    (BUYER, |_| ProposeUpdate { revisions: Some(3), ..ProposeUpdate::default() }.into()),
    (SELLER, |seen| AcceptUpdate { proposal: seen.proposal.as_ref().expect("it was proposed").id }.into()),
    (BUYER, |_| OpenDispute { reason: text("it is late"), cx_join: true }.into()),
    (AGENT, |_| ClaimCase {}.into()),
    (AGENT, |_| JoinCase {}.into()),
    (AGENT, |_| plan::say(3)),
    (AGENT, |_| ProposeResolution { option: Resolution::Resume }.into()),
    (BUYER, accept_resolution),
    (SELLER, accept_resolution),
    (SELLER, |_| DeliverExternal { place: text("by mail, again"), note: None }.into()),
    (BUYER, |seen| AcceptDelivery { delivery: delivery(seen) }.into()),
    (BUYER, |_| plan::say(4)),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_story_with_every_socket_cut_after_each_step_is_the_same_story() {
    let cluster = Cluster::start("story", 2, Private::Nothing).await;
    let plain = tell(&cluster, "plain", false).await;
    let cut = tell(&cluster, "cut", true).await;
    let (plain, cut) = (without_ids(&plain), without_ids(&cut));
    assert_eq!(plain, cut);
    println!(
        "story: {} steps, {} entries, the same with every socket cut after each step",
        STORY.len(),
        cut.len()
    );
    cluster.stop().await;
}

async fn tell(cluster: &Cluster, name: &str, cutting: bool) -> Vec<Entry> {
    let form = json!([{"id": "brand", "label": "Which brand?", "kind": "text", "required": true}]);
    let crowd = Crowd::gather(cluster, name, CAST, true, json!({"requirements": form})).await;
    for (number, (who, step)) in STORY.iter().enumerate() {
        let seen = as_seen(&crowd, cluster, *who).await;
        let (id, device) = (new_id(), &crowd.members[*who].device);
        crowd.ask(*who, id, step(&seen));
        device.until("an answer", PATIENCE, |log| log.answer(id).is_some()).await;
        let answer = device.log().answer(id).cloned();
        assert!(answer.as_ref().is_some_and(crate::log::Answer::is_ack), "step {number}: {answer:?}");
        if cutting {
            for (place, member) in crowd.members.iter().enumerate() {
                let link = member.link.as_ref().expect("this crowd has links");
                link.cut(cluster.address(place + number + 1));
            }
        }
    }
    hold(vec![crowd], cluster, 0).await.remove(0).entries
}

/// The order as its people see it once everything of before has reached them.
async fn as_seen(crowd: &Crowd, cluster: &Cluster, who: usize) -> OrderSnapshot {
    let version = cluster.api.stored(crowd.order).await.0.version;
    let device = &crowd.members[who].device;
    let current = |log: &Log| log.snapshot(crowd.order).is_some_and(|seen| seen.version() >= version);
    let follows = |log: &Log| log.rooms.get(&crowd.order).is_some_and(|room| room.live);
    if who != AGENT || follows(&device.log()) {
        device.until("the snapshot", PATIENCE, current).await;
        return device
            .log()
            .snapshot(crowd.order)
            .and_then(|seen| seen.as_order().cloned())
            .expect("an order");
    }
    cluster.api.snapshot(0, crowd.order).await.as_order().cloned().expect("an order")
}

fn delivery(seen: &OrderSnapshot) -> u32 {
    seen.deliveries.last().map_or(0, |delivery| delivery.no)
}

fn accept_resolution(seen: &OrderSnapshot) -> Command {
    let case = seen.case.as_ref().expect("a case is open");
    AcceptResolution { resolution: case.resolution.as_ref().expect("it was proposed").id }.into()
}

/// What is told, without what differs by nature: UUIDs, moments, and the names of the two crowds.
fn without_ids(entries: &[Entry]) -> Vec<Value> {
    let entries = entries.iter().map(|entry| serde_json::to_value(entry).expect("an entry is JSON"));
    entries.map(blank).collect()
}

fn blank(value: Value) -> Value {
    match value {
        Value::String(text) if text.parse::<uuid::Uuid>().is_ok() => json!("(id)"),
        Value::String(text) if text.parse::<chrono::DateTime<chrono::Utc>>().is_ok() => json!("(moment)"),
        Value::String(text) => json!(text.replace("-plain-", "-").replace("-cut-", "-")),
        Value::Array(values) => values.into_iter().map(blank).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, blank(value))).collect(),
        other => other,
    }
}
