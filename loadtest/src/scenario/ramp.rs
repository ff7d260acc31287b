//! The most that is carried within a latency: steps that grow, refined below the first that fails.

use std::sync::atomic::Ordering::Relaxed;

use anyhow::Result;
use tokio::time::Instant;

use super::Done;
use crate::{
    outcome::Phase,
    session::{Session, seconds},
};

/// Stragglers of a step are waited for this long: what is later is lost for the step.
const DRAIN_S: f64 = 3.0;
/// So long, in a whole ramp, is waited for those whom steps that were too much threw out or left behind: a node gives up a
/// reader that is too slow only after a while.
const BACK_S: f64 = 20.0;
/// Below this growth another step tells nothing new.
const FINE: f64 = 1.15;

/// A first step that is too much is halved, but not below this share of it.
const LOWEST: f64 = 0.2;

/// Steps until a bound is broken.
pub async fn ramp(session: &mut Session, done: &mut Done) -> Result<()> {
    let plan = session.plan.ramp.clone();
    let (mut rate, mut growth, mut best_rate) = (plan.from, plan.growth, None);
    let mut patience = seconds(BACK_S);
    while rate <= plan.most && !session.is_stopped() {
        let closed_before = session.shared.figures.counters.closed.load(Relaxed);
        let mut step = session.load(&format!("{rate:.0} messages/s"), rate, plan.step_s, DRAIN_S).await?;
        if session.is_stopped() {
            "cut short".clone_into(&mut step.name);
            done.phases.push(step);
            return Ok(());
        }
        session.rest(seconds(0.3)).await;
        let ended = || session.shared.figures.counters.closed.load(Relaxed) - closed_before;
        let good = settle(&mut step, ended(), plan.bound_ms);
        session.recorder.say(&told(&step));
        if !good {
            // A backlog that was left over would be the next step's latency; what breaks under it belongs to this one.
            session.rest(seconds(3.0)).await;
            let began = Instant::now();
            session.everybody_is_back(patience).await;
            patience = patience.saturating_sub(began.elapsed());
            step.closed = ended();
            done.ends_of_too_much += step.closed;
        }
        let closed = step.closed;
        done.phases.push(step);
        if good {
            (best_rate, done.best) = (Some(rate), Some(done.phases.len() - 1));
            rate *= growth;
        } else if let Some(best) = best_rate.filter(|_| growth > FINE && closed == 0) {
            growth = 1.0 + (growth - 1.0) / 3.0;
            rate = best * growth;
        } else if best_rate.is_none() && rate > plan.from * LOWEST && closed == 0 {
            rate /= 2.0;
        } else {
            return Ok(());
        }
    }
    Ok(())
}

/// The step is over, with so many connections that ended in it or right after it: was it good?
fn settle(step: &mut Phase, closed: u64, bound_ms: f64) -> bool {
    step.closed = closed;
    let good = is_good(step, bound_ms);
    step.good = Some(good);
    good
}

fn is_good(step: &Phase, bound_ms: f64) -> bool {
    let worst = step.delivery.quantile_ms(0.99).max(step.ack.quantile_ms(0.99));
    let complete = step.lost() + step.unsent + step.unanswered() + step.rejected + step.closed == 0;
    complete && step.delivered > 0 && worst <= bound_ms
}

fn told(step: &Phase) -> String {
    let verdict = if step.good == Some(true) { "good" } else { "too much" };
    format!(
        "{:>8.0} messages/s  {:>8.0} deliveries/s  p99 {:.1} ms  ack p99 {:.1} ms  lost {}  {verdict}",
        step.rate,
        step.deliveries_per_s(),
        step.delivery.quantile_ms(0.99),
        step.ack.quantile_ms(0.99),
        step.lost(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(ms: u64) -> Phase {
        let mut step = Phase { due: 1, acked: 1, expected: 1, delivered: 1, ..Phase::default() };
        step.delivery.record_us(ms * 1000);
        step.ack.record_us(1000);
        step
    }

    #[test]
    fn a_step_is_good_within_the_bound_and_complete() {
        assert!(is_good(&step(100), 200.0));
        assert!(!is_good(&step(300), 200.0), "late");
        assert!(!is_good(&Phase { expected: 2, ..step(100) }, 200.0), "lost");
        assert!(!is_good(&Phase { due: 2, ..step(100) }, 200.0), "without an answer");
        assert!(!is_good(&Phase { unsent: 1, due: 2, ..step(100) }, 200.0), "not even sent");
        assert!(!is_good(&Phase { closed: 1, ..step(100) }, 200.0), "thrown out");
        assert!(!is_good(&Phase::default(), 200.0), "nothing happened");
    }

    #[test]
    fn a_step_after_which_somebody_is_thrown_out_was_too_much() {
        let mut step = step(100);
        assert!(settle(&mut step, 0, 200.0));
        assert!(!settle(&mut step, 1, 200.0));
        assert_eq!((step.good, step.closed), (Some(false), 1));
    }
}
