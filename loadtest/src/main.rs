//! `order-chat-load`: see the README beside this crate.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use clap::Parser as _;
use loadtest::{
    cli::{Cli, Command, CompareArgs, RunArgs},
    compare::{self, Stage},
    dialect::Dialect,
    outcome::Outcome,
    participant::Dialer,
    plan::{Plan, Scenario},
    progress::Progress,
    report, scenario,
    session::Target,
    stop, tls,
    tokens::Tokens,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Tokens outlive every run.
const TTL_S: i64 = 24 * 3600;

fn main() -> ExitCode {
    // clap itself exits with 2 when the usage is wrong.
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Merge { results, out }) => merge(&results).and_then(|outcome| deliver(&outcome, &out)),
        Some(Command::Report { result, out }) => read(&result).and_then(|outcome| deliver(&outcome, &out)),
        Some(Command::Plan { toml }) => {
            print(toml);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Compare(args)) => compare(&args),
        None => run(&cli.run).and_then(|outcome| deliver(&outcome, &cli.run.out)),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

fn compare(args: &CompareArgs) -> Result<ExitCode> {
    let plan = args.plan()?;
    raise_descriptor_limit(plan.sockets())?;
    let runtime = stop::runtime()?;
    let stop = stop::on_signal(&runtime)?;
    let (programs, out) = (args.programs(), args.out.clone());
    let stage = Stage { runtime: &runtime, stop, programs, quiet: args.quiet, out };
    let comparison = stage.run(plan)?;
    let markdown = args.markdown.clone().unwrap_or_else(|| args.out.join("compare.md"));
    compare::write(&comparison, &args.out, &markdown)
        .with_context(|| format!("the report cannot be written to {}", args.out.display()))?;
    print(&format!("{}\nReport: {}\n", compare::text(&comparison), markdown.display()));
    Ok(verdict(comparison.interrupted, comparison.is_green()))
}

fn verdict(interrupted: bool, green: bool) -> ExitCode {
    match (interrupted, green) {
        (true, _) => ExitCode::from(stop::EXIT_CODE),
        (_, true) => ExitCode::SUCCESS,
        (_, false) => ExitCode::FAILURE,
    }
}

fn run(args: &RunArgs) -> Result<Outcome> {
    let plan = plan(args)?;
    if args.urls.is_empty() {
        bail!("where to? give the deployment's address with --url, e.g. --url http://127.0.0.1:8080");
    }
    if args.ca_file.is_some() && plan.scenario == Scenario::Orders {
        bail!(
            "people who live orders believe this machine's certificates only: set SSL_CERT_FILE instead of --ca-file"
        );
    }
    let tokens = match (&args.secret_file, &args.token_file, &args.token_command) {
        (Some(path), _, _) => Tokens::secret(path, TTL_S)?,
        (_, Some(path), _) => Tokens::file(path)?,
        (_, _, Some(command)) => Tokens::program(command)?,
        _ => bail!("whose tokens? give --secret-file, --token-file or --token-command"),
    };
    let watched = scenario::watched(&args.watch, &args.watch_pids)?;
    raise_descriptor_limit(plan.sockets())?;
    // Taken already only if somebody installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let urls = args.urls.iter().map(|url| url.trim_end_matches('/').to_owned()).collect();
    let dialer = Dialer { dialect: Dialect::OrderChat, tls: tls::client(args.ca_file.as_deref())? };
    let runtime = stop::runtime()?;
    let stop = stop::on_signal(&runtime)?;
    let target = Target { urls, back_end: None, tokens, dialer };
    let outcome = runtime.block_on(scenario::run(plan, target, watched, Progress::new(args.quiet), stop));
    runtime.shutdown_background();
    outcome
}

fn plan(args: &RunArgs) -> Result<Plan> {
    let mut plan = match (&args.plan, args.scenario) {
        (Some(path), None) => Plan::read(path)?,
        (None, Some(scenario)) => Plan::shipped(scenario),
        (Some(path), Some(scenario)) => {
            let plan = Plan::read(path)?;
            if plan.scenario != scenario {
                bail!(
                    "{} is a plan for {}, not for {}",
                    path.display(),
                    plan.scenario.name(),
                    scenario.name()
                );
            }
            plan
        }
        (None, None) => bail!("what? name a scenario, e.g. order-chat-load smoke --url …, or a --plan"),
    };
    args.changes.apply(&mut plan);
    plan.check()?;
    Ok(plan)
}

fn read(path: &Path) -> Result<Outcome> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no result", path.display()))
}

fn merge(results: &[std::path::PathBuf]) -> Result<Outcome> {
    let mut outcomes = results.iter().map(|path| read(path));
    let mut all = outcomes.next().context("there is nothing to merge")??;
    for outcome in outcomes {
        all.merge(&outcome?)?;
    }
    Ok(all)
}

/// Writes the reports and prints the short one.
fn deliver(outcome: &Outcome, out: &Path) -> Result<ExitCode> {
    report::write(outcome, out)
        .with_context(|| format!("the report cannot be written to {}", out.display()))?;
    print(&format!("{}\nReport: {}\n", report::text(outcome), out.join("report.html").display()));
    Ok(verdict(outcome.interrupted, outcome.is_green()))
}

/// Who reads only the first lines has read enough.
fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Every socket is a descriptor.
fn raise_descriptor_limit(sockets: u32) -> Result<()> {
    let wanted = u64::from(sockets) + 256;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|now| now >= wanted) {
        return Ok(());
    }
    if maximum.is_some_and(|most| most < wanted) {
        bail!(
            "{sockets} sockets need {wanted} file descriptors, and this machine allows {maximum:?}: see ulimit -Hn"
        );
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).context("the descriptor limit")
}
