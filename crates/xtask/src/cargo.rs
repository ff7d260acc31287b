//! Cargo as a child process: with a clean environment, and gone when we are.

use std::env;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use local_servers::Process;

use crate::interrupt::Interrupt;

const POLL: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

/// `cargo` in the workspace folder, without the variables that `cargo run` set for us:
/// build scripts that watch them would run again each time.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|start| text.starts_with(start)) {
            cargo.env_remove(&name);
        }
    }
    cargo.current_dir(workspace());
    cargo
}

/// The folder of the workspace manifest.
pub fn workspace() -> &'static std::path::Path {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("this crate lies in crates/")
}

/// Runs `command` to its end, or stops its whole process group when a signal comes.
pub fn finish(command: Command, interrupt: &Interrupt) -> Result<ExitStatus> {
    finish_patiently(command, interrupt, PATIENCE)
}

/// The same for a command that has something to write down when it is stopped.
pub fn finish_patiently(command: Command, interrupt: &Interrupt, patience: Duration) -> Result<ExitStatus> {
    let what = command.get_program().to_owned();
    let mut process =
        Process::spawn(command, "TERM").with_context(|| format!("cannot start {}", what.display()))?;
    loop {
        if let Some(status) = process.ended()? {
            return Ok(status);
        }
        if interrupt.came() {
            process.stop(patience)?;
            bail!("interrupted");
        }
        thread::sleep(POLL);
    }
}

/// [`finish`], and anything but success is an error: for steps that must work.
pub fn must(command: Command, interrupt: &Interrupt) -> Result<()> {
    let status = finish(command, interrupt)?;
    if !status.success() {
        bail!("cargo failed ({status})");
    }
    Ok(())
}
