//! pnpm, brought in under `target/` with the Node that is there: nothing is installed globally.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::cargo::{finish, workspace};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::progress::step;

/// The one that both workspaces' `package.json` name.
const PNPM: &str = "10.34.9";
/// What Vite 8 asks for.
const NODE: (u32, u32) = (20, 19);

/// An error says what to install.
pub fn require_node() -> Result<()> {
    let wanted = format!("the web client needs Node {}.{} or newer with npm", NODE.0, NODE.1);
    let Ok(output) = Command::new("node").arg("--version").output() else {
        bail!("{wanted}, and there is none on PATH: install it, or choose crates with -p");
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !is_new_enough(&version) {
        bail!("{wanted}; the one on PATH is {version}");
    }
    Ok(())
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    parts.next().zip(parts.next()).is_some_and(|found| found >= NODE)
}

/// The packages of the peers that `order-chat-load compare` starts.
pub fn install_peers(interrupt: &Interrupt) -> Result<()> {
    require_node()?;
    let pnpm = Pnpm::bring("loadtest/peers", interrupt)?;
    step("Peers: packages", || {
        pnpm.run("packages", &["install", "--frozen-lockfile", "--reporter=silent"], interrupt)
    })
}

/// pnpm as a script under `target/`, working in a folder.
pub struct Pnpm {
    script: PathBuf,
    folder: PathBuf,
}

impl Pnpm {
    /// Installs it once: npm itself cannot keep the lock (it leaves out other platforms' packages).
    pub fn bring(folder: &str, interrupt: &Interrupt) -> Result<Self> {
        let tools = target_folder()?.join("web-tools");
        let package = tools.join("node_modules/pnpm");
        if installed(&package).as_deref() != Some(PNPM) {
            fs::create_dir_all(&tools).with_context(|| format!("cannot create {}", tools.display()))?;
            let mut npm = Command::new("npm");
            npm.arg("install").arg("--prefix").arg(&tools).arg(format!("pnpm@{PNPM}"));
            npm.args(["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
            let status = step(&format!("pnpm {PNPM}"), || finish(npm, interrupt))?;
            if !status.success() {
                bail!("npm could not bring pnpm {PNPM} ({status})");
            }
        }
        Ok(Self { script: package.join("bin/pnpm.cjs"), folder: workspace().join(folder) })
    }

    /// pnpm with these arguments, in its folder.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("node");
        command.arg(&self.script).args(arguments).current_dir(&self.folder);
        // Nobody is there to answer questions, and a child that reads a terminal from the background is stopped.
        command.env("CI", "true").stdin(Stdio::null());
        command
    }

    /// Runs it to its end; an error says `what` failed.
    pub fn run(&self, what: &str, arguments: &[&str], interrupt: &Interrupt) -> Result<()> {
        let status = finish(self.command(arguments), interrupt)?;
        if !status.success() {
            bail!("{what} failed in {} ({status})", self.folder.display());
        }
        Ok(())
    }
}

fn installed(package: &Path) -> Option<String> {
    let text = fs::read_to_string(package.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    manifest["version"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_told_apart() {
        assert!(is_new_enough("v20.19.0") && is_new_enough("v22.0.1") && is_new_enough("v20.20.2"));
        assert!(!is_new_enough("v20.18.9") && !is_new_enough("v18.99.0") && !is_new_enough(""));
    }

    #[test]
    fn pnpm_is_the_one_that_the_workspaces_name() {
        for folder in ["web-client", "loadtest/peers"] {
            let manifest = fs::read_to_string(workspace().join(folder).join("package.json")).unwrap();
            assert!(manifest.contains(&format!("\"packageManager\": \"pnpm@{PNPM}\"")), "{folder}");
        }
    }
}
