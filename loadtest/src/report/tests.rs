//! Reports of a run that is green and of one that is not.

use std::collections::BTreeMap;

use super::*;
use crate::{
    judge::{Findings, Verdict},
    outcome::{Phase, Second},
    plan::{Plan, Scenario},
};

fn outcome(scenario: Scenario) -> Outcome {
    let mut phase = Phase {
        name: "load".into(),
        due: 10,
        acked: 10,
        expected: 50,
        delivered: 50,
        seconds: 1.0,
        ..Phase::default()
    };
    (1..=50).for_each(|ms| phase.delivery.record_us(ms * 1000));
    (1..=10).for_each(|ms| phase.ack.record_us(ms * 1000));
    let second = |at: u32| Second {
        at_s: f64::from(at),
        phase: "load".into(),
        delivered: 50,
        delivery_ms: [1.0, 2.0, 3.0],
        cores: BTreeMap::from([("order-chat".into(), 0.5)]),
        ..Second::default()
    };
    let mut outcome = Outcome {
        urls: vec!["http://<node>".into()],
        seconds: 2.0,
        phases: vec![phase],
        series: (0..5).map(second).collect(),
        private_notes: 1,
        judge: Verdict { entries_judged: 50, ..Verdict::default() },
        ..Outcome::nothing(Plan::shipped(scenario))
    };
    outcome.check_thresholds();
    outcome
}

fn red() -> Outcome {
    let mut outcome = Outcome { runs: vec![2], ..outcome(Scenario::Smoke) };
    let breaches = BTreeMap::from([("gap".into(), 1)]);
    outcome.judge.findings = Findings { breaches, first: vec!["room 0: <gap>".into()] };
    outcome
}

#[test]
fn a_good_run_is_green_everywhere() {
    let outcome = outcome(Scenario::Smoke);
    assert!(outcome.is_green(), "{:?}", outcome.thresholds);
    assert!(text(&outcome).contains("GREEN") && junit::junit(&outcome).contains(r#"failures="0""#));
    let page = html::html(&outcome);
    assert!(
        page.contains(r#"<span class="badge">green"#)
            && page.contains("<svg")
            && page.contains("&lt;node&gt;")
    );
    assert!(!page.contains("http-equiv") && !page.contains("<script") && !page.contains("<link"));
}

/// Fast and wrong is red.
#[test]
fn a_breach_is_red_everywhere() {
    let outcome = red();
    assert!(!outcome.is_green() && outcome.thresholds.iter().all(|checked| checked.holds));
    assert!(text(&outcome).contains("RED room 0: <gap>"));
    assert!(html::html(&outcome).contains(r#"badge red">red"#));
    let xml = junit::junit(&outcome);
    assert!(xml.contains(r#"failures="1""#) && xml.contains("1 breaches") && xml.contains("&lt;gap&gt;"));
}

#[test]
fn a_threshold_that_was_not_measured_is_red() {
    let mut outcome = outcome(Scenario::Smoke);
    outcome.plan.expect(vec!["cpu_s_per_million <= 10".parse().unwrap()]);
    outcome.check_thresholds();
    assert!(!outcome.is_green());
    assert!(text(&outcome).contains("RED cpu_s_per_million <= 10  (not measured)"));
}

/// A result read back is the result, and two machines together are their sum.
#[test]
fn results_of_machines_add_up() {
    let one = outcome(Scenario::Smoke);
    let mut read: Outcome = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
    assert_eq!(read, one);
    read.merge(&red()).unwrap();
    let phase = &read.phases[0];
    assert_eq!((read.machines, phase.delivered, phase.delivery.count(), phase.due), (2, 100, 100, 20));
    assert_eq!((read.series.len(), read.series[0].delivered), (5, 100));
    assert!(!read.is_green(), "one machine's breach is everybody's");
}

/// What did not happen together is not added.
#[test]
fn results_that_do_not_belong_together_are_refused() {
    let one = outcome(Scenario::Smoke);
    let refused = |one: &Outcome, other: &Outcome| one.clone().merge(other).unwrap_err().to_string();
    assert!(refused(&one, &one).contains("named twice"));
    let other = |scenario| Outcome { runs: vec![2], ..outcome(scenario) };
    assert!(refused(&one, &other(Scenario::Soak)).contains("different scenarios"));
    let mut later = other(Scenario::Smoke);
    later.phases[0].began_at += chrono::TimeDelta::milliseconds(200);
    assert!(refused(&one, &later).contains("together for 80 %"));
    later.phases[0].began_at -= chrono::TimeDelta::milliseconds(150);
    one.clone().merge(&later).unwrap();
    let mut longer = other(Scenario::Smoke);
    longer.phases[0].seconds = 3.0;
    assert!(refused(&one, &longer).contains("33 %"));
}

#[test]
fn ramps_are_added_step_by_step_or_not_at_all() {
    let ramp = |run, rates: [&str; 2]| {
        let mut ramp = Outcome { runs: vec![run], ..outcome(Scenario::Ramp) };
        let step = |rate: &str| Phase { name: rate.into(), good: Some(true), ..ramp.phases[0].clone() };
        ramp.phases = rates.map(step).into();
        ramp
    };
    let one = ramp(1, ["1000", "1500"]);
    let refused = |other: &Outcome| one.clone().merge(other).unwrap_err().to_string();
    assert!(refused(&ramp(2, ["1000", "1250"])).contains("played \"1500\" while the other played \"1250\""));
    let mut other = ramp(2, ["1000", "1500"]);
    other.plan.seed = 7;
    one.clone().merge(&other).unwrap();
    other.plan.crowd.rooms += 1;
    assert!(refused(&other).contains("different plans"));
}

/// A machine whose ramp had a step more, which was too much, is not blamed for what that step broke.
#[test]
fn what_a_step_broke_that_only_one_machine_played_does_not_count() {
    let ramp = |run, steps: &[Option<bool>]| {
        let mut ramp = Outcome { runs: vec![run], ..outcome(Scenario::Ramp) };
        let step = |good: &Option<bool>| Phase { good: *good, ..ramp.phases[0].clone() };
        ramp.phases = steps.iter().map(step).collect();
        ramp
    };
    let (mut one, other) = (ramp(1, &[Some(true), Some(false)]), ramp(2, &[Some(true)]));
    (one.ends, one.ends_of_too_much) = (BTreeMap::from([("1006".into(), 4)]), 3);
    for (mut sum, added) in [(one.clone(), &other), (other.clone(), &one)] {
        sum.merge(added).unwrap();
        assert_eq!((sum.phases.len(), crate::measures::take(&sum, "closed")), (1, Some(1.0)));
    }
}

/// The worst machine speaks for all.
#[test]
fn doubts_of_a_machine_are_doubts_of_all() {
    let (mut one, mut other) = (outcome(Scenario::Smoke), outcome(Scenario::Smoke));
    other.runs = vec![2];
    other.notes = vec!["late".into()];
    (one.phases[0].machine_busy_percent, other.phases[0].machine_busy_percent) = (Some(40.0), Some(99.0));
    one.merge(&other).unwrap();
    assert_eq!(one.phases[0].machine_busy_percent, Some(99.0));
    assert_eq!(one.notes, ["Load machine 2: late"]);
}
