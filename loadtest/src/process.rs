//! CPU and memory of server processes on this machine, from /proc: process trees, by name.
//!
//! CPU is time on a CPU of every thread in nanoseconds (`schedstat`); the ticks of `stat` would round many small
//! processes, such as Postgres backends, down to nothing. What ended between two looks keeps what it had used at
//! the first of them.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    ops::AddAssign,
};

use serde::{Deserialize, Serialize};

/// Processes that count as one server, with all their children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What the report calls it; several of one name are its class, and get numbers.
    pub name: String,
    /// The first process of the tree.
    pub pid: u32,
}

/// What was used, by process: its name, with a number where there are several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// Seconds on a CPU since the first look.
    pub cpu_s: BTreeMap<String, f64>,
    /// Proportional set size, in KiB; empty when it was not asked for.
    pub pss_kib: BTreeMap<String, u64>,
}

/// Looks again and again.
#[derive(Debug)]
pub struct Watch {
    watched: Vec<Watched>,
    children: bool,
    seen_ns: HashMap<(u32, u32), u64>,
    cpu_ns: BTreeMap<String, u64>,
    looked: bool,
}

impl Watch {
    /// Takes its first look.
    pub fn new(watched: Vec<Watched>) -> Self {
        Self::start(watched, true)
    }

    /// This program without its children: `compare` starts the servers, and their work is not its own.
    pub fn this_program() -> Self {
        Self::start(vec![Watched { name: "order-chat-load".into(), pid: std::process::id() }], false)
    }

    fn start(watched: Vec<Watched>, children: bool) -> Self {
        let watched = numbered(watched);
        let (seen_ns, cpu_ns) = (HashMap::new(), BTreeMap::new());
        let mut watch = Self { watched, children, seen_ns, cpu_ns, looked: false };
        watch.look(false);
        watch.looked = true;
        watch
    }

    /// Is anything watched?
    pub fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    /// What was used until now. Memory takes a while to add up, so it is looked at only when asked for.
    pub fn look(&mut self, memory: bool) -> Used {
        let parents = parents();
        let mut pss_kib = BTreeMap::new();
        for Watched { name, pid: root } in self.watched.clone() {
            let counts = |pid: u32| pid == root || self.children && is_below(pid, root, &parents);
            for pid in parents.keys().filter(|pid| counts(**pid)).collect::<Vec<_>>() {
                self.add_threads(&name, *pid);
                if memory {
                    *pss_kib.entry(name.clone()).or_default() += pss(*pid);
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a run are far below 2^52")]
        let cpu_s = self.cpu_ns.iter().map(|(name, ns)| (name.clone(), *ns as f64 / 1e9)).collect();
        Used { cpu_s, pss_kib }
    }

    fn add_threads(&mut self, name: &str, pid: u32) {
        let total = self.cpu_ns.entry(name.to_owned()).or_default();
        for (thread, ns) in threads(pid) {
            let before = self.seen_ns.insert((pid, thread), ns);
            // What is new since the last look has used all of it in between.
            let before = before.unwrap_or(if self.looked { 0 } else { ns });
            *total += ns.saturating_sub(before);
        }
    }
}

impl Used {
    /// What was used between two looks.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let before = |name: &String| earlier.cpu_s.get(name).copied().unwrap_or(0.0);
        let cpu_s = self.cpu_s.iter().map(|(name, cpu)| (name.clone(), (cpu - before(name)).max(0.0)));
        Self { cpu_s: cpu_s.collect(), pss_kib: self.pss_kib.clone() }
    }

    /// All servers together.
    pub fn cpu_total_s(&self) -> f64 {
        self.cpu_s.values().sum()
    }

    /// All servers together.
    pub fn pss_total_kib(&self) -> u64 {
        self.pss_kib.values().sum()
    }
}

/// Several of one name as "name 1", "name 2".
fn numbered(mut watched: Vec<Watched>) -> Vec<Watched> {
    let mut counts: HashMap<String, (u32, u32)> = HashMap::new();
    watched.iter().for_each(|one| counts.entry(one.name.clone()).or_default().0 += 1);
    for one in &mut watched {
        if let Some((2.., number)) = counts.get_mut(&one.name) {
            *number += 1;
            one.name = format!("{} {number}", one.name);
        }
    }
    watched
}

/// The name without the number.
pub fn class(process: &str) -> &str {
    match process.rsplit_once(' ') {
        Some((class, number)) if number.parse::<u32>().is_ok() => class,
        _ => process,
    }
}

/// Figures of processes as sums of their classes.
pub fn by_class<T: Copy + Default + AddAssign>(processes: &BTreeMap<String, T>) -> BTreeMap<String, T> {
    let mut classes = BTreeMap::new();
    for (process, figure) in processes {
        *classes.entry(class(process).to_owned()).or_insert_with(T::default) += *figure;
    }
    classes
}

/// The topmost processes whose program has this name.
pub fn by_name(name: &str) -> Vec<Watched> {
    let parents = parents();
    let named: Vec<u32> =
        parents.keys().copied().filter(|pid| program(*pid).as_deref() == Some(name)).collect();
    let is_top = |pid: &&u32| !named.iter().any(|other| other != *pid && is_below(**pid, *other, &parents));
    let mut tops: Vec<u32> = named.iter().filter(is_top).copied().collect();
    tops.sort_unstable();
    tops.into_iter().map(|pid| Watched { name: name.to_owned(), pid }).collect()
}

/// The program of a process; `None` when there is none of this id.
pub fn program(pid: u32) -> Option<String> {
    // The name in `stat` and `comm` is cut at 15 letters; the program's path is not.
    let path = fs::read_link(format!("/proc/{pid}/exe")).ok().and_then(|exe| {
        let name = exe.file_name()?.to_string_lossy().into_owned();
        Some(name.trim_end_matches(" (deleted)").to_owned())
    });
    path.or_else(|| Some(fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned()))
}

/// The share of all CPUs of this machine that was busy: (busy, all) ticks since boot.
pub fn machine_ticks() -> Option<(u64, u64)> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<u64> =
        stat.lines().next()?.split_whitespace().skip(1).filter_map(|t| t.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; guest time is inside user.
    let all: u64 = ticks.iter().take(8).sum();
    Some((all.checked_sub(ticks.get(3)? + ticks.get(4)?)?, all))
}

fn is_below(pid: u32, root: u32, parents: &HashMap<u32, u32>) -> bool {
    let mut at = pid;
    while at > 1 && at != root {
        at = parents.get(&at).copied().unwrap_or(0);
    }
    at == root
}

fn parents() -> HashMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, parent(pid)?))).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat[stat.rfind(')')? + 2..].split(' ').nth(1)?.parse().ok()
}

fn threads(pid: u32) -> Vec<(u32, u64)> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let on_cpu = |task: fs::DirEntry| {
        let thread = task.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(task.path().join("schedstat")).ok()?;
        Some((thread, stat.split(' ').next()?.parse().ok()?))
    };
    tasks.filter_map(on_cpu).collect()
}

fn pss(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_of_processes_is_watched() {
        let me = std::process::id();
        let mut watch = Watch::new(vec![Watched { name: "me".into(), pid: me }]);
        let before = watch.look(false);
        let mut sum = 0_u64;
        // Until this thread has been on a CPU for a while: the kernel counts when it likes.
        while watch.look(false).since(&before).cpu_total_s() < 0.01 {
            sum = sum.wrapping_add((0..100_000).sum::<u64>());
        }
        assert_ne!(sum, 1);
        assert!(watch.look(true).pss_total_kib() > 0);
    }

    /// A node that grows is not hidden by one that does not, and the sum of both is still told.
    #[test]
    fn processes_of_one_name_are_told_apart_and_added() {
        let pid = std::process::id();
        let named = |name: &str| Watched { name: name.into(), pid };
        let watched = numbered(vec![named("order-chat"), named("postgres"), named("order-chat")]);
        let names: Vec<_> = watched.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["order-chat 1", "postgres", "order-chat 2"]);
        let each = names.iter().map(|name| ((*name).to_owned(), 2)).collect();
        assert_eq!(by_class(&each), BTreeMap::from([("order-chat".into(), 4), ("postgres".into(), 2)]));
        assert_eq!((class("redis"), class("my server")), ("redis", "my server"));
    }

    #[test]
    fn what_this_program_starts_is_not_its_own_work() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let watched = |watch: &mut Watch| {
            watch.look(false);
            watch.seen_ns.keys().any(|(pid, _)| *pid == child.id())
        };
        let me = Watched { name: "me".into(), pid: std::process::id() };
        let (with, without) = (watched(&mut Watch::new(vec![me])), watched(&mut Watch::this_program()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(with && !without);
    }

    #[test]
    fn processes_are_found_by_the_name_of_their_program() {
        let me = std::process::id();
        let name = program(me).unwrap();
        assert!(by_name(&name).iter().any(|found| found.pid == me || is_below(me, found.pid, &parents())));
        assert!(by_name("no such program").is_empty());
    }
}
