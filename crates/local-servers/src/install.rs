//! Installs a missing program with apt where that needs no password, and
//! otherwise says in one line what to do.
//!
//! Debian starts its own service of what it installs. Nothing here uses that service;
//! it may fail to start because its port is taken, which fails the installation but
//! not the program: only whether the program is there afterwards counts.

use std::env;
use std::process::{Command, Stdio};

use crate::error::Error;

/// What `look` finds, if need be after installing `packages`: the program's first, then what goes with it.
pub(crate) fn unless_found<T>(
    look: impl Fn() -> Option<T>,
    program: &'static str,
    setting: &str,
    packages: &[&str],
    say: fn(&str),
) -> Result<T, Error> {
    if let Some(found) = look() {
        return Ok(found);
    }
    let missing = |remedy| Error::Missing { program, remedy };
    let package = packages[0];
    let apt =
        Apt::allowed().ok_or_else(|| missing(format!("install it (package {package}) or set {setting}")))?;
    say(&format!("{program} is missing: apt-get install {}", packages.join(" ")));
    let complaint = apt.install(packages).err();
    look().ok_or_else(|| {
        let complaint = complaint.unwrap_or_else(|| "the package holds no such version".into());
        missing(format!("apt-get install {package} did not help ({complaint}); install it or set {setting}"))
    })
}

/// The right to use apt-get, as root or through sudo without a password.
struct Apt {
    sudo: bool,
}

impl Apt {
    fn allowed() -> Option<Self> {
        let on_path = |name: &str| {
            env::var_os("PATH")
                .is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(name).is_file()))
        };
        if !on_path("apt-get") {
            return None;
        }
        if rustix::process::geteuid().is_root() {
            return Some(Self { sudo: false });
        }
        let passwordless = || run(Command::new("sudo").args(["-n", "true"])).is_ok();
        (on_path("sudo") && passwordless()).then_some(Self { sudo: true })
    }

    /// A package that apt does not know, or knows by an outdated address, needs fresh lists.
    fn install(&self, packages: &[&str]) -> Result<(), String> {
        let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
        self.apt_get(&install).or_else(|_| {
            self.apt_get(&["update"])?;
            self.apt_get(&install)
        })
    }

    fn apt_get(&self, arguments: &[&str]) -> Result<(), String> {
        let mut command = if self.sudo { Command::new("sudo") } else { Command::new("env") };
        if self.sudo {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=500"]);
        run(command.args(arguments))
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(stderr.lines().last().unwrap_or("no message").to_owned())
}
