//! Tokens of the cast, signed as the host would.

use anyhow::Result;
use jsonwebtoken::{EncodingKey, Header, encode};
use protocol::domain::participant::AccountRole;
use serde::Serialize;

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    sub: &'a str,
    role: AccountRole,
    name: &'a str,
    iat: i64,
    exp: i64,
}

/// A token that is good for an hour.
pub fn sign(secret: &str, user: &str, role: AccountRole, name: &str) -> Result<String> {
    let iat = chrono::Utc::now().timestamp();
    let claims = Claims { aud: "order-chat", sub: user, role, name, iat, exp: iat + 3600 };
    Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes()))?)
}
