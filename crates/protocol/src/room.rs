//! Who is in a room and how far they are: members, presence, cursors.

use std::collections::BTreeMap;

use order_domain::{ids::UserId, participant::Role, values::Seq};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether somebody is there: best effort, never the truth about anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Looks at the room.
    Active,
    /// Connected, but elsewhere.
    Away,
    /// Not connected. Said by the server only.
    Gone,
}

/// Somebody who may be in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their part in this order.
    pub role: Role,
    /// What they are called now.
    pub name: String,
    /// Whether they are there.
    pub presence: Presence,
}

/// How far each member has read.
pub type Cursors = BTreeMap<UserId, Seq>;

/// A person with the name they have now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// What they are called now.
    pub name: String,
}
