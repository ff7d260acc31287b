//! A folder for a group of servers, locked while in use.
//!
//! Places live under `target/servers/`, numbered, one file lock each: a second run in
//! the same checkout gets the next number, another checkout has its own folder, and the
//! lock of a crashed owner falls with its process. A place that the servers' account
//! cannot reach (a clone under /root) is replaced by a folder in the system's temporary
//! directory, which `target/servers/elsewhere` remembers.

use std::env;
use std::fs::{self, DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::account::Account;
use crate::error::{During, Error};
use crate::random::random_hex;

const LIMIT: usize = 64;

/// A locked folder in which servers may start. Clones share the lock.
#[derive(Clone, Debug)]
pub struct Place {
    locked: Arc<Locked>,
    pub(crate) account: Account,
    pub(crate) say: fn(&str),
}

#[derive(Debug)]
struct Locked {
    folder: PathBuf,
    kept: bool,
    taken: Mutex<Vec<String>>,
    _lock: File,
}

impl Place {
    /// A place whose data is found again by the next claim of `name`.
    pub fn kept(name: &str) -> Result<Self, Error> {
        Self::claim(&servers_folder(), name, true)
    }

    /// A place that starts empty; its data goes with its last user, its logs stay until
    /// the next claim.
    pub fn throwaway(name: &str) -> Result<Self, Error> {
        Self::claim(&servers_folder(), name, false)
    }

    /// The same, told about steps that take seconds (installing, initialising).
    #[must_use]
    pub fn telling(mut self, say: fn(&str)) -> Self {
        self.say = say;
        self
    }

    /// Where the place is. The owner of the process may keep files of its own here.
    pub fn folder(&self) -> &Path {
        &self.locked.folder
    }

    fn claim(servers: &Path, name: &str, kept: bool) -> Result<Self, Error> {
        let account = Account::for_servers()?;
        let base = reachable_base(servers, account)?;
        for number in 1..=LIMIT {
            let folder = base.join(format!("{name}-{number}"));
            open_to_pass(&folder)?;
            if let Some(lock) = try_lock(&folder.join("lock"))? {
                let locked = Locked { folder, kept, taken: Mutex::default(), _lock: lock };
                return Ok(Self { locked: Arc::new(locked), account, say: |_| {} });
            }
        }
        Err(Error::Crowded { name: name.to_owned(), limit: LIMIT })
    }

    /// The folder of one server, given to the servers' account. `evict` ends a server
    /// that a crashed owner left in it, before anything in it is removed.
    pub(crate) fn room(
        &self,
        name: &str,
        evict: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let room = self.folder().join(name);
        let mut taken = self.locked.taken.lock().expect("nothing panics while holding it");
        if taken.iter().any(|other| other == name) {
            return Err(Error::Taken(room));
        }
        if room.is_dir() {
            evict(&room)?;
            if !self.locked.kept {
                fs::remove_dir_all(&room).during("remove", &room)?;
            }
        }
        private_folder(&room)?;
        self.account.give(&room)?;
        let _ = fs::remove_file(room.with_extension("log")); // of the last owner, or none
        taken.push(name.to_owned());
        Ok(room)
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.locked.kept
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // The lock file stays: removing a file that others are about to lock would let
        // two of them hold "the" lock. Logs stay, they say why a test failed.
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let _ = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else if path.extension().is_some_and(|end| end == "log") || path.ends_with("lock") {
                Ok(())
            } else {
                fs::remove_file(&path)
            };
        }
    }
}

/// `target/servers`, or the same under `CARGO_TARGET_DIR`.
fn servers_folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let workspace = workspace.canonicalize().unwrap_or(workspace);
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace.join(target).join("servers")
}

/// Per account, because data of one cannot be used by the other.
fn reachable_base(servers: &Path, account: Account) -> Result<PathBuf, Error> {
    fs::create_dir_all(servers).during("create", servers)?;
    let base = servers.join(account.uid().to_string());
    open_to_pass(&base)?;
    if account.can_enter(&base) {
        return Ok(base);
    }
    let note = servers.join("elsewhere");
    if let Some(known) = fs::read_to_string(&note).ok().map(PathBuf::from).filter(|p| is_ours(p)) {
        return Ok(known);
    }
    let fresh = env::temp_dir().join(format!("order-chat-servers-{}", random_hex(8)));
    DirBuilder::new().mode(0o711).create(&fresh).during("create", &fresh)?;
    open_to_pass(&fresh)?;
    fs::write(&note, fresh.as_os_str().as_encoded_bytes()).during("write", &note)?;
    Ok(fresh)
}

/// The temporary directory belongs to everybody: only a real folder of ours will do.
fn is_ours(path: &Path) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|found| found.is_dir() && found.uid() == rustix::process::geteuid().as_raw())
}

/// Others may pass through it to what they know the name of, and not list it.
fn open_to_pass(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).during("create", folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o711)).during("open", folder)
}

fn private_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).during("create", folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).during("close", folder)
}

fn try_lock(path: &Path) -> Result<Option<File>, Error> {
    let file = File::options().create(true).append(true).open(path).during("open", path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(e)) => Err(e).during("lock", path),
    }
}
