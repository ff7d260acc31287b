//! Figures that a threshold asks for, of outcomes made by hand.

use std::collections::BTreeMap;

use super::*;
use crate::{
    outcome::Second,
    plan::{Plan, Scenario},
};

fn outcome() -> Outcome {
    Outcome::nothing(Plan::shipped(Scenario::Ramp))
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
