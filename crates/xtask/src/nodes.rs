//! Gateway nodes as child processes: started, waited for, watched, stopped together.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use local_servers::{Process, free_port, log_tail};

use crate::interrupt::Interrupt;

const READY_WITHIN: Duration = Duration::from_mins(1);
/// A node that drains needs up to 15 s.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// One running node.
pub struct Node {
    name: String,
    port: u16,
    log: PathBuf,
    process: Process,
}

impl Node {
    /// Starts `command`, which listens on `port` of 127.0.0.1.
    pub fn start(name: String, mut command: Command, port: u16, log: PathBuf) -> Result<Self> {
        let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let process = Process::spawn(command, "TERM")?;
        Ok(Self { name, port, log, process })
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Waits until it can serve.
    pub fn wait_until_ready(&mut self, interrupt: &Interrupt) -> Result<()> {
        let end = Instant::now() + READY_WITHIN;
        while !is_ready(self.port) {
            interrupt.check()?;
            self.check()?;
            if Instant::now() > end {
                bail!("{} is not ready after {} s:\n{}", self.name, READY_WITHIN.as_secs(), self.tail());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// An error with the end of its log if it died.
    pub fn check(&mut self) -> Result<()> {
        match self.process.ended()? {
            Some(status) => bail!("{} died ({status}); its log ends:\n{}", self.name, self.tail()),
            None => Ok(()),
        }
    }

    fn tail(&self) -> String {
        log_tail(&self.log, 20)
    }
}

/// SIGTERM to all at once, so that their drains overlap.
pub fn stop(nodes: &mut [Node]) {
    thread::scope(|scope| {
        for node in nodes {
            scope.spawn(|| node.process.stop(PATIENCE));
        }
    });
}

/// `preferred` when nobody listens there, so that the address is easy to remember.
pub fn port_or_free(preferred: u16) -> u16 {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, preferred)).is_ok();
    if free { preferred } else { free_port() }
}

fn is_ready(port: u16) -> bool {
    const TIMEOUT: Duration = Duration::from_secs(5);
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(&status == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}
