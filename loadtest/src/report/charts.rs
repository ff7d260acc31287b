//! Which charts a report has.

use std::collections::BTreeSet;

use super::plot::{Chart, Line};
use crate::{
    measures::main_phase,
    outcome::{Outcome, Second, as_f64},
};

/// All charts that this run has something for, as SVG.
pub fn charts(outcome: &Outcome) -> String {
    let all = [
        ramp(outcome),
        latency(outcome),
        throughput(outcome),
        distribution(outcome),
        cpu(outcome),
        memory(outcome),
        connections(outcome),
    ];
    all.iter().map(Chart::svg).collect()
}

fn over_time(outcome: &Outcome, title: &str, says: &str, unit: &str, lines: Vec<Line>) -> Chart {
    Chart {
        title: title.into(),
        says: says.into(),
        unit: unit.into(),
        x_unit: "seconds".into(),
        lines: lines.into_iter().filter(|line| line.points.iter().any(|(_, y)| *y > 0.0)).collect(),
        stretches: stretches(&outcome.series),
        ..Chart::default()
    }
}

fn line(outcome: &Outcome, name: &str, take: impl Fn(&Second) -> f64) -> Line {
    Line::new(name, outcome.series.iter().map(|second| (second.at_s, take(second))))
}

/// Only seconds in which something happened: silence has no latency.
fn of_some(outcome: &Outcome, name: &str, take: impl Fn(&Second) -> f64) -> Line {
    let some = outcome.series.iter().map(|second| (second.at_s, take(second))).filter(|(_, y)| *y > 0.0);
    Line::new(name, some)
}

fn stretches(series: &[Second]) -> Vec<(f64, f64, String)> {
    let mut stretches: Vec<(f64, f64, String)> = Vec::new();
    for second in series {
        let from = second.at_s - 1.0;
        match stretches.last_mut() {
            Some((_, to, name)) if *name == second.phase => *to = second.at_s,
            _ => stretches.push((from.max(0.0), second.at_s, second.phase.clone())),
        }
    }
    stretches
}

fn latency(outcome: &Outcome) -> Chart {
    let lines = vec![
        of_some(outcome, "delivery p50", |second| second.delivery_ms[0]),
        of_some(outcome, "delivery p99", |second| second.delivery_ms[1]),
        of_some(outcome, "delivery longest", |second| second.delivery_ms[2]),
        of_some(outcome, "ack p99", |second| second.ack_ms[1]),
    ];
    let says = "from the moment a message was due, second by second; each line of the grid is ten times the one below";
    Chart { log: true, ..over_time(outcome, "Latency", says, "ms", lines) }
}

fn throughput(outcome: &Outcome) -> Chart {
    let lines = vec![
        line(outcome, "deliveries", |second| as_f64(second.delivered)),
        line(outcome, "messages sent", |second| as_f64(second.sent)),
        line(outcome, "acks", |second| as_f64(second.acked)),
    ];
    over_time(outcome, "Throughput", "one delivery is one entry on one member's socket", "per second", lines)
}

fn cpu(outcome: &Outcome) -> Chart {
    let names: BTreeSet<&String> = outcome.series.iter().flat_map(|second| second.cores.keys()).collect();
    let of = |name: &&String| line(outcome, name, |second| second.cores.get(*name).copied().unwrap_or(0.0));
    let mut lines: Vec<Line> = names.iter().map(of).collect();
    lines.push(line(outcome, "this program", |second| second.own_cores));
    over_time(
        outcome,
        "CPU",
        "whole process trees; this program is not part of the servers' figures",
        "cores",
        lines,
    )
}

fn memory(outcome: &Outcome) -> Chart {
    let looked: Vec<&Second> = outcome.series.iter().filter(|second| !second.memory_mib.is_empty()).collect();
    let names: BTreeSet<&String> = looked.iter().flat_map(|second| second.memory_mib.keys()).collect();
    let of = |name: &&String| {
        let points =
            looked.iter().map(|second| (second.at_s, second.memory_mib.get(*name).copied().unwrap_or(0.0)));
        Line::new(name.as_str(), points)
    };
    let says = "proportional set size; what the kernel keeps for sockets is not in it";
    over_time(outcome, "Memory", says, "MiB", names.iter().map(of).collect())
}

fn connections(outcome: &Outcome) -> Chart {
    let lines = vec![
        line(outcome, "came back with everything", |second| as_f64(second.resumed)),
        line(outcome, "ended by the server or the network", |second| as_f64(second.closed)),
    ];
    over_time(outcome, "Connections", "cuts that this program made itself are not ends", "per second", lines)
}

fn ramp(outcome: &Outcome) -> Chart {
    let mut steps: Vec<_> = outcome.phases.iter().filter(|phase| phase.good.is_some()).collect();
    steps.sort_by(|one, two| one.rate.total_cmp(&two.rate));
    let of = |name: &str, take: fn(&crate::outcome::Phase) -> f64| {
        Line::new(name, steps.iter().map(|phase| (phase.rate, take(phase))).filter(|(_, y)| *y > 0.0))
    };
    let mut lines = Vec::new();
    if steps.len() > 1 {
        lines.push(of("delivery p50", |phase| phase.delivery.quantile_ms(0.5)));
        lines.push(of("delivery p99", |phase| phase.delivery.quantile_ms(0.99)));
        lines.push(of("ack p99", |phase| phase.ack.quantile_ms(0.99)));
    }
    Chart {
        title: "The ramp".into(),
        says: "latency of each step; the dashed line is the bound".into(),
        unit: "ms".into(),
        x_unit: "messages per second".into(),
        lines,
        log: true,
        bound: Some(outcome.plan.ramp.bound_ms),
        ..Chart::default()
    }
}

/// How rare is how bad: each step to the right is one in ten of what is left.
fn distribution(outcome: &Outcome) -> Chart {
    const NINES: [f64; 13] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5];
    let mut lines = Vec::new();
    if let Some(phase) = main_phase(outcome) {
        let all = [("delivery", &phase.delivery), ("ack", &phase.ack), ("resume", &phase.resume)];
        for (name, latency) in all.into_iter().filter(|(_, latency)| latency.count() > 1) {
            let nines = NINES.into_iter().filter(|nines| as_f64(latency.count()) >= 10_f64.powf(*nines));
            let point = |nines: f64| (nines, latency.quantile_ms(1.0 - 10_f64.powf(-nines)));
            lines.push(Line::new(name, nines.map(point)));
        }
    }
    Chart {
        title: "Distribution".into(),
        says: "1 is p90, 2 is p99, 3 is p99.9, 4 is p99.99".into(),
        unit: "ms".into(),
        x_unit: "nines".into(),
        lines,
        log: true,
        ..Chart::default()
    }
}
