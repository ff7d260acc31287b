//! Settings as an operator gets them wrong.

use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn source(changes: &[(&str, &str)]) -> Source {
    let base =
        [("DATABASE_URL", "postgres://app:pw-of-db@db:5432/chat"), ("ORDER_CHAT_TOKEN_SECRET", SECRET)];
    let all = base.iter().chain(changes);
    Source::new(all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn problems(changes: &[(&str, &str)]) -> Vec<String> {
    let problems = Settings::read(source(changes)).err().map(|Problems(list)| list).unwrap_or_default();
    problems.into_iter().map(|problem| problem.name).collect()
}

#[test]
fn two_variables_are_enough() {
    let settings = Settings::read(source(&[])).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.limits, LimitSettings::default());
    assert_eq!(settings.allowed_origins, ["http://127.0.0.1:8080"]);
    assert!(settings.redis_url.is_none() && !settings.demo);
}

#[test]
fn all_problems_are_reported_together() {
    let found = problems(&[
        ("DATABASE_URL", ""),
        ("ORDER_CHAT_TOKEN_SECRET", "short"),
        ("ORDER_CHAT_LISTEN", "here"),
        ("ORDER_CHAT_LIMIT_ROOMS", "-1"),
        ("ORDER_CHAT_DEMO", "yes"),
        ("ORDER_CHAT_LITSEN", "127.0.0.1:1"),
        ("REDIS_URL", "http://redis"),
        ("ORDER_CHAT_ALLOWED_ORIGINS", "https://shop.example/path"),
        ("ORDER_CHAT_LIMIT_FRAME_BYTES", "100"),
        ("ORDER_CHAT_LIMIT_FILE_BYTES", "50000000000"),
        ("ORDER_CHAT_LOG_FORMAT", "xml"),
        ("ORDER_CHAT_TRUSTED_PROXIES", "10.0.0.7, balancer"),
    ]);
    for name in [
        "DATABASE_URL",
        "ORDER_CHAT_TOKEN_SECRET",
        "ORDER_CHAT_LISTEN",
        "ORDER_CHAT_LIMIT_ROOMS",
        "ORDER_CHAT_DEMO",
        "ORDER_CHAT_LITSEN",
        "REDIS_URL",
        "ORDER_CHAT_ALLOWED_ORIGINS",
        "ORDER_CHAT_LIMIT_FRAME_BYTES",
        "ORDER_CHAT_LIMIT_FILE_BYTES",
        "ORDER_CHAT_LOG_FORMAT",
        "ORDER_CHAT_TRUSTED_PROXIES",
    ] {
        assert!(found.iter().any(|found| found == name), "{name} is not among {found:?}");
    }
}

/// A room's bytes are shared by two sides: a file that no side has room for cannot be promised.
#[test]
fn a_file_fits_into_the_share_of_one_side() {
    let (file, room) = ("ORDER_CHAT_LIMIT_FILE_BYTES", "ORDER_CHAT_LIMIT_ROOM_FILE_BYTES");
    let file_bytes =
        |changes: &[_]| Settings::read(source(changes)).map(|settings| settings.limits.file_bytes);
    assert_eq!(file_bytes(&[(file, "1500"), (room, "3000")]).unwrap(), 1500);
    assert_eq!(file_bytes(&[(file, "1500"), (room, "2999")]).unwrap(), 1500, "halves are rounded up");
    let Problems(found) = file_bytes(&[(file, "1501"), (room, "3000")]).unwrap_err();
    let told = "must be at most 1500, the share of one side: half of ORDER_CHAT_LIMIT_ROOM_FILE_BYTES";
    assert_eq!(found, [Problem { name: file.to_owned(), text: told.to_owned() }]);
    assert_eq!(file_bytes(&[(room, "3000")]).unwrap(), 1500, "nobody asked for more");
    assert_eq!(file_bytes(&[(file, "0"), (room, "3000")]).unwrap(), 1500, "no limit of its own");
    assert_eq!(file_bytes(&[(file, "30000000000"), (room, "0")]).unwrap(), 30_000_000_000);
    assert_eq!(file_bytes(&[]).unwrap(), protocol::limits::FILE_BYTES);
}

#[test]
fn only_a_cluster_has_several_servers() {
    let two = ("REDIS_URL", "redis://:secret@10.0.0.1:7000/, redis://:secret@10.0.0.2:7000/");
    assert_eq!(problems(&[two]), ["REDIS_URL"]);
    let settings = Settings::read(source(&[two, ("ORDER_CHAT_REDIS_CLUSTER", "16")])).unwrap();
    assert_eq!(settings.redis_cluster, NonZeroU16::new(16));
    assert!(!format!("{:?}", settings.report()).contains("secret@"), "{:?}", settings.report());
    for parts in ["0", "257", "some"] {
        assert_eq!(problems(&[two, ("ORDER_CHAT_REDIS_CLUSTER", parts)])[0], "ORDER_CHAT_REDIS_CLUSTER");
    }
}

#[test]
fn the_demo_stays_on_loopback() {
    assert_eq!(problems(&[("ORDER_CHAT_DEMO", "1")]), Vec::<String>::new());
    let elsewhere = [("ORDER_CHAT_DEMO", "1"), ("ORDER_CHAT_LISTEN", "0.0.0.0:8080")];
    assert_eq!(problems(&elsewhere), ["ORDER_CHAT_DEMO"]);
}

#[test]
fn proxies_are_addresses_and_networks() {
    let trusted = |list| Settings::read(source(&[("ORDER_CHAT_TRUSTED_PROXIES", list)]));
    let proxies = trusted("10.0.0.7, 192.0.2.0/24,fd00::/8,").unwrap().trusted_proxies;
    let shown: Vec<_> = proxies.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.7/32", "192.0.2.0/24", "fd00::/8"]);
    assert!(trusted("").unwrap().trusted_proxies.is_empty());
    for everybody in ["0.0.0.0/0", "::/0"] {
        assert!(trusted(everybody).is_err(), "{everybody}");
    }
}

#[test]
fn keys_come_from_one_place() {
    let jwks = ("ORDER_CHAT_JWKS", "https://shop.example/jwks.json");
    assert_eq!(problems(&[jwks]), ["ORDER_CHAT_JWKS"]);
    assert_eq!(problems(&[jwks, ("ORDER_CHAT_TOKEN_SECRET", "")]), Vec::<String>::new());
    let plain = ("ORDER_CHAT_JWKS", "http://shop.example/jwks.json");
    assert_eq!(problems(&[plain, ("ORDER_CHAT_TOKEN_SECRET", "")]), ["ORDER_CHAT_JWKS"]);
    assert_eq!(problems(&[("ORDER_CHAT_TOKEN_SECRET", "")]), ["ORDER_CHAT_TOKEN_SECRET"]);
}

/// Who copies the example signs with what everybody knows.
#[test]
fn the_examples_secret_is_nobodys() {
    let example = include_str!("../../../../.env.example");
    let secret = example.lines().find_map(|line| line.strip_prefix("ORDER_CHAT_TOKEN_SECRET=")).unwrap();
    assert!(secret.len() >= 32, "nothing else is wrong with it");
    assert_eq!(problems(&[("ORDER_CHAT_TOKEN_SECRET", secret)]), ["ORDER_CHAT_TOKEN_SECRET"]);
}

/// Whoever needs one setting knows nothing of the others.
#[test]
fn a_tool_reports_its_own_setting_alone() {
    let named = |problems: Problems| problems.0.into_iter().map(|problem| problem.name).collect::<Vec<_>>();
    let wrong = [("ORDER_CHAT_LISTEN", "127.0.0.1:1"), ("ORDER_CHAT_TOKEN_SECRET", ""), ("DATABASE_URL", "")];
    assert_eq!(named(token_secret(source(&wrong)).unwrap_err()), ["ORDER_CHAT_TOKEN_SECRET"]);
    let short = [("ORDER_CHAT_TOKEN_SECRET", "short")];
    assert_eq!(named(token_secret(source(&short)).unwrap_err()), ["ORDER_CHAT_TOKEN_SECRET"], "said once");
    assert_eq!(named(database_url(source(&wrong)).unwrap_err()), ["DATABASE_URL"]);
}

#[test]
fn secrets_may_come_from_files_and_are_never_shown() {
    let path = std::env::temp_dir().join(format!("order-chat-secret-{}", std::process::id()));
    std::fs::write(&path, format!("{SECRET}\n")).unwrap();
    let file = ("ORDER_CHAT_TOKEN_SECRET_FILE", path.to_str().unwrap());
    assert_eq!(problems(&[file]), ["ORDER_CHAT_TOKEN_SECRET"], "both at once");
    let settings = Settings::read(source(&[file, ("ORDER_CHAT_TOKEN_SECRET", "")])).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(&settings.keys, KeySource::Secret(secret) if secret.expose() == SECRET));
    let shown = format!("{:?} {settings:?}", settings.report());
    assert!(!shown.contains(SECRET) && !shown.contains("pw-of-db"), "{shown}");
    assert!(shown.contains("postgres://***@db:5432/chat"), "{shown}");
}
