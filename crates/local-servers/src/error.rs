//! What can go wrong while a server is found, installed, started or stopped, in
//! sentences a developer can act on.

use std::io;
use std::path::{Path, PathBuf};

/// Why a private server is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No usable program and no right to install one; the text says in one line what to do.
    #[error("{program} is missing: {remedy}")]
    Missing {
        /// The program in words, e.g. "Redis 6.2 or newer".
        program: &'static str,
        /// What to install or set.
        remedy: String,
    },
    /// The program named by a setting cannot be used.
    #[error("{setting}={value}: {reason}")]
    Setting {
        /// The environment variable.
        setting: &'static str,
        /// What it holds.
        value: String,
        /// Why that does not do.
        reason: String,
    },
    /// A command that prepares something failed.
    #[error("{command} failed: {output}")]
    Command {
        /// The command as typed.
        command: String,
        /// The end of what it printed.
        output: String,
    },
    /// The server ended, or did not answer in time, while starting.
    #[error("{server} did not start: {reason}\n{log}")]
    Start {
        /// Which server.
        server: &'static str,
        /// What was observed.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// A service died, or was not ready in time.
    #[error("{name}: {reason}; its log ends:\n{log}")]
    Service {
        /// Which.
        name: String,
        /// What was observed.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// This place already holds a server of the kind.
    #[error("{0} already has one: claim a second place")]
    Taken(PathBuf),
    /// Every slot of the name is in use by a live process.
    #[error("all {limit} places named {name} are in use")]
    Crowded {
        /// The name asked for.
        name: String,
        /// How many there may be at once.
        limit: usize,
    },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted.
        what: String,
        /// The refusal.
        source: io::Error,
    },
}

/// Adds to an I/O error what was attempted, which the error alone never says.
pub(crate) trait During<T> {
    fn during(self, verb: &str, path: &Path) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> During<T> for Result<T, E> {
    fn during(self, verb: &str, path: &Path) -> Result<T, Error> {
        self.map_err(|e| Error::Io { what: format!("cannot {verb} {}", path.display()), source: e.into() })
    }
}
