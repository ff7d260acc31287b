//! Signs tokens with the configured secret: for the command line and the demo accounts.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use order_domain::{ids::UserId, participant::AccountRole, values::Timestamp};
use serde::Serialize;

use super::AUDIENCE;
use crate::config::Secret;

/// What a token shall say.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Whose.
    pub user: UserId,
    /// As what.
    pub role: AccountRole,
    /// What people call them.
    pub name: Option<String>,
    /// How long it holds.
    pub ttl: TimeDelta,
}

#[derive(Serialize)]
struct SignedClaims<'a> {
    aud: &'static str,
    sub: &'a UserId,
    role: AccountRole,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    iat: i64,
    exp: i64,
}

/// A token, signed at `now`.
///
/// # Panics
/// Never: HMAC takes any key, and the claims are plain JSON.
pub fn sign(secret: &Secret, request: &TokenRequest, now: Timestamp) -> String {
    let claims = SignedClaims {
        aud: AUDIENCE,
        sub: &request.user,
        role: request.role,
        name: request.name.as_deref(),
        iat: now.timestamp(),
        exp: (now + request.ttl).timestamp(),
    };
    let key = EncodingKey::from_secret(secret.expose().as_bytes());
    encode(&Header::new(Algorithm::HS256), &claims, &key).expect("an HMAC key signs any JSON")
}
