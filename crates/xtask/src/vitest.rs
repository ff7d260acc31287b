//! What Vitest wrote of its runs: which tests failed, and which passed at their second attempt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Where each package of the web client keeps its results, seen from the package.
pub const RESULTS: &str = "node_modules/.vitest/results.json";

/// Each is `file: test: the first line of its error`.
#[derive(Debug, Default, PartialEq)]
pub struct Verdicts {
    pub failed: Vec<String>,
    /// Passed, but not at once.
    pub repeated: Vec<String>,
}

/// Removes what an earlier run left, so that nothing of it is taken for this one's.
pub fn forget(packages: &Path) -> Result<()> {
    for results in results_in(packages)? {
        if results.exists() {
            fs::remove_file(&results).with_context(|| format!("cannot remove {}", results.display()))?;
        }
    }
    Ok(())
}

/// Of every package that came to its end.
pub fn read(packages: &Path) -> Result<Verdicts> {
    let mut verdicts = Verdicts::default();
    for results in results_in(packages)? {
        let Ok(text) = fs::read_to_string(&results) else { continue };
        let run =
            serde_json::from_str(&text).with_context(|| format!("cannot read {}", results.display()))?;
        verdicts.add(&run);
    }
    Ok(verdicts)
}

fn results_in(packages: &Path) -> Result<Vec<PathBuf>> {
    let folders = fs::read_dir(packages).with_context(|| format!("cannot list {}", packages.display()))?;
    folders.map(|folder| Ok(folder?.path().join(RESULTS))).collect()
}

impl Verdicts {
    fn add(&mut self, run: &Value) {
        for file in list(&run["testResults"]) {
            let path = file["name"].as_str().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default();
            let tests = list(&file["assertionResults"]);
            for test in tests {
                let errors = list(&test["failureMessages"]);
                let line = line(name, test["fullName"].as_str(), errors.first().and_then(Value::as_str));
                match test["status"].as_str() {
                    Some("failed") => self.failed.push(line),
                    Some("passed") if !errors.is_empty() => self.repeated.push(line),
                    _ => {}
                }
            }
            // A file whose preparation failed has no test that did.
            let told = tests.iter().any(|test| test["status"] == "failed");
            if file["status"] == "failed" && !told {
                self.failed.push(line(name, None, file["message"].as_str()));
            }
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn line(file: &str, test: Option<&str>, error: Option<&str>) -> String {
    let why = error.and_then(|text| text.lines().next()).unwrap_or_default();
    [file, test.unwrap_or_default(), why]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_failed_and_what_was_repeated_are_told_apart() {
        let mut verdicts = Verdicts::default();
        verdicts.add(&json!({ "testResults": [
            { "name": "/there/tests/a.test.ts", "status": "failed", "message": "", "assertionResults": [
                { "fullName": "one", "status": "passed", "failureMessages": [] },
                { "fullName": "two", "status": "passed", "failureMessages": ["late\nat line 3"] },
                { "fullName": "three", "status": "failed", "failureMessages": ["wrong\nat line 4", "wrong"] },
            ] },
            { "name": "/there/tests/b.test.ts", "status": "failed", "message": "no order", "assertionResults": [
                { "fullName": "one", "status": "skipped", "failureMessages": [] },
            ] },
        ] }));
        assert_eq!(verdicts.repeated, ["a.test.ts: two: late"]);
        assert_eq!(verdicts.failed, ["a.test.ts: three: wrong", "b.test.ts: no order"]);
    }
}
