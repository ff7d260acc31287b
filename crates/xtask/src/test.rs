//! `cargo xtask test`: the checks of the web client, of the peers and of files in a bucket, then every test of the
//! workspace against one private Postgres and one private Redis. Tests that kill servers start their own with
//! `local-servers`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use local_servers::{Place, Postgres, Redis, log_tail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::cargo::{cargo, finish};
use crate::interrupt::Interrupt;
use crate::progress::{say, step};
use crate::{peers, s3, web};

/// Thousands of sockets live in one test process.
const DESCRIPTORS: u64 = 65_536;

/// Runs the tests; `arguments` go to `cargo test` (`-p crate`, a filter, `-- --nocapture`).
pub fn test(arguments: &[String], interrupt: &Interrupt) -> Result<ExitCode> {
    raise_descriptor_limit();
    // First, so that the last words are those of cargo's test runner; a failure is kept for then.
    let beside = if is_everything(arguments) { beside(interrupt) } else { Ok(()) };
    interrupt.check()?;
    let mut servers = step("Postgres and Redis", Servers::start)?;
    interrupt.check()?;
    eprintln!("== cargo test");
    let status = finish(servers.cargo_test(arguments), interrupt)?;
    if status.success() {
        beside?;
    } else {
        servers.tell_of_a_death();
    }
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// What cargo does not test. Each is tried, and told of at once; the error tells it again, after cargo's many lines.
fn beside(interrupt: &Interrupt) -> Result<()> {
    let mut failed = Vec::new();
    let all = [
        ("web client", web::check(&[], interrupt)),
        ("peers", peers::check(interrupt)),
        ("files in a bucket", s3::check(interrupt)),
    ];
    for (name, outcome) in all {
        if let Err(error) = outcome {
            eprintln!("error: {error:#}");
            failed.push(format!("the checks of the {name} failed: {error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

struct Servers {
    postgres: Postgres,
    redis: Redis,
}

impl Servers {
    fn start() -> Result<Self> {
        let place = Place::throwaway("test")?.telling(say);
        Ok(Self { postgres: Postgres::start(&place)?, redis: Redis::start(&place)? })
    }

    fn cargo_test(&self, arguments: &[String]) -> std::process::Command {
        let mut test = cargo();
        test.arg("test");
        if !chooses_packages(arguments) {
            test.arg("--workspace");
        }
        // The maintenance database of a superuser: each test creates a database of its own.
        test.args(arguments).env("TEST_DATABASE_URL", self.postgres.url("postgres"));
        test.env("TEST_REDIS_URL", self.redis.url()).env("SQLX_OFFLINE", "true");
        test
    }

    /// A server that died makes every later test fail for no reason of its own.
    fn tell_of_a_death(&mut self) {
        if !self.postgres.is_running() {
            eprintln!("error: Postgres died:\n{}", log_tail(&self.postgres.log(), 20));
        }
        if !self.redis.is_running() {
            eprintln!("error: Redis died:\n{}", log_tail(&self.redis.log(), 20));
        }
    }
}

fn chooses_packages(arguments: &[String]) -> bool {
    let ours = arguments.iter().take_while(|argument| *argument != "--");
    ours.into_iter().any(|a| a.starts_with("-p") || a.starts_with("--package") || a == "--workspace")
}

/// Nothing is chosen, so the web client and the peers belong to it.
fn is_everything(arguments: &[String]) -> bool {
    const CHOOSE_NOTHING: [&str; 4] = ["--workspace", "--no-fail-fast", "--release", "--quiet"];
    let mut ours = arguments.iter().take_while(|argument| *argument != "--");
    ours.all(|argument| CHOOSE_NOTHING.contains(&argument.as_str()))
}

/// As far as the system lets us.
pub fn raise_descriptor_limit() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(DESCRIPTORS, |most| most.min(DESCRIPTORS));
    if current.is_some_and(|now| now < wanted) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        if raised.is_err() {
            say("few file descriptors: tests with many sockets may fail (ulimit -n)");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_chosen_leaves_the_web_client_out() {
        let all = |line: &str| is_everything(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(all("") && all("--workspace --no-fail-fast") && all("-- --nocapture"));
        assert!(!all("-p gateway") && !all("--package=client") && !all("socket") && !all("--test http"));
    }

    #[test]
    fn packages_may_be_chosen_before_the_double_dash_only() {
        let chooses =
            |line: &str| chooses_packages(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(chooses("-p gateway socket") && chooses("--package=client"));
        assert!(!chooses("") && !chooses("socket -- -p"));
    }
}
