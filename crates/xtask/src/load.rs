//! `cargo xtask load [ARGS…]`: the service as it would run, on fresh stores of its own, with `order-chat-load` against
//! it. The limits that protect a deployment from one address are raised, and it says so. `compare` brings stores and nodes
//! of its own; here are only built the server, and what the peers need.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail};
use local_servers::{Place, free_port};

use crate::cargo::{cargo, finish, finish_patiently, must};
use crate::dataset::{dataset, existing};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::pnpm::install_peers;
use crate::progress::{say, step};
use crate::stack::{Shape, Stack, build};
use crate::test::raise_descriptor_limit;

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
    command.args(["build", "--release", "-p", "loadtest", "--bin", "order-chat-load"]);
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
    let (on, arguments) = without_dataset(arguments);
    let place = on.map_or_else(|| Ok(Place::throwaway("load")?), |orders| existing(&orders))?;
    let shape = Shape { ports: vec![free_port(), free_port()], release: true, settings: LIMITS };
    let mut stack = Stack::start(place, shape, interrupt)?;
    let raised: Vec<_> = LIMITS.iter().map(|(name, value)| format!("{name}={value}")).collect();
    say(&format!("Limits raised for the load: {}", raised.join(" ")));

    if arguments.is_empty() {
        load.arg("smoke");
    }
    for url in stack.urls() {
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

/// The data set that the nodes stand on, and the arguments of the run itself.
fn without_dataset(arguments: &[String]) -> (Option<String>, Vec<String>) {
    let Some(at) = arguments.iter().position(|argument| argument == "--dataset") else {
        return (None, arguments.to_vec());
    };
    let orders = arguments.get(at + 1).cloned().unwrap_or_default();
    let rest = arguments.iter().enumerate().filter(|(i, _)| *i != at && *i != at + 1);
    (Some(orders), rest.map(|(_, argument)| argument.clone()).collect())
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
    fn the_data_set_is_no_argument_of_the_run() {
        let line = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            without_dataset(&line("browse --dataset 100 --seed 2")),
            (Some("100".into()), line("browse --seed 2"))
        );
        assert_eq!(without_dataset(&line("ramp")), (None, line("ramp")));
    }
}
