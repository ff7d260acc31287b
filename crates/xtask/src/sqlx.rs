//! `cargo xtask sqlx`: the checked statements' data in `.sqlx/`, which lets everybody
//! build without a database. Written from the migrations on a private Postgres;
//! `--check` writes elsewhere and compares.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use local_servers::{Place, Postgres};

use crate::cargo::{cargo, must, workspace};
use crate::interrupt::Interrupt;
use crate::progress::{say, step};

/// The only crate with SQL.
const CRATE: &str = "order-actions";
const DATABASE: &str = "sqlx_prepare";

/// Writes or, with `--check`, compares.
pub fn sqlx(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("sqlx takes --check or nothing"),
    };
    let place = Place::throwaway("sqlx")?.telling(say);
    let postgres = step("Postgres", || Ok(Postgres::start(&place)?))?;
    step("Migrations", || migrate(&postgres))?;
    let fresh = place.folder().join("statements");
    step("Checking the statements", || write(&postgres, &fresh, interrupt))?;
    let committed = workspace().join(".sqlx");
    if check {
        compare(&committed, &fresh)?;
    } else {
        replace(&committed, &fresh)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// By psql: the crate that knows migrations does not compile before its statements do.
fn migrate(postgres: &Postgres) -> Result<()> {
    postgres.create_database(DATABASE)?;
    let folder = workspace().join("migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "sql"));
    files.sort();
    for file in files {
        let mut psql = postgres.psql(DATABASE);
        if !fs::read_to_string(&file)?.starts_with("-- no-transaction") {
            psql.arg("--single-transaction");
        }
        let output = psql.arg("-f").arg(&file).output().context("cannot start psql")?;
        if !output.status.success() {
            bail!("{} failed: {}", file.display(), String::from_utf8_lossy(&output.stderr));
        }
    }
    Ok(())
}

fn write(postgres: &Postgres, folder: &Path, interrupt: &Interrupt) -> Result<()> {
    fs::create_dir(folder)?;
    // The macros write while they expand, and they expand only when the crate is compiled.
    let source = workspace().join("crates").join(CRATE).join("src/lib.rs");
    File::options().append(true).open(&source)?.set_modified(SystemTime::now())?;
    let mut check = cargo();
    check.args(["check", "--quiet", "--package", CRATE, "--all-targets"]);
    check.env("DATABASE_URL", postgres.url(DATABASE));
    check.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", folder);
    must(check, interrupt)
}

fn replace(committed: &Path, fresh: &Path) -> Result<()> {
    if committed.is_dir() {
        fs::remove_dir_all(committed)?;
    }
    fs::create_dir(committed)?;
    let statements = statements(fresh)?;
    for (name, text) in &statements {
        fs::write(committed.join(name), text)?;
    }
    say(&format!("statements in .sqlx/: {}", statements.len()));
    Ok(())
}

fn compare(committed: &Path, fresh: &Path) -> Result<()> {
    let (before, after) = (statements(committed)?, statements(fresh)?);
    let drift = drift(&before, &after);
    if !drift.is_empty() {
        bail!(
            ".sqlx/ is out of step with the statements and migrations; run `cargo xtask sqlx` and commit it:\n  {}",
            drift.join("\n  ")
        );
    }
    say(&format!("statements in step: {}", after.len()));
    Ok(())
}

fn statements(folder: &Path) -> Result<BTreeMap<String, String>> {
    if !folder.is_dir() {
        return Ok(BTreeMap::new());
    }
    let files = fs::read_dir(folder)?.map(|entry| {
        let entry = entry?;
        Ok((entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path())?))
    });
    files.collect()
}

fn drift(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let missing =
        after.keys().filter(|name| !before.contains_key(*name)).map(|name| format!("missing: {name}"));
    let stale = before.keys().filter(|name| !after.contains_key(*name)).map(|name| format!("stale: {name}"));
    let changed = |name: &&String| before.get(*name).is_some_and(|text| Some(text) != after.get(*name));
    let changed = after.keys().filter(changed).map(|name| format!("changed: {name}"));
    missing.chain(stale).chain(changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_names_what_is_missing_stale_and_changed() {
        let folder = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let before = folder(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = folder(&[("b", "2"), ("c", "1"), ("d", "1")]);
        assert_eq!(drift(&before, &after), ["missing: d", "stale: a", "changed: b"]);
        assert!(drift(&before, &before).is_empty());
    }
}
