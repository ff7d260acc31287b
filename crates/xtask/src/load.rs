//! `cargo xtask load [ARGS…]`: the service as it would run, on fresh stores of its own or on a data set, with
//! `order-chat-load` against it. The limits that protect a deployment from one address are raised, and it says so. `compare` brings stores and nodes
//! of its own; here are only built the server, and what the peers need.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail};
use local_servers::{Place, free_port};

use crate::cargo::{cargo, finish, finish_patiently, must};
use crate::dataset::{cache_mib, dataset, existing};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::pnpm::install_peers;
use crate::progress::{say, step};
use crate::stack::{Shape, Stack, build};
use crate::test::raise_descriptor_limit;

/// Nodes, unless told otherwise.
const NODES: usize = 2;
/// A run that is stopped says what it measured until then, and ends what it started.
const PATIENCE: Duration = Duration::from_secs(45);

/// All participants come from one address, and a room's members are devices of two users. 0 means no limit.
const LIMITS: &[(&str, &str)] = &[
    ("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0"),
    ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "0"),
    ("ORDER_CHAT_LIMIT_CONNECTS_PER_S", "0"),
    ("ORDER_CHAT_LIMIT_SOCKETS_PER_USER", "0"),
];

/// Loads two nodes; `arguments` go to `order-chat-load` (none: `smoke`), and its exit code is ours.
pub fn load(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    raise_descriptor_limit();
    if let Some(("dataset", rest)) = arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return dataset(rest, interrupt);
    }
    let mut command = cargo();
    command.args(["build", "--release", "--workspace", "--bin", "order-chat-load"]);
    step("Building order-chat-load (release)", || must(command, interrupt))?;
    let program = target_folder()?.join("release/order-chat-load");
    let mut load = Command::new(&program);
    if arguments.first().is_some_and(|first| first == "compare") {
        return compare(load, arguments, interrupt);
    }
    if !is_a_run(arguments) {
        let status = finish(with(load, arguments), interrupt)?;
        return Ok(exit_code(status.code()));
    }
    let mut arguments = arguments.to_vec();
    let (place, cache_mib) = match take("--dataset", &mut arguments) {
        Some(orders) => (existing(&orders)?, Some(cache_mib()?)),
        None => (Place::throwaway("load")?, None),
    };
    let nodes = number("--nodes", &mut arguments)?.unwrap_or(NODES);
    let loaded = number("--loaded", &mut arguments)?.unwrap_or(nodes);
    let ports = (0..nodes).map(|_| free_port()).collect();
    let shape = Shape { ports, release: true, settings: LIMITS, cache_mib };
    let mut stack = Stack::start(place, shape, interrupt)?;
    let raised: Vec<_> = LIMITS.iter().map(|(name, value)| format!("{name}={value}")).collect();
    say(&format!("Limits raised for the load: {}", raised.join(" ")));

    if arguments.is_empty() {
        load.arg("smoke");
    }
    for url in stack.urls().into_iter().take(loaded) {
        load.args(["--url", &url]);
    }
    for (name, pid) in stack.pids() {
        load.args(["--watch-pid", &format!("{name}={pid}")]);
    }
    load.arg("--secret-file").arg(stack.secret_file());
    let status = finish_patiently(with(load, &arguments), interrupt, PATIENCE)?;
    stack.check()?;
    if status.code().is_none() {
        bail!("order-chat-load ended by itself ({status})");
    }
    Ok(exit_code(status.code()))
}

/// The server that is named, or the one of this source.
fn compare(load: Command, arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    let help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let mut command = with(load, arguments);
    if !help {
        install_peers(interrupt)?;
        if !arguments.iter().any(|argument| argument.starts_with("--order-chat")) {
            command.arg("--order-chat").arg(build(true, interrupt)?);
        }
    }
    let status = finish_patiently(command, interrupt, PATIENCE)?;
    Ok(exit_code(status.code()))
}

fn with(mut command: Command, arguments: &[String]) -> Command {
    command.args(arguments);
    command
}

/// Results are merged and drawn, and help is given, without anything to load.
fn is_a_run(arguments: &[String]) -> bool {
    const OTHERS: [&str; 6] = ["merge", "plan", "report", "help", "--help", "--version"];
    !arguments.first().is_some_and(|first| OTHERS.contains(&first.as_str()))
}

/// What stands behind a flag that is ours, not the run's; both are taken out.
fn take(flag: &str, arguments: &mut Vec<String>) -> Option<String> {
    let at = arguments.iter().position(|argument| argument == flag)?;
    let end = arguments.len().min(at + 2);
    Some(arguments.drain(at..end).nth(1).unwrap_or_default())
}

/// A number of nodes.
fn number(flag: &str, arguments: &mut Vec<String>) -> Result<Option<usize>> {
    let Some(value) = take(flag, arguments) else { return Ok(None) };
    match value.parse() {
        Ok(number @ 1..=16) => Ok(Some(number)),
        _ => bail!("{flag} takes a number from 1 to 16"),
    }
}

fn exit_code(code: Option<i32>) -> ExitCode {
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_needs_servers() {
        let is = |line: &str| is_a_run(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(is("") && is("ramp --from 500") && is("--plan mine.toml"));
        assert!(!is("merge a.json b.json") && !is("--help"));
    }

    #[test]
    fn what_is_ours_is_no_argument_of_the_run() {
        let line = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut arguments = line("browse --dataset 100 --seed 2 --nodes 3");
        assert_eq!(take("--dataset", &mut arguments).as_deref(), Some("100"));
        assert_eq!(number("--nodes", &mut arguments).unwrap(), Some(3));
        assert_eq!((number("--loaded", &mut arguments).unwrap(), arguments), (None, line("browse --seed 2")));
        assert!(
            number("--nodes", &mut line("--nodes")).is_err()
                && number("--nodes", &mut line("--nodes 0")).is_err()
        );
    }
}
