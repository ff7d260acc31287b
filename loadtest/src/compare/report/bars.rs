//! One bar for each system: the median, made of its parts, with a dot for each repetition.

use std::fmt::Write as _;

use super::{STYLE, colour};
use crate::{
    compare::Comparison,
    report::plot::{escape, short},
};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = 64.0;
const ROW: f64 = 34.0;
const TOP: f64 = 26.0;

/// Of one system.
struct Bar {
    name: &'static str,
    /// One after the other.
    parts: Vec<f64>,
    dots: Vec<f64>,
}

/// Most deliveries a second.
pub fn most(comparison: &Comparison) -> Option<String> {
    plot(&bars(comparison, "most_deliveries_per_s", &["most_deliveries_per_s"]), &[])
}

/// CPU, by class of process.
pub fn cpu(comparison: &Comparison) -> Option<String> {
    let parts = ["cpu_nodes", "cpu_postgres", "cpu_redis"];
    plot(&bars(comparison, "cpu", &parts), &["nodes", "Postgres", "Redis"])
}

fn bars(comparison: &Comparison, whole: &str, parts: &[&str]) -> Vec<Bar> {
    let bar = |system| {
        let part = |name: &&str| comparison.summary(system, name).map_or(0.0, |summary| summary.median);
        let parts = parts.iter().map(part).collect();
        Bar { name: system.name(), parts, dots: comparison.values(system, whole) }
    };
    comparison.measured().into_iter().map(bar).filter(|bar| !bar.dots.is_empty()).collect()
}

fn plot(bars: &[Bar], legend: &[&str]) -> Option<String> {
    let longest = bars.iter().flat_map(|bar| bar.dots.iter().copied().chain([bar.parts.iter().sum()]));
    let longest = longest.reduce(f64::max).filter(|longest| *longest > 0.0)?;
    let rows = f64::from(u32::try_from(bars.len()).unwrap_or(u32::MAX));
    let height = TOP + rows * ROW + 8.0;
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"><style>{STYLE}</style>"#
    );
    // Writing to a string cannot fail.
    let _ = write_legend(&mut out, legend);
    for (number, bar) in (0_u32..).zip(bars) {
        let y = TOP + f64::from(number) * ROW;
        let _ = write_bar(&mut out, bar, y, |value| value / longest * (WIDTH - LEFT - RIGHT));
    }
    Some(out + "</svg>\n")
}

fn write_legend(out: &mut String, legend: &[&str]) -> std::fmt::Result {
    for (number, name) in (0_u32..).zip(legend) {
        let x = LEFT + f64::from(number) * 110.0;
        let class = colour(number as usize);
        write!(out, r#"<rect class="f{class}" x="{x}" y="6" width="10" height="10" rx="2"/>"#)?;
        write!(out, r#"<text x="{}" y="15">{}</text>"#, x + 15.0, escape(name))?;
    }
    Ok(())
}

fn write_bar(out: &mut String, bar: &Bar, y: f64, wide: impl Fn(f64) -> f64) -> std::fmt::Result {
    write!(
        out,
        r#"<text x="{}" y="{}" text-anchor="end">{}</text>"#,
        LEFT - 8.0,
        y + 17.0,
        escape(bar.name)
    )?;
    let mut x = LEFT;
    for (number, part) in bar.parts.iter().enumerate() {
        let (class, width) = (colour(number), wide(*part));
        write!(out, r#"<rect class="f{class}" x="{x:.1}" y="{y}" width="{width:.1}" height="22" rx="2"/>"#)?;
        x += width;
    }
    for dot in &bar.dots {
        write!(out, r#"<circle class="dot" cx="{:.1}" cy="{}" r="2.5"/>"#, LEFT + wide(*dot), y + 11.0)?;
    }
    let end = bar.dots.iter().map(|dot| LEFT + wide(*dot)).fold(x, f64::max);
    let whole: f64 = bar.parts.iter().sum();
    write!(out, r#"<text x="{:.1}" y="{}">{}</text>"#, end + 6.0, y + 16.0, short(whole))
}
