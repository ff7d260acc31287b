//! One `order-chat serve` as a process: killed, stopped, continued, restarted, and gone at the end.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use local_servers::{Process, log_tail};
use tokio::task::block_in_place;

/// A node that answers on the same port all its lives.
#[derive(Debug)]
pub struct Node {
    port: u16,
    environment: Vec<(String, String)>,
    log: PathBuf,
    process: Option<Process>,
}

impl Node {
    /// Does not start it yet.
    pub fn new(name: &str, port: u16, environment: Vec<(String, String)>) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("system");
        std::fs::create_dir_all(&folder).expect("a folder for logs");
        Self { port, environment, log: folder.join(format!("{name}.log")), process: None }
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    pub fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_order-chat"));
        command.arg("serve").env_clear().envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command.env("ORDER_CHAT_LISTEN", self.address().to_string());
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        self.process = Some(Process::spawn(command, "KILL").expect("the node starts"));
    }

    /// SIGKILL.
    pub fn kill9(&mut self) {
        block_in_place(|| self.alive().kill9()).expect("the node can be killed");
        self.process = None;
    }

    /// SIGSTOP: connections stay open and nothing answers.
    pub fn pause(&mut self) {
        self.alive().pause().expect("the node can be stopped");
    }

    /// SIGCONT.
    pub fn resume(&mut self) {
        self.alive().resume().expect("the node can go on");
    }

    /// SIGTERM, and how it ended; killed when `patience` is over.
    pub fn terminate(&mut self, patience: Duration) -> ExitStatus {
        let status = block_in_place(|| self.alive().stop(patience)).expect("the node ends");
        self.process = None;
        status
    }

    /// Fails with the end of its log if it died by itself.
    pub fn check(&mut self) {
        if let Some(Ok(Some(status))) = self.process.as_mut().map(Process::ended) {
            panic!("a node died ({status}); its log ends:\n{}", self.tail());
        }
    }

    /// Nobody needs the log of a scenario that held.
    pub fn forget_log(&self) {
        let _ = std::fs::remove_file(&self.log);
    }

    pub fn tail(&self) -> String {
        log_tail(&self.log, 20)
    }

    fn alive(&mut self) -> &mut Process {
        self.process.as_mut().expect("the node runs")
    }
}
