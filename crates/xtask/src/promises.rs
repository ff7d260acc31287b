//! The table of promises in `docs/ARCHITECTURE.md` names tests: each of them is there, under that name.

use std::fs;

use crate::cargo::workspace;

/// Rows of the tables with a file of ours and names of tests: `| … | crate/tests/….rs | `a`, `b` |`.
fn named(document: &str) -> Vec<(&str, Vec<&str>)> {
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, _, file, tests, _] = cells[..] else { return None };
        let is_rust = std::path::Path::new(file).extension().is_some_and(|extension| extension == "rs");
        is_rust.then(|| (file, tests.split('`').skip(1).step_by(2).collect()))
    });
    rows.collect()
}

#[test]
fn every_test_that_proves_a_promise_is_there() {
    let read = |path: &str| {
        fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let document = read("docs/ARCHITECTURE.md");
    let named = named(&document);
    for promise in
        (1..=15).map(|number| format!("| G{number} |")).chain((1..=6).map(|number| format!("| D{number} ")))
    {
        assert!(document.contains(&promise), "{promise} is not in the tables");
    }
    assert!(named.len() > 30, "the tables are read");
    for (file, tests) in named {
        let source = read(&format!("crates/{file}"));
        assert!(!tests.is_empty(), "{file} is named without a test");
        for test in tests {
            assert!(source.contains(&format!("fn {test}(")), "{file} has no test {test}");
        }
    }
}
