//! What somebody does next, drawn from what they are allowed; and the command for it, filled in by what it needs. Pure.

use protocol::{
    domain::{
        actions::{Action, Need, NeedKind},
        command::CommandKind,
        order::State,
    },
    snapshot::OrderSnapshot,
};
use rand::{Rng, rngs::StdRng};
use serde_json::{Map, Value, json};

/// How likely each command is among those that are allowed: most orders end well, some do not.
const WEIGHTS: &[(&str, u32)] = &[
    ("post_message", 6),
    ("submit_requirements", 20),
    ("accept_order", 20),
    ("decline_order", 1),
    ("deliver_files", 12),
    ("deliver_external", 6),
    ("mark_sent", 12),
    ("mark_paid", 8),
    ("accept_delivery", 14),
    ("request_revision", 6),
    ("propose_update", 2),
    ("accept_update", 12),
    ("decline_update", 6),
    ("withdraw_update", 1),
    ("request_cancel", 1),
    ("consent_cancel", 6),
    ("withdraw_cancel", 4),
    ("cancel_order", 1),
    ("open_dispute", 2),
    ("close_dispute", 3),
    ("claim_case", 30),
    ("join_case", 20),
    ("propose_resolution", 12),
    ("accept_resolution", 20),
    ("resolve_dispute", 8),
    ("approve_cancel", 8),
    ("reject_cancel", 6),
];

/// Nothing happens after these but talk.
pub fn is_end(state: State) -> bool {
    matches!(state, State::Completed | State::Cancelled | State::Refunded | State::Declined | State::Expired)
}

/// Who is in the room, by number; what they may do.
pub type Options<'a> = [(usize, &'a OrderSnapshot)];

/// Somebody, and an action of theirs; `None` when nobody has anything to do.
pub fn choose<'a>(options: &Options<'a>, chance: &mut StdRng) -> Option<(usize, &'a Action)> {
    let all: Vec<(usize, &Action, u32)> = options
        .iter()
        .flat_map(|(who, snapshot)| snapshot.actions.iter().map(|action| (*who, action)))
        .filter(|(_, action)| action.allowed)
        .map(|(who, action)| (who, action, weight(action.command)))
        .filter(|(_, _, weight)| *weight > 0)
        .collect();
    let total: u32 = all.iter().map(|(_, _, weight)| weight).sum();
    if total == 0 {
        return None;
    }
    let mut left = chance.random_range(0..total);
    for (who, action, weight) in all {
        if left < weight {
            return Some((who, action));
        }
        left -= weight;
    }
    None
}

fn weight(kind: CommandKind) -> u32 {
    WEIGHTS.iter().find(|(name, _)| *name == kind.as_str()).map_or(0, |(_, weight)| *weight)
}

/// What a command is filled with.
pub struct Fill<'a> {
    /// For everything a person writes.
    pub text: &'a str,
    /// An uploaded file, when files are needed.
    pub file: Option<Value>,
    /// Now.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// The command, as JSON; `None` when it needs something that is not there.
pub fn command(action: &Action, snapshot: &OrderSnapshot, fill: &Fill<'_>) -> Option<Value> {
    let mut fields = Map::new();
    fields.insert("type".into(), json!(action.command));
    for need in action.needs.iter().filter(|need| is_given(action, need)) {
        fields.insert(need.field.clone(), value(need, snapshot, fill)?);
    }
    Some(Value::Object(fields))
}

/// What must be there, and of what may be there enough to say something.
fn is_given(action: &Action, need: &Need) -> bool {
    need.required
        || match action.command {
            CommandKind::ProposeUpdate => need.field == "revisions",
            CommandKind::PostMessage => need.field == "text",
            _ => false,
        }
}

fn value(need: &Need, snapshot: &OrderSnapshot, fill: &Fill<'_>) -> Option<Value> {
    let bound = |bound: &Option<Value>| bound.as_ref().and_then(Value::as_i64);
    Some(match need.kind {
        NeedKind::Text => json!(fill.text),
        NeedKind::Texts => json!([fill.text]),
        NeedKind::Files => json!([fill.file.clone()?]),
        NeedKind::Answers => {
            let answer = |question: &protocol::domain::placement::Question| {
                Some((serde_json::to_value(&question.id).ok()?.as_str()?.to_owned(), json!(fill.text)))
            };
            Value::Object(snapshot.requirements.form.iter().filter_map(answer).collect())
        }
        NeedKind::Delivery => need.max.clone().or_else(|| need.min.clone())?,
        NeedKind::Proposal => json!(snapshot.proposal.as_ref()?.id),
        NeedKind::Resolution => json!(snapshot.case.as_ref()?.resolution.as_ref()?.id),
        NeedKind::Outcome => outcome(snapshot),
        NeedKind::Number => {
            let (least, most) = (bound(&need.min).unwrap_or(0), bound(&need.max).unwrap_or(100));
            json!((i64::from(snapshot.revisions.allowed) + 1).clamp(least, most))
        }
        NeedKind::Amount => json!(bound(&need.max).unwrap_or(0) / 2),
        NeedKind::Moment => json!(fill.now + chrono::TimeDelta::days(3)),
        NeedKind::Tick => json!(true),
        NeedKind::User | NeedKind::Entry => return None,
    })
}

/// Half of the money back while there is some, else the order counts as done.
fn outcome(snapshot: &OrderSnapshot) -> Value {
    let held = serde_json::to_value(snapshot.payment.held).ok().and_then(|held| held.as_i64()).unwrap_or(0);
    match snapshot.version % 3 {
        0 if held > 1 => json!({"kind": "cancel", "refund": held / 2}),
        1 => json!({"kind": "resume"}),
        _ => json!({"kind": "complete"}),
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ServerFrame, domain::command::Command};
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn every_weight_is_a_commands() {
        for (name, _) in WEIGHTS {
            assert!(CommandKind::ALL.iter().any(|kind| kind.as_str() == *name), "{name}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_never_chosen() {
        let action = |command, allowed| Action {
            command,
            allowed,
            code: None,
            message: None,
            allowed_from: None,
            needs: Vec::new(),
        };
        let mut snapshot = snapshot();
        snapshot.actions =
            vec![action(CommandKind::AcceptOrder, false), action(CommandKind::PostMessage, true)];
        let mut chance = StdRng::seed_from_u64(1);
        for _ in 0..50 {
            let (who, chosen) = choose(&[(0, &snapshot)], &mut chance).unwrap();
            assert_eq!((who, chosen.command), (0, CommandKind::PostMessage));
        }
        snapshot.actions.pop();
        assert!(choose(&[(0, &snapshot)], &mut chance).is_none());
    }

    #[test]
    fn what_is_needed_is_filled_in() {
        let snapshot = snapshot();
        let fill = Fill {
            text: "words",
            file: Some(json!("00000000-0000-0000-0000-000000000001")),
            now: chrono::DateTime::UNIX_EPOCH,
        };
        for (name, needs) in [
            ("request_revision", vec![need("delivery", NeedKind::Delivery), need("text", NeedKind::Text)]),
            ("deliver_files", vec![need("files", NeedKind::Files)]),
            ("open_dispute", vec![need("reason", NeedKind::Text), need("cx_join", NeedKind::Tick)]),
            ("approve_cancel", vec![need("refund", NeedKind::Amount), need("reason", NeedKind::Text)]),
            ("resolve_dispute", vec![need("option", NeedKind::Outcome), need("reason", NeedKind::Text)]),
        ] {
            let kind = *CommandKind::ALL.iter().find(|kind| kind.as_str() == name).unwrap();
            let action =
                Action { command: kind, allowed: true, code: None, message: None, allowed_from: None, needs };
            let filled = command(&action, &snapshot, &fill).unwrap();
            Command::decode(filled.clone()).unwrap_or_else(|refused| panic!("{filled}: {}", refused.message));
        }
        let proposal = Action {
            command: CommandKind::AcceptUpdate,
            allowed: true,
            code: None,
            message: None,
            allowed_from: None,
            needs: vec![need("proposal", NeedKind::Proposal)],
        };
        assert_eq!(command(&proposal, &snapshot, &fill), None, "there is no proposal");
    }

    fn need(field: &str, kind: NeedKind) -> Need {
        Need { field: field.into(), kind, required: true, min: Some(json!(1)), max: Some(json!(1)) }
    }

    fn snapshot() -> OrderSnapshot {
        let fixture = include_str!("../../../crates/protocol/fixtures/server/snapshot.json");
        let fixture: Value = serde_json::from_str(fixture).expect("the fixture is JSON");
        let frame = fixture["cases"][0]["frame"].to_string();
        let Ok(Some(ServerFrame::Snapshot(frame))) = ServerFrame::decode(&frame) else {
            panic!("a snapshot frame")
        };
        frame.snapshot.as_order().expect("of an order").clone()
    }
}
