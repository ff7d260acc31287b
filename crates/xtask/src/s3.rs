//! The suite of the files once more, on objects instead of a folder: in s3s-fs, a server that speaks S3.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use local_servers::{Place, Process, free_port, log_tail, random_hex};

use crate::cargo::{cargo, finish, must};
use crate::interrupt::Interrupt;
use crate::metadata::target_folder;
use crate::progress::step;

/// Of crates.io: small, and built with what is here anyway.
const VERSION: &str = "0.14.1";
const BUCKET: &str = "order-chat";
const LISTENS_WITHIN: Duration = Duration::from_secs(20);

/// Runs the tests of the crate `files` against a bucket.
pub fn check(interrupt: &Interrupt) -> Result<()> {
    let program = bring(interrupt)?;
    let server = step("S3 server", || Server::start(&program))?;
    let mut test = cargo();
    test.args(["test", "--locked", "-p", "files", "--features", "s3"]);
    test.env("TEST_FILES_PLACE", format!("s3://{BUCKET}"));
    test.envs([("AWS_ACCESS_KEY_ID", &server.key), ("AWS_SECRET_ACCESS_KEY", &server.secret)]);
    test.envs([("AWS_REGION", "us-east-1"), ("AWS_ALLOW_HTTP", "true")]);
    test.env("AWS_ENDPOINT", format!("http://127.0.0.1:{}", server.port));
    let status = step("Files in a bucket: tests", || finish(test, interrupt))?;
    if !status.success() {
        bail!("the files' tests failed on S3 ({status}); its log ends:\n{}", log_tail(&server.log, 20));
    }
    Ok(())
}

/// Built once, below `target/`.
fn bring(interrupt: &Interrupt) -> Result<PathBuf> {
    let root = target_folder()?.join("s3s-fs");
    let program = root.join(VERSION).join("bin/s3s-fs");
    if !program.exists() {
        let mut install = cargo();
        install.args(["install", "s3s-fs", "--version", VERSION, "--locked", "--features", "binary"]);
        install.args(["--quiet", "--debug", "--root"]).arg(root.join(VERSION));
        install.arg("--target-dir").arg(root.join("build"));
        step(&format!("s3s-fs {VERSION}"), || must(install, interrupt))?;
    }
    Ok(program)
}

/// Its buckets are gone with it.
struct Server {
    port: u16,
    key: String,
    secret: String,
    log: PathBuf,
    // Ends before its folder goes.
    _process: Process,
    _place: Place,
}

impl Server {
    fn start(program: &Path) -> Result<Self> {
        let place = Place::throwaway("s3")?;
        let (buckets, log) = (place.folder().join("buckets"), place.folder().join("s3.log"));
        fs::create_dir_all(buckets.join(BUCKET)).context("cannot make a bucket")?;
        let (port, key, secret) = (free_port(), random_hex(8), random_hex(16));
        let out = File::create(&log).context("cannot write the log of the S3 server")?;
        let mut command = Command::new(program);
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--access-key", &key, "--secret-key", &secret]).arg(&buckets);
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let mut process = Process::spawn(command, "KILL").context("cannot start the S3 server")?;
        let end = Instant::now() + LISTENS_WITHIN;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if process.ended()?.is_some() || Instant::now() > end {
                bail!("the S3 server does not listen; its log ends:\n{}", log_tail(&log, 20));
            }
            thread::sleep(Duration::from_millis(20)); // asked again: there is nothing to be told by
        }
        Ok(Self { port, key, secret, log, _process: process, _place: place })
    }
}
