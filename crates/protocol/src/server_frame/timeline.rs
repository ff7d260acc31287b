//! Frames that carry a room: its entries and its snapshot.

use order_domain::{event::Entry, ids::OrderId, values::Seq};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    Ref, SeenEntry, Snapshot,
    room::{Cursors, Member},
};

/// The room as it is, and what was missed; more pages may follow as `entries` before anything live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry, S = Snapshot))]
pub struct Subscribed<E = SeenEntry, S = Snapshot> {
    /// The question's.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The room.
    pub order: OrderId,
    /// Keep it beside the cursor.
    pub epoch: Uuid,
    /// The last seq that exists.
    pub head: Seq,
    /// Ascending.
    pub entries: Vec<E>,
    /// As this role sees it.
    pub snapshot: S,
    /// Who may be in the room.
    pub members: Vec<Member>,
    /// How far they have read.
    #[ts(as = "std::collections::HashMap<String, Seq>")]
    pub cursors: Cursors,
}

/// A page of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry))]
pub struct Entries<E = SeenEntry> {
    /// The question's; absent while catching up.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The room.
    pub order: OrderId,
    /// Ascending.
    pub entries: Vec<E>,
    /// The last seq that exists.
    pub head: Seq,
}

/// One entry, live: for each subscription seq rises by exactly one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(E = Entry))]
pub struct EntryFrame<E = SeenEntry> {
    /// The room.
    pub order: OrderId,
    /// What happened.
    pub entry: E,
}

/// The order after a command that changed it, for the subscriber's role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(concrete(S = Snapshot))]
pub struct SnapshotFrame<S = Snapshot> {
    /// The room.
    pub order: OrderId,
    /// A newer one replaces it.
    pub snapshot: S,
}

/// No longer in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unsubscribed {
    /// The question's; absent when unasked.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The room.
    pub order: OrderId,
    /// `access_withdrawn` when unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// The reason of an unasked `unsubscribed`.
pub const ACCESS_WITHDRAWN: &str = "access_withdrawn";
