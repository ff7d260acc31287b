//! The short report, for a terminal or a log.

use std::fmt::Write as _;

use crate::{
    measures::{self, main_phase},
    outcome::{Outcome, Phase, ratio},
    process::by_class,
};

/// Below, memory a socket is mostly the servers' warm-up.
pub const TELLING_SOCKETS: u32 = 500;

/// Everything important in a few lines.
pub fn text(outcome: &Outcome) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut text, outcome);
    text
}

fn write_all(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let verdict = if outcome.is_green() { "GREEN" } else { "RED" };
    writeln!(text, "\n{} · {verdict}", outcome.plan.scenario.name())?;
    write_connect(text, outcome)?;
    if let Some(phase) = main_phase(outcome) {
        write_phase(text, phase)?;
    }
    write_verdicts(text, outcome)?;
    for (code, count) in &outcome.refusals {
        writeln!(text, "  refused      {count} × {code}")?;
    }
    for (how, count) in &outcome.ends {
        writeln!(text, "  closed       {count} × {how}")?;
    }
    for (why, count) in &outcome.failed_dials {
        writeln!(text, "  not back in  {count} × {why}")?;
    }
    outcome.notes.iter().try_for_each(|note| writeln!(text, "  note         {note}"))
}

/// What the sockets cost, when there are enough of them to tell it from the servers' warm-up.
fn write_connect(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let connect = &outcome.connect;
    if connect.sockets == 0 {
        return Ok(());
    }
    let per_s = ratio(u64::from(connect.sockets), connect.seconds);
    write!(text, "  sockets      {} in {:.1} s ({per_s:.0} a second)", connect.sockets, connect.seconds)?;
    match measures::take(outcome, "kib_per_socket").filter(|_| connect.sockets >= TELLING_SOCKETS) {
        Some(kib) => writeln!(text, ", {kib:.1} KiB each"),
        None => writeln!(text),
    }
}

fn write_verdicts(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let judge = &outcome.judge;
    writeln!(
        text,
        "  judge        {} entries compared, {} frames searched, {} acks, {} rooms read back: {} breaches",
        judge.entries_judged,
        judge.frames_searched,
        judge.acks_checked,
        judge.rooms_looked_up,
        judge.findings.count()
    )?;
    for breach in &judge.findings.first {
        writeln!(text, "    RED {breach}")?;
    }
    for checked in &outcome.thresholds {
        let mark = if checked.holds { "ok " } else { "RED" };
        match checked.figure {
            Some(figure) => writeln!(text, "    {mark} {}  ({figure:.2})", checked.threshold)?,
            None => writeln!(text, "    {mark} {}  (not measured)", checked.threshold)?,
        }
    }
    Ok(())
}

fn write_phase(text: &mut String, phase: &Phase) -> std::fmt::Result {
    writeln!(text, "  phase        {} ({:.1} s)", phase.name, phase.seconds)?;
    if phase.delivered > 0 {
        writeln!(
            text,
            "  deliveries   {} of {}, {:.0} a second; {} messages, {} acked",
            phase.delivered,
            phase.expected,
            phase.deliveries_per_s(),
            phase.due,
            phase.acked
        )?;
    }
    for (name, latency) in [
        ("delivery", &phase.delivery),
        ("ack", &phase.ack),
        ("resume", &phase.resume),
        ("our own lag", &phase.lag),
    ] {
        if latency.count() > 0 {
            let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| latency.quantile_ms(share));
            writeln!(
                text,
                "  {name:<12} p50 {p50:.2}  p99 {p99:.2}  p99.9 {p999:.2}  max {:.1} ms",
                latency.max_ms()
            )?;
        }
    }
    write_cpu(text, phase)
}

fn write_cpu(text: &mut String, phase: &Phase) -> std::fmt::Result {
    if phase.used.cpu_s.is_empty() {
        return Ok(());
    }
    let classes = by_class(&phase.used.cpu_s);
    let parts = classes.iter().map(|(name, cpu)| format!("{name} {cpu:.2}"));
    let (parts, servers, own) =
        (parts.collect::<Vec<_>>().join(", "), phase.used.cpu_total_s(), phase.own_cpu_s);
    write!(text, "  CPU s        servers {servers:.2} ({parts}); this program {own:.2}")?;
    match (phase.cpu_s_per_million(), phase.own_cpu_s_per_million()) {
        (Some(servers), Some(own)) => {
            writeln!(text, "; a million deliveries: servers {servers:.1}, this program {own:.1}")
        }
        _ => writeln!(text),
    }
}
