//! An entry as a client reads it: the event stays text until somebody asks, so that an unknown one costs nothing.

use std::borrow::Cow;

use order_domain::{
    event::{Entry, Event},
    ids::CommandId,
    participant::Actor,
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One place in a room's timeline, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenEntry {
    /// Gapless from 1.
    pub seq: Seq,
    /// The database's clock.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// The command that caused it.
    pub id: CommandId,
    /// What happened.
    pub event: SeenEvent,
}

/// An event as it arrived: ours, or one that is newer than this build.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeenEvent(Box<RawValue>);

impl SeenEvent {
    /// The event, if this build knows it.
    pub fn read(&self) -> Option<Event> {
        serde_json::from_str(self.0.get()).ok()
    }

    /// Its `type`, known or not; empty when there is none.
    pub fn kind(&self) -> Cow<'_, str> {
        #[derive(Deserialize)]
        struct Kind<'a> {
            #[serde(borrow, rename = "type", default)]
            kind: Cow<'a, str>,
        }
        serde_json::from_str::<Kind<'_>>(self.0.get()).map(|event| event.kind).unwrap_or_default()
    }

    /// The JSON as it arrived.
    pub fn json(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for SeenEvent {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for SeenEvent {}

impl SeenEntry {
    /// The entry of the rules, if this build knows its event.
    pub fn read(&self) -> Option<Entry> {
        let event = self.event.read()?;
        Some(Entry { seq: self.seq, at: self.at, by: self.by.clone(), id: self.id, event })
    }
}

impl From<&Entry> for SeenEntry {
    fn from(entry: &Entry) -> Self {
        let event = serde_json::value::to_raw_value(&entry.event).expect("an event is always JSON");
        Self { seq: entry.seq, at: entry.at, by: entry.by.clone(), id: entry.id, event: SeenEvent(event) }
    }
}
