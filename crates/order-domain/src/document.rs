//! `docs/LIFECYCLE.md`, written from the table: never by hand (D5).

use std::{collections::BTreeMap, fmt::Write};

use crate::{
    clock::TimerKind,
    effect::{EFFECTS, When},
    event::EventKind,
    guard::Guard,
    guide::Line,
    lifecycle::{ROWS, Row, Tell, To, Trigger, Who},
    lint::name,
    order::State,
};

/// The whole document: diagram, transitions, effects of events, clocks.
pub fn lifecycle() -> String {
    let mut page = String::from(
        "# The lifecycle of an order\n\nGenerated from the table in `crates/order-domain/src/lifecycle.rs` and the effects in \
         `effect.rs`; a test refuses drift.\nMessages (`post_message`, `edit_message`, `retract_message`) are possible in every \
         state and change nothing here.\n\n",
    );
    page.push_str(&diagram());
    page.push_str(&transitions());
    page.push_str(&effects());
    page.push_str(&clocks());
    page
}

/// Writing into a `String` cannot fail.
macro_rules! line {
    ($page:expr, $($arg:tt)*) => { writeln!($page, $($arg)*).expect("a String takes what is written") };
}

fn diagram() -> String {
    let mut page = String::from("## States\n\n```mermaid\nstateDiagram-v2\n");
    for ((from, to), labels) in edges() {
        line!(page, "    {from} --> {to}: {}", labels.join(", "));
    }
    page.push_str("```\n\n");
    page
}

/// From, to, and what leads there; each once.
fn edges() -> BTreeMap<(&'static str, &'static str), Vec<String>> {
    let mut edges = BTreeMap::new();
    let mut edge = |from, to, label: String| {
        let labels: &mut Vec<String> = edges.entry((from, to)).or_default();
        if !labels.contains(&label) {
            labels.push(label);
        }
    };
    for row in ROWS {
        let To::State(to) = row.to else { continue };
        let label = format!("{} {}", row.id, name(row.on));
        if row.from.is_empty() {
            edge("[*]", to.as_str(), label.clone());
        }
        row.from.iter().for_each(|from| edge(from.as_str(), to.as_str(), label.clone()));
    }
    for from in [State::Completed, State::Cancelled, State::Declined] {
        edge(from.as_str(), State::Refunded.as_str(), "L43 all of it".to_owned());
    }
    edges
}

fn transitions() -> String {
    let mut page = String::from(
        "## Transitions\n\n| row | from | on | who | if | to | events | buyer is told | seller is told |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let (buyer, seller) = told(row.tell);
        line!(
            page,
            "| {} | {} | `{}` | {} | {} | {} | {} | {buyer} | {seller} |",
            row.id,
            list(row.from, |state| state.as_str().to_owned()),
            name(row.on),
            list(row.who, |who| whose(*who)),
            list(row.guards, |guard| words(*guard)),
            destination(row),
            events(row),
        );
    }
    page.push('\n');
    page
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    if items.is_empty() { "–".to_owned() } else { items.iter().map(text).collect::<Vec<_>>().join(", ") }
}

fn whose(who: Who) -> String {
    let only = who.1.map(|settlement| format!(" ({settlement:?})").to_lowercase()).unwrap_or_default();
    format!("{}{only}", who.0.as_str())
}

/// `RevisionsLeft` → "revisions left".
fn words(guard: Guard) -> String {
    let mut words = String::new();
    for letter in format!("{guard:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn destination(row: &Row) -> String {
    match row.to {
        To::Same => "same".to_owned(),
        To::State(state) => state.as_str().to_owned(),
        To::Outcome if matches!(row.on, Trigger::Booking(_)) => {
            "refunded, if all of it after the end".to_owned()
        }
        To::Outcome => "as the outcome says".to_owned(),
    }
}

fn events(row: &Row) -> String {
    let always = row.events.iter().map(|event| format!("`{}`", event.as_str()));
    let maybe = row.maybe.iter().map(|event| format!("`{}`?", event.as_str()));
    let all: Vec<String> = always.chain(maybe).collect();
    list(&all, String::clone)
}

fn told(tell: Tell) -> (String, String) {
    let say = |line: Line| format!("`{}` {}", line.code, line.english);
    match tell {
        Tell::Nothing => ("–".to_owned(), "–".to_owned()),
        Tell::Sides(buyer, seller) => (say(buyer), say(seller)),
        Tell::Doer(doer, other) => {
            (format!("who did it: {}", say(doer)), format!("the other: {}", say(other)))
        }
    }
}

fn effects() -> String {
    let mut page = String::from(
        "## Effects of events\n\nA terminal state stops every clock and drops an open proposal. \
         Events that are not listed change neither state nor clocks nor case.\n\n\
         | event | state | starts | stops | case |\n|---|---|---|---|---|\n",
    );
    for effect in EFFECTS {
        let arms = list(effect.arms, |arm| format!("T_{}{}", arm.0.as_str(), condition(arm.1)));
        line!(
            page,
            "| `{}` | {} | {arms} | {} | {} |",
            effect.event.as_str(),
            effect.to.map_or("same", State::as_str),
            list(effect.cancels, |kind| format!("T_{}", kind.as_str())),
            if effect.closes_case { "closed" } else { opens(effect.event) },
        );
    }
    page.push('\n');
    page
}

fn condition(when: When) -> &'static str {
    match when {
        When::Always => "",
        When::DueMoved => " (when the due date moved while the seller works)",
        When::Repeats => " (direct and unpaid, once)",
        When::Responds => " (to its `respond_by`, if it has one)",
    }
}

fn opens(event: EventKind) -> &'static str {
    match event {
        EventKind::CancelRequested | EventKind::DisputeOpened => "opened",
        EventKind::OrderIdle => "opened, unless the order closes",
        _ => "–",
    }
}

fn clocks() -> String {
    let mut page = String::from("## Clocks\n\n| clock | stands still for |\n|---|---|\n");
    let armed =
        |kind: &&TimerKind| EFFECTS.iter().any(|effect| effect.arms.iter().any(|arm| arm.0 == **kind));
    for kind in TimerKind::ALL.iter().filter(armed) {
        let pauses = match kind {
            TimerKind::Cx => "outside of `cx_hours`, where the policy names some".to_owned(),
            _ => list(kind.paused_by(), |pause| pause.as_str().to_owned()),
        };
        line!(page, "| T_{} | {pauses} |", kind.as_str());
    }
    page
}
