//! `GET /v1/inbox`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::server_frame::InboxRoom;

/// A tab of the conversation list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InboxTab {
    /// Everything.
    #[default]
    All,
    /// Offered, or waiting for the seller.
    New,
    /// Being worked on.
    Active,
    /// Under review.
    Delivered,
    /// With an open case.
    Disputed,
    /// Ended.
    Done,
    /// Without an order.
    Conversations,
}

impl InboxTab {
    /// Every tab.
    pub const ALL: &'static [Self] = &[
        Self::All,
        Self::New,
        Self::Active,
        Self::Delivered,
        Self::Disputed,
        Self::Done,
        Self::Conversations,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Active => "active",
            Self::Delivered => "delivered",
            Self::Disputed => "disputed",
            Self::Done => "done",
            Self::Conversations => "conversations",
        }
    }

    /// Reads the name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tab| tab.as_str() == name)
    }
}

/// A page of the conversation list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxPage {
    /// Rooms by tab.
    #[ts(type = "Record<InboxTab, number>")]
    pub tabs: BTreeMap<InboxTab, u64>,
    /// Latest first.
    pub rooms: Vec<InboxRoom>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
}
