//! Identities. Orders, commands, files, proposals and resolutions are UUIDs; users are the host's strings.
//!
//! Nothing here makes a random id: ids are arguments, or derived from other ids.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

uuid_ids! {
    /// An order, or a conversation without one: the id of its room either way.
    OrderId,
    /// Chosen by whoever asks; makes a command exactly-once per (order, sender).
    CommandId,
    /// An uploaded or referenced file.
    FileId,
    /// A proposed contract update.
    ProposalId,
    /// A proposed resolution of a case.
    ResolutionId,
}

impl CommandId {
    /// The id of something that this command brings into being: the same on every replay.
    pub fn derive(self, order: OrderId, what: &str) -> Uuid {
        Uuid::new_v5(&order.0, format!("{what}:{self}").as_bytes())
    }
}

/// A user as the host names them: 1–64 characters of `A-Za-z0-9._:-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct UserId(Arc<str>);

/// A string that is no user id.
#[derive(Debug, thiserror::Error)]
#[error("a user id has 1 to 64 characters of A-Z a-z 0-9 . _ : -")]
pub struct BadUserId;

impl UserId {
    /// Checks the characters and the length.
    pub fn new(id: impl Into<Arc<str>>) -> Result<Self, BadUserId> {
        let id = id.into();
        let fits = |c: u8| c.is_ascii_alphanumeric() || b"._:-".contains(&c);
        if (1..=64).contains(&id.len()) && id.bytes().all(fits) { Ok(Self(id)) } else { Err(BadUserId) }
    }

    /// The id as the host wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserId {
    type Error = BadUserId;

    fn try_from(id: String) -> Result<Self, BadUserId> {
        Self::new(id)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_short_and_plain() {
        for good in ["u1", "shop:17", "A.b_c-9", &"x".repeat(64)] {
            assert!(UserId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "ü", "a\n", "a/b", &"x".repeat(65)] {
            assert!(UserId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn derived_ids_differ_by_order_command_and_purpose() {
        let (a, b) = (OrderId(Uuid::from_u128(1)), OrderId(Uuid::from_u128(2)));
        let id = CommandId(Uuid::from_u128(3));
        assert_eq!(id.derive(a, "proposal"), id.derive(a, "proposal"));
        assert_ne!(id.derive(a, "proposal"), id.derive(b, "proposal"));
        assert_ne!(id.derive(a, "proposal"), id.derive(a, "resolution"));
    }
}
