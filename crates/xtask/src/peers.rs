//! The peers that `order-chat-load compare` starts: that they still answer our participants.

use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{cargo, finish, must, workspace};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::pnpm::install_peers;
use crate::progress::step;
use crate::stack::build;

/// Compares all systems for a few seconds, debug builds; an error if one of them cannot be measured.
pub fn check(interrupt: &Interrupt) -> Result<()> {
    install_peers(interrupt)?;
    let order_chat = build(false, interrupt)?;
    let mut load = cargo();
    load.args(["build", "--workspace", "--bin", "order-chat-load"]);
    step("Building order-chat-load (debug)", || must(load, interrupt))?;
    let target = target_folder()?;
    let mut command = Command::new(target.join("debug/order-chat-load"));
    command.args(["compare", "--quiet", "--plan"]).arg(workspace().join("loadtest/plans/compare-smoke.toml"));
    command.arg("--order-chat").arg(order_chat).arg("--out").arg(target.join("peers-check"));
    let status = step("Peers: a short comparison", || finish(command, interrupt))?;
    if !status.success() {
        bail!("the peers cannot be compared ({status})");
    }
    Ok(())
}
