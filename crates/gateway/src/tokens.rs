//! Who is asking: JSON Web Tokens, verified with the host's keys, and the revocations against them.
//!
//! Every key is good for exactly one algorithm, so a token cannot choose how it is checked. Time is checked here
//! against an argument, not inside the library.

mod claims;
mod jwks;
mod keys;
mod reload;
mod revocations;
mod sign;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use jsonwebtoken::{Validation, decode, decode_header};
use order_actions::Caller;
use order_domain::{ids::UserId, participant::AccountRole, values::Timestamp};

use crate::{config::KeySource, metrics};
use claims::Claims;
use keys::KeyRing;
use revocations::Revocations;

pub use jwks::BadKeys;
pub use revocations::remembered_from;
pub use sign::{TokenRequest, sign};

/// The audience of every token.
pub const AUDIENCE: &str = "order-chat";
/// From `iat` to `exp` at most. A revocation has to be remembered for so long, and no longer.
pub const LIFETIME_MAX: TimeDelta = TimeDelta::days(30);
/// Longer tokens are refused unread.
const TOKEN_BYTES_MAX: usize = 8192;

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `sub`.
    pub user: UserId,
    /// What they are to the host.
    pub role: AccountRole,
    /// What people call them; the id when the token has no name.
    pub name: String,
    /// The language they read, as a BCP 47 tag.
    pub locale: Option<String>,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
}

impl Identity {
    /// The same, as the store knows callers.
    pub fn caller(&self) -> Caller {
        Caller { user: self.user.clone(), role: self.role, name: self.name.clone() }
    }
}

/// Why a token is refused. The client only learns that it is; the counts know why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Not a token, or with claims that are missing or of the wrong kind.
    #[error("malformed")]
    Malformed,
    /// Signed with an algorithm that its key is not for.
    #[error("algorithm")]
    Algorithm,
    /// Signed with a key that is not known.
    #[error("unknown_key")]
    UnknownKey,
    /// Not signed by that key.
    #[error("signature")]
    Signature,
    /// For somebody else.
    #[error("audience")]
    Audience,
    /// Over.
    #[error("expired")]
    Expired,
    /// Not yet: issued in the future, or `nbf` lies ahead.
    #[error("not_yet")]
    NotYet,
    /// Good for longer than a token may be.
    #[error("too_long")]
    TooLong,
    /// Issued before the user's tokens were revoked.
    #[error("revoked")]
    Revoked,
}

impl BadToken {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Malformed,
        Self::Algorithm,
        Self::UnknownKey,
        Self::Signature,
        Self::Audience,
        Self::Expired,
        Self::NotYet,
        Self::TooLong,
        Self::Revoked,
    ];
}

/// The keys and the revocations that this node knows.
#[derive(Clone, Debug)]
pub struct Tokens {
    keys: Arc<KeyRing>,
    revocations: Arc<Revocations>,
}

impl Tokens {
    /// Reads the keys for the first time.
    pub async fn load(source: &KeySource) -> Result<Self, BadKeys> {
        let keys = Arc::new(KeyRing::load(source).await?);
        Ok(Self { keys, revocations: Arc::default() })
    }

    /// Whose token this is, if it is good at this moment.
    pub fn verify(&self, token: &str) -> Result<Identity, BadToken> {
        self.verify_at(token, Utc::now()).inspect_err(|why| {
            metrics::counter!(metrics::BAD_TOKENS, "reason" => why.to_string()).increment(1);
        })
    }

    /// Were tokens of `user` issued at `issued_at` revoked?
    pub fn is_revoked(&self, user: &UserId, issued_at: Timestamp) -> bool {
        self.revocations.covers(user, issued_at)
    }

    /// Does a token that was good when it came still hold: neither over nor revoked (G8)?
    pub fn still_holds(&self, who: &Identity) -> bool {
        Utc::now() < who.expires_at && !self.is_revoked(&who.user, who.issued_at)
    }

    /// From now on, tokens of `user` issued up to the second of `up_to` are refused here. True if that is news.
    pub fn note_revocation(&self, user: &UserId, up_to: Timestamp) -> bool {
        self.revocations.note(user, up_to)
    }

    /// Forgets revocations that cover no token any more.
    pub fn forget_over(&self) {
        self.revocations.forget_over(Utc::now());
    }

    /// Keeps a JWKS fresh, for ever; ends at once when there is none.
    pub async fn keep_fresh(&self) {
        reload::keep_fresh(&self.keys).await;
    }

    fn verify_at(&self, token: &str, now: Timestamp) -> Result<Identity, BadToken> {
        let identity = self.signed_claims(token)?.identity(now)?;
        if self.is_revoked(&identity.user, identity.issued_at) {
            Err(BadToken::Revoked)
        } else {
            Ok(identity)
        }
    }

    fn signed_claims(&self, token: &str) -> Result<Claims, BadToken> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(BadToken::Malformed);
        }
        let header = decode_header(token).map_err(|error| refusal_of(&error))?;
        // RFC 7515: a critical extension that is not understood makes the token invalid.
        if header.crit.is_some() {
            return Err(BadToken::Malformed);
        }
        let key = self.keys.find(header.kid.as_deref())?;
        if header.alg != key.algorithm {
            return Err(BadToken::Algorithm);
        }
        let checked = decode::<Claims>(token, &key.key, &checks(&key));
        checked.map(|token| token.claims).map_err(|error| refusal_of(&error))
    }
}

fn checks(key: &keys::Key) -> Validation {
    let mut checks = Validation::new(key.algorithm);
    checks.set_audience(&[AUDIENCE]);
    checks.set_required_spec_claims(&["aud", "exp", "sub"]);
    // Claims::identity looks at the time.
    checks.validate_exp = false;
    checks
}

fn refusal_of(error: &jsonwebtoken::errors::Error) -> BadToken {
    use jsonwebtoken::errors::ErrorKind as Kind;
    match error.kind() {
        Kind::InvalidSignature => BadToken::Signature,
        Kind::InvalidAudience => BadToken::Audience,
        Kind::MissingRequiredClaim(claim) if claim == "aud" => BadToken::Audience,
        Kind::InvalidAlgorithm | Kind::InvalidAlgorithmName | Kind::InvalidKeyFormat => BadToken::Algorithm,
        _ => BadToken::Malformed,
    }
}
