//! Every fixture holds: `fixtures/` is the contract that Rust and TypeScript both read.

use std::{fs, path::Path};

use protocol::{ClientFrame, CloseCode, FrameError, Retry, ServerFrame};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Fixture {
    from: String,
    #[serde(default)]
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    title: String,
    #[serde(default)]
    frame: Value,
    text: Option<String>,
    expect: Expectation,
}

/// What must come of it; exactly one of these.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expectation {
    Close { close: u16, field: Option<String> },
    Rejected { rejected: String, field: Option<String> },
    ReadsAs { reads_as: Value },
    Ignored { ignored: bool },
    Reads { reads: bool },
}

impl Case {
    fn text(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.frame.to_string())
    }
}

fn fixtures(folder: &str) -> Vec<(String, Fixture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let read = |path: &Path| serde_json::from_str(&fs::read_to_string(path).unwrap());
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut fixtures: Vec<_> = files
        .map(|path| (name(&path), read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))))
        .collect();
    fixtures.sort_by(|a: &(String, Fixture), b| a.0.cmp(&b.0));
    fixtures
}

/// Wire rules of the frames from the client, among them every way to be a bad frame (4000).
#[test]
fn frames_from_the_client() {
    let fixtures = fixtures("client");
    assert!(fixtures.len() > 10, "the fixtures are there");
    for (name, fixture) in fixtures {
        assert_eq!(fixture.from, "client", "{name}");
        for case in &fixture.cases {
            check_client(&format!("{name}: {}", case.title), case);
        }
    }
}

fn check_client(title: &str, case: &Case) {
    let read = ClientFrame::decode(&case.text());
    let encoded = |frame: &ClientFrame| serde_json::from_str::<Value>(&frame.encode()).unwrap();
    match (&case.expect, read) {
        (Expectation::Reads { reads: true }, Ok(frame)) => assert_eq!(encoded(&frame), case.frame, "{title}"),
        (Expectation::ReadsAs { reads_as }, Ok(frame)) => assert_eq!(encoded(&frame), *reads_as, "{title}"),
        (Expectation::Close { close, field }, Err(FrameError::Bad(bad))) => {
            assert_eq!(protocol::BadFrame::CODE.number(), *close, "{title}");
            assert_eq!(bad.field, field.as_deref(), "{title}");
            assert!(field.as_deref().is_none_or(|field| bad.reason().contains(field)), "{title}");
        }
        (Expectation::Rejected { rejected, field }, Err(FrameError::Refused(refused))) => {
            assert_eq!(refused.rejection.code.as_str(), rejected, "{title}");
            assert_eq!(refused.rejection.field, *field, "{title}");
            assert_eq!(Value::from(refused.reference), case_field(case, "ref"), "{title}");
        }
        (_, read) => panic!("{title}: {read:?}"),
    }
}

fn case_field(case: &Case, field: &str) -> Value {
    serde_json::from_str::<Value>(&case.text()).unwrap()[field].clone()
}

/// Frames from the server, read by a client that may be older than the server.
#[test]
fn frames_from_the_server() {
    let fixtures = fixtures("server");
    assert!(fixtures.len() > 12, "the fixtures are there");
    for (name, fixture) in fixtures {
        assert_eq!(fixture.from, "server", "{name}");
        for case in &fixture.cases {
            let title = format!("{name}: {}", case.title);
            let read = ServerFrame::decode(&case.text()).unwrap_or_else(|error| panic!("{title}: {error}"));
            let again = read.map(|frame| serde_json::from_str::<Value>(&frame.encode()).unwrap());
            match &case.expect {
                Expectation::Ignored { ignored: true } => assert_eq!(again, None, "{title}"),
                Expectation::ReadsAs { reads_as } => assert_eq!(again.as_ref(), Some(reads_as), "{title}"),
                Expectation::Reads { reads: true } => {
                    assert_eq!(again.as_ref(), Some(&case.frame), "{title}");
                }
                _ => panic!("{title}: not an expectation of a frame from the server"),
            }
        }
    }
}

/// The range is the retry rule.
#[test]
fn close_codes() {
    #[derive(Deserialize)]
    struct Codes {
        retry: std::collections::BTreeMap<u16, Retry>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/close_codes.json");
    let codes: Codes = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for (number, retry) in &codes.retry {
        assert_eq!(Retry::after(*number), *retry, "{number}");
    }
    assert!(CloseCode::ALL.iter().all(|code| codes.retry.contains_key(&code.number())));
}
