//! Buyers, sellers and agents who live whole orders: what somebody does next is drawn from the actions that the server's
//! snapshot allows them. New orders arrive in an open loop; within an order people wait for each other.

mod choose;
mod ears;
mod life;
mod person;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use chrono::Utc;
use protocol::{SeenEntry, domain::ids::OrderId};
use rand::{SeedableRng as _, rngs::StdRng};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    api::Api,
    crowd::Crowd,
    figures::Figures,
    judge::{Judge, Reader},
    latency::Latency,
    mark::Canaries,
    outcome::{Connect, Outcome, Phase},
    pace::Paced,
    participant::Shared,
    plan::{LookUp, Plan},
    recorder::Recorder,
    scan::EntryHeard,
    schedule::{Arrivals, Due, Schedule},
    session::{Meter, Target, seconds},
    tokens::{Role, Tokens},
};
use life::{Life, Lived};
use person::Person;

/// After a stop, orders that have begun go on for so long.
const LAST_STEPS: Duration = Duration::from_secs(2);

/// Everybody who takes part.
struct Cast {
    buyers: Vec<Arc<Person>>,
    sellers: Vec<Arc<Person>>,
    agents: Vec<Arc<Person>>,
}

/// Runs a plan of orders from the first to the last look-up.
pub async fn run(
    plan: Plan,
    target: Target,
    recorder: Recorder,
    (watched, stop): (bool, CancellationToken),
) -> Result<Outcome> {
    let started_at = Utc::now();
    let began = std::time::Instant::now();
    let api = Arc::new(Api::new(&target).await?);
    api.is_ready().await?;
    let lives: Vec<Due> = arrivals(&plan).collect();
    let shared = shared(&plan, &target, lives.len(), stop);
    recorder.attend(&shared);
    let (cast, connect) = gather(&shared, &target, &plan, &recorder).await?;
    let (phases, lived) = play(&plan, &api, &shared, &cast, lives, &recorder).await?;
    let interrupted = shared.stop.is_cancelled();
    recorder.phase("judge", 0.0);
    judge(&plan, &api, &shared, &lived).await;
    for person in cast.everybody() {
        person.client.close().await;
    }
    let ends = count_ends(&lived);
    let mut outcome = Outcome {
        tool: env!("CARGO_PKG_VERSION").into(),
        runs: vec![shared.judge.run()],
        urls: target.urls,
        started_at,
        seconds: began.elapsed().as_secs_f64(),
        machines: 1,
        watched,
        interrupted,
        connect,
        phases,
        best: None,
        series: recorder.finish(),
        refusals: shared.figures.refusals(),
        ends: shared.figures.ends(),
        failed_dials: shared.figures.failed_dials(),
        ends_of_too_much: 0,
        private_notes: shared.figures.counters.private_notes.load(Relaxed),
        notes: vec![format!("How the orders ended: {ends}.")],
        judge: shared.judge.verdict(),
        thresholds: Vec::new(),
        plan,
    };
    if interrupted {
        outcome.notes.push("This run was stopped from outside: orders in the middle are not in it.".into());
    }
    outcome.check_thresholds();
    Ok(outcome)
}

/// When orders begin; `room` is their couple.
fn arrivals(plan: &Plan) -> Schedule {
    let orders = &plan.orders;
    Schedule::new(Arrivals::Poisson, orders.per_s, orders.seconds, orders.couples, 1, plan.seed)
}

/// What participants share who gather no crowd.
pub(crate) fn shared(plan: &Plan, target: &Target, rooms: usize, stop: CancellationToken) -> Arc<Shared> {
    let run = rand::random();
    Arc::new(Shared {
        start: std::time::Instant::now(),
        judge: Judge::new(run, rooms, Canaries::new(run, 60.min(plan.load.text_bytes as usize))),
        crowd: Crowd { rooms: Vec::new(), members: 2 },
        figures: Figures::default(),
        heard: Vec::new(),
        joined: AtomicU64::new(0),
        away: AtomicU64::new(0),
        dialer: target.dialer.clone(),
        stop,
    })
}

async fn gather(
    shared: &Arc<Shared>,
    target: &Target,
    plan: &Plan,
    recorder: &Recorder,
) -> Result<(Cast, Connect)> {
    recorder.phase("connect", 0.0);
    let (before, _) = recorder.used(true);
    let began = Instant::now();
    let (run, count) = (shared.judge.run(), plan.orders.couples as usize);
    let names = |role, letter: &str, wanted: usize| users(&target.tokens, run, role, letter, wanted);
    let buyers = people(shared, target, names(Role::User, "b", count), Role::User).await?;
    let sellers = people(shared, target, names(Role::User, "s", count), Role::User).await?;
    let desk = names(Role::Agent, "a", plan.orders.agents as usize);
    let agents = people(shared, target, desk, Role::Agent).await?;
    let cast = Cast { buyers, sellers, agents };
    let within = seconds(f64::from(plan.crowd.dial_within_s));
    for person in cast.everybody() {
        let connected = timeout(within, person.client.connected()).await;
        let name = || format!("{} cannot get in", person.user);
        connected.map_err(anyhow::Error::from).and_then(|welcome| Ok(welcome?)).with_context(name)?;
    }
    let (after, _) = recorder.used(true);
    let connect = Connect {
        sockets: u32::try_from(cast.everybody().count())?,
        seconds: began.elapsed().as_secs_f64(),
        used: after.since(&before),
        pss_before_kib: before.pss_total_kib(),
        pss_after_kib: after.pss_total_kib(),
        ..Connect::default()
    };
    Ok((cast, connect))
}

/// Names of this run, or those of the token file: buyers are its even users, sellers the odd ones.
fn users(tokens: &Tokens, run: u32, role: Role, letter: &str, wanted: usize) -> Vec<String> {
    match tokens.known(role) {
        None => (0..wanted).map(|number| format!("load-{run:08x}-{letter}{number}")).collect(),
        Some(known) if role == Role::Agent => known.into_iter().take(wanted).collect(),
        Some(known) => {
            let odd = usize::from(letter == "s");
            known.into_iter().skip(odd).step_by(2).take(wanted).collect()
        }
    }
}

async fn people(
    shared: &Arc<Shared>,
    target: &Target,
    users: Vec<String>,
    role: Role,
) -> Result<Vec<Arc<Person>>> {
    anyhow::ensure!(!users.is_empty(), "there is no token of a {} left for this scenario", role.as_str());
    let mut people = Vec::new();
    for (number, user) in users.into_iter().enumerate() {
        let token = target.tokens.of(&user, role).await?;
        let urls = (0..target.urls.len()).map(|at| target.urls[(at + number) % target.urls.len()].clone());
        people.push(Person::arrive(shared, user, token, urls.collect(), role == Role::User));
    }
    Ok(people)
}

async fn play(
    plan: &Plan,
    api: &Arc<Api>,
    shared: &Arc<Shared>,
    cast: &Cast,
    lives: Vec<Due>,
    recorder: &Recorder,
) -> Result<(Vec<Phase>, Vec<Lived>)> {
    recorder.phase("orders", plan.orders.seconds);
    let meter = Meter::begin(shared, recorder);
    let (began, began_us) = (Instant::now(), shared.now_us());
    let mut running = JoinSet::new();
    let limit = plan.orders.commands_at_most;
    for (number, due) in (0_u32..).zip(lives) {
        tokio::select! {
            () = tokio::time::sleep_until(began + Duration::from_micros(due.after_us)) => {}
            () = shared.stop.cancelled() => break,
        }
        let due_us = began_us + due.after_us;
        running.spawn(cast.life(number, due.room as usize, due_us, plan, (api, shared)).live(limit));
    }
    let lived = all_lived(running, &shared.stop).await?;
    let sum = |take: fn(&Lived) -> u64| lived.iter().map(take).sum::<u64>();
    let paced = Paced { due: sum(|life| life.asked), ..Paced::default() };
    let phase = Phase {
        rate: plan.orders.per_s,
        acked: sum(|life| life.acked),
        rejected: sum(|life| life.refused),
        expected: sum(|life| 2 * life.head),
        delivered: sum(|life| life.delivered),
        orders_ended: sum(|life| u64::from(life.state.is_some_and(choose::is_end))),
        ..meter.end("orders", began, &paced, 0, recorder)
    };
    let placed = placed(&lived, &phase);
    Ok((vec![phase, placed], lived))
}

/// Placing them is the open loop: each from the moment it was due.
fn placed(lived: &[Lived], whole: &Phase) -> Phase {
    let mut ack = Latency::default();
    lived.iter().filter(|life| life.order.is_some()).for_each(|life| ack.record_us(life.placed_us));
    Phase {
        name: "place".into(),
        began_at: whole.began_at,
        rate: whole.rate,
        seconds: whole.seconds,
        due: lived.len() as u64,
        acked: ack.count(),
        ack,
        ..Phase::default()
    }
}

/// Waits for every life; after a stop only for those that end soon.
async fn all_lived(mut running: JoinSet<Lived>, stop: &CancellationToken) -> Result<Vec<Lived>> {
    let enough = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST_STEPS).await;
    };
    tokio::pin!(enough);
    let mut lived = Vec::new();
    loop {
        tokio::select! {
            life = running.join_next() => match life {
                Some(life) => lived.push(life.context("a life panicked")?),
                None => return Ok(lived),
            },
            () = &mut enough => return Ok(lived),
        }
    }
}

/// Every ack and every stored timeline against what both sides saw.
async fn judge(plan: &Plan, api: &Api, shared: &Shared, lived: &[Lived]) {
    lived.iter().for_each(|life| shared.judge.settle_acks(life.room));
    let rooms = match plan.judge.rooms {
        LookUp::All => lived.len(),
        LookUp::Some(count) => (count as usize).min(lived.len()),
    };
    for life in &lived[..rooms] {
        let Some(order) = life.order else { continue };
        let read = look_up(api, shared, life.room, order).await;
        read.unwrap_or_else(|error| shared.judge.cannot_look_up(life.room, &error));
    }
}

/// Participants of this scenario read entries with the client's types; the store's are read the same way.
async fn look_up(api: &Api, shared: &Shared, room: u32, order: OrderId) -> Result<()> {
    let mut reader = Reader::default();
    loop {
        let page = api.stored(order, reader.last()).await.context("a stored timeline cannot be read")?;
        let before = reader.last();
        for entry in &page.entries {
            let entry: SeenEntry = serde_json::from_str(entry.get())?;
            let json = serde_json::to_string(&entry)?;
            let heard = EntryHeard { seq: entry.seq.0, id: entry.id.0, json: &json };
            shared.judge.heard("the API", room, &mut reader, &heard);
        }
        if !page.more || reader.last() == before {
            // A clock may have fired since: what members saw must be there, not be all.
            shared.judge.looked_up(room, &reader, page.head);
            return Ok(());
        }
    }
}

fn count_ends(lived: &[Lived]) -> String {
    let mut ends: BTreeMap<&str, u32> = BTreeMap::new();
    for life in lived {
        let end = life.state.filter(|state| choose::is_end(*state));
        *ends.entry(end.map_or("left alone", protocol::domain::order::State::as_str)).or_default() += 1;
    }
    let told: Vec<_> = ends.iter().map(|(end, count)| format!("{count} {}", end.replace('_', " "))).collect();
    told.join(", ")
}

impl Cast {
    /// The order number `number` of the run, between one couple.
    fn life(
        &self,
        number: u32,
        couple: usize,
        due_us: u64,
        plan: &Plan,
        (api, shared): (&Arc<Api>, &Arc<Shared>),
    ) -> Life {
        Life {
            room: number,
            due_us,
            patience: seconds(plan.load.drain_s),
            policy: plan.crowd.policy.clone(),
            buyer: self.buyers[couple % self.buyers.len()].clone(),
            seller: self.sellers[couple % self.sellers.len()].clone(),
            agent: self.agents[number as usize % self.agents.len()].clone(),
            chance: StdRng::seed_from_u64(plan.seed.wrapping_add(u64::from(number))),
            api: api.clone(),
            shared: shared.clone(),
        }
    }

    fn everybody(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.buyers.iter().chain(&self.sellers).chain(&self.agents)
    }
}
