//! Second by second: a thread of its own writes down what the participants noted, what the servers used, and tells.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::{
    figures::Latencies,
    outcome::{Second, as_f64},
    participant::Shared,
    process::{Used, Watch, Watched},
    progress::Progress,
};

/// Memory takes the kernel a while to add up, so it is looked at this often.
const MEMORY_EVERY: u64 = 5;
/// A day of seconds.
const SECONDS_AT_MOST: usize = 86_400;

/// The thread's end of it.
pub struct Recorder {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

struct Desk {
    shared: Mutex<Option<Arc<Shared>>>,
    servers: Mutex<Watch>,
    own: Mutex<Watch>,
    phase: Mutex<String>,
    series: Mutex<Vec<Second>>,
    progress: Progress,
    over: AtomicBool,
    start: Instant,
}

impl Recorder {
    /// Watches servers, and this program.
    pub fn start(watched: Vec<Watched>, progress: Progress) -> Self {
        let desk = Arc::new(Desk {
            shared: Mutex::default(),
            servers: Mutex::new(Watch::new(watched)),
            own: Mutex::new(Watch::this_program()),
            phase: Mutex::new("set-up".into()),
            series: Mutex::default(),
            progress,
            over: AtomicBool::new(false),
            start: Instant::now(),
        });
        let writes = desk.clone();
        let thread = thread::Builder::new().name("recorder".into()).spawn(move || writes.write_on());
        Self { desk, thread: Some(thread.expect("a thread can be started")) }
    }

    /// From now on the figures of a run are recorded.
    pub fn attend(&self, shared: &Arc<Shared>) {
        *self.desk.shared.lock() = Some(shared.clone());
    }

    /// A new phase, of about so many seconds.
    pub fn phase(&self, name: &str, seconds: f64) {
        name.clone_into(&mut self.desk.phase.lock());
        self.desk.progress.phase(name, seconds);
    }

    /// A line for people.
    pub fn say(&self, line: &str) {
        self.desk.progress.say(line);
    }

    /// Is there a server whose figures are looked at?
    pub fn is_watching(&self) -> bool {
        !self.desk.servers.lock().is_empty()
    }

    /// What servers and this program have used until now.
    pub fn used(&self, memory: bool) -> (Used, f64) {
        (self.desk.servers.lock().look(memory), self.desk.own.lock().look(false).cpu_total_s())
    }

    /// Stops, and gives everything.
    pub fn finish(mut self) -> Vec<Second> {
        self.stop();
        std::mem::take(&mut self.desk.series.lock())
    }

    fn stop(&mut self) {
        self.desk.over.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic of that thread was printed; the run's own figures do not depend on it.
            let _ = thread.join();
            self.desk.progress.finish();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Desk {
    fn write_on(&self) {
        let (mut before, mut at) = (Look::default(), Instant::now());
        for number in 1.. {
            let next = self.start + Duration::from_secs(number);
            while Instant::now() < next && !self.over.load(Relaxed) {
                thread::park_timeout(next.saturating_duration_since(Instant::now()));
            }
            let look = self.look(number.is_multiple_of(MEMORY_EVERY));
            let lasted_s = at.elapsed().as_secs_f64();
            at = Instant::now();
            // What is left at the end is no second.
            if lasted_s > 0.5 {
                let second = self.second(&before, &look, lasted_s);
                self.progress.second(&second);
                let mut series = self.series.lock();
                if series.len() < SECONDS_AT_MOST {
                    series.push(second);
                }
            }
            before = look;
            if self.over.load(Relaxed) {
                return;
            }
        }
    }

    fn look(&self, memory: bool) -> Look {
        let shared = self.shared.lock().clone();
        let counts = shared.as_ref().map_or([0; 5], |shared| {
            let counters = &shared.figures.counters;
            [&counters.sent, &counters.delivered, &counters.acked, &counters.closed, &counters.resumed]
                .map(|counter| counter.load(Relaxed))
        });
        let latencies = shared.map(|shared| shared.figures.second()).unwrap_or_default();
        let used = self.servers.lock().look(memory);
        Look { counts, latencies, used, own_s: self.own.lock().look(false).cpu_total_s() }
    }

    fn second(&self, before: &Look, now: &Look, lasted_s: f64) -> Second {
        let [sent, delivered, acked, closed, resumed] =
            std::array::from_fn(|at| now.counts[at] - before.counts[at]);
        let three = |latency: &crate::latency::Latency| {
            [latency.quantile_ms(0.5), latency.quantile_ms(0.99), latency.max_ms()]
        };
        let used = now.used.since(&before.used);
        let cores: BTreeMap<_, _> =
            used.cpu_s.iter().map(|(name, cpu)| (name.clone(), cpu / lasted_s)).collect();
        let mib = used.pss_kib.iter().map(|(name, kib)| (name.clone(), as_f64(*kib) / 1024.0));
        Second {
            at_s: self.start.elapsed().as_secs_f64(),
            phase: self.phase.lock().clone(),
            sent,
            delivered,
            acked,
            closed,
            resumed,
            delivery_ms: three(&now.latencies.delivery),
            ack_ms: three(&now.latencies.ack),
            cores,
            own_cores: (now.own_s - before.own_s) / lasted_s,
            memory_mib: mib.collect(),
        }
    }
}

#[derive(Default)]
struct Look {
    counts: [u64; 5],
    latencies: Latencies,
    used: Used,
    own_s: f64,
}
