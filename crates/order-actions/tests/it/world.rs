//! The people and orders of the tests, and the words to speak about them.

use std::{sync::Arc, time::Duration};

use order_actions::{
    AccountRole, ActionError, Ask, Caller, Committed, FileRegistration, Page, Start, Store, StoreSettings,
    Unavailable, UploadError,
};
use order_domain::{
    command::Command,
    event::{Entry, FileRef},
    ids::{CommandId, OrderId, UserId},
    order::Order,
    placement::Placement,
    policy::Presets,
    rejection::{Code, Rejection},
    values::Seq,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::Database;

/// A node on a test's database.
#[derive(Clone, Debug)]
pub struct World {
    pub store: Store,
}

impl World {
    /// A first or another node.
    pub async fn on(database: &Database) -> Self {
        let store = Store::connect(settings(database)).await.expect("the store opens");
        Self { store }
    }

    /// An order of `buyer` and `seller` under `policy`, paid, 7 days, 2 revisions.
    pub async fn order(&self, policy: Value) -> OrderId {
        let placed = self.store.place_order(id(), placement(policy)).await;
        placed.expect("the placement is good").order
    }

    /// Gives a command under a new id.
    pub async fn ask(
        &self,
        caller: &Caller,
        order: OrderId,
        command: Value,
    ) -> Result<Committed, ActionError> {
        self.ask_as(caller, order, id(), command).await
    }

    /// Gives a command under this id.
    pub async fn ask_as(
        &self,
        caller: &Caller,
        order: OrderId,
        id: CommandId,
        command: Value,
    ) -> Result<Committed, ActionError> {
        let command = Command::decode(command).expect("the command is well-formed");
        self.store.execute(caller.clone(), Ask { order, id, command, expect_version: None }).await
    }

    /// Gives a command that is refused, and tells why.
    pub async fn refused(&self, caller: &Caller, order: OrderId, command: Value) -> Code {
        code(self.ask(caller, order, command).await)
    }

    /// Gives a command that works.
    pub async fn done(&self, caller: &Caller, order: OrderId, command: Value) -> Committed {
        let shown = command.to_string();
        self.ask(caller, order, command).await.unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// A file of the room, kept by the host.
    pub async fn file(&self, order: OrderId) -> FileRef {
        self.store.register_file(&host(), order, id(), file("work.zip")).await.expect("the file is good")
    }

    /// Fires what is due, as a node's schedule does; a room that is held is left for later.
    pub async fn fire_due(&self, limit: u32) -> Result<Vec<Committed>, Unavailable> {
        let mut fired = Vec::new();
        for order in self.store.claim_due(limit).await? {
            fired.extend(self.store.wake(order).await.ok().flatten());
        }
        Ok(fired)
    }

    /// The whole timeline, page by page.
    pub async fn timeline(&self, order: OrderId) -> Vec<Arc<Entry>> {
        let mut entries: Vec<Arc<Entry>> = Vec::new();
        loop {
            let after = entries.last().map_or(Seq(0), |entry| entry.seq);
            let Page { head, entries: page } =
                self.store.entries(order, Start::After(after, 7)).await.expect("a page");
            entries.extend(page);
            if entries.last().map_or(Seq(0), |entry| entry.seq) == head {
                return entries;
            }
        }
    }

    /// The stored order.
    pub async fn stored(&self, order: OrderId) -> Order {
        self.store.room(order).await.expect("the room is there").order.expect("it has an order")
    }

    /// I1 and I2 for one order: seq is 1..n, and the fold of the timeline is the stored order.
    pub async fn holds_together(&self, order: OrderId) {
        let entries = self.timeline(order).await;
        gapless(&entries);
        let fold =
            Order::fold(order, entries.iter().map(AsRef::as_ref)).expect("it begins with order.placed");
        assert_eq!(fold, self.stored(order).await, "I2");
    }
}

/// I1.
pub fn gapless(entries: &[Arc<Entry>]) {
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq.0).collect();
    assert_eq!(seqs, (1..=entries.len() as u64).collect::<Vec<_>>(), "I1");
    assert!(entries.is_sorted_by_key(|entry| entry.at), "time in a room never goes back");
}

/// Few connections: many tests run at once.
pub fn settings(database: &Database) -> StoreSettings {
    StoreSettings {
        statement_connections: 4,
        command_connections: 4,
        read_connections: 2,
        background_connections: 2,
        ..StoreSettings::new(database.url(), Presets::shipped())
    }
}

pub fn placement(policy: Value) -> Placement {
    serde_json::from_value(json!({
        "policy": policy, "buyer": "buyer", "seller": "seller", "listing": {"id": "L-17", "title": "A film"},
        "price": {"amount": 15000, "currency": "USD"}, "delivery_days": 7, "revisions": 2, "payment": "paid",
        "reference": "A-17",
    }))
    .expect("the placement is well-formed")
}

pub fn file(name: &str) -> FileRegistration {
    FileRegistration {
        name: name.into(),
        size: 1 << 20,
        sha256: "ab".repeat(32),
        media_type: "application/zip".into(),
    }
}

pub fn id() -> CommandId {
    CommandId(Uuid::now_v7())
}

pub fn user(name: &str) -> UserId {
    UserId::new(name).expect("a user id")
}

pub fn caller(name: &str, role: AccountRole) -> Caller {
    Caller { user: user(name), role, name: name.to_uppercase() }
}

pub fn buyer() -> Caller {
    caller("buyer", AccountRole::User)
}

pub fn seller() -> Caller {
    caller("seller", AccountRole::User)
}

pub fn stranger() -> Caller {
    caller("stranger", AccountRole::User)
}

pub fn agent() -> Caller {
    caller("agent", AccountRole::Agent)
}

pub fn other_agent() -> Caller {
    caller("agent-2", AccountRole::Agent)
}

pub fn admin() -> Caller {
    caller("admin", AccountRole::Admin)
}

pub fn host() -> Caller {
    caller("host", AccountRole::Host)
}

pub fn say(text: &str) -> Value {
    json!({"type": "post_message", "text": text})
}

/// The types of entries, the chatbot's left out.
pub fn told(entries: &[Arc<Entry>]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.event.kind().as_str()).filter(|kind| *kind != "bot.prompted").collect()
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(outcome: Result<T, ActionError>) -> Code {
    rejection(outcome).code
}

/// What a file was refused for, when it is not its size or number.
pub fn of_file<T>(outcome: Result<T, UploadError>) -> Result<T, ActionError> {
    outcome.map_err(|error| match error {
        UploadError::Action(error) => error,
        other => panic!("refused by the rules: {other}"),
    })
}

/// A refusal.
pub fn rejection<T: std::fmt::Debug>(outcome: Result<T, ActionError>) -> Rejection {
    let error = outcome.expect_err("it is refused");
    error.rejection().unwrap_or_else(|| panic!("refused, not failed: {error}")).clone()
}

/// Tries until it gives something, for at most 20 s.
pub async fn eventually<T>(mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    let patience = Duration::from_secs(20);
    let found = tokio::time::timeout(patience, async {
        loop {
            if let Some(found) = attempt().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    found.await.expect("it comes about in time")
}
