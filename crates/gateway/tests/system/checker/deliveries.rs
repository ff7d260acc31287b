//! G3, G4, G5, G8: the stream itself, and what each device was handed of it.

use std::time::Duration;

use order_domain::values::Seq;

use super::{Breach, Evidence};
use crate::log::{Log, Reading};

/// How long after a withdrawal something may still leave.
const WITHDRAWN_WITHIN: Duration = Duration::from_secs(1);

/// Seq is exactly 1..head.
pub fn stream(evidence: &Evidence) -> Vec<Breach> {
    let broken = evidence.entries.iter().zip(1..).enumerate().find(|(_, (entry, seq))| entry.seq.0 != *seq);
    let broken = broken.map(|(at, (entry, _))| Breach::StreamBroken { at, found: entry.seq });
    let last = evidence.entries.last().map_or(Seq(0), |entry| entry.seq);
    let head = (last != evidence.head).then_some(Breach::HeadWrong { head: evidence.head, last });
    broken.into_iter().chain(head).collect()
}

/// Each device's deliveries are the database's slice: no duplicate, no gap, in order, up to the head.
pub fn check(evidence: &Evidence) -> Vec<Breach> {
    let readings = evidence.logs.iter().filter_map(|log| Some((log, log.rooms.get(&evidence.order)?)));
    readings.flat_map(|(log, reading)| device(evidence, log, reading)).collect()
}

fn device(evidence: &Evidence, log: &Log, reading: &Reading) -> Vec<Breach> {
    let name = || log.device.clone();
    let mut found = sequence(log, reading);
    for (_, seen) in &reading.deliveries {
        let stored = evidence.entries.iter().find(|entry| entry.seq == seen.seq);
        if seen.read().as_ref() != stored {
            found.push(Breach::DeliveryDiffers { device: name(), seq: seen.seq });
        }
    }
    if reading.live && reading.last() < evidence.head {
        found.push(Breach::Behind { device: name(), last: reading.last(), head: evidence.head });
    }
    found.extend(after_withdrawal(log, reading));
    found.extend(stale_snapshot(evidence, log, reading));
    found
}

fn sequence(log: &Log, reading: &Reading) -> Vec<Breach> {
    let seqs = reading.deliveries.iter().map(|(_, entry)| entry.seq);
    let pairs = seqs.clone().zip(seqs.skip(1));
    let breach = |(before, seq): (Seq, Seq)| {
        let device = log.device.clone();
        match seq {
            seq if seq == before.next() => None,
            seq if seq > before => Some(Breach::DeliveryGap { device, after: before, found: seq }),
            seq => Some(Breach::DeliveredAgain { device, seq }),
        }
    };
    pairs.filter_map(breach).collect()
}

fn after_withdrawal(log: &Log, reading: &Reading) -> Option<Breach> {
    let limit = reading.withdrawn? + WITHDRAWN_WITHIN;
    let late = reading.deliveries.iter().find(|(at, _)| *at > limit);
    late.map(|(_, entry)| Breach::AfterWithdrawal { device: log.device.clone(), seq: entry.seq })
}

fn stale_snapshot(evidence: &Evidence, log: &Log, reading: &Reading) -> Option<Breach> {
    let version = reading.snapshot.as_ref()?.version();
    let stored = evidence.stored.version;
    let stale = reading.live && version != stored;
    stale.then(|| Breach::SnapshotStale { device: log.device.clone(), version, stored })
}
