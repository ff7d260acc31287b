//! The browser application: built before the gateway that serves it, and only when its sources changed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use crate::cargo::{finish, workspace};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::pnpm::{Pnpm, require_node};
use crate::progress::{say, step};

/// No sources: what was installed or built.
const NO_SOURCES: [&str; 3] = ["node_modules", "dist", "tests"];
/// Release builds compile the application in by a macro, which runs only when this file is compiled.
const EMBEDS: &str = "crates/gateway/src/http/app/bundle.rs";

/// For a run: a machine that cannot build it is told so, and does without.
pub fn bring(interrupt: &Interrupt) -> Result<()> {
    if !is_here() || is_fresh()? {
        return Ok(());
    }
    if let Err(error) = require_node() {
        say(&format!("{error}; going on without the browser application"));
        return Ok(());
    }
    build(interrupt)
}

/// Builds it, whether or not it was.
pub fn build(interrupt: &Interrupt) -> Result<()> {
    if !is_here() {
        bail!("there is no browser application in web-client/packages/app");
    }
    require_node()?;
    let pnpm = Pnpm::bring("web-client", interrupt)?;
    step("Browser application", || {
        pnpm.run("packages", &["install", "--frozen-lockfile", "--reporter=silent"], interrupt)?;
        let quiet = ["--logLevel", "warn"];
        let build = ["--silent", "--filter", "./packages/app", "run", "build"];
        pnpm.run("build", &[&build[..], &quiet].concat(), interrupt)?;
        complete(interrupt)
    })
}

/// What follows on every build of it: compressed files beside the plain ones, and a note of what it was built from.
pub fn complete(interrupt: &Interrupt) -> Result<()> {
    if !is_here() {
        return Ok(());
    }
    let mut compress = Command::new("node");
    compress.arg("scripts/compress.mjs").arg(built()).current_dir(workspace().join("web-client"));
    if !finish(compress, interrupt)?.success() {
        bail!("the browser application could not be compressed");
    }
    if !is_fresh()? {
        File::options().append(true).open(workspace().join(EMBEDS))?.set_modified(SystemTime::now())?;
        fs::write(note()?, digest()?).context("cannot note what the browser application was built from")?;
    }
    Ok(())
}

/// Whether there is one to open.
pub fn is_built() -> bool {
    built().join("index.html").is_file()
}

fn is_here() -> bool {
    workspace().join("web-client/packages/app/package.json").is_file()
}

fn is_fresh() -> Result<bool> {
    let noted = fs::read_to_string(note()?).unwrap_or_default();
    Ok(is_built() && noted == digest()?)
}

fn built() -> PathBuf {
    workspace().join("web-client/packages/app/dist")
}

fn note() -> Result<PathBuf> {
    Ok(target_folder()?.join("web-app-sources"))
}

fn digest() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    let folder = workspace().join("web-client");
    for path in sources(&folder).context("cannot read the web client's sources")? {
        path.hash(&mut hasher);
        fs::read(folder.join(&path))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Files below `folder` by their path in it.
fn sources(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![PathBuf::new()]);
    while let Some(inside) = waiting.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let (entry, kind) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind)))?;
            let path = inside.join(entry.file_name());
            if kind.is_dir() && !NO_SOURCES.iter().any(|name| entry.file_name() == *name) {
                waiting.push(path);
            } else if kind.is_file() {
                found.insert(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_installed_or_built_is_no_source() {
        let found = sources(&workspace().join("web-client")).unwrap();
        assert!(
            found.contains(Path::new("package.json")) && found.contains(Path::new("scripts/compress.mjs"))
        );
        let strange = |path: &&PathBuf| path.iter().any(|part| NO_SOURCES.iter().any(|name| part == *name));
        assert_eq!(found.iter().find(strange), None);
    }

    #[test]
    fn the_file_that_embeds_is_there() {
        assert!(workspace().join(EMBEDS).is_file());
    }
}
