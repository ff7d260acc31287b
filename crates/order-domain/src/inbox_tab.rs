//! Where a room stands in the conversation lists of buyer and seller.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::order::{Order, State};

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
    pub const ALL: [Self; 7] = [
        Self::All,
        Self::New,
        Self::Active,
        Self::Delivered,
        Self::Disputed,
        Self::Done,
        Self::Conversations,
    ];

    /// The one that an order is listed under, beside all.
    pub fn of(order: &Order) -> Self {
        match order.state {
            _ if order.case.is_some() => Self::Disputed,
            State::Offered | State::New => Self::New,
            State::InProgress | State::InRevision => Self::Active,
            State::Delivered => Self::Delivered,
            _ => Self::Done,
        }
    }

    /// The name on the wire and in the database.
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
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == name)
    }
}
