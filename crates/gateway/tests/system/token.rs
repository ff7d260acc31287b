//! Tokens as the host would sign them.

use jsonwebtoken::{EncodingKey, Header, encode};
use order_domain::{ids::UserId, participant::AccountRole};
use serde_json::json;

/// A token of an hour, issued now.
pub fn sign(secret: &str, user: &UserId, role: AccountRole) -> String {
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "aud": "order-chat", "sub": user, "role": role, "name": user, "iat": now, "exp": now + 3600,
    });
    encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
}
