//! The whole service on this machine: Postgres, Redis and two gateway nodes, for
//! `run`, `story` and `load`. Secrets are generated and stay in the place's folder.

use std::fs::{self, DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use local_servers::{Place, Postgres, Redis, Service, log_tail, random_hex};

use crate::cargo::{cargo, must};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::nodes;
use crate::progress::{say, step};

/// The service's database on its server.
pub const DATABASE: &str = "order_chat";
/// Settings a developer may have for another deployment; they would contradict ours.
const RIVALS: [&str; 4] =
    ["ORDER_CHAT_JWKS", "ORDER_CHAT_TOKEN_SECRET_FILE", "DATABASE_URL_FILE", "REDIS_URL_FILE"];

/// How it is built and set.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// A node on each of these ports.
    pub ports: Vec<u16>,
    /// Optimised.
    pub release: bool,
    /// Settings beyond the usual ones.
    pub settings: &'static [(&'static str, &'static str)],
    /// What Postgres keeps in memory, in MiB, when it is more than a developer's data needs.
    pub cache_mib: Option<u64>,
}

/// Everything running. The nodes stop before the servers they use.
pub struct Stack {
    binary: PathBuf,
    shape: Shape,
    nodes: Vec<Service>,
    postgres: Postgres,
    redis: Redis,
    place: Place,
}

impl Stack {
    /// Builds the server, starts the stores, migrates, starts a node on each port.
    pub fn start(place: Place, shape: Shape, interrupt: &Interrupt) -> Result<Self> {
        let binary = build(shape.release, interrupt)?;
        let place = place.telling(say);
        let cache_mib = shape.cache_mib.unwrap_or(Postgres::CACHE_MIB);
        let servers = || Ok((Postgres::start_with(&place, cache_mib)?, Redis::start(&place)?));
        let (postgres, redis) = step("Postgres and Redis", servers)?;
        postgres.create_database(DATABASE)?;
        let mut stack = Self { binary, shape, nodes: Vec::new(), postgres, redis, place };
        stack.prepare_folder()?;
        interrupt.check()?;
        step("Migrations", || stack.migrate())?;
        step("Nodes", || stack.start_nodes(interrupt))?;
        Ok(stack)
    }

    /// The nodes' addresses.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Service::url).collect()
    }

    /// The HS256 secret that signs the tokens.
    pub fn secret_file(&self) -> PathBuf {
        self.place.folder().join("token-secret")
    }

    /// Data, logs and secrets.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder()
    }

    /// Every server process by name: what uses the machine.
    pub fn pids(&self) -> Vec<(&'static str, u32)> {
        let nodes = self.nodes.iter().map(|node| ("order-chat", node.pid()));
        let stores = [("postgres", self.postgres.pid()), ("redis", self.redis.pid())];
        nodes.chain(stores.into_iter().filter_map(|(name, pid)| Some((name, pid?)))).collect()
    }

    /// An error with the end of a log if a part died.
    pub fn check(&mut self) -> Result<()> {
        if !self.postgres.is_running() {
            bail!("Postgres died:\n{}", log_tail(&self.postgres.log(), 20));
        }
        if !self.redis.is_running() {
            bail!("Redis died:\n{}", log_tail(&self.redis.log(), 20));
        }
        Ok(self.nodes.iter_mut().try_for_each(Service::check)?)
    }

    /// `order-chat` with the settings of the first node.
    pub fn order_chat(&self) -> Result<Command> {
        self.command(self.shape.ports[0])
    }

    fn command(&self, port: u16) -> Result<Command> {
        let origins = self
            .shape
            .ports
            .iter()
            .flat_map(|port| [format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")]);
        let mut command = Command::new(&self.binary);
        command.env("ORDER_CHAT_LISTEN", format!("127.0.0.1:{port}"));
        command.env("ORDER_CHAT_PUBLIC_URL", format!("http://127.0.0.1:{port}"));
        command.env("ORDER_CHAT_ALLOWED_ORIGINS", origins.collect::<Vec<_>>().join(","));
        command.env("ORDER_CHAT_TOKEN_SECRET", fs::read_to_string(self.secret_file())?);
        command.env("ORDER_CHAT_FILES", self.place.folder().join("files"));
        command.env("ORDER_CHAT_DEMO", "1");
        command.envs(self.shape.settings.iter().copied());
        for rival in RIVALS {
            command.env_remove(rival);
        }
        command.env("DATABASE_URL", self.postgres.url(DATABASE)).env("REDIS_URL", self.redis.url());
        Ok(command)
    }

    fn prepare_folder(&self) -> Result<()> {
        let files = self.place.folder().join("files");
        if !files.is_dir() {
            DirBuilder::new().mode(0o700).create(&files)?;
        }
        let secret = self.secret_file();
        if !secret.is_file() {
            let mut file = File::options().write(true).create_new(true).mode(0o600).open(&secret)?;
            file.write_all(random_hex(32).as_bytes())?;
        }
        Ok(())
    }

    fn migrate(&self) -> Result<()> {
        let output = self.order_chat()?.arg("migrate").output().context("cannot start order-chat")?;
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            bail!("order-chat migrate failed: {}", String::from_utf8_lossy(&text));
        }
        Ok(())
    }

    fn start_nodes(&mut self, interrupt: &Interrupt) -> Result<()> {
        for (index, port) in self.shape.ports.iter().enumerate() {
            let name = format!("node-{}", index + 1);
            let log = self.place.folder().join(format!("{name}.log"));
            let mut command = self.command(*port)?;
            command.arg("serve");
            self.nodes.push(Service::start(name, command, *port, log)?);
        }
        self.nodes.iter_mut().try_for_each(|node| nodes::wait_until_ready(node, interrupt))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        Service::stop_all(&mut self.nodes);
    }
}

/// Builds the server; where it is.
pub fn build(release: bool, interrupt: &Interrupt) -> Result<PathBuf> {
    let what = if release { "Building order-chat (release)" } else { "Building order-chat (debug)" };
    let mut command = cargo();
    // Of the whole workspace, so that all programs share what they depend on: alone, each would compile it anew.
    command.args(["build", "--workspace", "--bin", "order-chat"]);
    if release {
        command.arg("--release");
    }
    step(what, || must(command, interrupt))?;
    let profile = if release { "release" } else { "debug" };
    Ok(target_folder()?.join(profile).join("order-chat"))
}
