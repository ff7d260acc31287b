//! A server that an earlier, crashed owner left running in a place that is ours now.
//!
//! The place is locked, so nobody uses that server any more. It is signalled only when
//! its command line names its room: a pid file alone may speak of a pid that somebody
//! else has by now.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::error::{During, Error};
use crate::wait::wait_for;

/// Ends the server that `pid_file` speaks of if it runs in `room`, and removes a
/// `pid_file` whose pid went to somebody else, which would keep Postgres from starting.
pub(crate) fn stop(pid_file: &Path, room: &Path, signal: Signal) -> Result<(), Error> {
    let Some(pid) = read_pid(pid_file) else { return Ok(()) };
    if test_kill_process(pid).is_err() {
        return Ok(());
    }
    if !command_line(pid).contains(&*room.to_string_lossy()) {
        return fs::remove_file(pid_file).during("remove", pid_file);
    }
    let gone = || test_kill_process(pid).is_err().then_some(());
    let _ = kill_process(pid, signal);
    let _ = kill_process(pid, Signal::CONT); // it may have been paused
    if wait_for(Duration::from_secs(5), gone).is_none() {
        let _ = kill_process(pid, Signal::KILL);
        let _ = wait_for(Duration::from_secs(5), gone);
    }
    Ok(())
}

fn read_pid(pid_file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pid_file).ok()?;
    Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
}

/// From /proc, or from ps where there is none (a minimal Debian has no ps).
fn command_line(pid: Pid) -> String {
    let pid = pid.as_raw_nonzero().to_string();
    let from_ps = || Command::new("ps").args(["-ww", "-o", "args=", "-p", &pid]).output().map(|o| o.stdout);
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).or_else(|_| from_ps()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}
