//! Starts a server program and waits until it answers, or reports the end of its log.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::error::{During, Error};
use crate::process::{Process, log_tail};
use crate::wait::wait_for;

/// A crashed database replays its log before it answers.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Launch<'a> {
    pub(crate) server: &'static str,
    pub(crate) command: Command,
    pub(crate) log: &'a Path,
    /// What the guard sends when the owner dies.
    pub(crate) last_signal: &'a str,
}

enum Seen {
    Ready,
    Ended(String),
}

impl Launch<'_> {
    pub(crate) fn until(mut self, ready: impl Fn(u32) -> bool) -> Result<Process, Error> {
        let log = File::options().create(true).append(true).open(self.log).during("open", self.log)?;
        let errors = log.try_clone().during("open", self.log)?;
        self.command.stdin(Stdio::null()).stdout(log).stderr(errors);
        let mut process = Process::spawn(self.command, self.last_signal).during("start", self.log)?;
        let pid = process.id();
        let seen = wait_for(PATIENCE, || match process.ended() {
            Ok(Some(status)) => Some(Seen::Ended(status.to_string())),
            Ok(None) => ready(pid).then_some(Seen::Ready),
            Err(e) => Some(Seen::Ended(e.to_string())),
        });
        let reason = match seen {
            Some(Seen::Ready) => return Ok(process),
            Some(Seen::Ended(how)) => how,
            None => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        Err(Error::Start { server: self.server, reason, log: log_tail(self.log, 8) })
    }
}
