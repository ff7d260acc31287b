//! What is left of a comparison: `compare.json`, a fragment of Markdown with plots beside it, and a table on stdout.

mod bars;
mod curves;
mod markdown;
mod table;

use std::{fs, io, path::Path};

use super::Comparison;

pub use table::text;

/// Writes the JSON into `folder`, and the Markdown where it is wanted; its plots are files beside it, named after it.
pub fn write(comparison: &Comparison, folder: &Path, markdown: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("compare.json"), serde_json::to_string(comparison).map_err(io::Error::other)?)?;
    let stem = markdown.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let beside = markdown.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(beside)?;
    let mut plots = Vec::new();
    for (name, title, svg) in plots_of(comparison) {
        let file = format!("{stem}-{name}.svg");
        fs::write(beside.join(&file), svg)?;
        plots.push((title, file));
    }
    fs::write(markdown, markdown::markdown(comparison, &plots))
}

pub(super) fn plots_of(comparison: &Comparison) -> Vec<(&'static str, &'static str, String)> {
    let plots = [
        ("most", "Most deliveries a second within the bound", bars::most(comparison)),
        ("cpu", "CPU seconds for a million deliveries at the fixed rate", bars::cpu(comparison)),
        ("ramp", "p99 over what is carried", curves::ramp(comparison)),
        ("latency", "Latency of a delivery at the fixed rate", curves::latency(comparison)),
    ];
    plots.into_iter().filter_map(|(name, title, svg)| Some((name, title, svg?))).collect()
}

/// The style of a plot that stands alone: readable on light and dark pages, without a background of its own.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#333}.soft{fill:#777}.grid{stroke:#8884}.dot{fill:#333}\
.bound{stroke:#c33;stroke-dasharray:4 3}path{fill:none;stroke-width:2}\
.f0{fill:#2a78d6}.f1{fill:#e08a1e}.f2{fill:#3a9d5d}.f3{fill:#9b59b6}\
.l0{stroke:#2a78d6}.l1{stroke:#e08a1e}.l2{stroke:#3a9d5d}.l3{stroke:#9b59b6}\
@media(prefers-color-scheme:dark){text{fill:#ddd}.soft{fill:#999}.dot{fill:#ddd}}";

/// The class number of a colour.
fn colour(number: usize) -> usize {
    number % 4
}
