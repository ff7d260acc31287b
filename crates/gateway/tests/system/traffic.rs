//! Steady talk and a few acts in several rooms while something breaks, and the times that were measured.

use std::time::Duration;

use order_domain::{command::AcceptOrder, ids::OrderId};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{
    checker::Evidence,
    cluster::Cluster,
    crowd::{Crowd, FOUR, hold},
    figures::Times,
    log::Log,
    participant::{Participant, new_id},
    plan::{self, Part},
};

/// Commands a second, all rooms together.
const PER_SECOND: u64 = 60;

/// Talk that goes on until it is finished.
pub struct Traffic {
    crowds: Vec<Crowd>,
    over: CancellationToken,
    talk: JoinHandle<()>,
}

/// A run that held.
pub struct Held {
    rooms: Vec<Evidence>,
}

impl Traffic {
    /// Two devices of each side in every room, spread over the nodes.
    pub async fn start(cluster: &Cluster, rooms: usize) -> Self {
        let mut crowds = Vec::new();
        for room in 0..rooms {
            crowds.push(Crowd::gather(cluster, &format!("{room}"), FOUR, false, json!({})).await);
        }
        let over = CancellationToken::new();
        let speakers = crowds.iter().flat_map(speakers).collect();
        let talk = tokio::spawn(talk(speakers, over.clone()));
        Self { crowds, over, talk }
    }

    pub fn rooms(&self) -> Vec<OrderId> {
        self.crowds.iter().map(|crowd| crowd.order).collect()
    }

    pub fn devices(&self) -> impl Iterator<Item = &Participant> {
        self.crowds.iter().flat_map(|crowd| &crowd.members).map(|member| &member.device)
    }

    /// Waits until every device in the rooms asked `count` things more and has all its answers to them.
    pub async fn flows(&self, count: usize, patience: Duration) {
        let began = Instant::now();
        for device in self.devices() {
            let fresh =
                |log: &Log| log.attempts.iter().filter(|a| a.asked > began && a.answer.is_some()).count();
            device.until("fresh answers", patience, |log| fresh(log) >= count).await;
        }
    }

    /// When, after `since`, each room had its first ack of something asked after it; the last of them.
    pub async fn serves_again(&self, since: Instant, patience: Duration) -> Duration {
        let mut last = since;
        for crowd in &self.crowds {
            let device = &crowd.members[0].device;
            let served = |log: &Log| {
                let acks = log.attempts.iter().filter_map(|a| a.answer.as_ref().map(|(at, _)| *at));
                acks.filter(|at| *at > since).min()
            };
            device.until("service", patience, |log| served(log).is_some()).await;
            last = last.max(served(&device.log()).expect("the log has just said so"));
        }
        last - since
    }

    /// Stops talking; waits until everybody has everything; checks it all.
    pub async fn finish(self, cluster: &Cluster, node: usize) -> Held {
        self.over.cancel();
        self.talk.await.expect("talk ends");
        Held { rooms: hold(self.crowds, cluster, node).await }
    }
}

impl Held {
    /// From asking to the delivery at each device that sat on another node, for what was asked in between.
    pub fn across_nodes(&self, from: Instant, to: Instant, nodes: usize) -> Times {
        let mut times = Vec::new();
        for room in &self.rooms {
            let devices: Vec<_> = room.logs.iter().skip(1).enumerate().collect();
            for (place, log) in &devices {
                for attempt in log.attempts.iter().filter(|a| a.asked >= from && a.asked < to) {
                    let others = devices.iter().filter(|(other, _)| other % nodes != place % nodes);
                    let arrivals = others.filter_map(|(_, log)| {
                        let mut read = log.rooms.get(&room.order)?.deliveries.iter();
                        read.find(|(_, entry)| entry.id == attempt.id).map(|(at, _)| *at - attempt.asked)
                    });
                    times.extend(arrivals);
                }
            }
        }
        times.into_iter().collect()
    }

    /// From asking to the ack, for what was asked in between in rooms that `wanted` names.
    pub fn acks(&self, from: Instant, to: Instant, wanted: impl Fn(OrderId) -> bool) -> Times {
        let rooms = self.rooms.iter().filter(|room| wanted(room.order));
        let attempts = rooms.flat_map(|room| &room.logs).flat_map(|log| &log.attempts);
        let asked = attempts.filter(|a| a.asked >= from && a.asked < to);
        asked.filter_map(|a| a.answer.as_ref().map(|(at, _)| *at - a.asked)).collect()
    }

    pub fn resumes(&self) -> Times {
        self.rooms.iter().flat_map(|room| &room.logs).flat_map(|log| log.resumes.clone()).collect()
    }

    pub fn goodbyes(&self, code: u16) -> usize {
        let codes = self.rooms.iter().flat_map(|room| &room.logs).flat_map(|log| &log.goodbyes);
        codes.filter(|seen| **seen == code).count()
    }

    pub fn accepted(&self) -> usize {
        let attempts = self.rooms.iter().flat_map(|room| &room.logs).flat_map(|log| &log.attempts);
        attempts.filter(|a| a.answer.as_ref().is_some_and(|(_, answer)| answer.is_ack())).count()
    }
}

type Speaker = (Participant, OrderId, Part);

fn speakers(crowd: &Crowd) -> Vec<Speaker> {
    let of = |member: &crate::crowd::Member| (member.device.clone(), crowd.order, member.part);
    crowd.members.iter().map(of).collect()
}

/// One speaker after the other, so that every room and device keeps going; every tenth thing is an act.
async fn talk(speakers: Vec<Speaker>, over: CancellationToken) {
    let mut dice = StdRng::seed_from_u64(1);
    let mut tick = interval(Duration::from_millis(1000 / PER_SECOND));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for (device, order, part) in &speakers {
        if *part == Part::Seller {
            device.ask(*order, new_id(), AcceptOrder::default());
        }
    }
    for (number, (device, order, part)) in (0_u32..).zip(speakers.iter().cycle()) {
        tokio::select! {
            () = over.cancelled() => return,
            _ = tick.tick() => {}
        }
        let act = dice.random_ratio(1, 10);
        let seen = device.log().snapshot(*order).cloned();
        let command =
            if act { plan::command(*part, dice.random(), seen.as_ref()) } else { plan::say(number) };
        device.ask(*order, new_id(), command);
    }
}
