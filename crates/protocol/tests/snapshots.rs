//! What each role sees of an order, pinned in `fixtures/server/snapshot.json`.
//!
//! `UPDATE_FIXTURES=1 cargo test -p protocol` writes the file anew: read the difference before committing it.

use std::{collections::BTreeMap, fs, path::Path};

use order_domain::{
    change,
    claim::Claim,
    command::{Command, CommandKind},
    decide::Asked,
    guard::Moment,
    ids::{CommandId, OrderId, UserId},
    order::Order,
    participant::{Actor, Role},
    placement::Placement,
    policy::Presets,
    rejection::Code,
    values::{Seq, Timestamp},
};
use protocol::{Conversation, ServerFrame, Snapshot, SnapshotView, server_frame::SnapshotFrame};
use serde_json::{Value, json};
use uuid::Uuid;

const ORDER: OrderId = OrderId(Uuid::from_u128(0x0190_aaaa_0000_7000_8000_0000_0000_0001));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn actor(role: Role) -> Actor {
    match role {
        Role::Buyer | Role::Seller | Role::Agent | Role::Admin => {
            Actor::person(role, user(role.as_str()), role.as_str())
        }
        _ => Actor::nobody(role),
    }
}

/// An order and its head, stepped by commands at one moment each.
struct Story {
    order: Order,
    head: Seq,
    steps: u128,
    claim: Option<Claim>,
    now: Timestamp,
}

impl Story {
    fn placed() -> Self {
        let placement: Placement = serde_json::from_value(json!({
            "policy": "creator", "buyer": "buyer", "seller": "seller",
            "listing": {"id": "L-17", "title": "Short film"},
            "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
            "requirements": [{"id": "brand", "label": "Which brand?", "kind": "text", "required": true}],
            "reference": "H-1",
        }))
        .unwrap();
        let now = at("2026-11-22T10:00:00Z");
        let id = CommandId(Uuid::from_u128(1));
        let change =
            change::open(ORDER, id, &actor(Role::Host), &placement, &Presets::shipped(), now).unwrap();
        let head = change.entries.last().unwrap().seq;
        Self { order: change.order, head, steps: 1, claim: None, now }
    }

    fn then(mut self, role: Role, command: Value) -> Self {
        self.steps += 1;
        let command = Command::decode(command).unwrap();
        let asked = Asked { id: CommandId(Uuid::from_u128(self.steps)), command: &command, files: &[] };
        let moment = Moment { now: self.now, claim: self.claim.as_ref() };
        let change = change::perform(&self.order, self.head, &actor(role), &asked, &moment).unwrap();
        self.head = change.entries.last().map_or(self.head, |entry| entry.seq);
        self.order = change.order;
        self
    }

    fn seen_by(&self, role: Role) -> Snapshot {
        let names = names();
        let view = SnapshotView {
            head: self.head,
            names: &names,
            claim: self.claim.as_ref(),
            archived: false,
            now: self.now,
        };
        Snapshot::order(&self.order, &view, &actor(role))
    }
}

fn names() -> BTreeMap<UserId, String> {
    ["Buyer", "Seller", "Agent"].map(|name| (user(&name.to_lowercase()), name.to_owned())).into()
}

fn accepted() -> Story {
    Story::placed()
        .then(Role::Buyer, json!({"type": "submit_requirements", "answers": {"brand": "Blue"}}))
        .then(Role::Seller, json!({"type": "accept_order"}))
}

fn disputed() -> Story {
    let mut story = accepted()
        .then(Role::Seller, json!({"type": "deliver_external", "where": "By mail"}))
        .then(Role::Buyer, json!({"type": "open_dispute", "reason": "Nothing came", "cx_join": true}));
    story.claim = Some(Claim { agent: user("agent"), until: story.now });
    let resume = json!({"type": "propose_resolution", "option": {"kind": "extra_revision"}});
    story.then(Role::Agent, json!({"type": "join_case"})).then(Role::Agent, resume)
}

fn cases() -> Vec<(&'static str, Snapshot)> {
    let proposed = || {
        accepted().then(
            Role::Seller,
            json!({"type": "propose_update", "due_at": "2026-12-24T12:00:00Z", "price": 12000}),
        )
    };
    vec![
        ("a new order, to the buyer", Story::placed().seen_by(Role::Buyer)),
        ("a new order, to the seller", Story::placed().seen_by(Role::Seller)),
        ("new terms wait for the buyer", proposed().seen_by(Role::Buyer)),
        ("a dispute, to the seller: nobody's claim", disputed().seen_by(Role::Seller)),
        ("a dispute, to the agent", disputed().seen_by(Role::Agent)),
        ("a dispute, to the host", disputed().seen_by(Role::Host)),
    ]
}

/// D3, S18, S25, S45: snapshots by role, the same for Rust and TypeScript.
#[test]
fn snapshots_are_as_pinned() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/server/snapshot.json");
    let case = |(title, snapshot): (&str, Snapshot)| {
        let frame: ServerFrame = ServerFrame::Snapshot(SnapshotFrame { order: ORDER, snapshot });
        let frame: Value = serde_json::from_str(&frame.encode()).unwrap();
        json!({"title": title, "frame": frame, "expect": {"reads": true}})
    };
    let cases: Vec<_> = cases().into_iter().map(case).collect();
    let fixture = json!({"about": "The order after a command, for the reader's role.", "from": "server", "cases": cases});
    let text = format!("{}\n", serde_json::to_string_pretty(&fixture).unwrap());
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "see UPDATE_FIXTURES");
}

/// I7: who has the case is for staff only.
#[test]
fn only_staff_see_who_has_the_case() {
    let claimed = |role| disputed().seen_by(role).as_order().unwrap().case.clone().unwrap().claimed_by;
    assert_eq!(claimed(Role::Agent), Some(user("agent")));
    assert_eq!(claimed(Role::Admin), Some(user("agent")));
    for role in [Role::Buyer, Role::Seller, Role::Host] {
        assert_eq!(claimed(role), None, "{role:?}");
    }
}

/// S11: a party reads "you" and "other", everybody else both sides by name.
#[test]
fn the_next_step_is_told_from_the_readers_side() {
    let step = |role| Story::placed().seen_by(role).as_order().unwrap().next_step.clone();
    assert_eq!(step(Role::Buyer).you, step(Role::Seller).other);
    assert_eq!(step(Role::Buyer).you, step(Role::Host).buyer);
    assert_eq!(step(Role::Buyer).buyer, None);
}

/// S8: a conversation has talk and nothing else.
#[test]
fn a_conversation_offers_talk_only() {
    let conversation = Conversation { id: ORDER, version: 1, buyer: user("buyer"), seller: user("seller") };
    let names = names();
    let now = at("2026-11-22T10:00:00Z");
    let view = SnapshotView { head: Seq(3), names: &names, claim: None, archived: false, now };
    let snapshot = Snapshot::conversation(&conversation, &view, &actor(Role::Seller));
    assert_eq!(snapshot.actions().len(), 1);
    assert!(snapshot.actions()[0].allowed);
    assert_eq!((snapshot.version(), snapshot.head(), snapshot.room()), (1, Seq(3), ORDER));
    assert_eq!(
        Some(&snapshot.actions()[0]),
        accepted().seen_by(Role::Seller).action(CommandKind::PostMessage)
    );
}

/// D3: who may not speak is told so before they try: staff who did not join, and anybody once a room is archived.
#[test]
fn who_may_not_speak_is_told() {
    let conversation = Conversation { id: ORDER, version: 1, buyer: user("buyer"), seller: user("seller") };
    let names = names();
    let now = at("2026-11-22T10:00:00Z");
    let code = |role, archived| {
        let view = SnapshotView { head: Seq(3), names: &names, claim: None, archived, now };
        let viewer = actor(role);
        let talk = Snapshot::conversation(&conversation, &view, &viewer);
        let order = Snapshot::order(&accepted().order, &view, &viewer);
        [talk, order].map(|snapshot| snapshot.action(CommandKind::PostMessage).and_then(|action| action.code))
    };
    for role in [Role::Buyer, Role::Seller] {
        assert_eq!(code(role, false), [None, None]);
        assert_eq!(code(role, true), [Some(Code::RoomClosed); 2]);
    }
    for staff in [Role::Agent, Role::Admin] {
        assert_eq!(code(staff, false), [Some(Code::NotJoined); 2]);
    }
}
