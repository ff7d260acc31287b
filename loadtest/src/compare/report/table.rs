//! The table: a row for each figure, the median and the spread for each system, and order-chat's share of each peer's.

use crate::{
    compare::{
        Comparison, System,
        summary::Summary,
        trial::{Better, FIGURES, Figure},
    },
    report::plot::short,
};

/// The first row names the columns.
pub fn rows(comparison: &Comparison) -> Vec<Vec<String>> {
    let systems = comparison.measured();
    let ours = systems.contains(&System::OrderChat);
    let peers: Vec<System> =
        systems.iter().copied().filter(|system| ours && *system != System::OrderChat).collect();
    let mut head = vec![String::new()];
    head.extend(systems.iter().map(|system| system.name().to_owned()));
    head.extend(peers.iter().map(|peer| format!("ours ÷ {}", peer.name())));
    let mut rows = vec![head];
    for figure in FIGURES {
        let summaries: Vec<_> =
            systems.iter().map(|system| comparison.summary(*system, figure.name)).collect();
        if summaries.iter().all(Option::is_none) {
            continue;
        }
        let mut row = vec![figure.says.to_owned()];
        row.extend(summaries.into_iter().map(cell));
        row.extend(peers.iter().map(|peer| ratio(comparison, *peer, *figure)));
        rows.push(row);
    }
    rows
}

fn cell(summary: Option<Summary>) -> String {
    let Some(Summary { median, least, most, .. }) = summary else { return "–".into() };
    if (most - least).abs() < f64::EPSILON {
        return short(median);
    }
    format!("{} ({}–{})", short(median), short(least), short(most))
}

fn ratio(comparison: &Comparison, peer: System, figure: Figure) -> String {
    match comparison.ratio(peer, figure).filter(|_| figure.better != Better::None) {
        Some(ratio) => format!("{ratio:.2}"),
        None => String::new(),
    }
}

/// For a terminal.
pub fn text(comparison: &Comparison) -> String {
    let rows = rows(comparison);
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..columns).map(width).collect();
    let verdict = match (comparison.interrupted, comparison.is_green()) {
        (true, _) => "STOPPED",
        (_, true) => "GREEN",
        (_, false) => "RED",
    };
    let mut text = format!("\ncompare · {verdict} · {:.1} minutes\n", comparison.minutes);
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(number, (cell, width))| match number {
            0 => format!("  {cell:<width$}"),
            _ => format!("  {cell:>width$}"),
        });
        text.push_str(cells.collect::<String>().trim_end());
        text.push('\n');
    }
    let notes = doubts(comparison).into_iter().map(|note| format!("  note  {note}\n"));
    text + &notes.collect::<String>()
}

/// What people should know when they read the figures.
pub fn doubts(comparison: &Comparison) -> Vec<String> {
    const OTHERS_PERCENT: f64 = 10.0;
    let mut doubts = comparison.notes.clone();
    let others = comparison.trials.iter().filter_map(|trial| trial.others_percent).fold(0.0, f64::max);
    if others > OTHERS_PERCENT {
        doubts.push(format!(
            "Before a trial this machine was up to {others:.0} % busy with other things: repeat it when it is quiet."
        ));
    }
    for system in comparison.measured() {
        let trials = comparison.trials.iter().filter(|trial| trial.system == system);
        let wrong: u64 = trials.clone().map(super::super::Trial::breaches).sum();
        if system == System::OrderChat && wrong > 0 {
            doubts.push(format!("The judge found {wrong} breaches in order-chat: its figures do not count."));
        }
        let count = u32::try_from(trials.count()).unwrap_or(u32::MAX);
        if count < comparison.plan.repetitions {
            doubts.push(format!(
                "{} was measured {count} times of {}.",
                system.name(),
                comparison.plan.repetitions
            ));
        }
    }
    doubts
}
