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
    /// NATS `JetStream`, a stream for each room.
    Nats,
}

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The server.
    pub order_chat: PathBuf,
    /// The folder of the peers.
    pub peers: PathBuf,
    /// The server of NATS, by a path or by its name.
    pub nats_server: PathBuf,
}

/// Where a node listens.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// For sockets, and HTTP where it has it.
    pub socket: u16,
    /// NATS: for its back end.
    pub client: u16,
    /// NATS: for the other nodes.
    pub route: u16,
}

/// What every node is told.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Where all nodes listen.
    pub ports: &'a [Ports],
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

    /// What its participants speak.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::OrderChat => Dialect::OrderChat,
            Self::SocketIo => Dialect::SocketIo,
            Self::Ws | Self::WsEach => Dialect::Ws,
            Self::Nats => Dialect::Nats,
        }
    }

    /// The folder of its server, for a peer.
    fn peer(self) -> Option<&'static str> {
        match self {
            Self::OrderChat => None,
            Self::SocketIo => Some("socketio"),
            Self::Ws | Self::WsEach => Some("ws"),
            Self::Nats => Some("nats"),
        }
    }

    /// Does it keep its rooms in Postgres and its channels in Redis? Both are there for every system, at rest for the others.
    pub fn uses_stores(self) -> bool {
        self != Self::Nats
    }

    /// What is to be done to an empty database first.
    pub fn prepare(self, programs: &Programs, setting: &Setting<'_>) -> Option<Command> {
        // The peers create their tables at start.
        (self == Self::OrderChat).then(|| order_chat(programs, setting, setting.ports[0], "migrate"))
    }

    /// The node that listens on `ports`.
    pub fn node(self, programs: &Programs, setting: &Setting<'_>, ports: Ports) -> Command {
        match (self, self.peer()) {
            (Self::Nats, _) => nats(programs, setting, ports),
            (_, Some(peer)) => self.server(peer, programs, setting, ports.socket),
            (_, None) => order_chat(programs, setting, ports, "serve"),
        }
    }

    /// The application's side over HTTP, on `port`, where the nodes have none.
    pub fn back_end(self, programs: &Programs, setting: &Setting<'_>, port: u16) -> Option<Command> {
        (self == Self::Nats).then(|| self.server("nats", programs, setting, port))
    }

    /// A peer's `server.js`.
    fn server(self, peer: &str, programs: &Programs, setting: &Setting<'_>, port: u16) -> Command {
        let nats: Vec<_> = setting.ports.iter().map(|ports| format!("127.0.0.1:{}", ports.client)).collect();
        let mut command = Command::new("node");
        command.arg(programs.peers.join(peer).join("server.js"));
        command.env("NODE_ENV", "production").env("PORT", port.to_string());
        command.env("DATABASE_URL", &setting.database_url).env("REDIS_URL", &setting.redis_url);
        command.env("NATS_SERVERS", nats.join(",")).env("TOKEN_SECRET", setting.secret);
        command.env("COMMIT", if self == Self::WsEach { "each" } else { "group" });
        command
    }
}

impl Programs {
    /// Can it be measured with what there is? Only the server of NATS may be missing.
    pub fn know(&self, system: System) -> bool {
        system != System::Nats || version(&self.nats_server.display().to_string()).is_some()
    }

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

/// A node, in a cluster with the others if there are any.
fn nats(programs: &Programs, setting: &Setting<'_>, ports: Ports) -> Command {
    let mut command = Command::new(&programs.nats_server);
    command.arg("-c").arg(programs.peers.join("nats/nats.conf")).env("SOCKET_PORT", ports.socket.to_string());
    command.args(["--addr", "127.0.0.1", "--port", &ports.client.to_string()]);
    command.arg("--store_dir").arg(setting.folder.join(format!("nats-{}", ports.client)));
    if setting.ports.len() > 1 {
        let route = |ports: &Ports| format!("nats://127.0.0.1:{}", ports.route);
        let routes: Vec<_> = setting.ports.iter().map(route).collect();
        command.args(["--cluster", &route(&ports), "--cluster_name", "rooms", "--routes", &routes.join(",")]);
        command.args(["--name", &format!("node-{}", ports.client)]);
    }
    command
}

/// The limits that protect a deployment from one address are off; nobody else has any.
fn order_chat(programs: &Programs, setting: &Setting<'_>, ports: Ports, what: &str) -> Command {
    let address = |ports: &Ports| format!("127.0.0.1:{}", ports.socket);
    let origins: Vec<_> = setting.ports.iter().map(|ports| format!("http://{}", address(ports))).collect();
    let mut command = Command::new(&programs.order_chat);
    command.arg(what);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ORDER_CHAT_") {
            command.env_remove(name);
        }
    }
    command.env_remove("DATABASE_URL_FILE").env_remove("REDIS_URL_FILE");
    command.env("DATABASE_URL", &setting.database_url).env("REDIS_URL", &setting.redis_url);
    command.env("ORDER_CHAT_LISTEN", address(&ports));
    command.env("ORDER_CHAT_PUBLIC_URL", format!("http://{}", address(&ports)));
    command.env("ORDER_CHAT_ALLOWED_ORIGINS", origins.join(","));
    command.env("ORDER_CHAT_TOKEN_SECRET", setting.secret);
    command.env("ORDER_CHAT_FILES", setting.folder.join("files"));
    for limit in ["COMMANDS_PER_S", "CONNECTS_PER_S", "SOCKETS_PER_USER"] {
        command.env(format!("ORDER_CHAT_LIMIT_{limit}"), "0");
    }
    command
}
