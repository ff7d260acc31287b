//! The ten states of an order.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where an order stands. Marketplaces name these as they like (labels), but have no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A custom offer waits for payment.
    Offered,
    /// Waits for the seller to accept.
    New,
    /// The seller works.
    InProgress,
    /// The buyer reviews.
    Delivered,
    /// The seller changes what was delivered.
    InRevision,
    /// Done.
    Completed,
    /// Ended without completion.
    Cancelled,
    /// The money went back.
    Refunded,
    /// The seller turned it down.
    Declined,
    /// The offer was not paid in time.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Offered,
        Self::New,
        Self::InProgress,
        Self::Delivered,
        Self::InRevision,
        Self::Completed,
        Self::Cancelled,
        Self::Refunded,
        Self::Declined,
        Self::Expired,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Delivered => "delivered",
            Self::InRevision => "in_revision",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// Nothing but money and talk comes after.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Refunded | Self::Declined | Self::Expired)
    }

    /// The seller works.
    pub fn is_active(self) -> bool {
        matches!(self, Self::InProgress | Self::InRevision)
    }
}
