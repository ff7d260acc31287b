//! Time differs from machine to machine, allocations do not: what the pure parts of a message's way allocate, and what a
//! socket at rest keeps (P4), is compared with `agreed.txt`. A rise of more than 5 % fails; whoever changes the file has
//! decided that it is worth it.

#[path = "../socket/database.rs"]
mod database;
mod idle;
#[path = "../socket/raw.rs"]
#[expect(dead_code, reason = "the tests of sockets read more")]
mod raw;
#[path = "../../benches/pure/work.rs"]
mod work;

use std::{collections::BTreeMap, fmt::Write as _};

use allocation_counter::{AllocationInfo, measure};
use work::{PARTS, Work};

/// Name, allocations, bytes. The idle socket's are those that stay.
const BASELINE: &str = include_str!("agreed.txt");
const RISE_PERCENT: u64 = 5;
const IDLE_SOCKETS: &str = "idle_sockets_50";

fn baseline() -> BTreeMap<&'static str, (u64, u64)> {
    let lines = BASELINE.lines().filter(|line| !line.starts_with('#'));
    let fields = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let read = |fields: Vec<&'static str>| {
        let [name, count, bytes] = fields[..] else { panic!("name, allocations, bytes: {fields:?}") };
        (name, (count.parse().expect("a number"), bytes.parse().expect("a number")))
    };
    fields.map(read).collect()
}

fn measured() -> Vec<(&'static str, u64, u64)> {
    let work = Work::prepare();
    let of = |(name, run): &work::Part| {
        // What is made once for the whole process is not a part's.
        run(&work);
        let AllocationInfo { count_total, bytes_total, .. } = measure(|| run(&work));
        (*name, count_total, bytes_total)
    };
    let (count, bytes) = idle::fifty_sockets();
    PARTS.iter().map(of).chain([(IDLE_SOCKETS, count, bytes)]).collect()
}

fn has_risen(from: u64, to: u64) -> bool {
    to * 100 > from * (100 + RISE_PERCENT)
}

#[test]
fn nothing_allocates_more_than_was_agreed() {
    let (baseline, measured) = (baseline(), measured());
    let mut now = String::new();
    for (name, count, bytes) in &measured {
        writeln!(now, "{name} {count} {bytes}").expect("a string takes everything");
    }
    let agreed: Vec<_> = baseline.keys().copied().collect();
    let mut parts: Vec<_> = measured.iter().map(|(name, ..)| *name).collect();
    parts.sort_unstable();
    assert_eq!(agreed, parts, "each part has its line; now it is:\n{now}");
    for (name, count, bytes) in measured {
        let (count_agreed, bytes_agreed) = baseline[name];
        let risen = has_risen(count_agreed, count) || has_risen(bytes_agreed, bytes);
        assert!(
            !risen,
            "{name}: {count_agreed} allocations of {bytes_agreed} bytes were agreed; now it is:\n{now}"
        );
    }
}

#[test]
fn five_percent_are_tolerated_and_no_more() {
    assert!(!has_risen(100, 105) && has_risen(100, 106));
    assert!(!has_risen(0, 0) && has_risen(0, 1));
}
