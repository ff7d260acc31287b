//! Why a socket was closed. The range of the code is the rule for coming back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The close codes of our own; standard ones (1007, 1009 …) keep their meaning of RFC 6455.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum CloseCode {
    /// A frame that cannot be read; the reason names the field.
    BadFrame = 4000,
    /// No token, a bad one, or a revoked one.
    Unauthenticated = 4001,
    /// The user may not be here any more.
    AccessWithdrawn = 4002,
    /// The first frame did not come in time.
    NoHello = 4005,
    /// The node cannot take more.
    Overloaded = 4100,
    /// The client went on sending although it was told to slow down.
    RateLimitIgnored = 4101,
    /// One user, too many sockets.
    TooManyConnections = 4102,
    /// Nothing can be committed at the moment.
    DatabaseUnavailable = 4103,
    /// The node is about to stop.
    Draining = 4200,
    /// The client read too slowly; nothing is lost, it resumes from its cursors.
    SlowConsumer = 4201,
    /// The client's own code said nothing for 60 s.
    HeartbeatMissed = 4202,
    /// The token ended and was not refreshed.
    TokenExpired = 4203,
    /// Another node should take this socket.
    Rebalance = 4204,
}

impl CloseCode {
    /// Every code of our own.
    pub const ALL: &'static [Self] = &[
        Self::BadFrame,
        Self::Unauthenticated,
        Self::AccessWithdrawn,
        Self::NoHello,
        Self::Overloaded,
        Self::RateLimitIgnored,
        Self::TooManyConnections,
        Self::DatabaseUnavailable,
        Self::Draining,
        Self::SlowConsumer,
        Self::HeartbeatMissed,
        Self::TokenExpired,
        Self::Rebalance,
    ];

    /// The number on the wire.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// Reads the number; `None` for codes this build does not know.
    pub fn of(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// What the client does next.
    pub fn retry(self) -> Retry {
        Retry::after(self.number())
    }

    /// A reason for people who read logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::BadFrame => "bad frame",
            Self::Unauthenticated => "unauthenticated",
            Self::AccessWithdrawn => "access withdrawn",
            Self::NoHello => "no hello in time",
            Self::Overloaded => "overloaded",
            Self::RateLimitIgnored => "rate limit ignored",
            Self::TooManyConnections => "too many connections",
            Self::DatabaseUnavailable => "database unavailable",
            Self::Draining => "draining",
            Self::SlowConsumer => "slow consumer",
            Self::HeartbeatMissed => "heartbeat missed",
            Self::TokenExpired => "token expired",
            Self::Rebalance => "rebalance",
        }
    }
}

/// What a client does after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Does not reconnect: it would end the same way.
    Never,
    /// Waits at least a second, with full jitter, and as long as it was told.
    BackOff,
    /// Resumes with its cursors after a short jitter.
    Resume,
}

impl Retry {
    /// The rule of a close code, by its range; also of codes that this build does not know.
    ///
    /// A connection that just broke (1006 and the like) is resumed; what the server calls the client's
    /// mistake is not repeated.
    pub fn after(number: u16) -> Self {
        match number {
            4000..=4099 | 1002 | 1003 | 1007..=1010 => Self::Never,
            4100..=4199 | 1011..=1013 => Self::BackOff,
            _ => Self::Resume,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_the_rule() {
        for code in CloseCode::ALL {
            let expected = match code.number() / 100 {
                40 => Retry::Never,
                41 => Retry::BackOff,
                42 => Retry::Resume,
                other => panic!("{other} is no range of ours"),
            };
            assert_eq!(code.retry(), expected, "{code:?}");
            assert_eq!(CloseCode::of(code.number()), Some(*code));
            assert!(code.reason().len() <= 123, "a close reason has at most 123 bytes");
        }
    }

    #[test]
    fn unknown_codes_follow_their_range() {
        assert_eq!(Retry::after(4099), Retry::Never);
        assert_eq!(Retry::after(4150), Retry::BackOff);
        assert_eq!(Retry::after(4299), Retry::Resume);
        assert_eq!(Retry::after(1006), Retry::Resume);
        assert_eq!(Retry::after(1009), Retry::Never);
    }
}
