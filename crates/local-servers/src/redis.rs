//! A private Redis: no persistence (Redis carries speed here, never truth), reachable
//! by password on 127.0.0.1 only.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;

use crate::error::{During, Error};
use crate::find;
use crate::launch::Launch;
use crate::leftover;
use crate::place::Place;
use crate::port::free_port;
use crate::process::Process;
use crate::random::random_hex;

const PORTS_TRIED: usize = 5;

/// A running (or killed, and restartable) Redis. Dropping stops it.
#[derive(Debug)]
pub struct Redis {
    process: Option<Process>,
    program: PathBuf,
    room: PathBuf,
    password: String,
    port: u16,
    /// Where the servers of a cluster talk among themselves.
    pub(crate) bus: Option<u16>,
    place: Place, // last: its lock falls after the server ended
}

impl Redis {
    /// Finds or installs Redis 6.2 or newer and starts it in `place`.
    pub fn start(place: &Place) -> Result<Self, Error> {
        Self::start_as(place, "redis", random_hex(16), None)
    }

    /// One server of a cluster, alone yet.
    pub(crate) fn start_as(
        place: &Place,
        name: &str,
        password: String,
        bus: Option<u16>,
    ) -> Result<Self, Error> {
        let program = find::redis(place.account, place.say)?;
        let room = place.room(name, |room| leftover::stop(&room.join("redis.pid"), room, Signal::KILL))?;
        let mut redis = Self { process: None, program, room, password, port: 0, bus, place: place.clone() };
        redis.start_on_a_free_port()?;
        Ok(redis)
    }

    /// The URL, with its password.
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/", self.password, self.port)
    }

    /// The port on 127.0.0.1; it outlives restarts.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the server writes its log.
    pub fn log(&self) -> PathBuf {
        self.room.with_extension("log")
    }

    /// The server's process id, while there is one.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// True while the server process lives, paused or not.
    pub fn is_running(&mut self) -> bool {
        self.process.as_mut().is_some_and(|process| matches!(process.ended(), Ok(None)))
    }

    /// SIGKILL. What it knew is gone.
    pub fn kill9(&mut self) -> Result<(), Error> {
        self.end(Signal::KILL)
    }

    /// An orderly end.
    pub fn stop(&mut self) -> Result<(), Error> {
        self.end(Signal::TERM)
    }

    /// Starts it again on the same port, empty, after a stop if it still runs.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.stop()?;
        self.launch()
    }

    /// SIGSTOP: connections stay open and nothing answers.
    pub fn pause(&mut self) -> Result<(), Error> {
        self.process.as_mut().map_or(Ok(()), Process::pause).during("pause the server in", &self.room)
    }

    /// SIGCONT after [`pause`](Self::pause).
    pub fn resume(&mut self) -> Result<(), Error> {
        self.process.as_mut().map_or(Ok(()), Process::resume).during("resume the server in", &self.room)
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
        let conf = self.room.join("redis.conf");
        // In a closed folder, not on the command line, which every user can read.
        fs::write(&conf, self.configuration()).during("write", &conf)?;
        self.place.account.give(&conf)?;
        let mut command = self.place.account.command(&self.program);
        command.arg(&conf).current_dir(&self.room);
        let launch = Launch { server: "Redis", command, log: &self.log(), last_signal: "KILL" };
        self.process = Some(launch.until(|_| answers(self.port, &self.password))?);
        Ok(())
    }

    fn configuration(&self) -> String {
        let room = quoted(&self.room);
        let pid_file = quoted(&self.room.join("redis.pid"));
        // `set-proc-title no` keeps the room in the command line, by which a leftover is known.
        let cluster = self.bus.map_or_else(String::new, |bus| {
            format!("cluster-enabled yes\ncluster-port {bus}\ncluster-node-timeout 15000\n")
        });
        format!(
            "bind 127.0.0.1\nport {}\nrequirepass {}\nsave \"\"\nappendonly no\ndaemonize no\n\
             dir {room}\npidfile {pid_file}\nset-proc-title no\n{cluster}",
            self.port, self.password
        )
    }

    /// Sends one command, and gives what came back, as it came.
    pub(crate) fn ask(&self, command: &str) -> Option<String> {
        ask(self.port, &self.password, command).ok()
    }

    fn end(&mut self, signal: Signal) -> Result<(), Error> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        process.end(signal, Duration::from_secs(5)).during("stop the server in", &self.room)?;
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.end(Signal::KILL);
    }
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\""))
}

fn answers(port: u16, password: &str) -> bool {
    ask(port, password, "PING").is_ok_and(|reply| reply.contains("+PONG"))
}

fn ask(port: u16, password: &str, command: &str) -> std::io::Result<String> {
    const TIMEOUT: Duration = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("AUTH {password}\r\n{command}\r\nQUIT\r\n").as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}
