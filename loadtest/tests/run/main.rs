//! The program as its users start it, against two real nodes on a database of their own.

mod liar;
mod nodes;
mod tls;

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use futures_util::future::join_all;
use loadtest::{
    api::Api,
    dialect::Dialect,
    outcome::Outcome,
    participant::Dialer,
    session::Target,
    tokens::{Role, Tokens},
};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};
use uuid::Uuid;

use liar::{Liar, Lie};
use nodes::{House, secret, with_nodes};
use tls::Door;

/// The smoke plan without its bounds of time: a test asserts what is right, not what is fast.
const SMOKE: &str = r#"
scenario = "smoke"
thresholds = ["lost == 0", "unsent == 0", "unanswered == 0", "rejected == 0", "closed == 0", "private_notes >= 1"]
[crowd]
rooms = 6
members = 4
[load]
rate = 60
seconds = 2
warmup_s = 0.5
arrivals = "poisson"
churn_percent_per_min = 300
drain_s = 60
[judge]
rooms = "all"
"#;

/// A few orders, lived to their end.
const ORDERS: &str = r#"
scenario = "orders"
thresholds = ["unanswered == 0", "lost == 0", "orders_ended >= 1"]
[orders]
per_s = 5
seconds = 2
couples = 3
agents = 2
commands_at_most = 30
[load]
drain_s = 60
[judge]
rooms = "all"
"#;

/// Two full rooms: 22,500 deliveries.
const CROWDED: &str = r#"
scenario = "steady"
[crowd]
rooms = 2
members = 100
[load]
rate = 25
seconds = 9
warmup_s = 0
drain_s = 25
[judge]
rooms = "all"
"#;

/// Two people who have rooms look around.
const BROWSE: &str = r#"
scenario = "browse"
thresholds = ["lost == 0", "rejected == 0"]
[browse]
users = ["browser-1", "browser-2"]
per_s = 20
seconds = 1
[load]
drain_s = 60
"#;

/// Two rooms that talk for a second.
const TALK: &str = r#"
scenario = "steady"
[crowd]
rooms = 2
members = 3
[load]
rate = 60
seconds = 1
warmup_s = 0
drain_s = 2
[judge]
rooms = "all"
"#;

/// The same, as the first step of a ramp.
const RAMP: &str = r#"
scenario = "ramp"
thresholds = ["closed == 0"]
[crowd]
rooms = 2
members = 3
[load]
rate = 60
warmup_s = 0
drain_s = 60
[ramp]
from = 60
step_s = 1
bound_ms = 60000
[judge]
rooms = "all"
"#;

async fn load(folder: &Path, plan: &str, more: &[&str]) -> Output {
    let file = folder.join("plan.toml");
    std::fs::write(&file, plan).expect("the test's own folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_order-chat-load"));
    command.arg("--plan").arg(file).arg("--out").arg(folder).args(more).stdin(Stdio::null());
    command.kill_on_drop(true).output().await.expect("the program starts")
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder of the test's own");
    folder
}

fn outcome(folder: &Path) -> Outcome {
    let text = std::fs::read_to_string(folder.join("result.json")).expect("a result");
    serde_json::from_str(&text).expect("that can be read back")
}

/// G1–G4, G8 on two nodes: what the judge looks at is right, and it says what it looked at.
#[tokio::test(flavor = "multi_thread")]
async fn a_smoke_run_is_green() {
    with_nodes(|house| async move {
        let folder = folder("smoke");
        let output = load(&folder, SMOKE, &house.arguments(&folder)).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}{errors}");
        let outcome = outcome(&folder);
        assert_eq!(outcome.notes.iter().find(|note| note.contains("private note")), None);
        let judge = &outcome.judge;
        assert_eq!((judge.rooms_looked_up, judge.findings.count()), (6, 0), "{judge:?}");
        // The warm-up's messages are judged too, and the room of the private note has more.
        assert!(judge.entries_judged > outcome.phases[0].delivered && judge.acks_looked_up > 0, "{judge:?}");
        assert_eq!(outcome.phases[0].delivered, outcome.phases[0].due * 4);
        assert!(outcome.phases[0].resume.count() > 0, "somebody was cut and came back");
        for file in ["report.html", "junit.xml"] {
            assert!(folder.join(file).is_file(), "{file}");
        }
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// G6, G7: whole orders, driven by what the snapshots allow.
#[tokio::test(flavor = "multi_thread")]
async fn orders_are_lived_to_their_end() {
    with_nodes(|house| async move {
        let folder = folder("orders");
        let output = load(&folder, ORDERS, &house.arguments(&folder)).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}{errors}");
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// P9: every step of a visit is measured, and what a page shows is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn people_look_around() {
    with_nodes(|house| async move {
        let folder = folder("browse");
        let tokens = Tokens::secret(&PathBuf::from(secret(&folder)[1]), 3600).expect("the test's secret");
        let dialer = Dialer { dialect: Dialect::OrderChat, tls: loadtest::tls::client(None).expect("roots") };
        let target = Target { urls: house.urls().to_vec(), back_end: None, tokens: tokens.clone(), dialer };
        let api = Api::new(&target).await.expect("an API");
        let token = tokens.of("browser-1", Role::User).await.expect("a token");
        let said = serde_json::from_str(r#"{"type": "post_message", "text": "talk"}"#).expect("a command");
        for n in 0..51 {
            let order = api.place("creator", "browser-1", "browser-2").await.expect("placed");
            if n % 10 == 0 {
                api.command(&token, order, &said).await.expect("said");
            }
        }
        let output = load(&folder, BROWSE, &house.arguments(&folder)).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let outcome = outcome(&folder);
        let visits = outcome.phases.last().expect("the whole").acked;
        for step in ["greeting", "inbox", "inbox page", "open"] {
            let phase = outcome.phases.iter().find(|phase| phase.name == step).expect("a phase");
            assert_eq!(phase.ack.count(), visits, "{step}");
        }
        assert!(visits > 5 && outcome.judge.entries_judged >= visits);
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// A server that breaks a promise is red, whichever it is, and the judge calls it by its name.
#[tokio::test(flavor = "multi_thread")]
async fn every_lie_is_red() {
    with_nodes(|house| async move {
        use Lie::{Ack, Drop, Duplicate, Leak, Reorder, Stray, Swap};
        let lies = [Drop, Duplicate, Reorder, Swap, Leak, Stray, Ack];
        join_all(lies.map(|lie| is_red(&house, TALK, lie))).await;
    })
    .await;
}

/// So it is when our own client stands between: it drops what comes twice or from elsewhere, and waits for ever.
#[tokio::test(flavor = "multi_thread")]
async fn every_lie_to_people_who_live_orders_is_red() {
    with_nodes(|house| async move {
        use Lie::{Ack, Duplicate, Leak, Silence, Stray};
        let impatient = ORDERS.replace("drain_s = 60", "drain_s = 10").replace("couples = 3", "couples = 12");
        let lies = [Duplicate, Leak, Stray, Ack, Silence];
        join_all(lies.map(|lie| is_red(&house, &impatient, lie))).await;
    })
    .await;
}

/// One lost delivery in 10,000 is seen among all that are not.
#[tokio::test(flavor = "multi_thread")]
async fn a_few_lost_entries_are_red() {
    with_nodes(|house| async move {
        let outcome = is_red(&house, CROWDED, Lie::DropFew).await;
        let expected = outcome.phases[0].expected;
        let gaps = outcome.judge.findings.of_kind("gap");
        assert!(expected >= 20_000 && gaps == 2, "{gaps} of {expected}");
    })
    .await;
}

/// A connection that breaks is no broken promise: who comes back is told the rest, and that it broke is counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_no_breach() {
    with_nodes(|house| async move {
        for plan in [TALK, ORDERS] {
            let (code, said, outcome) = lied_to(&house, plan, Lie::Cut).await;
            assert_eq!((code, outcome.ends.values().sum::<u64>()), (Some(0), 1), "{said}");
        }
    })
    .await;
}

/// A step that breaks a connection was too much, and what it breaks is no fault of the run.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_breaks_a_connection_was_too_much() {
    with_nodes(|house| async move {
        let (code, said, outcome) = lied_to(&house, RAMP, Lie::Cut).await;
        let [step] = &outcome.phases[..] else { panic!("one step: {said}") };
        assert_eq!((code, step.good, step.closed), (Some(0), Some(false), 1), "{said}");
        assert_eq!((outcome.best, outcome.ends_of_too_much), (None, 1), "{said}");
    })
    .await;
}

/// A run against a liar ends red, and says why.
async fn is_red(house: &House, plan: &str, lie: Lie) -> Outcome {
    let (code, said, outcome) = lied_to(house, plan, lie).await;
    assert_eq!(code, Some(1), "{lie:?}: {said}");
    for kind in lie.found_as() {
        let breaches = &outcome.judge.findings.breaches;
        assert!(breaches.contains_key(*kind), "{lie:?}: {breaches:?}");
    }
    outcome
}

async fn lied_to(house: &House, plan: &str, lie: Lie) -> (Option<i32>, String, Outcome) {
    let folder = folder(&format!("{lie:?}-{}", Uuid::now_v7().simple()));
    let liar = Liar::before(house.address(), lie).await;
    let url = liar.url();
    let mut arguments = secret(&folder);
    arguments.extend(["--url", &url]);
    let output = load(&folder, plan, &arguments).await;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let outcome = outcome(&folder);
    std::fs::remove_dir_all(folder).expect("the test's own folder");
    (output.status.code(), said, outcome)
}

/// Tokens of a file: few users with several rooms each, and nobody at the desk.
#[tokio::test(flavor = "multi_thread")]
async fn users_of_a_token_file_have_several_rooms() {
    with_nodes(|house| async move {
        let folder = folder("tokens");
        let tokens = Tokens::secret(&PathBuf::from(secret(&folder)[1]), 3600).expect("the test's secret");
        let mut lines = Vec::new();
        for (role, user) in [(Role::Host, "shop"), (Role::User, "u1"), (Role::User, "u2"), (Role::User, "u3")]
        {
            let token = tokens.of(user, role).await.expect("a token");
            lines.push(format!("{} {user} {token}", role.as_str()));
        }
        let file = folder.join("tokens").display().to_string();
        std::fs::write(&file, lines.join("\n")).expect("the test's own folder");
        let urls = house.urls();
        let mut arguments = vec!["--token-file", &file, "--rooms", "6"];
        arguments.extend(urls.iter().flat_map(|url| ["--url", url]));
        let output = load(&folder, TALK, &arguments).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(outcome(&folder).judge.rooms_looked_up, 6);
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// https:// and wss:// with a certificate that nobody on this machine knows: believed when a file says so, only then.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_file_is_believed() {
    with_nodes(|house| async move {
        let folder = folder("tls");
        let file = folder.join("root.pem");
        let door = Door::before(house.address(), &file).await;
        let (url, file) = (door.url(), file.display().to_string());
        let mut arguments = secret(&folder);
        arguments.extend(["--url", &url]);
        let output = load(&folder, TALK, &arguments).await;
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
        arguments.extend(["--ca-file", &file]);
        let output = load(&folder, TALK, &arguments).await;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{}{errors}", String::from_utf8_lossy(&output.stdout));
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// A run that is stopped reports what it measured until then, and is not green.
#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_still_reports() {
    with_nodes(|house| async move {
        let folder = folder("stopped");
        let file = folder.join("plan.toml");
        std::fs::write(&file, TALK).expect("the test's own folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_order-chat-load"));
        command.arg("--plan").arg(file).args(["--seconds", "600", "--warmup", "0", "--out"]).arg(&folder);
        command.args(house.arguments(&folder)).stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn().expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        // Figures are told every five seconds: now something was delivered.
        let tells = |line: &str| line.contains(" deliveries/s  p50 ") && !line.contains("  0 deliveries/s");
        while !tells(&said.next_line().await.expect("text").expect("a line")) {}
        let pid = Pid::from_raw(child.id().expect("it runs").cast_signed()).expect("a pid");
        kill_process(pid, Signal::INT).expect("it runs");
        while said.next_line().await.expect("text").is_some() {}
        assert_eq!(child.wait().await.expect("its end").code(), Some(130));
        let outcome = outcome(&folder);
        assert!(outcome.interrupted && !outcome.is_green(), "{:?}", outcome.notes);
        assert!(
            outcome.phases[0].delivered > 0 && outcome.judge.findings.count() == 0,
            "{:?}",
            outcome.judge
        );
        assert!(folder.join("report.html").is_file());
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

/// A threshold that nobody reaches is red, and says so to CI.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_threshold_is_exit_code_one() {
    with_nodes(|house| async move {
        let folder = folder("red");
        let mut arguments = house.arguments(&folder);
        arguments.extend(["--threshold", "deliveries_per_s >= 1000000000", "--check", "0"]);
        let output = load(&folder, TALK, &arguments).await;
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(std::fs::read_to_string(folder.join("junit.xml")).unwrap().contains("failures=\"1\""));
        std::fs::remove_dir_all(folder).expect("the test's own folder");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_start_is_exit_code_two() {
    let folder = folder("nowhere");
    std::fs::write(folder.join("secret"), "a secret").unwrap();
    let secret = folder.join("secret").display().to_string();
    for (arguments, expected) in [
        (vec!["--secret-file", &secret], "--url"),
        (vec!["--url", "http://127.0.0.1:1"], "--secret-file"),
        (vec!["--url", "http://127.0.0.1:1", "--secret-file", &secret], "does not answer"),
    ] {
        let output = load(&folder, SMOKE, &arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    std::fs::remove_dir_all(folder).expect("the test's own folder");
}
