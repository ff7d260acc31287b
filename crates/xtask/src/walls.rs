//! `cargo xtask walls`: which crate may depend on which, read from `cargo metadata` and
//! compared with the table below, which is the one of `docs/ARCHITECTURE.md`.

mod graph;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::metadata::metadata;
use crate::progress::say;
use graph::Crate;

/// The arrows between our crates. A new arrow, like a new crate, is a decision with a
/// sentence in `docs/ARCHITECTURE.md`. Tests may reach further (dev-dependencies).
const ARROWS: &[(&str, &[&str])] = &[
    ("order-domain", &[]),
    ("order-actions", &["order-domain"]),
    ("protocol", &["order-domain"]),
    ("fanout", &["order-domain"]),
    ("files", &[]),
    ("gateway", &["order-domain", "order-actions", "protocol", "fanout", "files"]),
    ("dataset", &["order-domain", "order-actions"]),
    ("client", &["protocol"]),
    ("loadtest", &["client", "protocol", "local-servers"]),
    ("local-servers", &[]),
    ("xtask", &["local-servers"]),
];

/// A technology, and the crates that may name it: one, but for the socket of a participant, which the load harness
/// drives leaner than an application would, and for the data set, which fills tables as no store should be able to.
const ROOMS: &[(&str, &[&str])] = &[
    ("sqlx", &["order-actions", "dataset"]),
    ("redis", &["fanout"]),
    ("object_store", &["files"]),
    ("axum", &["gateway"]),
    ("dashmap", &["gateway"]),
    ("tokio-tungstenite", &["client", "loadtest"]),
];

/// What must not be inside a crate even through others.
const CLEAN: &[(&str, &[&str])] = &[
    ("order-domain", &["tokio", "sqlx", "redis", "axum", "rand"]),
    ("protocol", &["tokio", "sqlx", "redis", "axum", "rand"]),
    ("order-actions", &["redis", "axum"]),
    ("fanout", &["sqlx", "axum"]),
    ("files", &["sqlx", "redis", "axum"]),
    ("dataset", &["redis", "axum"]),
    ("client", &["sqlx", "redis", "axum"]),
    ("loadtest", &["sqlx", "redis", "axum"]),
    ("xtask", &["tokio"]),
];

/// The crate whose tests, too, know neither IO nor a runtime.
const PURE: &str = "order-domain";

/// Fails with a sentence for each breach.
pub fn walls() -> Result<ExitCode> {
    let crates = graph::read(&metadata(true)?)?;
    let breaches = breaches(&crates);
    if !breaches.is_empty() {
        bail!("the walls are breached:\n  {}", breaches.join("\n  "));
    }
    say(&format!("{} crates keep their walls", crates.len()));
    Ok(ExitCode::SUCCESS)
}

fn breaches(crates: &[Crate]) -> Vec<String> {
    let rules = [unknown_crates, arrows, rooms, cleanliness, pure_tests];
    rules.iter().flat_map(|rule| rule(crates)).collect()
}

fn unknown_crates(crates: &[Crate]) -> Vec<String> {
    let unknown = crates.iter().filter(|c| arrows_of(&c.name).is_none());
    unknown.map(|c| format!("{} has no row in the table of arrows", c.name)).collect()
}

fn arrows(crates: &[Crate]) -> Vec<String> {
    let mut found = Vec::new();
    for krate in crates {
        let allowed = arrows_of(&krate.name).unwrap_or_default();
        for other in crates.iter().filter(|other| krate.uses.contains(&other.name)) {
            if !allowed.contains(&other.name.as_str()) {
                found.push(format!("{} must not depend on {}", krate.name, other.name));
            }
        }
    }
    found
}

fn rooms(crates: &[Crate]) -> Vec<String> {
    let mut found = Vec::new();
    for (technology, homes) in ROOMS {
        for krate in crates.iter().filter(|c| !homes.contains(&c.name.as_str())) {
            for used in krate.uses.iter().filter(|used| is_of_family(used, technology)) {
                found.push(format!("{} must not use {used}: it lives in {}", krate.name, homes.join(", ")));
            }
        }
    }
    found
}

fn cleanliness(crates: &[Crate]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, kept_out) in CLEAN {
        for krate in crates.iter().filter(|c| c.name == *name) {
            for inside in kept_out.iter().filter(|out| krate.contains.contains(**out)) {
                found.push(format!("{name} must not contain {inside}, not even through another crate"));
            }
        }
    }
    found
}

fn pure_tests(crates: &[Crate]) -> Vec<String> {
    let mut found = Vec::new();
    for krate in crates.iter().filter(|c| c.name == PURE) {
        for technology in ["tokio", "sqlx", "redis", "axum"] {
            for used in krate.tests_use.iter().filter(|used| is_of_family(used, technology)) {
                found.push(format!("the tests of {PURE} must not use {used}"));
            }
        }
    }
    found
}

fn arrows_of(name: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

/// `sqlx` and `sqlx-postgres`, not `sqlxx`.
fn is_of_family(used: &str, technology: &str) -> bool {
    used.strip_prefix(technology).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
