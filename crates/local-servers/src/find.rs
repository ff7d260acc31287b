//! Finds the programs: an explicit setting, then PATH, then the folders where
//! Debian, Red Hat and Homebrew keep the Postgres programs that are not on PATH.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::Error;
use crate::install;

const POSTGRES: &str = "Postgres 15 or newer";
const POSTGRES_SETTING: &str = "ORDER_CHAT_POSTGRES_BIN";
const REDIS: &str = "Redis 6.2 or newer";
const REDIS_SETTING: &str = "ORDER_CHAT_REDIS_SERVER";
const CHROMIUM_SETTING: &str = "ORDER_CHAT_CHROMIUM";
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// With letters of every script, and pictures: what a page looks like depends on them.
const CHROMIUM_PACKAGES: [&str; 3] = ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"];

/// The folder with `postgres`, `initdb` and `psql`, and their major version.
#[derive(Clone, Debug)]
pub(crate) struct PostgresPrograms {
    pub(crate) bin: PathBuf,
    pub(crate) major: u32,
}

/// Finds or installs Postgres.
pub(crate) fn postgres(account: Account, say: fn(&str)) -> Result<PostgresPrograms, Error> {
    if let Ok(value) = env::var(POSTGRES_SETTING) {
        let reason = format!("no {POSTGRES} with initdb and psql in this folder");
        return usable_postgres(account, Path::new(&value)).ok_or(Error::Setting {
            setting: POSTGRES_SETTING,
            value,
            reason,
        });
    }
    let look = || postgres_folders().iter().find_map(|bin| usable_postgres(account, bin));
    install::unless_found(look, POSTGRES, POSTGRES_SETTING, &["postgresql"], say)
}

/// Finds or installs Redis: the path of `redis-server`.
pub(crate) fn redis(account: Account, say: fn(&str)) -> Result<PathBuf, Error> {
    if let Ok(value) = env::var(REDIS_SETTING) {
        let reason = format!("not the program of {REDIS}");
        return usable_redis(account, Path::new(&value)).ok_or(Error::Setting {
            setting: REDIS_SETTING,
            value,
            reason,
        });
    }
    let look =
        || path_folders().iter().find_map(|folder| usable_redis(account, &folder.join("redis-server")));
    install::unless_found(look, REDIS, REDIS_SETTING, &["redis-server"], say)
}

/// Finds or installs Chromium, for tests that look at screens: the path of the program.
pub fn chromium(say: fn(&str)) -> Result<PathBuf, Error> {
    if let Ok(value) = env::var(CHROMIUM_SETTING) {
        let reason = "no such program".to_owned();
        let program = PathBuf::from(&value);
        return if program.is_file() {
            Ok(program)
        } else {
            Err(Error::Setting { setting: CHROMIUM_SETTING, value, reason })
        };
    }
    let look = || {
        let mut programs: Vec<PathBuf> =
            path_folders().iter().flat_map(|folder| CHROMIUM.map(|name| folder.join(name))).collect();
        programs.push("/Applications/Chromium.app/Contents/MacOS/Chromium".into());
        programs.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome".into());
        programs.into_iter().find(|program| program.is_file())
    };
    install::unless_found(look, "Chromium", CHROMIUM_SETTING, &CHROMIUM_PACKAGES, say)
}

fn postgres_folders() -> Vec<PathBuf> {
    let mut folders = path_folders();
    folders.extend(newest_first("/usr/lib/postgresql", ""));
    folders.extend(newest_first("/usr", "pgsql-"));
    folders.extend(newest_first("/opt/homebrew/opt", "postgresql"));
    folders.extend(newest_first("/usr/local/opt", "postgresql"));
    folders
}

fn path_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    folders.extend(["/usr/bin".into(), "/opt/homebrew/bin".into()]);
    folders.retain(|folder| folder.is_absolute());
    folders
}

/// `parent/prefix*/bin`, the highest version first.
fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| (first_number(&entry.file_name().to_string_lossy()), entry.path().join("bin")))
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, bin)| bin).collect()
}

fn usable_postgres(account: Account, bin: &Path) -> Option<PostgresPrograms> {
    let all_there = ["postgres", "initdb", "psql"].iter().all(|name| bin.join(name).is_file());
    let major = first_number(&version_text(account, &all_there.then(|| bin.join("postgres"))?)?);
    (major >= 15).then(|| PostgresPrograms { bin: bin.to_owned(), major })
}

fn usable_redis(account: Account, program: &Path) -> Option<PathBuf> {
    let text = version_text(account, program.is_file().then_some(program)?)?;
    let version = text.split("v=").nth(1)?;
    let mut parts = version.split('.').map(first_number);
    let version = (parts.next()?, parts.next()?);
    (version >= (6, 2)).then(|| program.to_owned())
}

/// Asked under the servers' account: a program it cannot run is as good as missing.
fn version_text(account: Account, program: &Path) -> Option<String> {
    let output = account.command(program).arg("--version").current_dir("/").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first run of digits, e.g. 15 in `15.18 (Debian)`, or 0.
fn first_number(text: &str) -> u32 {
    let digits = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_programs_print() {
        assert_eq!(first_number("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), 15);
        assert_eq!(first_number("postgresql@17"), 17);
        assert_eq!(first_number("postgresql"), 0);
    }

    #[test]
    fn a_program_that_is_not_there_is_not_usable() {
        let account = Account::for_servers().unwrap();
        assert!(usable_postgres(account, Path::new("/nonexistent")).is_none());
        assert!(usable_redis(account, Path::new("/bin/sh")).is_none());
    }
}
