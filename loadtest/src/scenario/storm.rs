//! Everybody loses the connection, misses something, and comes back at once with a cursor (P7).

use std::sync::atomic::Ordering::Relaxed;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

use super::Done;
use crate::{
    pace::Paced,
    participant::{Ask, Handle},
    schedule::{Arrivals, Schedule},
    session::{Meter, Session, seconds},
};

/// Cut, write what is missed, return.
pub async fn storm(session: &mut Session, done: &mut Done) -> Result<()> {
    let plan = session.plan.storm.clone();
    if session.shared.crowd.members < 2 {
        bail!("a storm needs at least two members a room: one stays and writes");
    }
    let cut: Vec<_> =
        session.handles.iter().filter(|handle| is_cut(handle)).map(|handle| handle.asks.clone()).collect();
    session.recorder.say(&format!("{} sockets are cut", cut.len()));
    for asks in &cut {
        asks.send(Ask::Cut).await?;
    }
    let missed = session.write(plan.behind).await?;
    if missed.acked < missed.due {
        bail!("only {} of {} messages were acked while the others were away", missed.acked, missed.due);
    }
    done.phases.push(missed);

    session.recorder.phase("return", 0.0);
    let meter = Meter::begin(&session.shared, &session.recorder);
    let resumed_before = session.shared.figures.counters.resumed.load(Relaxed);
    let (began, due_us) = (Instant::now(), session.shared.now_us());
    for asks in &cut {
        asks.send(Ask::Return { due_us }).await?;
    }
    let returned = || session.shared.figures.counters.resumed.load(Relaxed) - resumed_before;
    let wanted = cut.len() as u64;
    while returned() < wanted && began.elapsed() < seconds(plan.within_s) && !session.is_stopped() {
        sleep(seconds(0.002)).await;
    }
    let mut phase = meter.end("return", began, &Paced::default(), 1, &session.recorder);
    phase.not_caught_up = wanted.saturating_sub(returned());
    session.recorder.say(&format!(
        "{} sockets are back with everything: p99 {:.0} ms, the last after {:.0} ms",
        phase.resume.count(),
        phase.resume.quantile_ms(0.99),
        phase.resume.max_ms()
    ));
    done.phases.push(phase);
    Ok(())
}

/// One of each room stays.
fn is_cut(handle: &Handle) -> bool {
    handle.seat.member > 0
}

impl Session {
    /// The first member of each room says `each` messages; the others are away.
    async fn write(&mut self, each: u32) -> Result<crate::outcome::Phase> {
        let rooms = u32::try_from(self.shared.crowd.rooms.len())?;
        let lasts_s = f64::from(rooms) * f64::from(each) / self.plan.load.rate;
        self.recorder.phase("missed", lasts_s);
        let schedule = Schedule::new(Arrivals::Even, self.plan.load.rate, lasts_s, rooms, 1, self.plan.seed);
        self.say("missed", schedule, self.plan.load.drain_s, 1).await
    }
}
