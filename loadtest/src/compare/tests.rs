//! Plans of comparisons, and what becomes of figures.

use std::collections::BTreeMap;

use super::*;
use crate::{
    latency::Latency,
    outcome::{Outcome, Phase},
    plan::{Plan, Scenario},
};
use summary::Summary;
use trial::{Better, FIGURES, Step};

fn trial(system: System, repetition: u32, most: f64) -> Trial {
    let mut delivery = Latency::default();
    (1..=100).for_each(|ms| delivery.record_us(ms * 100));
    let figures = [("most_deliveries_per_s", most), ("cpu", 10.0), ("cpu_nodes", 6.0), ("lost", 0.0)];
    Trial {
        system,
        repetition,
        figures: figures.map(|(name, figure)| (name.to_owned(), figure)).into(),
        steps: vec![Step { deliveries_per_s: most, p99_ms: 9.0, good: true }],
        delivery,
        wrong: BTreeMap::new(),
        others_percent: Some(1.0),
        notes: Vec::new(),
    }
}

fn comparison() -> Comparison {
    let both = [(System::OrderChat, 4.0), (System::SocketIo, 1.0)];
    let trials = (1..=3)
        .flat_map(|turn| both.map(|(system, factor)| trial(system, turn, f64::from(turn) * 1000.0 * factor)));
    Comparison {
        tool: "0".into(),
        plan: ComparePlan::read(None).unwrap(),
        started_at: DateTime::UNIX_EPOCH,
        minutes: 1.0,
        surroundings: vec![("kernel".into(), "6".into())],
        trials: trials.collect(),
        notes: Vec::new(),
        interrupted: false,
    }
}

#[test]
fn the_shipped_plan_is_good() {
    let plan = ComparePlan::read(None).unwrap();
    plan.check().unwrap();
    let [measure, hot] = &plan.runs(2)[..] else { panic!("two runs") };
    assert_eq!((measure.scenario, hot.scenario), (Scenario::Measure, Scenario::Steady));
    assert_eq!((measure.seed, plan.sockets()), (2, 1000));
    toml::from_str::<ComparePlan>(include_str!("../../plans/compare-smoke.toml")).unwrap().check().unwrap();
    let written = toml::from_str::<ComparePlan>(&ComparePlan::SHIPPED.replace("\"ws\"", "\"wsx\""));
    assert!(written.unwrap_err().to_string().contains("wsx"));
}

#[test]
fn what_cannot_be_measured_is_named_and_left_out() {
    let mut plan = ComparePlan::read(None).unwrap();
    let programs = |nats_server: &str| Programs {
        order_chat: PathBuf::new(),
        peers: PathBuf::new(),
        nats_server: nats_server.into(),
    };
    let whole = plan.systems.clone();
    assert_eq!(plan.leave_out_what_is_missing(&programs("/no/such/program")), [System::Nats]);
    assert_eq!(plan.systems, [System::OrderChat, System::SocketIo, System::Ws]);
    plan.systems.clone_from(&whole);
    assert_eq!(plan.leave_out_what_is_missing(&programs("/bin/true")), []);
    assert_eq!(plan.systems, whole);
}

#[test]
fn the_middle_is_the_median() {
    let median = |values: &[f64]| Summary::of(values.to_vec()).map(|summary| summary.median);
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(&[4.0, 1.0]), Some(2.5));
}

#[test]
fn a_table_shows_medians_spread_and_ratios() {
    let comparison = comparison();
    assert_eq!(comparison.ratio(System::SocketIo, FIGURES[0]), Some(4.0));
    let text = text(&comparison);
    assert!(text.contains("8000 (4000–12.0k)") || text.contains("8000 (4000–12k)"), "{text}");
    assert!(text.contains("4.00") && text.contains("GREEN") && !text.contains("ws-each"), "{text}");
}

/// Fast and wrong does not count; what a peer does wrong is a figure.
#[test]
fn a_breach_of_ours_is_red() {
    let mut comparison = comparison();
    comparison.trials[1].wrong.insert("late".into(), 5);
    assert!(comparison.is_green());
    comparison.trials[0].wrong.insert("late".into(), 1);
    assert!(!comparison.is_green() && text(&comparison).contains("do not count"));
}

#[test]
fn the_fragment_has_its_plots_beside_it() {
    let folder = tempdir();
    write(&comparison(), &folder, &folder.join("PERF.md")).unwrap();
    let page = std::fs::read_to_string(folder.join("PERF.md")).unwrap();
    for plot in ["most", "cpu", "ramp", "latency"] {
        assert!(page.contains(&format!("](PERF-{plot}.svg)")), "{page}");
        let svg = std::fs::read_to_string(folder.join(format!("PERF-{plot}.svg"))).unwrap();
        assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
    }
    let json = std::fs::read_to_string(folder.join("compare.json")).unwrap();
    assert_eq!(serde_json::from_str::<Comparison>(&json).unwrap(), comparison());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn nothing_measured_is_no_plot() {
    let comparison = Comparison { trials: Vec::new(), ..comparison() };
    assert_eq!(report::plots_of(&comparison), []);
    assert!(!comparison.is_green() && !text(&comparison).is_empty());
}

/// A load that was cut short is no figure; a ramp that was cut short has a load before it.
#[test]
fn of_a_stopped_trial_is_kept_what_was_finished() {
    let mut outcome = outcome();
    let of = |outcome: &Outcome| Trial::of(System::Ws, 1, std::slice::from_ref(outcome), None);
    assert!(of(&outcome).unwrap().figures.contains_key("most_deliveries_per_s"));
    outcome.interrupted = true;
    let kept = of(&outcome).unwrap();
    assert!(kept.figures.contains_key("cpu") && !kept.figures.contains_key("most_deliveries_per_s"));
    outcome.phases.truncate(1);
    assert_eq!(of(&outcome), None);
    assert_eq!(Trial::of(System::Ws, 1, &[], None), None);
}

#[test]
fn faults_are_counted_by_kind() {
    let (mut main, mut hot) = (outcome(), outcome());
    main.judge.lost = 3;
    main.ends = BTreeMap::from([("1006".into(), 4)]);
    hot.judge.findings.breaches =
        BTreeMap::from([("late".into(), 7), ("order".into(), 2), ("repeated".into(), 1)]);
    let trial = Trial::of(System::SocketIo, 1, &[main, hot], None).unwrap();
    let faults = [
        "lost",
        "reordered",
        "closed",
        "hot_lost",
        "hot_reordered",
        "hot_diverged",
        "hot_duplicated",
        "hot_closed",
    ];
    let counted = faults.map(|name| format!("{:.0}", trial.figures[name]));
    assert_eq!(counted, ["3", "0", "4", "0", "7", "2", "1", "0"]);
    assert_eq!((trial.breaches(), format!("{:.0}", trial.figures["cpu"])), (10, "20000".into()));
    assert_eq!(format!("{:.0}", trial.figures["cpu_nodes"]), "20000", "of both nodes");
    assert!(FIGURES.iter().filter(|figure| faults.contains(&figure.name)).all(|f| f.better == Better::None));
}

fn outcome() -> Outcome {
    let mut load =
        Phase { name: "load".into(), delivered: 50, expected: 50, seconds: 1.0, ..Phase::default() };
    load.used.cpu_s = BTreeMap::from([("nodes 1".into(), 0.25), ("nodes 2".into(), 0.75)]);
    load.delivery.record_us(1000);
    let step = Phase { name: "1500 messages/s".into(), good: Some(true), ..load.clone() };
    Outcome { phases: vec![load, step], best: Some(1), ..Outcome::nothing(Plan::shipped(Scenario::Measure)) }
}

fn tempdir() -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("compare-{}-{}", std::process::id(), rand::random::<u32>()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
