//! Refuses a bad lifecycle table (D5). A table that passes keeps the promises that are checked here for any order.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    clock::TimerKind,
    command::CommandKind,
    effect::{Effect, When},
    event::EventKind,
    guide::{Line, ORDER_PARAMS},
    lifecycle::{Row, Tell, To, Trigger},
    order::State,
    participant::Role,
};

/// What is wrong with a table, row by row.
pub fn lint(rows: &[Row], effects: &[Effect], lines: &[Line]) -> Vec<String> {
    let table = Table { rows, effects };
    let mut problems = Vec::new();
    problems.extend(table.commands_without_a_row());
    for row in rows {
        problems.extend(
            table.row(row).into_iter().map(|problem| format!("{} ({}): {problem}", row.id, name(row.on))),
        );
    }
    problems.extend(table.dead_rows());
    problems.extend(table.states());
    problems.extend(table.effects_twice());
    problems.extend(ambiguous_lines(lines));
    problems
}

/// A trigger as it is called in documents.
pub fn name(on: Trigger) -> String {
    match on {
        Trigger::Command(kind) => kind.as_str().to_owned(),
        Trigger::Place => "order_placed".to_owned(),
        Trigger::Booking(kind) => format!("{kind:?} confirmed").to_lowercase(),
        Trigger::Timer(kind) => format!("T_{} fires", kind.as_str()),
        Trigger::Reminder(kind) => format!("T_{} reminds", kind.as_str()),
    }
}

struct Table<'a> {
    rows: &'a [Row],
    effects: &'a [Effect],
}

impl Table<'_> {
    fn effect(&self, event: EventKind) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.event == event)
    }

    fn commands_without_a_row(&self) -> Vec<String> {
        let has_row = |kind: &CommandKind| self.rows.iter().any(|row| row.on == Trigger::Command(*kind));
        let missing = CommandKind::ALL.iter().filter(|kind| !kind.is_message() && !has_row(kind));
        missing.map(|kind| format!("{}: no row admits it", kind.as_str())).collect()
    }

    fn row(&self, row: &Row) -> Vec<String> {
        let mut problems = Vec::new();
        let mut refuse = |wrong: bool, problem: &str| {
            if wrong {
                problems.push(problem.to_owned());
            }
        };
        let claims = row.on == Trigger::Command(CommandKind::ClaimCase);
        let starts = row.on == Trigger::Place;
        refuse(row.who.is_empty(), "nobody may do it");
        refuse(
            row.from.is_empty() != starts,
            "it starts from no state, or from one although it makes the order",
        );
        refuse(row.events.is_empty() && !claims, "it writes nothing");
        refuse(matches!(row.tell, Tell::Nothing) && !claims, "it tells nobody the next step (I9)");
        refuse(self.leads_elsewhere(row), "its state is not the one that its events lead to");
        refuse(self.ends_twice(row), "it ends an order that has ended (I6)");
        let clock = matches!(row.on, Trigger::Timer(_) | Trigger::Reminder(_));
        refuse(
            clock != row.who.iter().all(|who| who.0 == Role::System),
            "clocks and nobody else act as the system",
        );
        for line in told(row.tell) {
            let unknown = line.params().find(|param| param.is_empty() || param.contains(' '));
            refuse(unknown.is_some(), "a line has a parameter without a name");
        }
        problems
    }

    /// `To::State` is what the last of its events says; `To::Same` is that none says anything.
    fn leads_elsewhere(&self, row: &Row) -> bool {
        let to = row.events.iter().filter_map(|event| self.effect(*event)?.to).next_back();
        match row.to {
            To::State(state) => to != Some(state),
            To::Same => to.is_some(),
            To::Outcome => false,
        }
    }

    fn ends_twice(&self, row: &Row) -> bool {
        let ends = row.events.iter().filter_map(|event| self.effect(*event)?.to).any(State::is_terminal);
        ends && row.from.iter().any(|state| state.is_terminal())
    }

    /// A later row whose guards contain an earlier row's, for the same role and state, is never reached.
    fn dead_rows(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (i, later) in self.rows.iter().enumerate() {
            for earlier in self.rows[..i].iter().filter(|row| row.on == later.on) {
                let covered = later.from.iter().all(|state| earlier.from.contains(state))
                    && later.who.iter().all(|who| {
                        earlier.who.iter().any(|e| e.0 == who.0 && (e.1.is_none() || e.1 == who.1))
                    })
                    && earlier.guards.iter().all(|guard| later.guards.contains(guard));
                if covered {
                    problems.push(format!(
                        "{} ({}): an earlier row is always taken",
                        later.id,
                        name(later.on)
                    ));
                }
            }
        }
        problems
    }

    fn states(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let reached: BTreeSet<State> =
            self.effects.iter().filter_map(|effect| effect.to).chain([State::Refunded]).collect();
        let left: BTreeSet<State> = self.rows.iter().flat_map(|row| row.from.iter().copied()).collect();
        for state in State::ALL.iter().filter(|state| reached.contains(state) || left.contains(state)) {
            let name = state.as_str();
            if !reached.contains(state) {
                problems.push(format!("{name}: no event leads to it"));
            }
            if state.is_terminal() {
                continue;
            }
            if !left.contains(state) {
                problems.push(format!("{name}: nothing leads out of it"));
            }
            if !self.has_a_clock(*state) {
                problems.push(format!("{name}: no clock runs in it (I8)"));
            }
        }
        problems
    }

    /// Whatever enters the state starts a clock that has a row there (I8).
    fn has_a_clock(&self, state: State) -> bool {
        let fires = |kind: TimerKind| {
            self.rows.iter().any(|row| row.on == Trigger::Timer(kind) && row.from.contains(&state))
        };
        let entering = || self.effects.iter().filter(move |effect| effect.to == Some(state));
        entering().all(|effect| effect.arms.iter().any(|arm| arm.1 == When::Always && fires(arm.0)))
    }

    fn effects_twice(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let twice = self.effects.iter().filter(move |effect| !seen.insert(effect.event));
        twice.map(|effect| format!("{}: two effects", effect.event.as_str())).collect()
    }
}

fn told(tell: Tell) -> Vec<Line> {
    match tell {
        Tell::Nothing => vec![],
        Tell::Sides(a, b) | Tell::Doer(a, b) => vec![a, b],
    }
}

/// One code, one sentence; standing steps know only the order.
fn ambiguous_lines(lines: &[Line]) -> Vec<String> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for line in lines {
        if known.insert(line.code, line.english).is_some_and(|english| english != line.english) {
            problems.push(format!("{}: two sentences with one code", line.code));
        }
        let foreign = |param: &&str| line.code.starts_with("step_") && !ORDER_PARAMS.contains(param);
        if let Some(param) = line.params().find(foreign) {
            problems.push(format!("{}: {param} is nothing that an order knows", line.code));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        effect::{Arm, EFFECTS},
        guide::lines,
        lifecycle::ROWS,
    };

    /// D5, I6, I8, I9: the shipped table is sound.
    #[test]
    fn the_table_is_sound() {
        assert_eq!(lint(ROWS, EFFECTS, &lines()), Vec::<String>::new());
    }

    fn with_row(id: &str, on: Trigger, change: impl Fn(&mut Row)) -> Vec<String> {
        let mut rows = ROWS.to_vec();
        let row = rows.iter_mut().find(|row| row.id == id && row.on == on).expect("the row is there");
        change(row);
        lint(&rows, EFFECTS, &lines())
    }

    fn with_effect(event: EventKind, change: impl Fn(&mut Effect)) -> Vec<String> {
        let mut effects = EFFECTS.to_vec();
        change(effects.iter_mut().find(|effect| effect.event == event).expect("the effect is there"));
        lint(ROWS, &effects, &lines())
    }

    fn refused(problems: &[String], part: &str) {
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part:?} not in {problems:?}");
    }

    /// D5: each way to spoil the table is refused.
    #[test]
    fn bad_tables_are_refused() {
        let accept = Trigger::Command(CommandKind::AcceptOrder);
        refused(
            &with_row("L8", accept, |row| row.to = To::State(State::Delivered)),
            "not the one that its events",
        );
        refused(&with_row("L8", accept, |row| row.to = To::Same), "not the one that its events");
        refused(&with_row("L8", accept, |row| row.tell = Tell::Nothing), "tells nobody");
        refused(&with_row("L8", accept, |row| row.who = &[]), "nobody may");
        refused(&with_row("L8", accept, |row| row.events = &[]), "writes nothing");
        refused(
            &with_row("L9", Trigger::Command(CommandKind::DeclineOrder), |row| {
                row.on = Trigger::Command(CommandKind::MarkPaid);
            }),
            "no row admits it",
        );
        refused(
            &with_row("L9", Trigger::Command(CommandKind::DeclineOrder), |row| {
                row.from = &[State::Completed];
            }),
            "has ended",
        );
        refused(
            &with_row("L16", Trigger::Command(CommandKind::AcceptDelivery), |row| row.guards = &[]),
            "earlier row",
        );
        refused(&with_effect(EventKind::OrderPlaced, |effect| effect.arms = &[]), "no clock runs in it");
        refused(
            &with_effect(EventKind::DeliverySubmitted, |e| {
                e.arms = &[Arm(TimerKind::Feedback, When::Always)];
            }),
            "no clock",
        );
        refused(
            &with_effect(EventKind::OrderCompleted, |effect| effect.event = EventKind::OrderAutoCompleted),
            "two effects",
        );
        let twice = [Line { code: "a", english: "one" }, Line { code: "a", english: "two" }];
        refused(&lint(ROWS, EFFECTS, &twice), "two sentences");
        let foreign = [Line { code: "step_a", english: "{weather}" }];
        refused(&lint(ROWS, EFFECTS, &foreign), "nothing that an order knows");
    }
}
