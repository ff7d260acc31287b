//! `report.html`: one file that needs nothing else, readable in light and dark.

use std::fmt::{Result, Write as _};

use super::{
    charts::charts,
    plot::{escape, short},
    text::TELLING_SOCKETS,
};
use crate::{
    measures::{self, main_phase},
    outcome::{Outcome, Phase},
    process::by_class,
};

/// The whole page.
pub fn html(outcome: &Outcome) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, outcome);
    page
}

fn write_page(page: &mut String, outcome: &Outcome) -> Result {
    let name = outcome.plan.scenario.name();
    let (class, word) = if outcome.is_green() { ("badge", "green") } else { ("badge red", "red") };
    write!(
        page,
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}: {word}</title><style>{}</style></head><body><main>
<header><h1>{name}</h1><span class="{class}">{word}</span><p class="soft">{} · {:.0} s · {} · seed {}{}</p></header>"#,
        include_str!("style.css"),
        outcome.started_at.format("%Y-%m-%d %H:%M UTC"),
        outcome.seconds,
        escape(&outcome.urls.join(", ")),
        outcome.plan.seed,
        if outcome.machines > 1 { format!(" · {} load machines", outcome.machines) } else { String::new() },
    )?;
    tiles(page, outcome)?;
    notes(page, outcome)?;
    write!(page, "<h2>Did it hold?</h2>")?;
    thresholds(page, outcome)?;
    judge(page, outcome)?;
    write!(page, r#"<h2>Over time</h2><div class="charts">{}</div>"#, charts(outcome))?;
    phases(page, outcome)?;
    ends(page, outcome)?;
    reading(page, outcome)?;
    write!(page, "</main></body></html>")
}

fn tiles(page: &mut String, outcome: &Outcome) -> Result {
    const TILES: [(&str, &str, &str); 12] = [
        ("most_deliveries_per_s", "", "deliveries a second, at most"),
        ("deliveries_per_s", "", "deliveries a second"),
        ("delivery_p99_ms", "ms", "delivery, p99"),
        ("ack_p99_ms", "ms", "ack, p99"),
        ("caught_up_max_ms", "ms", "until the last was back"),
        ("cpu_s_per_million", "s", "server CPU for a million deliveries"),
        ("kib_per_socket", "KiB", "server memory a socket"),
        ("connects_per_s", "", "connects a second"),
        ("commands_per_s", "", "commands a second"),
        ("orders_ended", "", "orders lived to their end"),
        ("lost", "", "entries lost"),
        ("own_cpu_s_per_million", "s", "this program's own CPU for a million"),
    ];
    write!(page, r#"<div class="tiles">"#)?;
    for (measure, unit, says) in TILES.into_iter().filter(|(measure, ..)| is_telling(outcome, measure)) {
        if let Some(figure) = measures::take(outcome, measure) {
            write!(
                page,
                r#"<div class="tile"><b>{} <small>{unit}</small></b><span>{says}</span></div>"#,
                short(figure)
            )?;
        }
    }
    let breaches = outcome.judge.findings.count();
    write!(page, r#"<div class="tile"><b>{breaches}</b><span>breaches found by the judge</span></div></div>"#)
}

/// What would only confuse: rates of what did not happen, the memory of start-up spread over a few sockets.
fn is_telling(outcome: &Outcome, measure: &str) -> bool {
    let some = |count: fn(&Phase) -> u64| main_phase(outcome).is_some_and(|phase| count(phase) > 0);
    match measure {
        "most_deliveries_per_s" => outcome.best.is_some(),
        "deliveries_per_s" => outcome.best.is_none() && some(|phase| phase.delivered),
        "commands_per_s" => some(|phase| phase.orders_ended),
        "orders_ended" => some(|phase| phase.orders_ended),
        "lost" => some(|phase| phase.expected),
        "kib_per_socket" => outcome.connect.sockets >= TELLING_SOCKETS,
        _ => true,
    }
}

fn notes(page: &mut String, outcome: &Outcome) -> Result {
    if outcome.notes.is_empty() {
        return Ok(());
    }
    write!(page, "<h2>Before you quote a figure</h2><ul>")?;
    outcome.notes.iter().try_for_each(|note| write!(page, "<li>{}</li>", escape(note)))?;
    write!(page, "</ul>")
}

fn verdict(holds: bool) -> &'static str {
    if holds { r#"<td class="ok">holds</td>"# } else { r#"<td class="no">broken</td>"# }
}

fn thresholds(page: &mut String, outcome: &Outcome) -> Result {
    write!(page, r#"<div class="box"><table><tr><th>threshold</th><th>measured</th><th></th></tr>"#)?;
    for checked in &outcome.thresholds {
        let figure = checked.figure.map_or("not measured".to_owned(), short);
        let threshold = escape(&checked.threshold.to_string());
        write!(page, "<tr><td>{threshold}</td><td>{figure}</td>{}</tr>", verdict(checked.holds))?;
    }
    let judge = outcome.judge.is_green();
    write!(
        page,
        "<tr><td>the judge finds nothing wrong</td><td>{} breaches</td>{}</tr></table></div>",
        outcome.judge.findings.count(),
        verdict(judge)
    )
}

fn judge(page: &mut String, outcome: &Outcome) -> Result {
    let judge = &outcome.judge;
    write!(
        page,
        r#"<p class="soft">The judge compared {} entries between the members of each room (gapless, in order, once, the same
for all), searched {} frames for texts that their reader may not see, found {} acks at the place they named, and read
{} whole rooms back through the API ({} acks in them).</p>"#,
        judge.entries_judged,
        judge.frames_searched,
        judge.acks_checked,
        judge.rooms_looked_up,
        judge.acks_looked_up
    )?;
    if judge.findings.first.is_empty() {
        return Ok(());
    }
    let kinds: Vec<_> =
        judge.findings.breaches.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    write!(page, r#"<p class="no">{}</p><ul>"#, escape(&kinds.join(", ")))?;
    judge.findings.first.iter().try_for_each(|breach| write!(page, "<li>{}</li>", escape(breach)))?;
    write!(page, "</ul>")
}

fn phases(page: &mut String, outcome: &Outcome) -> Result {
    write!(
        page,
        r#"<h2>Phase by phase</h2><div class="box"><table class="phases"><tr><th>phase</th><th></th><th>deliveries/s</th>
<th>messages</th><th>lost</th><th>un&shy;answered</th><th>delivery p50</th><th>p99</th><th>p99.9</th><th>ack p99</th>
<th>resume p99</th><th>our lag p99</th><th>CPU s / M</th><th>own / M</th><th>busy</th></tr>"#
    )?;
    for (number, phase) in outcome.phases.iter().enumerate() {
        phase_row(page, phase, outcome.best == Some(number))?;
    }
    write!(
        page,
        r#"</table></div><p class="soft">Latencies in milliseconds; CPU seconds for a million deliveries.</p>"#
    )?;
    cpu_parts(page, outcome)
}

fn phase_row(page: &mut String, phase: &Phase, best: bool) -> Result {
    let ms = |latency: &crate::latency::Latency, share| match latency.count() {
        0 => "–".to_owned(),
        _ => short(latency.quantile_ms(share)),
    };
    let maybe = |figure: Option<f64>| figure.map_or("–".to_owned(), short);
    let end = match (best, phase.good) {
        (true, _) => r#"<td class="ok">the most</td>"#,
        (_, Some(true)) => r#"<td class="soft">good</td>"#,
        (_, Some(false)) => r#"<td class="soft">too much</td>"#,
        _ => "<td></td>",
    };
    write!(page, "<tr><td>{}</td>{end}", escape(&phase.name))?;
    let cells = [
        short(phase.deliveries_per_s()),
        phase.due.to_string(),
        phase.lost().to_string(),
        phase.unanswered().to_string(),
        ms(&phase.delivery, 0.5),
        ms(&phase.delivery, 0.99),
        ms(&phase.delivery, 0.999),
        ms(&phase.ack, 0.99),
        ms(&phase.resume, 0.99),
        ms(&phase.lag, 0.99),
        maybe(phase.cpu_s_per_million()),
        maybe(phase.own_cpu_s_per_million()),
        phase.machine_busy_percent.map_or("–".to_owned(), |busy| format!("{busy:.0} %")),
    ];
    cells.iter().try_for_each(|cell| write!(page, "<td>{cell}</td>"))?;
    write!(page, "</tr>")
}

fn cpu_parts(page: &mut String, outcome: &Outcome) -> Result {
    let Some(phase) = main_phase(outcome).filter(|phase| !phase.used.cpu_s.is_empty()) else { return Ok(()) };
    let (cpu_s, pss_kib) = (by_class(&phase.used.cpu_s), by_class(&phase.used.pss_kib));
    let parts = cpu_s.iter().map(|(name, cpu)| {
        let mib = pss_kib.get(name).map_or(String::new(), |kib| format!(", {} MiB", kib / 1024));
        format!("{} {cpu:.2} s{mib}", escape(name))
    });
    let parts = parts.collect::<Vec<_>>().join(" · ");
    write!(
        page,
        r#"<p class="soft">Servers in “{}”: {parts}. This program: {:.2} s.</p>"#,
        escape(&phase.name),
        phase.own_cpu_s
    )
}

fn ends(page: &mut String, outcome: &Outcome) -> Result {
    let all = [
        ("Refused commands", &outcome.refusals),
        ("Connections that ended", &outcome.ends),
        ("Attempts to get back in that failed", &outcome.failed_dials),
    ];
    for (title, counts) in all.into_iter().filter(|(_, counts)| !counts.is_empty()) {
        write!(page, r#"<h2>{title}</h2><div class="box"><table>"#)?;
        for (what, count) in counts {
            write!(page, r#"<tr><td class="wide">{}</td><td>{count}</td></tr>"#, escape(what))?;
        }
        write!(page, "</table></div>")?;
    }
    Ok(())
}

fn reading(page: &mut String, outcome: &Outcome) -> Result {
    let plan = serde_json::to_string_pretty(&outcome.plan).unwrap_or_default();
    let servers = if outcome.watched {
        "CPU is time on a CPU of whole process trees of this machine; memory is their proportional set size."
    } else {
        "No server process of this machine was watched, so there is no CPU and no memory."
    };
    write!(
        page,
        r#"<h2>How to read this</h2><ul><li>A latency begins at the moment a message was <em>due</em> by the plan, not when it
could be sent: a system that stalls is charged for everybody who waited.</li><li>A delivery is one entry handed to one
member's socket, the sender's own included.</li><li>{servers}</li><li>CPU seconds for a million deliveries and memory a
socket are robust; deliveries a second depend on the machine, which this program shares when it runs beside the servers.</li>
</ul><details><summary>The plan, for running it again</summary><div class="box"><pre>{}</pre></div></details>"#,
        escape(&plan)
    )
}
