//! The `code` of a refusal as a client reads it: ours, or one that is newer than this build.

use std::fmt;

use order_domain::rejection::Code;
use serde::{Deserialize, Serialize};

/// A stable code on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum WireCode {
    /// One of the rules' codes.
    Known(Code),
    /// One of HTTP alone (`unauthenticated`, `unreadable` …), or newer than this build.
    Other(String),
}

impl WireCode {
    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(code) => code.as_str(),
            Self::Other(code) => code,
        }
    }

    /// The rules' code, if this build knows it.
    pub fn known(&self) -> Option<Code> {
        match self {
            Self::Known(code) => Some(*code),
            Self::Other(_) => None,
        }
    }

    /// The same command with the same id may be tried again: a machine failed, or it was too fast.
    pub fn retry(&self) -> bool {
        matches!(self, Self::Known(Code::Unavailable | Code::RateLimited))
    }
}

impl From<Code> for WireCode {
    fn from(code: Code) -> Self {
        Self::Known(code)
    }
}

impl PartialEq<Code> for WireCode {
    fn eq(&self, other: &Code) -> bool {
        self.known() == Some(*other)
    }
}

impl fmt::Display for WireCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_codes_are_read_as_they_are() {
        let read = |text: &str| serde_json::from_str::<WireCode>(text).unwrap();
        assert_eq!(read("\"stale_delivery\""), Code::StaleDelivery);
        assert_eq!(read("\"from_the_future\"").as_str(), "from_the_future");
        assert!(read("\"unavailable\"").retry() && !read("\"bad_field\"").retry());
    }
}
