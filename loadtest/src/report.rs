//! What is left of a run: `result.json`, `junit.xml`, `report.html`, and a few lines on stdout.

mod charts;
mod html;
mod junit;
pub mod plot;
#[cfg(test)]
mod tests;
mod text;

use std::{fs, io, path::Path};

pub use text::{TELLING_SOCKETS, text};

use crate::outcome::Outcome;

/// Writes all files into a folder.
pub fn write(outcome: &Outcome, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("result.json"), serde_json::to_string(outcome).map_err(io::Error::other)?)?;
    fs::write(folder.join("junit.xml"), junit::junit(outcome))?;
    fs::write(folder.join("report.html"), html::html(outcome))
}
