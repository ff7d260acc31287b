//! A child process that never outlives its owner.
//!
//! Dropping kills it. For an owner that dies without dropping (SIGKILL, Ctrl-C, abort)
//! a *guard* stands beside it: a tiny shell in its own process group that reads from a
//! pipe whose only writer is the owner. End of file means the owner is gone, and the
//! guard signals the child's group. Chosen over `PR_SET_PDEATHSIG` because that one
//! fires when the *thread* that started the child ends (a `spawn_blocking` thread does
//! after ten idle seconds) and exists on Linux only.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::wait::wait_for;

/// A line read: dismissed. End of file: the owner died, end the child's whole group.
/// CONT after the signal, for a child that was stopped. Then KILL for what is left.
const GUARD: &str = r#"trap '' INT TERM HUP QUIT
read -r dismissed && exit 0
kill -s "$1" -- "-$2"; kill -s CONT -- "-$2"
tries=0
while kill -s 0 -- "-$2" 2>/dev/null && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL -- "-$2""#;

/// A running child in its own process group, with its guard.
#[derive(Debug)]
pub struct Process {
    child: Child,
    guard: Child,
    pid: Pid,
}

impl Process {
    /// Starts `command`; `last_signal` is what the guard sends when the owner is gone
    /// ("KILL", or what makes this program end at once and clean up).
    pub fn spawn(mut command: Command, last_signal: &str) -> io::Result<Self> {
        // A group of its own: Ctrl-C on the terminal reaches the owner, who stops in order.
        let mut child = command.process_group(0).spawn()?;
        let guard = guard_for(&child, last_signal).inspect_err(|_| {
            let _ = child.kill();
            let _ = child.wait();
        })?;
        let pid = Pid::from_child(&child);
        Ok(Self { child, guard, pid })
    }

    /// The process id, which is the id of its group too.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// SIGKILL to the process itself, and waits until it is gone.
    pub fn kill9(&mut self) -> io::Result<()> {
        self.end(Signal::KILL, Duration::from_secs(10)).map(drop)
    }

    /// SIGSTOP: alive for the kernel, silent for everybody else.
    pub fn pause(&mut self) -> io::Result<()> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT after [`pause`](Self::pause).
    pub fn resume(&mut self) -> io::Result<()> {
        self.signal(Signal::CONT)
    }

    /// SIGTERM to the whole group, SIGKILL when `patience` is over; how it ended.
    pub fn stop(&mut self, patience: Duration) -> io::Result<ExitStatus> {
        if self.ended()?.is_none() {
            let _ = kill_process_group(self.pid, Signal::TERM);
            let _ = kill_process_group(self.pid, Signal::CONT);
        }
        if wait_for(patience, || self.ended().transpose()).is_none() {
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
        self.child.wait()
    }

    /// Sends `signal`, waits, and kills when `patience` is over; true if that was needed.
    pub(crate) fn end(&mut self, signal: Signal, patience: Duration) -> io::Result<bool> {
        self.signal(signal)?;
        let _ = self.signal(Signal::CONT); // a paused child hears nothing else but KILL
        let stubborn = wait_for(patience, || self.ended().transpose()).is_none();
        if stubborn {
            self.child.kill()?;
        }
        self.child.wait()?;
        Ok(stubborn)
    }

    fn signal(&mut self, signal: Signal) -> io::Result<()> {
        // A child that was waited for has no pid any more: somebody else may have it.
        match self.ended()? {
            Some(_) => Ok(()),
            None => Ok(kill_process(self.pid, signal)?),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.pid, Signal::KILL);
            let _ = self.child.wait();
        }
        if let Some(mut pipe) = self.guard.stdin.take() {
            let _ = pipe.write_all(b"dismissed\n");
        }
        let _ = self.guard.wait();
    }
}

fn guard_for(child: &Child, last_signal: &str) -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", GUARD, "guard", last_signal, &child.id().to_string()])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

/// The last `lines` lines of a log file, for a message about a process that died.
pub fn log_tail(path: &Path, lines: usize) -> String {
    const WINDOW_BYTES: u64 = 64 * 1024;
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(WINDOW_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_else(|e| format!("(no log at {}: {e})", path.display()));
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
