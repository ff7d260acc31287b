//! On what it was measured: a figure without its machine and versions cannot be repeated.

use std::fs;

use super::{Programs, System, system::version};

/// Machine, kernel, programs.
pub fn look(programs: &Programs, systems: &[System]) -> Vec<(String, String)> {
    let mut seen = vec![
        ("processor".to_owned(), processor()),
        ("memory".to_owned(), memory()),
        ("kernel".to_owned(), read("/proc/sys/kernel/osrelease")),
    ];
    let programs_on_path = [("Postgres", "postgres"), ("Redis", "redis-server"), ("Node", "node")];
    let found =
        programs_on_path.into_iter().filter_map(|(name, program)| Some((name.into(), version(program)?)));
    seen.extend(found);
    if systems.contains(&System::OrderChat) {
        let version = version(&programs.order_chat.display().to_string());
        seen.push(("order-chat".into(), version.unwrap_or_else(|| "unknown".into())));
    }
    if systems.contains(&System::Nats) {
        let version = version(&programs.nats_server.display().to_string());
        seen.push(("nats".into(), version.unwrap_or_else(|| "unknown".into())));
    }
    for peer in ["socketio", "ws"] {
        let manifest = fs::read_to_string(programs.peers.join(peer).join("package.json")).unwrap_or_default();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
        let packages = manifest["dependencies"].as_object().into_iter().flatten();
        let packages =
            packages.filter(|(_, version)| version.as_str().is_some_and(|v| !v.starts_with("workspace")));
        let packages: Vec<_> = packages
            .map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default()))
            .collect();
        seen.push((peer.into(), packages.join(", ")));
    }
    seen
}

fn processor() -> String {
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.map_or("unknown", |(_, model)| model))
}

fn memory() -> String {
    let meminfo = read("/proc/meminfo");
    let kib = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<u64>().ok());
    kib.map_or_else(|| "unknown".into(), |kib| format!("{} GiB", (kib + (1 << 19)) >> 20))
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}
