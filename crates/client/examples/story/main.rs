//! Plays a whole order between real programs on two nodes and prints what everybody sees.
//!
//! `cargo xtask story creator` starts the nodes and calls it.

mod scenes;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use scenes::{Outcome, Stage, creator};

/// Plays a story on running nodes.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    story: Story,
}

#[derive(Subcommand)]
enum Story {
    /// A creator marketplace: one order to its acceptance, one through a dispute to its refund.
    Creator(On),
}

#[derive(clap::Args)]
struct On {
    /// Base address of a node; give it twice, the buyer is on the first and the seller on the second.
    #[arg(long = "url", required = true)]
    urls: Vec<String>,
    /// File with the HS256 secret that signs the tokens.
    #[arg(long)]
    secret_file: PathBuf,
    /// Cut every socket after every step and resume on the other node.
    #[arg(long)]
    restless: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let Story::Creator(on) = Arguments::parse().story;
    let secret = std::fs::read_to_string(&on.secret_file)
        .with_context(|| format!("the secret file {}", on.secret_file.display()))?;
    let stage =
        Stage { urls: on.urls, secret: secret.trim().to_owned(), restless: on.restless, quiet: false };
    let outcomes = creator::play(&stage).await?;
    println!("\nThe end. Everybody saw the same:");
    for Outcome { order, state, events, refunded, released } in outcomes {
        let (end, count) = (state.as_str(), events.len());
        println!(
            "  {order}: {end}, {count} entries, {refunded} given back, {released} paid out (minor units)"
        );
    }
    Ok(())
}
