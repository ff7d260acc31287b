//! A server of the product, or one it is compared with, as a child process: started with a log of its own, waited for
//! until it says over HTTP that it can serve, stopped in order.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{During as _, Error};
use crate::process::{Process, log_tail};

const READY_WITHIN: Duration = Duration::from_mins(1);
/// A node that drains needs up to 15 s.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// One running server that answers `/readyz`.
#[derive(Debug)]
pub struct Service {
    name: String,
    port: u16,
    log: PathBuf,
    process: Process,
}

impl Service {
    /// Starts `command`, which listens on `port` of 127.0.0.1.
    pub fn start(name: String, mut command: Command, port: u16, log: PathBuf) -> Result<Self, Error> {
        let mut options = File::options();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&log);
        let file = file.during("open", &log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone().during("open", &log)?).stderr(file);
        let process = Process::spawn(command, "TERM").during("start the server of", &log)?;
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

    /// Waits until it can serve; false when `gives_up` says so first.
    pub fn wait_until_ready(&mut self, gives_up: impl Fn() -> bool) -> Result<bool, Error> {
        let end = Instant::now() + READY_WITHIN;
        while !is_ready(self.port) {
            if gives_up() {
                return Ok(false);
            }
            self.check()?;
            if Instant::now() > end {
                return Err(self.dead(format!("not ready after {} s", READY_WITHIN.as_secs())));
            }
            thread::sleep(POLL);
        }
        Ok(true)
    }

    /// An error with the end of its log if it died.
    pub fn check(&mut self) -> Result<(), Error> {
        match self.process.ended().during("look after the server of", &self.log)? {
            Some(status) => Err(self.dead(format!("it died ({status})"))),
            None => Ok(()),
        }
    }

    /// SIGTERM to all at once, so that their drains overlap.
    pub fn stop_all(services: &mut [Self]) {
        thread::scope(|scope| {
            for service in services {
                scope.spawn(|| service.process.stop(PATIENCE));
            }
        });
    }

    fn dead(&self, reason: String) -> Error {
        Error::Service { name: self.name.clone(), reason, log: log_tail(&self.log, 20) }
    }
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
