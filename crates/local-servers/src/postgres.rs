//! A private Postgres: initialised once per place, crash-safe as in production
//! (`fsync`, `synchronous_commit` and `full_page_writes` on), reachable by password on
//! 127.0.0.1 only. Trust would do on a laptop, but development machines have other users.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::error::{During, Error};
use crate::find::{self, PostgresPrograms};
use crate::launch::Launch;
use crate::place::Place;
use crate::port::free_port;
use crate::process::Process;
use crate::wait::wait_for;
use crate::{initdb, leftover};

/// The superuser, who owns everything.
pub(crate) const USER: &str = "order_chat";
const PORTS_TRIED: usize = 5;

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=", // its path may be longer than a socket's name can be
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_connections=400",
    "log_lock_waits=on",
    "logging_collector=off",
];

/// A running (or killed, and restartable) Postgres. Dropping stops it.
#[derive(Debug)]
pub struct Postgres {
    process: Option<Process>,
    programs: PostgresPrograms,
    room: PathBuf,
    password: String,
    port: u16,
    cache_mib: u64,
    place: Place, // last: its lock falls after the server ended
}

impl Postgres {
    /// What it keeps in memory, in MiB, unless told otherwise.
    pub const CACHE_MIB: u64 = 256;

    /// Finds or installs Postgres 15 or newer and starts it in `place`.
    pub fn start(place: &Place) -> Result<Self, Error> {
        Self::start_with(place, Self::CACHE_MIB)
    }

    /// The same, with another size of its cache (`shared_buffers`).
    pub fn start_with(place: &Place, cache_mib: u64) -> Result<Self, Error> {
        let programs = find::postgres(place.account, place.say)?;
        // The version is in the name: a newer one cannot read an older one's data.
        let room = place.room(&format!("postgres-{}", programs.major), |room| {
            leftover::stop(&room.join("data/postmaster.pid"), room, Signal::QUIT)
        })?;
        let password = initdb::ensure(place, &programs, &room)?;
        let mut postgres =
            Self { process: None, programs, room, password, port: 0, cache_mib, place: place.clone() };
        postgres.start_on_a_free_port()?;
        Ok(postgres)
    }

    /// A superuser's URL of `database`; "postgres" is the maintenance database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The port on 127.0.0.1; it outlives restarts.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The major version, e.g. 15.
    pub fn major_version(&self) -> u32 {
        self.programs.major
    }

    /// Where the server writes its log.
    pub fn log(&self) -> PathBuf {
        self.room.with_extension("log")
    }

    /// The server's process id, while there is one.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// True while the server process lives.
    pub fn is_running(&mut self) -> bool {
        self.process.as_mut().is_some_and(|process| matches!(process.ended(), Ok(None)))
    }

    /// `psql` on `database`, quiet, stopping at the first error; add `-c` or `-f`.
    pub fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.programs.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", USER]);
        psql.args(["-p", &self.port.to_string(), "-d", database]);
        psql.env("PGPASSWORD", &self.password).env("PGCONNECT_TIMEOUT", "10");
        psql
    }

    /// Creates `database` unless it is there. The name is plain: `a-z0-9_`.
    pub fn create_database(&self, database: &str) -> Result<(), Error> {
        assert!(database.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')), "a plain name");
        let query = format!("select count(*) from pg_database where datname = '{database}'");
        if self.sql(&query)?.trim() == "0" {
            self.sql(&format!("create database {database}"))?;
        }
        Ok(())
    }

    /// SIGKILL to the postmaster; its backends notice and end, nothing is written in order.
    pub fn kill9(&mut self) -> Result<(), Error> {
        self.end(Signal::KILL)
    }

    /// A fast shutdown: sessions are cut, a checkpoint is written.
    pub fn stop(&mut self) -> Result<(), Error> {
        self.end(Signal::INT)
    }

    /// Starts it again on the same port and data, after a fast stop if it still runs.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.stop()?;
        // Orphaned backends of a killed postmaster hold its shared memory for a moment.
        let started = wait_for(Duration::from_secs(15), || self.launch().ok());
        started.map_or_else(|| self.launch(), Ok)
    }

    fn start_on_a_free_port(&mut self) -> Result<(), Error> {
        let mut outcome = Ok(());
        for _ in 0..PORTS_TRIED {
            self.port = free_port();
            outcome = self.launch();
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    fn launch(&mut self) -> Result<(), Error> {
        let data = self.room.join("data");
        let mut command = self.place.account.command(&self.programs.bin.join("postgres"));
        command.arg("-D").arg(&data).args(["-p", &self.port.to_string()]).current_dir(&self.room);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(["-c", &format!("shared_buffers={}MB", self.cache_mib)]);
        let launch = Launch { server: "Postgres", command, log: &self.log(), last_signal: "QUIT" };
        self.process = Some(launch.until(|pid| says_ready(&data, pid))?);
        Ok(())
    }

    fn end(&mut self, signal: Signal) -> Result<(), Error> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        process.end(signal, Duration::from_secs(15)).during("stop the server in", &self.room)?;
        Ok(())
    }

    fn sql(&self, statement: &str) -> Result<String, Error> {
        let failed = |output: String| Error::Command { command: format!("psql -c {statement:?}"), output };
        let output =
            self.psql("postgres").args(["-c", statement]).output().map_err(|e| failed(e.to_string()))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Data nobody will read again needs no checkpoint.
        let _ = self.end(if self.place.is_kept() { Signal::INT } else { Signal::QUIT });
    }
}

/// Line 1 of the lock file is the pid, line 8 what `pg_ctl` waits for.
fn says_ready(data: &Path, pid: u32) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(&pid.to_string()) && lines.nth(6) == Some("ready")
}
