//! The command line: a scenario or a plan, where to, and what to change.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum as _};

use crate::{
    compare::{ComparePlan, Programs, System},
    plan::{BadPlan, LookUp, Plan, Scenario, Threshold},
};

/// Loads an order-chat deployment, measures it, and judges whether it was right.
///
/// Exit code 0: green. 1: a threshold or the judge is red. 2: wrong usage, or it could not run.
#[derive(Debug, Parser)]
#[command(name = "order-chat-load", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// Something else than a run.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// Something else than a run.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measures order-chat beside its peers, on private stores of its own.
    Compare(CompareArgs),
    /// Adds the results of several load machines up.
    Merge {
        /// result.json of each machine.
        #[arg(required = true, num_args = 2..)]
        results: Vec<PathBuf>,
        /// The folder for the report.
        #[arg(long, short, default_value = "load-report")]
        out: PathBuf,
    },
    /// Prints the plan of a scenario, or of `compare`, to be changed and given to --plan.
    Plan {
        /// Which.
        #[arg(value_name = "SCENARIO", value_parser = shipped_plan)]
        toml: &'static str,
    },
    /// Draws the report of a result again.
    Report {
        /// result.json.
        result: PathBuf,
        /// The folder for the report.
        #[arg(long, short, default_value = "load-report")]
        out: PathBuf,
    },
}

/// A run.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// What kind of run; a plan names its own.
    pub scenario: Option<Scenario>,
    /// A plan of your own (see `order-chat-load plan SCENARIO`).
    #[arg(long)]
    pub plan: Option<PathBuf>,
    /// A node, e.g. <https://chat.example>; may be repeated. Sockets are spread over them.
    #[arg(long = "url", env = "ORDER_CHAT_LOAD_URL", value_delimiter = ',')]
    pub urls: Vec<String>,
    /// Signs tokens with the deployment's HS256 secret, read from this file.
    #[arg(long, group = "tokens")]
    pub secret_file: Option<PathBuf>,
    /// Takes tokens from this file: `role user token` on each line, one of them with the role host.
    #[arg(long, group = "tokens")]
    pub token_file: Option<PathBuf>,
    /// Asks this program for tokens, e.g. 'issue-token {user} {role}'.
    #[arg(long, group = "tokens")]
    pub token_command: Option<String>,
    /// Believes the certificates in this PEM file too, on https:// and wss://.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Watches CPU and memory of this machine's processes with this program name; may be repeated.
    #[arg(long = "watch", value_name = "NAME")]
    pub watch: Vec<String>,
    /// The same for a process tree; Postgres backends belong to their postmaster.
    #[arg(long = "watch-pid", value_name = "NAME=PID", value_parser = named_pid)]
    pub watch_pids: Vec<(String, u32)>,
    /// The folder for result.json, junit.xml and report.html.
    #[arg(long, short, default_value = "load-report")]
    pub out: PathBuf,
    /// Says nothing while it runs.
    #[arg(long, short)]
    pub quiet: bool,
    /// What differs from the plan.
    #[command(flatten)]
    pub changes: Changes,
}

/// A comparison.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    /// A plan of your own (see plans/compare.toml, which is the one taken otherwise).
    #[arg(long)]
    pub plan: Option<PathBuf>,
    /// These instead of the plan's; e.g. order-chat,socketio.
    #[arg(long, value_delimiter = ',')]
    pub systems: Option<Vec<System>>,
    /// How often each system is measured.
    #[arg(long)]
    pub repetitions: Option<u32>,
    /// No trial begins that would end later.
    #[arg(long)]
    pub minutes_at_most: Option<f64>,
    /// The server; without it, the one beside this program.
    #[arg(long, value_name = "FILE")]
    pub order_chat: Option<PathBuf>,
    /// The folder of the peers; without it, the one of the source tree.
    #[arg(long, value_name = "FOLDER")]
    pub peers: Option<PathBuf>,
    /// The server of NATS; without it, the one on PATH.
    #[arg(long, value_name = "FILE")]
    pub nats_server: Option<PathBuf>,
    /// Where the Markdown goes, its plots beside it; without it, into the folder of the rest.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// The folder for compare.json and each trial's result.
    #[arg(long, short, default_value = "load-report")]
    pub out: PathBuf,
    /// Says nothing while it runs.
    #[arg(long, short)]
    pub quiet: bool,
}

impl CompareArgs {
    /// The plan with what differs from it.
    pub fn plan(&self) -> Result<ComparePlan, BadPlan> {
        let mut plan = ComparePlan::read(self.plan.as_deref())?;
        if let Some(systems) = &self.systems {
            plan.systems.clone_from(systems);
        }
        plan.repetitions = self.repetitions.unwrap_or(plan.repetitions);
        plan.minutes_at_most = self.minutes_at_most.unwrap_or(plan.minutes_at_most);
        Ok(plan)
    }

    /// Where the programs are.
    pub fn programs(&self) -> Programs {
        let beside = || std::env::current_exe().ok()?.parent().map(|folder| folder.join("order-chat"));
        let order_chat = self.order_chat.clone().or_else(beside).unwrap_or_else(|| "order-chat".into());
        let peers = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/peers"));
        let nats_server = self.nats_server.clone().unwrap_or_else(|| "nats-server".into());
        Programs { order_chat, peers: self.peers.clone().unwrap_or_else(peers), nats_server }
    }
}

/// What differs from the plan.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What differs from the plan")]
pub struct Changes {
    /// Rooms.
    #[arg(long)]
    pub rooms: Option<u32>,
    /// Sockets in each room.
    #[arg(long)]
    pub members: Option<u32>,
    /// Messages a second (orders: new orders a second).
    #[arg(long)]
    pub rate: Option<f64>,
    /// How long it is measured.
    #[arg(long)]
    pub seconds: Option<f64>,
    /// Unmeasured seconds before.
    #[arg(long)]
    pub warmup: Option<f64>,
    /// Length of a text in bytes.
    #[arg(long)]
    pub text_bytes: Option<u32>,
    /// The first rate of a ramp.
    #[arg(long)]
    pub from: Option<f64>,
    /// How much more each step of a ramp is, e.g. 1.5.
    #[arg(long)]
    pub growth: Option<f64>,
    /// Entries that are missed in a storm.
    #[arg(long)]
    pub behind: Option<u32>,
    /// Percent of the sockets that are cut and come back each minute.
    #[arg(long)]
    pub churn: Option<f64>,
    /// Rooms whose stored timeline is compared: a number, or "all".
    #[arg(long)]
    pub check: Option<LookUp>,
    /// What must hold, e.g. `ack_p99_ms <= 50`; replaces the plan's of the same measure; may be repeated.
    #[arg(long = "threshold")]
    pub thresholds: Vec<Threshold>,
    /// Decides everything that is left to chance.
    #[arg(long)]
    pub seed: Option<u64>,
}

impl Changes {
    /// The plan with these changes.
    pub fn apply(&self, plan: &mut Plan) {
        fn set<T: Clone>(to: &mut T, from: Option<&T>) {
            if let Some(value) = from {
                to.clone_from(value);
            }
        }
        set(&mut plan.crowd.rooms, self.rooms.as_ref());
        set(&mut plan.crowd.members, self.members.as_ref());
        set(&mut plan.load.rate, self.rate.as_ref());
        set(&mut plan.load.seconds, self.seconds.as_ref());
        set(&mut plan.load.warmup_s, self.warmup.as_ref());
        set(&mut plan.load.text_bytes, self.text_bytes.as_ref());
        set(&mut plan.load.churn_percent_per_min, self.churn.as_ref());
        set(&mut plan.ramp.from, self.from.as_ref());
        set(&mut plan.ramp.growth, self.growth.as_ref());
        set(&mut plan.storm.behind, self.behind.as_ref());
        set(&mut plan.judge.rooms, self.check.as_ref());
        set(&mut plan.seed, self.seed.as_ref());
        if plan.scenario == Scenario::Orders {
            set(&mut plan.orders.per_s, self.rate.as_ref());
            set(&mut plan.orders.seconds, self.seconds.as_ref());
            set(&mut plan.orders.couples, self.rooms.as_ref());
        }
        plan.expect(self.thresholds.clone());
    }
}

fn shipped_plan(name: &str) -> Result<&'static str, String> {
    match name {
        "compare" => Ok(ComparePlan::SHIPPED),
        name => Scenario::from_str(name, false).map(Scenario::toml),
    }
}

fn named_pid(text: &str) -> Result<(String, u32), String> {
    let (name, pid) = text.split_once('=').unwrap_or(("server", text));
    pid.parse().map(|pid| (name.to_owned(), pid)).map_err(|_| "write NAME=PID, e.g. order-chat=4711".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_change_the_plan() {
        let line = "order-chat-load steady --url http://a --url http://b --secret-file s --rooms 7 --rate 12.5 \
                    --check all --watch-pid postgres=12";
        let mut words: Vec<_> = line.split_whitespace().collect();
        words.extend(["--threshold", "lost <= 3"]);
        let cli = Cli::try_parse_from(words).unwrap();
        let mut plan = Plan::shipped(cli.run.scenario.unwrap());
        cli.run.changes.apply(&mut plan);
        assert_eq!((plan.crowd.rooms, plan.load.rate, plan.judge.rooms), (7, 12.5, LookUp::All));
        assert_eq!(plan.thresholds.last().unwrap().to_string(), "lost <= 3");
        assert_eq!(cli.run.urls, ["http://a", "http://b"]);
        assert_eq!(cli.run.watch_pids, [("postgres".to_owned(), 12)]);
    }

    #[test]
    fn shipped_plans_are_printed() {
        for name in ["ramp", "big-room", "compare"] {
            let cli = Cli::try_parse_from(["order-chat-load", "plan", name]).unwrap();
            assert!(matches!(cli.command, Some(Command::Plan { toml }) if !toml.is_empty()));
        }
        assert!(Cli::try_parse_from(["order-chat-load", "plan", "rump"]).is_err());
    }

    #[test]
    fn one_source_of_tokens_is_enough() {
        let both = ["order-chat-load", "smoke", "--secret-file", "s", "--token-file", "t"];
        assert!(Cli::try_parse_from(both).is_err());
        assert!(Cli::try_parse_from(["order-chat-load", "merge", "one.json"]).is_err());
    }
}
