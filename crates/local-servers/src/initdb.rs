//! Initialises the data folder of a private Postgres, once.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::error::{During, Error};
use crate::find::PostgresPrograms;
use crate::place::Place;
use crate::postgres::USER;
use crate::random::random_hex;

/// Makes `room/data` unless it is there; gives the superuser's password.
pub(crate) fn ensure(place: &Place, programs: &PostgresPrograms, room: &Path) -> Result<String, Error> {
    let (data, password_file) = (room.join("data"), room.join("password"));
    if data.is_dir() {
        return fs::read_to_string(&password_file).during("read", &password_file);
    }
    (place.say)(&format!("Initialising Postgres {}", programs.major));
    let password = random_hex(16);
    write_password(place, &password_file, &password)?;
    // Under another name until it is whole: a crash in between leaves no half data folder.
    let unfinished = room.join("data.unfinished");
    if unfinished.is_dir() {
        fs::remove_dir_all(&unfinished).during("remove", &unfinished)?;
    }
    initdb(place, programs, room, &unfinished)?;
    fs::rename(&unfinished, &data).during("rename", &unfinished)?;
    Ok(password)
}

fn write_password(place: &Place, file: &Path, password: &str) -> Result<(), Error> {
    if file.exists() {
        fs::remove_file(file).during("remove", file)?;
    }
    let mut created =
        File::options().write(true).create_new(true).mode(0o600).open(file).during("create", file)?;
    created.write_all(password.as_bytes()).during("write", file)?;
    place.account.give(file)
}

fn initdb(place: &Place, programs: &PostgresPrograms, room: &Path, data: &Path) -> Result<(), Error> {
    let mut command = place.account.command(&programs.bin.join("initdb"));
    command.arg("-D").arg(data).arg("--pwfile").arg(room.join("password"));
    // The C locale sorts the same everywhere and is on every machine.
    command.args(["-U", USER, "-A", "scram-sha-256", "--encoding=UTF8", "--locale=C"]);
    let failed = |output: String| Error::Command { command: "initdb".into(), output };
    let output = command.current_dir(room).output().map_err(|e| failed(e.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()))
}
