//! `cargo xtask web check`: the web client's layout, types and tests. Its tests talk to two
//! real nodes, started here. `cargo xtask web build`: the browser application.

use std::process::ExitCode;

use anyhow::{Result, bail};
use local_servers::{Place, free_port};

use crate::app;
use crate::cargo::{finish, workspace};
use crate::interrupt::Interrupt;
use crate::pnpm::{Pnpm, require_node};
use crate::progress::{say, step};
use crate::stack::{Shape, Stack};
use crate::vitest;

/// A room of 10,000 entries is made by two people.
const LIMITS: &[(&str, &str)] =
    &[("ORDER_CHAT_LIMIT_COMMANDS_PER_S", "0"), ("ORDER_CHAT_LIMIT_FRAMES_PER_S", "0")];

/// `build`, or `check`, and what follows goes to the test runner.
pub fn web(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    match arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("build", [])) => app::build(interrupt)?,
        Some(("check", rest)) => check(rest, interrupt)?,
        _ => bail!("web takes build or check (see cargo xtask)"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything that must hold of the web client; an error says which part does not.
pub fn check(arguments: &[String], interrupt: &Interrupt) -> Result<()> {
    require_node()?;
    let pnpm = Pnpm::bring("web-client", interrupt)?;
    let run = |what: &str, arguments: &[&str]| {
        step(&format!("Web client: {what}"), || pnpm.run(what, arguments, interrupt))
    };
    run("packages", &["install", "--frozen-lockfile"])?;
    run("format and lint", &["run", "lint"])?;
    run("types", &["--recursive", "run", "types"])?;
    run("build", &["--recursive", "run", "build"])?;
    app::complete(interrupt)?;
    test(&pnpm, arguments, interrupt)
}

fn test(pnpm: &Pnpm, arguments: &[String], interrupt: &Interrupt) -> Result<()> {
    let chromium = step("Chromium", || Ok(local_servers::chromium(say)?))?;
    let shape = Shape { ports: vec![free_port(), free_port()], settings: LIMITS, ..Shape::default() };
    let mut stack = Stack::start(Place::throwaway("web")?, shape, interrupt)?;
    let packages = workspace().join("web-client/packages");
    vitest::forget(&packages)?;
    // One package after the other: a Chromium wants the machine for itself.
    let mut command = pnpm.command(["--recursive", "--workspace-concurrency=1", "run", "test"]);
    command.args(["--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", vitest::RESULTS)).args(arguments);
    command.env("ORDER_CHAT_TEST_URLS", stack.urls().join(","));
    command.env("ORDER_CHAT_TEST_SECRET_FILE", stack.secret_file());
    command.env("ORDER_CHAT_CHROMIUM", chromium);
    let status = step("Web client: tests", || finish(command, interrupt))?;
    // A node that died says more than the tests that missed it.
    stack.check()?;
    let verdicts = vitest::read(&packages)?;
    for test in &verdicts.repeated {
        say(&format!("passed at the second attempt only: {test}"));
    }
    if !status.success() {
        let failed = if verdicts.failed.is_empty() {
            "an error outside of any test, see above".to_owned()
        } else {
            verdicts.failed.join("\n")
        };
        bail!("the web client's tests failed ({status})\n{failed}");
    }
    Ok(())
}
