//! Everybody around one order: several devices of both sides and of agents, and what they asked over HTTP.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use order_domain::{
    clock,
    command::Command,
    ids::{CommandId, OrderId, UserId},
    participant::AccountRole,
    values::Seq,
};
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    api::Api,
    checker::{Breach, Evidence, check},
    cluster::Cluster,
    link::Link,
    log::{Answer, Attempt, Log},
    participant::Participant,
    plan::Part,
};

const PATIENCE: Duration = Duration::from_mins(1);
/// A lost publish, a silent Redis and a resume lie within.
const CATCHES_UP: Duration = Duration::from_secs(15);

/// A crowd and its order.
pub struct Crowd {
    pub order: OrderId,
    pub members: Vec<Member>,
    http: JoinSet<()>,
    direct: Arc<Mutex<Log>>,
}

/// One device in the crowd.
pub struct Member {
    pub part: Part,
    pub user: UserId,
    pub token: String,
    pub device: Participant,
    pub link: Option<Link>,
}

/// Who belongs to a crowd: part and number of the user.
pub type Cast = [(Part, u32)];

/// Three devices of each side and two agents.
pub const EIGHT: &Cast = &[
    (Part::Buyer, 1),
    (Part::Seller, 1),
    (Part::Buyer, 1),
    (Part::Seller, 1),
    (Part::Buyer, 1),
    (Part::Seller, 1),
    (Part::Agent, 1),
    (Part::Agent, 2),
];

/// Two devices of each side.
pub const FOUR: &Cast = &[(Part::Buyer, 1), (Part::Seller, 1), (Part::Seller, 1), (Part::Buyer, 1)];

impl Crowd {
    /// Places an order and gathers its people; with links they can be cut, without they know all nodes.
    pub async fn gather(cluster: &Cluster, name: &str, cast: &Cast, linked: bool, placement: Value) -> Self {
        let user = |part: Part, number: u32| {
            UserId::new(format!("{}-{name}-{number}", part.word())).expect("a user id")
        };
        let (buyer, seller) = (user(Part::Buyer, 1), user(Part::Seller, 1));
        let order = cluster.api.place(0, &buyer, &seller, placement).await;
        let mut members = Vec::new();
        for (place, (part, number)) in cast.iter().enumerate() {
            let device = format!("{}-{number}/{place}", part.word());
            members.push(Member::join(cluster, *part, user(*part, *number), &device, place, linked).await);
        }
        for member in &members {
            member.device.connected().await;
            member.device.follow(order).await;
        }
        let direct = Log::new("http", UserId::new("nobody").expect("a user id"));
        Self { order, members, http: JoinSet::new(), direct: Arc::new(Mutex::new(direct)) }
    }

    /// A device gives a command on its socket.
    pub fn ask(&self, member: usize, id: CommandId, command: impl Into<Command>) {
        let member = &self.members[member];
        let command = command.into();
        let opens_the_room = matches!(command, Command::ClaimCase(_) | Command::JoinCase(_));
        member.device.ask(self.order, id, command);
        if opens_the_room {
            let (device, order) = (member.device.clone(), self.order);
            tokio::spawn(async move {
                let answered = |log: &Log| log.answer(id).is_some();
                let following = |log: &Log| log.rooms.get(&order).is_some_and(|room| room.live);
                if device.within(PATIENCE, answered).await && !following(&device.log()) {
                    device.follow(order).await;
                }
            });
        }
    }

    /// The same user gives a command over HTTP, again and again until there is a final answer.
    pub fn ask_over_http(
        &mut self,
        api: &Arc<Api>,
        member: usize,
        node: usize,
        id: CommandId,
        command: Command,
    ) {
        let (log, order, api) = (self.direct.clone(), self.order, api.clone());
        let (user, token) = (self.members[member].user.clone(), self.members[member].token.clone());
        self.http.spawn(async move {
            let asked = Instant::now();
            let (answer, resent) = (None, false);
            let attempt = Attempt { user, id, order, command: command.clone(), asked, answer, resent };
            let place = {
                let mut log = log.lock().expect("nothing panics while holding it");
                log.attempts.push(attempt);
                log.attempts.len() - 1
            };
            let (answer, resent) = final_answer(&api, node, &token, order, id, &command).await;
            let mut log = log.lock().expect("nothing panics while holding it");
            let attempt = &mut log.attempts[place];
            (attempt.answer, attempt.resent) = (Some((Instant::now(), answer)), resent);
        });
    }

    /// An id that the user of this device used before.
    pub fn used_id(&self, member: usize, roll: u32) -> Option<CommandId> {
        let log = self.members[member].device.log();
        let place = usize::try_from(roll).ok()?.checked_rem(log.attempts.len())?;
        Some(log.attempts[place].id)
    }

    /// Waits until every question is answered and every member has everything; what the checker needs.
    pub async fn evidence(mut self, api: &Api, node: usize) -> Evidence {
        for member in &self.members {
            member.device.until("every answer", PATIENCE, Log::is_answered).await;
        }
        while let Some(outcome) = self.http.join_next().await {
            outcome.expect("a question over HTTP ends");
        }
        let (entries, head, stored) = self.everybody_there(api, node).await;
        let direct = self.direct.lock().expect("nothing panics while holding it").clone();
        let mut logs = vec![direct];
        for member in self.members {
            logs.push(member.device.stop().await);
        }
        Evidence { order: self.order, entries, head, stored, logs }
    }

    /// Timers may still write: what is read is taken only when nothing moved meanwhile.
    async fn everybody_there(
        &self,
        api: &Api,
        node: usize,
    ) -> (Vec<order_domain::event::Entry>, Seq, order_domain::order::Order) {
        let end = Instant::now() + PATIENCE;
        loop {
            let (entries, head) = api.timeline(node, self.order).await;
            let (stored, stored_head) = api.stored(self.order).await;
            let version = stored.version;
            let mut there = stored_head == head;
            for member in &self.members {
                let caught_up = |log: &Log| caught_up(log, self.order, head, version);
                there = there && member.device.within(CATCHES_UP, caught_up).await;
            }
            there = there && is_quiet(&stored) && api.stored(self.order).await.1 == head;
            if there || Instant::now() > end {
                return (entries, head, stored); // if somebody is behind, the checker says who
            }
            sleep(Duration::from_millis(50)).await; // a timer wrote, or will: read again
        }
    }
}

/// Collects, checks, and fails with every breach.
pub async fn hold(crowds: Vec<Crowd>, cluster: &Cluster, node: usize) -> Vec<Evidence> {
    let mut all = Vec::new();
    let mut breaches: Vec<Breach> = Vec::new();
    for crowd in crowds {
        let evidence = crowd.evidence(&cluster.api, node).await;
        breaches.extend(check(&evidence));
        all.push(evidence);
    }
    let listed: Vec<_> = breaches.iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "{} of {}:\n{}", breaches.len(), cluster.name(), listed.join("\n"));
    all
}

/// No clock runs out while the evidence is collected.
fn is_quiet(order: &order_domain::order::Order) -> bool {
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(30);
    clock::next_wake(order).is_none_or(|wake| wake.at > soon)
}

fn caught_up(log: &Log, order: OrderId, head: Seq, version: u64) -> bool {
    let Some(room) = log.rooms.get(&order) else { return true };
    let current = room.snapshot.as_ref().is_some_and(|snapshot| snapshot.version() == version);
    !room.live || (room.last() >= head && current)
}

/// The answer, and whether it took more than one request.
async fn final_answer(
    api: &Api,
    node: usize,
    token: &str,
    order: OrderId,
    id: CommandId,
    command: &Command,
) -> (Answer, bool) {
    let mut resent = false;
    loop {
        match api.command(node, token, order, id, command).await {
            Some(Ok(ack)) => {
                let (first, last) = (ack.seq, ack.last_seq);
                return (Answer::Acked { first, last, duplicate: ack.duplicate }, resent);
            }
            Some(Err(problem)) if !problem.retry => return (Answer::Refused(problem.code), resent),
            _ => sleep(Duration::from_millis(100)).await, // the back-off of a client over HTTP
        }
        resent = true;
    }
}

impl Member {
    async fn join(
        cluster: &Cluster,
        part: Part,
        user: UserId,
        device: &str,
        place: usize,
        linked: bool,
    ) -> Self {
        let role = if part == Part::Agent { AccountRole::Agent } else { AccountRole::User };
        let token = cluster.token(&user, role);
        let node = place % cluster.nodes.len();
        let link = if linked { Some(Link::to(cluster.address(node)).await.expect("a relay")) } else { None };
        let endpoints = link.as_ref().map_or_else(|| cluster.urls_from(node), |link| vec![link.url()]);
        let device = Participant::start(device, &user, &token, endpoints);
        Self { part, user, token, device, link }
    }
}

impl Part {
    pub fn word(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Agent => "agent",
        }
    }
}
