//! `cargo xtask run`: the service on this machine until Ctrl-C. Orders, accounts and
//! secrets are found again by the next run; `--fresh` starts over.

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use local_servers::Place;

use crate::interrupt::Interrupt;
use crate::nodes::port_or_free;
use crate::stack::{Shape, Stack};
use crate::{accounts, app};

const POLL: Duration = Duration::from_millis(100);

#[derive(Debug, Default, PartialEq)]
struct Options {
    release: bool,
    fresh: bool,
    stop_after: Option<Duration>,
}

/// Serves until a signal comes, the time given is over, or a part dies.
pub fn run(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    let options = parse(arguments)?;
    app::bring(interrupt)?;
    interrupt.check()?;
    let place = if options.fresh { Place::throwaway("run-fresh") } else { Place::kept("run") }?;
    let ports = vec![port_or_free(8080), port_or_free(8081)];
    let shape = Shape { ports, release: options.release, ..Shape::default() };
    let mut stack = Stack::start(place, shape, interrupt)?;
    println!("{}", greeting(&stack)?);
    let end = options.stop_after.map(|after| Instant::now() + after);
    while !interrupt.came() && end.is_none_or(|end| Instant::now() < end) {
        stack.check()?;
        thread::sleep(POLL);
    }
    eprintln!("== Stopping");
    Ok(ExitCode::SUCCESS)
}

fn greeting(stack: &Stack) -> Result<String> {
    let accounts = accounts::describe(|| stack.order_chat())?;
    let urls = stack.urls();
    let page = if app::is_built() { "demo" } else { "" };
    Ok(format!(
        "\nDemo accounts (bearer tokens, 12 hours; secret in {}):\n{accounts}\
         Logs: {}/*.log\nNodes: {}\n\nOpen {}/{page} (Ctrl-C ends everything)",
        stack.secret_file().display(),
        stack.folder().display(),
        urls.join(" "),
        urls[0],
    ))
}

fn parse(arguments: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--release" => options.release = true,
            "--fresh" => options.fresh = true,
            "--seconds" => {
                let number = arguments.next().and_then(|text| text.parse().ok());
                options.stop_after = Some(Duration::from_secs(number.context("--seconds needs a number")?));
            }
            other => bail!("{other} is unknown to run (see cargo xtask)"),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_or_refused() {
        let stop_after = Some(Duration::from_secs(5));
        assert_eq!(parsed("").unwrap(), Options::default());
        assert_eq!(
            parsed("--release --seconds 5 --fresh").unwrap(),
            Options { release: true, fresh: true, stop_after }
        );
        assert!(parsed("--seconds").is_err() && parsed("--seconds five").is_err() && parsed("-x").is_err());
    }
}
