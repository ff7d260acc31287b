//! Figures that a threshold asks for, of outcomes made by hand.

use std::collections::BTreeMap;

use super::*;
use crate::{
    outcome::{Connect, Second},
    plan::{Plan, Scenario},
};

fn outcome() -> Outcome {
    Outcome {
        tool: "0".into(),
        runs: vec![1],
        plan: Plan::shipped(Scenario::Ramp),
        urls: Vec::new(),
        started_at: chrono::DateTime::UNIX_EPOCH,
        seconds: 1.0,
        machines: 1,
        watched: true,
        interrupted: false,
        connect: Connect::default(),
        phases: Vec::new(),
        best: None,
        series: Vec::new(),
        refusals: BTreeMap::new(),
        ends: BTreeMap::new(),
        failed_dials: BTreeMap::new(),
        ends_of_too_much: 0,
        private_notes: 0,
        notes: Vec::new(),
        judge: crate::judge::Verdict::default(),
        thresholds: Vec::new(),
    }
}

/// One node that grows is not hidden by another and by a store that do not; a filling cache is no leak.
#[test]
fn memory_grows_where_it_grows_most() {
    let second = |growing: f64| Second {
        phase: "load".into(),
        memory_mib: [
            ("order-chat 1", 100.0),
            ("order-chat 2", growing),
            ("postgres", growing * 9.0),
            ("redis", 9.0),
        ]
        .map(|(name, mib)| (name.to_owned(), mib))
        .into(),
        ..Second::default()
    };
    let mut outcome = outcome();
    assert_eq!(take(&outcome, "memory_growth_percent"), None);
    outcome.series = [50.0, 60.0, 70.0, 80.0, 100.0].map(second).into();
    assert_eq!(take(&outcome, "memory_growth_percent"), Some(100.0));
}

/// A ramp ends with a step that is too much: what breaks under it is no fault, what breaks before or after is.
#[test]
fn ends_under_too_much_do_not_count() {
    let mut outcome = outcome();
    outcome.ends = BTreeMap::from([("1006".into(), 3)]);
    assert_eq!(take(&outcome, "closed"), Some(3.0));
    outcome.ends_of_too_much = 2;
    assert_eq!(take(&outcome, "closed"), Some(1.0));
}
