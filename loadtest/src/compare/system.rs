//! The systems that are compared, and how one node of each is started.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;

/// A system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// This service.
    OrderChat,
    /// Socket.IO, its Redis adapter, Postgres.
    #[serde(rename = "socketio")]
    #[value(name = "socketio")]
    SocketIo,
    /// ws, Redis, Postgres with group commit.
    Ws,
    /// The same with one statement a message.
    WsEach,
    /// NATS `JetStream`: named so that it can be asked for; there is no adapter.
    Nats,
}

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The server.
    pub order_chat: PathBuf,
    /// The folder of the peers.
    pub peers: PathBuf,
}

/// What every node is told.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Where all nodes listen.
    pub ports: &'a [u16],
    /// Postgres.
    pub database_url: String,
    /// Redis.
    pub redis_url: String,
    /// Signs the tokens.
    pub secret: &'a str,
    /// A folder for files.
    pub folder: &'a Path,
}

impl System {
    /// As in a plan.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderChat => "order-chat",
            Self::SocketIo => "socketio",
            Self::Ws => "ws",
            Self::WsEach => "ws-each",
            Self::Nats => "nats",
        }
    }

    /// Can it be measured?
    pub fn is_known(self) -> bool {
        self != Self::Nats
    }

    /// What its participants speak.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::OrderChat | Self::Nats => Dialect::OrderChat,
            Self::SocketIo => Dialect::SocketIo,
            Self::Ws | Self::WsEach => Dialect::Ws,
        }
    }

    /// The folder of its server, for a peer.
    fn peer(self) -> Option<&'static str> {
        match self {
            Self::SocketIo => Some("socketio"),
            Self::Ws | Self::WsEach => Some("ws"),
            Self::OrderChat | Self::Nats => None,
        }
    }

    /// What is to be done to an empty database first.
    pub fn prepare(self, programs: &Programs, setting: &Setting<'_>) -> Option<Command> {
        // The peers create their tables at start.
        (self == Self::OrderChat).then(|| order_chat(programs, setting, setting.ports[0], "migrate"))
    }

    /// A node that listens on `port`.
    pub fn node(self, programs: &Programs, setting: &Setting<'_>, port: u16) -> Command {
        let Some(peer) = self.peer() else { return order_chat(programs, setting, port, "serve") };
        let mut command = Command::new("node");
        command.arg(programs.peers.join(peer).join("server.js"));
        command.env("NODE_ENV", "production").env("PORT", port.to_string());
        command.env("DATABASE_URL", &setting.database_url).env("REDIS_URL", &setting.redis_url);
        command.env("TOKEN_SECRET", setting.secret);
        command.env("COMMIT", if self == Self::WsEach { "each" } else { "group" });
        command
    }
}

impl Programs {
    /// A sentence about the first program that is missing, before anything is started.
    pub fn check(&self, systems: &[System]) -> Result<()> {
        if systems.contains(&System::OrderChat) && !self.order_chat.is_file() {
            bail!(
                "there is no {}: cargo build --release -p gateway, or name the server with --order-chat",
                self.order_chat.display()
            );
        }
        let peers: Vec<_> = systems.iter().filter_map(|system| system.peer()).collect();
        if peers.is_empty() {
            return Ok(());
        }
        if version("node").is_none() {
            bail!("the peers need Node 20 or newer, and there is none on PATH");
        }
        for peer in peers {
            if !self.peers.join(peer).join("node_modules").is_dir() {
                bail!(
                    "the packages of {0} are not installed: run pnpm install --frozen-lockfile in {0}, \
                     or cargo xtask load compare, which does it by itself",
                    self.peers.display()
                );
            }
        }
        Ok(())
    }
}

/// What a program says to `--version`.
pub fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The limits that protect a deployment from one address are off; nobody else has any.
fn order_chat(programs: &Programs, setting: &Setting<'_>, port: u16, what: &str) -> Command {
    let origins: Vec<_> = setting.ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
    let mut command = Command::new(&programs.order_chat);
    command.arg(what);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ORDER_CHAT_") {
            command.env_remove(name);
        }
    }
    command.env_remove("DATABASE_URL_FILE").env_remove("REDIS_URL_FILE");
    command.env("DATABASE_URL", &setting.database_url).env("REDIS_URL", &setting.redis_url);
    command.env("ORDER_CHAT_LISTEN", format!("127.0.0.1:{port}"));
    command.env("ORDER_CHAT_PUBLIC_URL", format!("http://127.0.0.1:{port}"));
    command.env("ORDER_CHAT_ALLOWED_ORIGINS", origins.join(","));
    command.env("ORDER_CHAT_TOKEN_SECRET", setting.secret);
    command.env("ORDER_CHAT_FILES", setting.folder.join("files"));
    for limit in ["COMMANDS_PER_S", "CONNECTS_PER_S", "SOCKETS_PER_USER"] {
        command.env(format!("ORDER_CHAT_LIMIT_{limit}"), "0");
    }
    command
}
