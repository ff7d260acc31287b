//! The clock that all rooms share: inboxes, cursors, presence, and whether staff may still be there.

use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::{Rooms, cursors, heal, presence};

const EVERY: Duration = Duration::from_millis(250);
const CURSORS_EVERY: Duration = Duration::from_secs(1);
/// With Redis gone, staff who lost access are out after this at the latest.
const STAFF_EVERY: Duration = Duration::from_secs(15);

/// Runs until the node drains.
pub(super) async fn run(rooms: Rooms) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let now = Instant::now();
    let (mut cursors_at, mut presence_at, mut staff_at) = (now, now, now);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = rooms.0.over.cancelled() => return,
        }
        rooms.0.inbox.tick(&rooms);
        if over(&mut cursors_at, CURSORS_EVERY) {
            cursors::flush(&rooms).await;
        }
        if over(&mut presence_at, presence::REPEAT) {
            repeat_presence(&rooms);
        }
        if over(&mut staff_at, STAFF_EVERY) {
            look_after_staff(&rooms);
        }
    }
}

fn over(since: &mut Instant, every: Duration) -> bool {
    let over = since.elapsed() >= every;
    if over {
        *since = Instant::now();
    }
    over
}

fn repeat_presence(rooms: &Rooms) {
    for room in rooms.0.registry.all() {
        room.forget_silent();
        if !room.present().is_empty() {
            rooms.announce(&room);
        }
    }
}

fn look_after_staff(rooms: &Rooms) {
    for room in rooms.0.registry.all().into_iter().filter(|room| room.has_staff()) {
        heal::attend(rooms, &room, room.look_again(), Duration::ZERO);
    }
}
