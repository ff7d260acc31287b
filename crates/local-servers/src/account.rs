//! Under whose account the servers run.
//!
//! Postgres refuses to run as root, and Redis has no need to: started by root, both
//! become `nobody` without supplementary groups. Anybody else runs them as himself.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::error::{During, Error};

/// The user and group a server gets; `None` keeps the caller's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    pub(crate) fn for_servers() -> Result<Self, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self(None));
        }
        Ok(Self(Some((id_of_nobody("-u")?, id_of_nobody("-g")?))))
    }

    /// The user id that will own the data, so that root and a user never share a folder.
    pub(crate) fn uid(self) -> u32 {
        self.0.map_or_else(|| rustix::process::geteuid().as_raw(), |(uid, _)| uid)
    }

    /// The standard library also clears the supplementary groups when root changes user.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command
    }

    pub(crate) fn give(self, path: &Path) -> Result<(), Error> {
        match self.0 {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)).during("give away", path),
            None => Ok(()),
        }
    }

    /// Tried rather than computed from permission bits: a parent folder may be closed
    /// to others (a clone under /root), and access lists exist.
    pub(crate) fn can_enter(self, folder: &Path) -> bool {
        let entered = self.command(Path::new("/bin/sh")).args(["-c", "exit 0"]).current_dir(folder).status();
        entered.is_ok_and(|status| status.success())
    }
}

fn id_of_nobody(flag: &str) -> Result<u32, Error> {
    let command = format!("id {flag} nobody");
    let failed = |output: String| Error::Command { command: command.clone(), output };
    let output = Command::new("id").args([flag, "nobody"]).output().map_err(|e| failed(e.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| failed(format!("printed {text:?}")))
}
