//! `cargo xtask story NAME`: plays a story (an example of `client`) on two fresh nodes.
//! The transcript goes to stdout, progress to stderr.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use local_servers::{Place, free_port};

use crate::cargo::{cargo, finish, must};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::progress::step;
use crate::stack::{Shape, Stack};

/// Plays the story named first; the other arguments go to the example.
pub fn story(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    let (name, rest) = arguments.split_first().context("which story? e.g. cargo xtask story creator")?;
    let mut build = cargo();
    build.args(["build", "-p", "client", "--example", "story"]);
    step("Building the story", || must(build, interrupt))?;
    let shape = Shape { ports: vec![free_port(), free_port()], ..Shape::default() };
    let mut stack = Stack::start(Place::throwaway("story")?, shape, interrupt)?;

    let mut play = Command::new(target_folder()?.join("debug/examples/story"));
    play.arg(name);
    for url in stack.urls() {
        play.args(["--url", &url]);
    }
    play.arg("--secret-file").arg(stack.secret_file()).args(rest);
    let status = finish(play, interrupt)?;
    stack.check()?;
    if !status.success() {
        bail!("the story {name} failed ({status})");
    }
    Ok(ExitCode::SUCCESS)
}
