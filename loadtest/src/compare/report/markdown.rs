//! A fragment for `docs/PERFORMANCE.md`.

use std::fmt::{Result, Write as _};

use super::table;
use crate::compare::{ComparePlan, Comparison};

/// Table, plots by title and file, doubts, and what it was measured on.
pub fn markdown(comparison: &Comparison, plots: &[(&str, String)]) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, comparison, plots);
    page
}

fn write_page(page: &mut String, comparison: &Comparison, plots: &[(&str, String)]) -> Result {
    writeln!(page, "{}\n", premise(comparison))?;
    let rows = table::rows(comparison);
    for (number, row) in rows.iter().enumerate() {
        writeln!(page, "| {} |", row.join(" | "))?;
        if number == 0 {
            writeln!(page, "|---|{}", "---:|".repeat(row.len() - 1))?;
        }
    }
    writeln!(
        page,
        "\nMedian of the repetitions, in brackets the lowest and the highest. *ours ÷ peer* is order-chat's median divided by the peer's.\n"
    )?;
    for (title, file) in plots {
        writeln!(page, "**{title}**\n\n![{title}]({file})\n")?;
    }
    let doubts = table::doubts(comparison);
    if !doubts.is_empty() {
        writeln!(page, "Before you quote a figure:\n")?;
        doubts.iter().try_for_each(|doubt| writeln!(page, "- {doubt}"))?;
        writeln!(page)?;
    }
    let on: Vec<_> = comparison.surroundings.iter().map(|(what, is)| format!("{what}: {is}")).collect();
    writeln!(page, "Measured on: {}.", on.join(" · "))
}

fn premise(comparison: &Comparison) -> String {
    let ComparePlan { crowd, load, ramp, nodes, repetitions, hot, .. } = &comparison.plan;
    let mut text = format!(
        "{}, order-chat-load {}: {nodes} nodes of each system, Postgres (`fsync` on) and Redis of their own, this program on \
         the same machine; {} rooms × {} members, texts of {} bytes. Fixed rate: {} messages/s for {} s. The most: steps \
         of {} s with p99 of delivery and ack within {} ms, nothing lost. {repetitions} repetitions, the systems in turn.",
        comparison.started_at.format("%Y-%m-%d"),
        comparison.tool,
        crowd.rooms,
        crowd.members,
        load.text_bytes,
        load.rate,
        load.seconds,
        ramp.step_s,
        ramp.bound_ms,
    );
    if let Some(hot) = hot {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            " Hot rooms: {} rooms × {} members, {} messages/s.",
            hot.rooms, hot.members, hot.rate
        );
    }
    text
}
