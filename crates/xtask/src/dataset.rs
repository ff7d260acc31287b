//! `cargo xtask load dataset [--orders N] [ARGS…]`: a large database in a place of its own, kept for later runs, checked, and
//! every statement of the server explained on it. `--dataset N` loads nodes that stand on it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use local_servers::{Place, Postgres};

use crate::cargo::{cargo, finish, must, workspace};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::progress::{say, step};
use crate::stack::DATABASE;

/// Orders, unless told otherwise.
const ORDERS: &str = "1000000";
/// Tells a whole data set from one whose making was interrupted.
const WHOLE: &str = "whole";

/// Makes the data set unless it is there, then looks at it.
pub fn dataset(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    let program = build(interrupt)?;
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        let mut help = Command::new(&program);
        help.args(["fill", "--help"]);
        must(help, interrupt)?;
        return Ok(ExitCode::SUCCESS);
    }
    let orders = value_of("--orders", arguments).unwrap_or(ORDERS);
    let place = claim(orders)?;
    let cache_mib = cache_mib()?;
    let postgres = step("Postgres", || Ok(Postgres::start_with(&place, cache_mib)?))?;
    let whole = place.folder().join(WHOLE);
    let run = |name: &str, arguments: &[String]| {
        let mut command = Command::new(&program);
        command.arg(name).args(arguments).current_dir(workspace());
        command.env("DATABASE_URL", postgres.url(DATABASE));
        let status = finish(command, interrupt)?;
        if status.success() { Ok(()) } else { bail!("order-chat-dataset {name} failed ({status})") }
    };
    if let Ok(made_with) = fs::read_to_string(&whole) {
        say(&format!(
            "It is there, made with {made_with:?}; remove {} to make another",
            place.folder().display()
        ));
        run("sizes", &[])?;
    } else {
        // What an interrupted run left is worth nothing: this server is ours alone.
        let mut drop = postgres.psql("postgres");
        drop.args(["-c", &format!("drop database if exists {DATABASE} with (force)")]);
        must(drop, interrupt)?;
        postgres.create_database(DATABASE)?;
        run("fill", arguments)?;
        fs::write(&whole, arguments.join(" "))?;
    }
    run("check", &[])?;
    let plans = target_folder()?.join(format!("plans-{orders}.txt"));
    run("plans", &["--out".into(), plans.display().to_string()])?;
    Ok(ExitCode::SUCCESS)
}

/// The place of a data set that is whole.
pub fn existing(orders: &str) -> Result<Place> {
    let place = claim(orders)?;
    fs::metadata(place.folder().join(WHOLE))
        .with_context(|| format!("there is no such data set: cargo xtask load dataset --orders {orders}"))?;
    Ok(place)
}

/// A quarter of the machine's memory, as whoever runs a database of this size gives it.
pub fn cache_mib() -> Result<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").context("how much memory the machine has")?;
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next());
    let total_kib: u64 = total.context("/proc/meminfo has no MemTotal")?.parse()?;
    Ok(total_kib / 4 / 1024)
}

fn claim(orders: &str) -> Result<Place> {
    if orders.is_empty() || !orders.bytes().all(|b| b.is_ascii_digit()) {
        bail!("a data set is named by its number of orders, not by {orders:?}");
    }
    Ok(Place::kept(&format!("dataset-{orders}"))?.telling(say))
}

fn build(interrupt: &Interrupt) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--release", "--workspace", "--bin", "order-chat-dataset"]);
    step("Building order-chat-dataset (release)", || must(command, interrupt))?;
    Ok(target_folder()?.join("release/order-chat-dataset"))
}

/// What stands behind a flag, or after its `=`.
pub fn value_of<'a>(flag: &str, arguments: &'a [String]) -> Option<&'a str> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == flag {
            return rest.next().map(String::as_str);
        }
        if let Some(value) = argument.strip_prefix(flag).and_then(|tail| tail.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_found_in_both_forms() {
        let line = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(value_of("--orders", &line("--entries 5 --orders 7")), Some("7"));
        assert_eq!(value_of("--orders", &line("--orders=8 x")), Some("8"));
        assert_eq!(value_of("--orders", &line("--ordersx 7")), None);
    }

    #[test]
    fn a_data_set_is_a_number() {
        assert!(claim("../x").is_err() && claim("").is_err());
    }
}
