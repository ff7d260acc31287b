//! Random interleavings of eight clients on two nodes: duplicates, used ids, conflicts, cut sockets.
//!
//! `SYSTEM_RUNS` says how many (40), `SYSTEM_AT_ONCE` how many of them at a time (16), `SYSTEM_STEPS` how long each
//! is (60), `SYSTEM_SEED` where seeds begin; `SEED=n` plays one again. What the dice say is repeated exactly; how tasks and packets interleave is not.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    checker::{Breach, Evidence, check},
    cluster::Cluster,
    crowd::{Crowd, EIGHT},
    figures::{Times, count, size},
    participant::new_id,
    plan::{self, Step},
    servers::Private,
};

const NODES: usize = 2;
/// I1–I6, G1–G7: whatever comes to eight clients' minds.
#[tokio::test(flavor = "multi_thread")]
async fn random_interleavings_keep_every_promise() {
    let cluster = Arc::new(Cluster::start("interleavings", NODES, Private::Nothing).await);
    let began = Instant::now();
    let (mut runs, places) = (JoinSet::new(), Arc::new(Semaphore::new(count("SYSTEM_AT_ONCE", 16))));
    let seeds = seeds();
    for seed in seeds.clone() {
        let place = places.clone().acquire_owned().await.expect("never closed");
        let cluster = cluster.clone();
        runs.spawn(async move {
            let run = tokio::spawn(async move { live(&cluster, seed).await });
            let outcome = run.await.map_err(|panic| format!("seed {seed} did not end: {panic}"));
            drop(place);
            (seed, outcome)
        });
    }
    let mut told = Told::default();
    while let Some(run) = runs.join_next().await {
        let (seed, outcome) = run.expect("the outcome is returned, not thrown");
        told.add(seed, outcome);
    }
    println!("interleavings: {} runs in {:.1?}; {told}", seeds.len(), began.elapsed());
    Arc::into_inner(cluster).expect("all runs ended").stop().await;
    assert!(told.failures.is_empty(), "replay with SEED=…:\n{}", told.failures.join("\n"));
}

fn seeds() -> Vec<u64> {
    if let Ok(seed) = std::env::var("SEED") {
        return vec![seed.parse().expect("SEED is a number")];
    }
    let first = size("SYSTEM_SEED", 1);
    (first..first + size("SYSTEM_RUNS", 40)).collect()
}

/// Plays one seed to its end, and judges it.
async fn live(cluster: &Cluster, seed: u64) -> (Evidence, Vec<Breach>) {
    let steps = count("SYSTEM_STEPS", 60);
    let mut crowd = Crowd::gather(cluster, &format!("run-{seed}"), EIGHT, true, placement(seed)).await;
    for step in plan::plan(seed, EIGHT.len(), NODES, steps) {
        take(&mut crowd, cluster, step).await;
    }
    let evidence = crowd.evidence(&cluster.api, usize::from(seed.is_multiple_of(2))).await;
    let breaches = check(&evidence);
    (evidence, breaches)
}

/// Every third order has clocks that run out in between, on whichever node looks first.
fn placement(seed: u64) -> Value {
    if seed.is_multiple_of(3) {
        json!({"policy": {"preset": "creator", "proposal_lifetime_s": 1, "resolution_window_s": 1}})
    } else {
        json!({})
    }
}

async fn take(crowd: &mut Crowd, cluster: &Cluster, step: Step) {
    match step {
        Step::Do { device, roll } => {
            let command = command(crowd, device, roll);
            crowd.ask(device, new_id(), command);
        }
        Step::Twice { device, roll, node } => {
            let (id, command) = (new_id(), command(crowd, device, roll));
            crowd.ask_over_http(&cluster.api, device, node, id, command.clone());
            crowd.ask(device, id, command.clone());
            crowd.ask(device, id, command);
        }
        Step::Reuse { device, roll } => {
            if let Some(id) = crowd.used_id(device, roll) {
                let node = usize::from(roll.is_multiple_of(2));
                crowd.ask_over_http(&cluster.api, device, node, id, plan::say(roll));
            }
        }
        Step::Clash { one, other, roll } => clash(crowd, one, other, roll),
        Step::Cut { device, node } => {
            let link = crowd.members[device].link.as_ref().expect("this crowd has links");
            link.cut(cluster.address(node));
        }
        Step::Pause { ms } => sleep(Duration::from_millis(ms)).await, // a moment of the plan
    }
}

fn clash(crowd: &Crowd, one: usize, other: usize, roll: u32) {
    let part = crowd.members[one].part;
    let rival = if crowd.members[other].part == part { other } else { one };
    let seen = crowd.members[one].device.log().snapshot(crowd.order).cloned();
    let (first, second) = plan::clash(part, roll, seen.as_ref());
    crowd.ask(one, new_id(), first);
    crowd.ask(rival, new_id(), second);
}

fn command(crowd: &Crowd, device: usize, roll: u32) -> order_domain::command::Command {
    let member = &crowd.members[device];
    let seen = member.device.log().snapshot(crowd.order).cloned();
    plan::command(member.part, roll, seen.as_ref())
}

/// What is said about all runs.
#[derive(Default)]
struct Told {
    failures: Vec<String>,
    accepted: usize,
    refused: usize,
    duplicates: usize,
    entries: usize,
    resumes: Vec<Duration>,
}

impl Told {
    fn add(&mut self, seed: u64, outcome: Result<(Evidence, Vec<Breach>), String>) {
        match outcome {
            Err(broken) => self.failures.push(broken),
            Ok((evidence, breaches)) => {
                self.failures.extend(breaches.iter().map(|breach| format!("SEED={seed}: {breach}")));
                self.count(&evidence);
            }
        }
    }

    fn count(&mut self, evidence: &Evidence) {
        use crate::log::Answer;
        self.entries += evidence.entries.len();
        for log in &evidence.logs {
            self.resumes.extend(&log.resumes);
            for (_, answer) in log.attempts.iter().filter_map(|attempt| attempt.answer.as_ref()) {
                match answer {
                    Answer::Acked { duplicate, .. } => {
                        self.accepted += 1;
                        self.duplicates += usize::from(*duplicate);
                    }
                    Answer::Refused(_) => self.refused += 1,
                }
            }
        }
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { accepted, refused, duplicates, entries, resumes, .. } = self;
        let resumes: Times = resumes.iter().copied().collect();
        write!(
            f,
            "{accepted} accepted ({duplicates} as duplicates), {refused} refused, {entries} entries; resume {resumes}"
        )
    }
}
