//! The binary `order-chat`: `serve`, `migrate`, `token`, `epoch rotate`.

use std::{num::NonZeroUsize, process::ExitCode};

use anyhow::Context as _;
use chrono::{TimeDelta, Utc};
use clap::{Parser, Subcommand};
use gateway::{
    config::{self, LogSettings, Settings, Source},
    node::{self, Node},
    tokens::{self, TokenRequest},
};
use order_actions::{Store, StoreSettings};
use order_domain::{ids::UserId, participant::AccountRole, policy::Presets};
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
};

/// Order-scoped chat between buyer, seller and customer experience.
#[derive(Parser)]
#[command(name = "order-chat", version, about)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Serve HTTP and WebSocket until SIGTERM or Ctrl-C. Settings come from the environment: see .env.example
    Serve,
    /// Bring the database's schema up to this build. Forward only.
    Migrate,
    /// Print a token, signed with the configured secret.
    Token {
        /// Whose: 1–64 characters of A-Z a-z 0-9 . _ : -
        #[arg(long)]
        user: String,
        /// `user`, `agent`, `admin` or `host`.
        #[arg(long)]
        role: String,
        /// What people call them.
        #[arg(long)]
        name: Option<String>,
        /// How long it holds, such as 90s, 30m, 1h, 2d.
        #[arg(long, default_value = "1h", value_parser = duration)]
        ttl: TimeDelta,
    },
    /// The epoch of the database: which life of it clients have read.
    Epoch {
        #[command(subcommand)]
        act: EpochTask,
    },
}

#[derive(Subcommand)]
enum EpochTask {
    /// The last step after restoring a backup: every client starts its rooms anew.
    Rotate,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error with its causes, each said once: many an error tells its own cause already.
fn told(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.iter().any(|before| before.contains(&cause)) {
            told.push(cause);
        }
    }
    told.join(": ")
}

fn run(task: Task) -> anyhow::Result<()> {
    node::install_tls();
    match task {
        Task::Serve => {
            let settings = Settings::read(Source::environment())?;
            runtime(settings.workers)?.block_on(serve(settings))
        }
        Task::Migrate => runtime(NonZeroUsize::MIN)?.block_on(migrate()),
        Task::Token { user, role, name, ttl } => print_token(user, &role, name, ttl),
        Task::Epoch { act: EpochTask::Rotate } => runtime(NonZeroUsize::MIN)?.block_on(rotate_epoch()),
    }
}

fn runtime(workers: NonZeroUsize) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(workers.get()).enable_all().build()
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    for (name, value) in settings.report() {
        println!("{name}: {value}");
    }
    log(&settings.log)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let node = Node::start(settings).await?;
    println!("serving on http://{}", node.address);
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    tracing::info!("draining");
    node.drain().await;
    Ok(())
}

fn log(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::builder().parse(&settings.filter)?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if settings.json {
        subscriber.json().init();
    } else {
        subscriber.init();
    }
    Ok(())
}

async fn migrate() -> anyhow::Result<()> {
    let url = config::database_url(Source::environment())?;
    Store::migrate(url.expose()).await.context("the schema could not be brought up to date")?;
    println!("the schema is up to date");
    Ok(())
}

fn print_token(user: String, role: &str, name: Option<String>, ttl: TimeDelta) -> anyhow::Result<()> {
    let role: AccountRole = serde_json::from_value(role.into())
        .map_err(|_| anyhow::anyhow!("--role must be user, agent, admin or host"))?;
    let user = UserId::new(user).context("--user")?;
    let secret = config::token_secret(Source::environment())?;
    println!("{}", tokens::sign(&secret, &TokenRequest { user, role, name, ttl }, Utc::now()));
    Ok(())
}

async fn rotate_epoch() -> anyhow::Result<()> {
    let url = config::database_url(Source::environment())?;
    let store = Store::connect(StoreSettings::new(url.expose(), Presets::shipped())).await?;
    println!("the epoch is {} now; nodes notice within a second", store.rotate_epoch().await?);
    Ok(())
}

/// `90s`, `30m`, `1h`, `2d`.
fn duration(text: &str) -> Result<TimeDelta, String> {
    let problem = || "must be a number with s, m, h or d, such as 1h".to_owned();
    let unit = text.chars().next_back().ok_or_else(problem)?;
    let count: i64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| problem())?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(problem()),
    };
    let longest = tokens::LIFETIME_MAX;
    let whole = count.checked_mul(seconds).filter(|whole| *whole >= 1).ok_or_else(problem)?;
    if whole > longest.num_seconds() {
        return Err(format!("must be at most {}d: longer tokens are refused", longest.num_days()));
    }
    Ok(TimeDelta::seconds(whole))
}
