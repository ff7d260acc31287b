//! One order with its people and a clock of its own: what a test plays.

use chrono::{DateTime, Duration, Utc};
use order_domain::{
    actions::{self, Action},
    change::{self, Change},
    claim::Claim,
    clock,
    command::*,
    decide::Asked,
    event::{CaseEvent, Entry, Event, EventKind, FileRef},
    guard::Moment,
    guide::Prompts,
    ids::{CommandId, FileId, OrderId, UserId},
    order::{Order, State},
    participant::{Actor, Role, Side},
    payment::{Booking, BookingKind},
    placement::Placement,
    policy::Presets,
    rejection::{Code, Rejection},
    values::{Amount, Seq, Text},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The one file that is not of this room.
pub const FOREIGN: FileId = FileId(Uuid::from_u128(404));

/// The moment at which every scene begins.
pub fn start() -> DateTime<Utc> {
    "2026-11-01T10:00:00Z".parse().unwrap()
}

pub fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

pub fn amount(minor: i64) -> Amount {
    Amount::new(minor).unwrap()
}

pub fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

pub fn person(role: Role) -> Actor {
    Actor::person(role, user(role.as_str()), role.as_str().to_uppercase())
}

/// A second agent.
pub fn agent2() -> Actor {
    Actor::person(Role::Agent, user("agent2"), "AGENT2")
}

#[derive(Clone)]
pub struct Scene {
    pub order: Order,
    pub entries: Vec<Entry>,
    pub case_events: Vec<CaseEvent>,
    pub now: DateTime<Utc>,
    pub claim: Option<Claim>,
    commands: u128,
}

/// A purchase of a creator's listing: 150.00 USD, 7 days, 2 revisions, paid.
pub fn purchase() -> Value {
    json!({
        "policy": "creator", "buyer": "buyer", "seller": "seller",
        "listing": {"id": "L-17", "title": "One product video"},
        "price": {"amount": 15000, "currency": "USD"},
        "delivery_days": 7, "revisions": 2, "payment": "paid",
    })
}

impl Scene {
    /// L5.
    pub fn placed(changes: Value) -> Self {
        Self::try_placed(&changes).unwrap()
    }

    pub fn try_placed(changes: &Value) -> Result<Self, Rejection> {
        let mut placement = purchase();
        placement.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        if placement["due_at"].is_string() {
            placement.as_object_mut().unwrap().remove("delivery_days");
        }
        let placement: Placement = fields_of(placement)?;
        let (order, id) = (OrderId(Uuid::from_u128(7)), CommandId(Uuid::from_u128(1)));
        let host = Actor::nobody(Role::Host);
        let change = change::open(order, id, &host, &placement, &Presets::shipped(), start())?;
        Ok(Self {
            order: change.order,
            entries: change.entries,
            case_events: Vec::new(),
            now: start(),
            claim: None,
            commands: 1,
        })
    }

    pub fn creator() -> Self {
        Self::placed(json!({}))
    }

    pub fn craft() -> Self {
        Self::placed(json!({"policy": "craft", "payment": "unpaid"}))
    }

    /// Accepted.
    pub fn in_progress() -> Self {
        Self::creator().given(Role::Seller, AcceptOrder::default())
    }

    /// Delivered outside, once.
    pub fn delivered() -> Self {
        Self::in_progress()
            .given(Role::Seller, DeliverExternal { place: text("the shared folder"), note: None })
    }

    /// Both revisions used, the third delivery under review.
    pub fn exhausted() -> Self {
        let mut scene = Self::delivered();
        for delivery in 1..=2 {
            scene = scene.given(Role::Buyer, revise(delivery));
            scene = scene.given(Role::Seller, DeliverExternal { place: text("again"), note: None });
        }
        scene
    }

    /// Another price holds: at once, or because the buyer agreed.
    pub fn priced(self, minor: i64) -> Self {
        let update = ProposeUpdate { price: Some(amount(minor)), ..ProposeUpdate::default() };
        let scene = self.given(Role::Seller, update);
        match scene.order.proposal.as_ref().map(|open| open.id) {
            Some(proposal) => scene.given(Role::Buyer, AcceptUpdate { proposal }),
            None => scene,
        }
    }

    /// A dispute of the buyer, claimed and joined by the agent.
    pub fn joined(self) -> Self {
        self.given(Role::Buyer, dispute()).given(Role::Agent, ClaimCase {}).given(Role::Agent, JoinCase {})
    }

    /// What must work for the test to begin.
    #[must_use]
    pub fn given(mut self, role: Role, command: impl Into<Command>) -> Self {
        self.ok(role, command);
        self
    }

    /// Time passes; clocks fire when they are due, in their order.
    #[must_use]
    pub fn later(mut self, time: Duration) -> Self {
        self.pass(time);
        self
    }

    pub fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(wake) = clock::next_wake(&self.order).filter(|wake| wake.at <= until) {
            self.now = self.now.max(wake.at);
            assert!(self.fire() > 0, "{wake:?} was due and did nothing");
        }
        self.now = until;
    }

    /// Fires what is due, as every command does first.
    pub fn fire(&mut self) -> usize {
        let mut fired = 0;
        while let Some(change) = change::fire(&self.order, self.head(), &self.moment()) {
            self.take(change);
            fired += 1;
            assert!(fired < 50, "clocks fire for ever");
        }
        fired
    }

    pub fn head(&self) -> Seq {
        Seq(self.entries.len() as u64)
    }

    pub fn moment(&self) -> Moment<'_> {
        Moment { now: self.now, claim: self.claim.as_ref() }
    }

    /// A command that is judged and, if accepted, carried out.
    pub fn try_by(
        &mut self,
        actor: &Actor,
        command: impl Into<Command>,
    ) -> Result<Vec<EventKind>, Rejection> {
        let command = command.into();
        self.commands += 1;
        let id = CommandId(Uuid::from_u128(self.commands));
        self.fire();
        let named = order_domain::files::named(&command, Some(&self.order));
        let files: Vec<FileRef> = named.into_iter().filter(|id| *id != FOREIGN).map(file).collect();
        let asked = Asked { id, command: &command, files: &files };
        let change = change::perform(&self.order, self.head(), actor, &asked, &self.moment())?;
        let events = change.entries.iter().map(|entry| entry.event.kind()).collect();
        self.take(change);
        Ok(events)
    }

    pub fn try_as(&mut self, role: Role, command: impl Into<Command>) -> Result<Vec<EventKind>, Rejection> {
        self.try_by(&person(role), command)
    }

    /// The events of a command that must be accepted, without the prompt.
    #[track_caller]
    pub fn ok(&mut self, role: Role, command: impl Into<Command>) -> Vec<EventKind> {
        let mut events = self.try_as(role, command).unwrap();
        events.retain(|event| *event != EventKind::BotPrompted);
        events
    }

    /// The code of a command that must be refused.
    #[track_caller]
    pub fn refused(&mut self, role: Role, command: impl Into<Command>) -> Code {
        self.try_as(role, command).unwrap_err().code
    }

    pub fn book(&mut self, kind: BookingKind, minor: i64, reference: &str) -> Result<(), Rejection> {
        self.commands += 1;
        let id = CommandId(Uuid::from_u128(self.commands));
        self.fire();
        let booking = Booking { kind, amount: amount(minor), reference: text(reference) };
        let change = change::book(&self.order, self.head(), id, &booking, &self.moment())?;
        self.take(change);
        Ok(())
    }

    pub fn take(&mut self, change: Change) {
        for event in &change.case_events {
            let until = self.order.policy.cx_deadline(self.now);
            self.claim = Claim::after(self.claim.take(), event, until);
        }
        self.order = change.order;
        self.entries.extend(change.entries);
        self.case_events.extend(change.case_events);
        if self.order.case.is_none() {
            self.claim = None;
        }
    }

    pub fn claimed_by(&self) -> Option<&str> {
        self.claim.as_ref().map(|claim| claim.agent.as_str())
    }

    pub fn state(&self) -> State {
        self.order.state
    }

    pub fn last(&self, kind: EventKind) -> &Event {
        &self.entries.iter().rev().find(|entry| entry.event.kind() == kind).expect("the event happened").event
    }

    /// The latest prompts.
    pub fn prompts(&self) -> &Prompts {
        match self.last(EventKind::BotPrompted) {
            Event::BotPrompted { prompts } => prompts,
            _ => unreachable!(),
        }
    }

    pub fn told(&self, side: Side) -> &str {
        match side {
            Side::Buyer => &self.prompts().buyer.code,
            Side::Seller => &self.prompts().seller.code,
        }
    }

    pub fn actions(&self, role: Role) -> Vec<Action> {
        actions::actions(&self.order, &person(role), &self.moment(), false)
    }

    pub fn action(&self, role: Role, kind: CommandKind) -> Action {
        self.actions(role).into_iter().find(|action| action.command == kind).expect("the action is listed")
    }
}

pub fn file(id: FileId) -> FileRef {
    FileRef { id, name: "cut.mp4".into(), size: 1, sha256: "0".repeat(64), media_type: "video/mp4".into() }
}

pub fn files(count: u128) -> DeliverFiles {
    DeliverFiles { files: (1..=count).map(|n| FileId(Uuid::from_u128(n))).collect(), note: None }
}

pub fn revise(delivery: u32) -> RequestRevision {
    RequestRevision { delivery, text: text("brighter, please"), points: vec![] }
}

pub fn dispute() -> OpenDispute {
    OpenDispute { reason: text("we disagree"), cx_join: true }
}

pub fn cancel() -> RequestCancel {
    RequestCancel { reason: text("too late for us"), cx_join: true }
}
