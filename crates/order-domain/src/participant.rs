//! Who takes part in an order, and who is asking.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::UserId;

/// The part somebody plays in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Pays.
    Buyer,
    /// Delivers.
    Seller,
    /// A member of the customer experience team.
    Agent,
    /// May override amounts and decide without joining.
    Admin,
    /// The order chatbot.
    Bot,
    /// Timers.
    System,
    /// The marketplace's back end.
    Host,
}

impl Role {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Bot => "bot",
            Self::System => "system",
            Self::Host => "host",
        }
    }

    /// Buyer and seller are the two sides of an order.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Buyer => Some(Side::Buyer),
            Self::Seller => Some(Side::Seller),
            _ => None,
        }
    }

    /// Customer experience: agents and admins.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

/// What an account is for, as its token says; the [`Role`] in an order follows from it and from the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Buys and sells.
    User,
    /// Works at the desk of customer experience.
    Agent,
    /// Runs the service.
    Admin,
    /// The marketplace's back end.
    Host,
}

impl AccountRole {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Host => "host",
        }
    }

    /// Customer experience: agents and admins.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

/// One of the two parties of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Pays.
    Buyer,
    /// Delivers.
    Seller,
}

impl Side {
    /// The other party.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Buyer => Self::Seller,
            Self::Seller => Self::Buyer,
        }
    }

    /// The role of this side.
    pub fn role(self) -> Role {
        match self {
            Self::Buyer => Role::Buyer,
            Self::Seller => Role::Seller,
        }
    }
}

/// Who did something, as it stands in an entry's `by`; also who asks for a command.
///
/// The name is the one they had at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Actor {
    /// Their part in this order.
    pub role: Role,
    /// Absent for bot, system and host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user: Option<UserId>,
    /// Absent for bot, system and host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
}

impl Actor {
    /// A person.
    pub fn person(role: Role, user: UserId, name: impl Into<String>) -> Self {
        Self { role, user: Some(user), name: Some(name.into()) }
    }

    /// Bot, system or host.
    pub fn nobody(role: Role) -> Self {
        Self { role, user: None, name: None }
    }

    /// Whose command ids these are: a user's, or '@' and the role. No user id begins with '@'.
    pub fn sender(&self) -> Cow<'_, str> {
        match &self.user {
            Some(user) => Cow::Borrowed(user.as_str()),
            None => Cow::Owned(format!("@{}", self.role.as_str())),
        }
    }
}
