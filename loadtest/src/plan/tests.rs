//! Plans are read, refused and changed.

use super::*;

#[test]
fn every_shipped_plan_is_good() {
    for scenario in Scenario::value_variants() {
        let plan: Plan =
            toml::from_str(scenario.toml()).unwrap_or_else(|error| panic!("{scenario:?}: {error}"));
        assert_eq!(plan.scenario, *scenario);
        plan.check().unwrap();
        assert!(!plan.thresholds.is_empty(), "{scenario:?} expects something");
    }
}

#[test]
fn the_plans_of_growth_are_good() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/plans/growth");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 4);
    for file in files {
        let plan = Plan::read(&file).unwrap_or_else(|error| panic!("{error}"));
        plan.check().unwrap();
        assert!(!plan.thresholds.is_empty(), "{} expects something", file.display());
    }
}

#[test]
fn a_plan_says_what_is_wrong_with_it() {
    let read = |text: &str| toml::from_str::<Plan>(text).map_err(|error| error.to_string());
    assert!(read("scenario = 'steady'\n[load]\nraet = 5").unwrap_err().contains("raet"));
    assert!(read("scenario = 'steady'\nthresholds = ['fast <= 5']").unwrap_err().contains("fast"));
    let slow = read("scenario = 'steady'\n[load]\nrate = 0").unwrap();
    assert_eq!(slow.check().unwrap_err().to_string(), "the plan's load.rate must be above 0");
}

#[test]
fn a_threshold_of_the_command_line_replaces_the_plans() {
    let mut plan = Plan::shipped(Scenario::Smoke);
    let count = plan.thresholds.len();
    plan.expect(vec!["lost <= 7".parse().unwrap(), "kib_per_socket <= 12".parse().unwrap()]);
    assert_eq!(plan.thresholds.len(), count + 1);
    assert_eq!(plan.thresholds.iter().filter(|threshold| threshold.measure == "lost").count(), 1);
}

#[test]
fn a_plan_written_is_the_plan_read() {
    let plan = Plan::shipped(Scenario::Soak);
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
}
