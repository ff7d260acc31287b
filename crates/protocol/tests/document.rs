//! PROTOCOL.md says what the types say: its examples are read, its tables name everything there is.

use std::{fs, path::Path};

use order_domain::{command::CommandKind, event::EventKind, inbox_tab::InboxTab, rejection::Code};
use protocol::{ClientFrame, CloseCode, ServerFrame, problem::status};

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("PROTOCOL.md")).unwrap()
}

/// The fenced examples of one side.
fn examples(document: &str, side: &str) -> Vec<String> {
    let fence = format!("```json {side}\n");
    document.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn examples_are_frames() {
    let document = document();
    let from_client = examples(&document, "client");
    let from_server = examples(&document, "server");
    assert_eq!((from_client.len(), from_server.len()), (10, 13), "one for each frame");
    for text in from_client {
        ClientFrame::decode(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    for text in from_server {
        assert!(
            ServerFrame::decode(&text).unwrap_or_else(|error| panic!("{text}: {error}")).is_some(),
            "{text}"
        );
    }
}

#[test]
fn every_name_is_explained() {
    let document = document();
    let commands = CommandKind::ALL.iter().map(|kind| kind.as_str());
    let tabs = InboxTab::ALL.iter().map(|tab| tab.as_str());
    for name in commands.chain(tabs) {
        assert!(document.contains(&format!("`{name}`")), "{name} is missing");
    }
    for kind in EventKind::ALL {
        let (family, event) = kind.as_str().split_once('.').unwrap();
        let named = document.contains(&format!("`{family}.{event}`"))
            || document.contains(&format!("`{family}.")) && document.contains(&format!("`.{event}`"));
        assert!(named, "{} is missing", kind.as_str());
    }
}

#[test]
fn every_code_has_its_line() {
    let document = document();
    for code in CloseCode::ALL {
        assert!(
            document.contains(&format!("| {} | {}", code.number(), code.reason())),
            "{code:?} is missing"
        );
    }
    let codes = serde_json::from_str::<Vec<Code>>(&format!("[{}]", code_names().join(","))).unwrap();
    for code in codes {
        assert!(document.contains(&format!("| `{code}` | {} |", status(code))), "{code} is missing");
    }
}

/// The names as the generated TypeScript knows them: the rules keep no list of their codes.
fn code_names() -> Vec<String> {
    let declaration = <Code as ts_rs::TS>::decl(&ts_rs::Config::default());
    let (_, names) = declaration.split_once('=').unwrap();
    names.trim_end_matches(';').split('|').map(|name| name.trim().to_owned()).collect()
}
