//! `GET /v1/orders/{id}/entries`, `POST /v1/conversations`.

use order_domain::{
    event::Entry,
    ids::{OrderId, UserId},
    participant::Side,
    values::Seq,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::SeenEntry;

/// A page of the timeline over HTTP. `E` is an entry, typed or encoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[ts(concrete(E = Entry))]
pub struct EntriesPage<E = SeenEntry> {
    /// The room.
    pub order: OrderId,
    /// Keep it beside the cursor.
    pub epoch: Uuid,
    /// The last seq that exists.
    pub head: Seq,
    /// Ascending.
    pub entries: Vec<E>,
    /// There are more in the direction that was asked for.
    pub more: bool,
}

/// Body of `POST /v1/conversations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenConversation {
    /// The other user.
    pub with: UserId,
    /// The part of the one who asks.
    #[serde(rename = "as")]
    pub side: Side,
    /// The one who asks, when the host does it for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<UserId>,
}

/// Answer to `POST /v1/conversations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationOpened {
    /// The room: its id is used like an order's.
    pub order: OrderId,
}
