//! Real servers: started twice, killed, restarted, paused, and gone with their owner.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use local_servers::{Place, Postgres, Redis};

type Outcome = Result<(), Box<dyn Error>>;

/// The example `hold` as a process of its own, with the ports of its two servers.
struct Holder {
    owner: Child,
    ports: Vec<u16>,
    _output: BufReader<ChildStdout>,
}

#[test]
fn postgres_is_durable_private_and_survives_kill_9() -> Outcome {
    let mut postgres = Postgres::start(&Place::throwaway("own-tests")?)?;
    assert!(postgres.major_version() >= 15);
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(sql(&postgres, &format!("show {setting}")), "on");
    }
    assert_eq!(sql(&postgres, "show listen_addresses"), "127.0.0.1");
    assert_eq!(sql(&postgres, "select count(*) from pg_hba_file_rules where auth_method = 'trust'"), "0");

    postgres.create_database("twice")?;
    postgres.create_database("twice")?;
    sql(&postgres, "create table kept as select 7 as n");
    let port = postgres.port();
    postgres.kill9()?;
    assert!(!postgres.is_running());
    postgres.restart()?;
    assert_eq!((postgres.port(), sql(&postgres, "select n from kept")), (port, "7".into()));
    postgres.restart()?;
    assert_eq!(sql(&postgres, "select n from kept"), "7");
    postgres.stop()?;
    assert!(!open(port));
    Ok(())
}

#[test]
fn redis_restarts_empty_on_its_port_and_can_be_paused() -> Outcome {
    let mut redis = Redis::start(&Place::throwaway("own-tests")?)?;
    let port = redis.port();
    redis.pause()?;
    assert!(redis.is_running(), "a paused server is alive");
    redis.resume()?;
    redis.kill9()?;
    assert!(!open(port));
    redis.restart()?;
    assert!(open(port) && redis.port() == port);
    redis.pause()?;
    redis.stop()?; // a paused server can be stopped
    assert!(!open(port));
    Ok(())
}

#[test]
fn a_place_belongs_to_one_and_holds_one_of_each() -> Outcome {
    let (first, second) = (Place::throwaway("pair")?, Place::throwaway("pair")?);
    assert_ne!(first.folder(), second.folder());
    let redis = Redis::start(&first)?;
    assert!(Redis::start(&first).is_err(), "one of each kind in a place");
    let other = Redis::start(&second)?;
    assert_ne!(redis.port(), other.port());

    let folder = first.folder().to_owned();
    drop(first);
    assert!(folder.join("redis").is_dir(), "the server keeps its place");
    drop(redis);
    assert!(!folder.join("redis").exists(), "what is thrown away is gone");
    Ok(())
}

#[test]
fn a_kept_place_keeps_its_data() -> Outcome {
    let name = "kept-by-own-tests";
    let postgres = Postgres::start(&Place::kept(name)?)?;
    sql(&postgres, "create table if not exists kept as select 7 as n");
    drop(postgres);
    let postgres = Postgres::start(&Place::kept(name)?)?;
    assert_eq!(sql(&postgres, "select n from kept"), "7");
    Ok(())
}

#[test]
fn servers_die_with_an_owner_that_is_killed() -> Outcome {
    let Holder { mut owner, ports, _output } = holder()?;
    assert!(ports.iter().all(|port| open(*port)));
    owner.kill()?; // SIGKILL: nothing of it runs any more
    owner.wait()?;
    eventually("both servers are gone", || !ports.iter().any(|port| open(*port)));
    Ok(())
}

#[test]
fn servers_end_with_an_owner_that_returns() -> Outcome {
    let Holder { mut owner, ports, _output } = holder()?;
    drop(owner.stdin.take());
    assert!(owner.wait()?.success());
    assert!(!ports.iter().any(|port| open(*port)));
    Ok(())
}

#[test]
fn a_port_somebody_holds_is_not_chosen() -> Outcome {
    let held = local_servers::free_port();
    let _holder = TcpListener::bind((Ipv4Addr::LOCALHOST, held))?;
    assert!((0..200).all(|_| local_servers::free_port() != held));
    Ok(())
}

fn sql(postgres: &Postgres, statement: &str) -> String {
    let output = postgres.psql("postgres").args(["-c", statement]).output().expect("psql runs");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn open(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn holder() -> Result<Holder, Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("../examples/hold");
    let mut owner = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(owner.stdout.take().ok_or("piped")?);
    let mut ports = Vec::new();
    for _ in 0..2 {
        let mut line = String::new();
        output.read_line(&mut line)?;
        let port = line.trim().rsplit([':', '/']).find(|part| !part.is_empty() && *part != "postgres");
        ports.push(port.ok_or("a url")?.parse()?);
    }
    Ok(Holder { owner, ports, _output: output })
}

fn eventually(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(15);
    while !holds() {
        assert!(Instant::now() < end, "not within 15 s: {what}");
        std::thread::yield_now();
    }
}
