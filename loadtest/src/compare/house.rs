//! Fresh stores and the nodes of one system, for one trial. Everything ends with it, however it ends.

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};
use local_servers::{Place, Postgres, Redis, Service, free_port, random_hex};
use tokio_util::sync::CancellationToken;

use super::{
    Programs, System,
    system::{Ports, Setting},
};
use crate::{participant::Dialer, process::Watched, session::Target, tls, tokens::Tokens};

const DATABASE: &str = "compared";
/// Longer than any trial.
const TTL_S: i64 = 3600;

/// One system, running. The nodes stop before the stores they use.
pub struct House {
    system: System,
    nodes: Vec<Service>,
    /// The application's side, where the nodes have none; it is no part of what is measured.
    back_end: Vec<Service>,
    postgres: Postgres,
    redis: Redis,
    secret_file: PathBuf,
    place: Place,
}

impl House {
    /// Starts everything; `None` when it was stopped meanwhile.
    pub fn open(
        system: System,
        programs: &Programs,
        nodes: u32,
        stop: &CancellationToken,
    ) -> Result<Option<Self>> {
        let place = Place::throwaway("compare")?.telling(|line| eprintln!("   {line}"));
        let (postgres, redis) = (Postgres::start(&place)?, Redis::start(&place)?);
        postgres.create_database(DATABASE)?;
        let secret_file = place.folder().join("token-secret");
        fs::create_dir_all(place.folder().join("files"))?;
        let (started, back_end) = (Vec::new(), Vec::new());
        let mut house = Self { system, nodes: started, back_end, postgres, redis, secret_file, place };
        house.start_nodes(programs, nodes)?;
        for node in house.http_side() {
            if !node.wait_until_ready(|| stop.is_cancelled())? {
                return Ok(None);
            }
        }
        Ok(Some(house))
    }

    fn start_nodes(&mut self, programs: &Programs, nodes: u32) -> Result<()> {
        let secret = random_hex(32);
        let mut options = File::options();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&self.secret_file)?;
        file.write_all(secret.as_bytes())?;
        let ports = || Ports { socket: free_port(), client: free_port(), route: free_port() };
        let ports: Vec<Ports> = (0..nodes).map(|_| ports()).collect();
        let setting = Setting {
            ports: &ports,
            database_url: self.postgres.url(DATABASE),
            redis_url: self.redis.url(),
            secret: &secret,
            folder: self.place.folder(),
        };
        if let Some(command) = self.system.prepare(programs, &setting) {
            prepare(command)?;
        }
        for (number, ports) in (1..).zip(&ports) {
            let log = self.place.folder().join(format!("node-{number}.log"));
            let name = format!("{} node {number}", self.system.name());
            let node = self.system.node(programs, &setting, *ports);
            self.nodes.push(Service::start(name, node, ports.socket, log)?);
        }
        let port = free_port();
        if let Some(command) = self.system.back_end(programs, &setting, port) {
            let name = format!("{} back end", self.system.name());
            let log = self.place.folder().join("back-end.log");
            self.back_end.push(Service::start(name, command, port, log)?);
        }
        Ok(())
    }

    /// Who answers over HTTP.
    fn http_side(&mut self) -> &mut [Service] {
        if self.back_end.is_empty() { &mut self.nodes } else { &mut self.back_end }
    }

    /// Where its participants go.
    pub fn target(&self) -> Result<Target> {
        Ok(Target {
            urls: self.nodes.iter().map(Service::url).collect(),
            back_end: self.back_end.first().map(Service::url),
            tokens: Tokens::secret(&self.secret_file, TTL_S)?,
            dialer: Dialer { dialect: self.system.dialect(), tls: tls::client(None)? },
        })
    }

    /// Its processes by class.
    pub fn watched(&self) -> Vec<Watched> {
        let nodes = self.nodes.iter().map(|node| ("nodes", node.pid()));
        let stores = [("postgres", self.postgres.pid()), ("redis", self.redis.pid())];
        let stores = stores.into_iter().filter(|_| self.system.uses_stores());
        let stores = stores.filter_map(|(name, pid)| Some((name, pid?)));
        nodes.chain(stores).map(|(name, pid)| Watched { name: name.into(), pid }).collect()
    }

    /// A run failed: a node that died says more than what missed it.
    pub fn and_why(mut self, error: anyhow::Error) -> anyhow::Error {
        match self.check() {
            Ok(()) => error,
            Err(died) => died.context(format!("{error:#}")),
        }
    }

    /// Ends everything; an error if something had ended before.
    pub fn close(mut self) -> Result<()> {
        self.check()
    }

    fn check(&mut self) -> Result<()> {
        if !self.postgres.is_running() || !self.redis.is_running() {
            bail!("a store died during the trial");
        }
        Ok(self.nodes.iter_mut().chain(&mut self.back_end).try_for_each(Service::check)?)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        Service::stop_all(&mut self.back_end);
        Service::stop_all(&mut self.nodes);
    }
}

fn prepare(mut command: Command) -> Result<()> {
    let output = command.output().context("the server cannot be started")?;
    let said = || String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned();
    ensure!(output.status.success(), "the database cannot be prepared: {}", said());
    Ok(())
}
