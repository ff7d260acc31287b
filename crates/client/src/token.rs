//! Where tokens come from: asked before every connection, and again before a token ends.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use protocol::domain::values::Timestamp;
use tokio::time::Instant;

/// A token that is on its way.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<String, NoToken>> + Send>>;

/// Gives a token that is good now.
#[derive(Clone)]
pub struct TokenProvider(Arc<dyn Fn() -> Answer + Send + Sync>);

/// There is no token at the moment; the client asks again later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no token: {0}")]
pub struct NoToken(pub String);

impl TokenProvider {
    /// Asks a function each time.
    pub fn new<F, A>(ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, NoToken>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(ask())))
    }

    /// Always the same: for programs that live shorter than their token.
    pub fn fixed(token: impl Into<String>) -> Self {
        let token = token.into();
        Self::new(move || std::future::ready(Ok(token.clone())))
    }

    pub(crate) fn ask(&self) -> Answer {
        (self.0)()
    }
}

impl fmt::Debug for TokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenProvider")
    }
}

impl From<String> for TokenProvider {
    fn from(token: String) -> Self {
        Self::fixed(token)
    }
}

impl From<&str> for TokenProvider {
    fn from(token: &str) -> Self {
        Self::fixed(token)
    }
}

/// When to ask for the next token, counted on the server's clock: ours may be wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenClock {
    server_at: Timestamp,
    since: Instant,
}

impl TokenClock {
    /// A refresh that brings nothing new is not repeated faster than this.
    pub const PAUSE: Duration = Duration::from_secs(5);

    pub fn set(server_at: Timestamp, now: Instant) -> Self {
        Self { server_at, since: now }
    }

    /// A minute ahead of the end, or a fifth of what is left if that is less.
    pub fn refresh_at(&self, expires_at: Timestamp, now: Instant) -> Instant {
        const LONGEST: Duration = Duration::from_hours(24);
        let lives_ms = expires_at.signed_duration_since(self.server_at).num_milliseconds();
        let lives = Duration::from_millis(u64::try_from(lives_ms).unwrap_or(0));
        let left = lives.saturating_sub(now - self.since).min(LONGEST);
        let ahead = (left / 5).min(Duration::from_mins(1));
        now + left.saturating_sub(ahead).max(Self::PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_its_end() {
        let (now, at) = (Instant::now(), Timestamp::UNIX_EPOCH);
        let clock = TokenClock::set(at, now);
        let ends_in = |seconds: u64| clock.refresh_at(at + Duration::from_secs(seconds), now) - now;
        assert_eq!(ends_in(3600), Duration::from_mins(59));
        assert_eq!(ends_in(50), Duration::from_secs(40));
        assert_eq!(ends_in(1), TokenClock::PAUSE);
        assert_eq!(clock.refresh_at(at - Duration::from_secs(9), now) - now, TokenClock::PAUSE);
    }
}
