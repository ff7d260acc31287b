//! `order-chat-dataset`: fills an empty database with a large data set, checks it, and explains statements on it.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use dataset::{Scale, check, fill, plans, sizes};
use order_actions::{Store, StoreSettings};
use order_domain::policy::Presets;

/// A large database of real orders.
#[derive(Parser)]
#[command(name = "order-chat-dataset", version)]
struct Cli {
    /// A superuser's `postgres://…`; best a server of its own.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, default_value = "")]
    database_url: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Migrates and fills an empty database.
    Fill {
        /// How many orders.
        #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100..))]
        orders: u32,
        /// About how many entries in all.
        #[arg(long, default_value_t = 50_000_000)]
        entries: u64,
        /// How many of a hundred orders are not finished.
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=99))]
        unfinished_percent: u32,
        /// The most messages of one room.
        #[arg(long, default_value_t = 2500)]
        talk_most: u32,
        /// Decides everything that is left to chance.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Rows and bytes of each table.
    Sizes,
    /// Reads sampled orders through the store: do timeline, order and inboxes agree?
    Check {
        /// How many.
        #[arg(long, default_value_t = 500)]
        sample: u32,
    },
    /// Explains every statement of the server, and refuses one that scans what grows.
    Plans {
        /// Where the checked statements are.
        #[arg(long, default_value = ".sqlx")]
        statements: PathBuf,
        /// Where they are written; to the terminal otherwise.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("no runtime").and_then(|runtime| runtime.block_on(run(cli)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let url = cli.database_url;
    if url.is_empty() {
        bail!("say which database: --database-url or DATABASE_URL");
    }
    match cli.command {
        Command::Fill { orders, entries, unfinished_percent, talk_most, seed } => {
            Store::migrate(&url).await?;
            let scale = Scale { orders, entries, unfinished_percent, talk_most, seed };
            fill(&url, scale, |line| eprintln!("   {line}")).await?;
            println!("{}", sizes::table(&sizes::sizes(&url).await?));
        }
        Command::Sizes => println!("{}", sizes::table(&sizes::sizes(&url).await?)),
        Command::Check { sample } => {
            let store = Store::connect(StoreSettings::new(&*url, Presets::shipped())).await?;
            let orders = check::sample(&url, sample).await?;
            for order in &orders {
                check::holds_together(&store, *order).await?;
            }
            println!("{} orders hold together: timeline, order, inboxes", orders.len());
        }
        Command::Plans { statements, out } => {
            let plans = plans::explain(&url, &statements).await?;
            match out {
                Some(out) => {
                    std::fs::write(&out, plans::text(&plans)).context("the plans cannot be written")?;
                }
                None => println!("{}", plans::text(&plans)),
            }
            println!("{} statements explained", plans.len());
            let scans: Vec<_> = plans.iter().flat_map(plans::Plan::scans).collect();
            if !scans.is_empty() {
                bail!("statements that read all of what grows:\n  {}", scans.join("\n  "));
            }
        }
    }
    Ok(())
}
