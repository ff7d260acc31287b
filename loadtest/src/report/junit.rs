//! `junit.xml`: one test case for each threshold and one for the judge, for CI systems.

use std::fmt::Write as _;

use super::plot::escape;
use crate::outcome::Outcome;

/// The whole file.
pub fn junit(outcome: &Outcome) -> String {
    let mut xml = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut xml, outcome);
    xml
}

fn write_all(xml: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let name = outcome.plan.scenario.name();
    let red = outcome.thresholds.iter().filter(|checked| !checked.holds).count();
    let failures = red + usize::from(!outcome.judge.is_green());
    let tests = outcome.thresholds.len() + 1;
    writeln!(xml, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        xml,
        r#"<testsuite name="order-chat-load {name}" tests="{tests}" failures="{failures}" time="{:.1}" timestamp="{}">"#,
        outcome.seconds,
        outcome.started_at.format("%Y-%m-%dT%H:%M:%S")
    )?;
    let breaches = &outcome.judge.findings;
    let said = (!outcome.judge.is_green()).then(|| match breaches.count() {
        0 => "nothing was delivered, so nothing was judged".to_owned(),
        count => format!("{count} breaches\n{}", breaches.first.join("\n")),
    });
    case(xml, &name, "the judge", said.as_deref())?;
    for checked in &outcome.thresholds {
        let figure =
            checked.figure.map_or("not measured".to_owned(), |figure| format!("measured {figure:.2}"));
        case(xml, &name, &checked.threshold.to_string(), (!checked.holds).then_some(figure.as_str()))?;
    }
    writeln!(xml, "</testsuite>")
}

fn case(xml: &mut String, class: &str, name: &str, failure: Option<&str>) -> std::fmt::Result {
    let (class, name) = (escape(class), escape(name));
    match failure.map(escape) {
        None => writeln!(xml, r#"  <testcase classname="{class}" name="{name}"/>"#),
        Some(said) => writeln!(
            xml,
            r#"  <testcase classname="{class}" name="{name}"><failure message="{}">{said}</failure></testcase>"#,
            said.lines().next().unwrap_or_default()
        ),
    }
}
