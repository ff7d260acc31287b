//! `cargo xtask …`: everything a developer or CI sets up, in one place.
//!
//! Owns private servers, builds and child processes while a task runs, and leaves none
//! of them behind. Knows the other crates only by their commands, never as code.

mod accounts;
mod app;
mod cargo;
mod dataset;
mod interrupt;
mod load;
mod metadata;
mod nodes;
mod peers;
mod pnpm;
mod progress;
#[cfg(test)]
mod promises;
mod run;
mod s3;
mod sqlx;
mod stack;
mod story;
mod test;
mod vitest;
mod walls;
mod web;

use std::env;
use std::process::ExitCode;

use anyhow::Result;

use crate::interrupt::Interrupt;

const USAGE: &str = "\
cargo xtask run [--release] [--fresh] [--seconds N]
                               private Postgres and Redis, two nodes, demo accounts, and
                               the browser application where there is Node
cargo xtask test [ARGS…]       every test, with private servers; ARGS go to cargo test,
                               and a chosen package or filter leaves the web client, the peers and S3 out
cargo xtask s3                 the files' suite on s3s-fs, a server that speaks S3
cargo xtask web build          the browser application, which the next build of order-chat takes in
cargo xtask web check [ARGS…]  the web client alone; ARGS go to its test runner
cargo xtask story NAME [ARGS…] play a story on two nodes and print it, e.g. creator
cargo xtask load [ARGS…]       load two release nodes and judge them: smoke, steady, ramp, idle, storm,
                               big-room, orders, browse, soak; ARGS go to order-chat-load (see loadtest/);
                               --nodes N starts N of them, of which only the first are loaded with --loaded N
cargo xtask load compare [ARGS…]
                               order-chat beside its peers, two nodes each, in turn: at most 15 minutes
cargo xtask load dataset [--orders N] [--entries M] [ARGS…]
                               a large database, kept under target/: made, checked, every statement explained;
                               any other run takes --dataset N to stand on it
cargo xtask sqlx [--check]     write .sqlx/ from the migrations and statements, or compare
cargo xtask walls              which crate may depend on which";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match task(&arguments) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn task(arguments: &[String]) -> Result<ExitCode> {
    let Some((name, rest)) = arguments.split_first() else { return Ok(usage()) };
    // Before anything is started, so that nothing started can be left behind.
    let interrupt = Interrupt::listen()?;
    let outcome = match name.as_str() {
        "run" => run::run(rest, &interrupt),
        "test" => test::test(rest, &interrupt),
        "story" => story::story(rest, &interrupt),
        "load" => load::load(rest, &interrupt),
        "sqlx" => sqlx::sqlx(rest, &interrupt),
        "s3" => s3::check(&interrupt).map(|()| ExitCode::SUCCESS),
        "walls" => walls::walls(),
        "web" => web::web(rest, &interrupt),
        _ => return Ok(usage()),
    };
    if interrupt.came() { Ok(ExitCode::from(130)) } else { outcome }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
