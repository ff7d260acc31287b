//! The open loop: hands every message over when it is due, whether the system keeps up or not. On a thread of its own,
//! because a runtime's timers are a millisecond coarse.

use std::{sync::Arc, thread, time::Duration};

use tokio::sync::mpsc::Sender;

use crate::{
    mark::Mark,
    participant::{Ask, Shared},
    schedule::Schedule,
};

/// Sleeping shorter than this costs more than it gains.
const NAP_US: u64 = 50;
const LONG_NAP_US: u64 = 100_000;

/// How many were due, and how many found no place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paced {
    /// Due.
    pub due: u64,
    /// Without a place in their socket's backlog.
    pub unsent: u64,
    /// The number after the last one.
    pub next_number: u32,
}

/// Blocks until the last message of the schedule is handed over, or the run is to stop.
pub fn pace(shared: &Arc<Shared>, speakers: &[Sender<Ask>], schedule: Schedule, first_number: u32) -> Paced {
    let (run, members) = (shared.judge.run(), shared.crowd.members);
    let start_us = shared.now_us();
    let mut paced = Paced { next_number: first_number, ..Paced::default() };
    for due in schedule {
        let due_us = start_us + due.after_us;
        wait_until(shared, due_us);
        if shared.stop.is_cancelled() {
            break;
        }
        let mark = Mark { run, number: paced.next_number, due_us };
        paced.next_number = (paced.next_number + 1) & 0xff_ffff;
        paced.due += 1;
        let speaker = &speakers[(due.room * members + due.member) as usize];
        if speaker.try_send(Ask::Say(mark)).is_err() {
            paced.unsent += 1;
        }
    }
    paced
}

fn wait_until(shared: &Shared, due_us: u64) {
    loop {
        let left = due_us.saturating_sub(shared.now_us());
        if left == 0 || shared.stop.is_cancelled() {
            return;
        }
        // A slow schedule, too, ends soon when it is to.
        thread::sleep(Duration::from_micros(left.clamp(NAP_US, LONG_NAP_US)));
    }
}
