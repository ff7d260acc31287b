//! Tokens as an attacker makes them, and as a host does.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::config::Secret;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A published test vector (RFC 8037, appendix A): worth nothing anywhere.
const ED25519_PRIVATE: &str =
    "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000, 0).unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn by_secret() -> Tokens {
    let key = keys::Key {
        algorithm: Algorithm::HS256,
        key: jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes()),
    };
    Tokens { keys: Arc::new(KeyRing::Secret(Arc::new(key))), revocations: Arc::default() }
}

fn jwks() -> Value {
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": ED25519_X}]})
}

fn by_jwks(set: &Value) -> Tokens {
    let keys =
        KeyRing::Set(keys::PublishedKeys::new("unused", jwks::parse(set.to_string().as_bytes()).unwrap()));
    Tokens { keys: Arc::new(keys), revocations: Arc::default() }
}

fn claims(changes: &Value) -> Value {
    let second = now().timestamp();
    let mut claims = json!({"aud": "order-chat", "sub": "u1", "role": "user", "name": "Ann",
        "iat": second - 10, "exp": second + 3600});
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn signed_with(header: &Header, changes: &Value, key: &EncodingKey) -> String {
    encode(header, &claims(changes), key).unwrap()
}

fn signed(changes: &Value) -> String {
    signed_with(&Header::new(Algorithm::HS256), changes, &EncodingKey::from_secret(SECRET.as_bytes()))
}

fn with_kid(algorithm: Algorithm, kid: &str) -> Header {
    Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) }
}

#[test]
fn a_good_token_says_who_it_is() {
    let identity = by_secret().verify_at(&signed(&json!({"locale": "de"})), now()).unwrap();
    assert_eq!((identity.user.as_str(), identity.role, &*identity.name), ("u1", AccountRole::User, "Ann"));
    assert_eq!(identity.locale.as_deref(), Some("de"));
    let nameless = by_secret().verify_at(&signed(&json!({"name": null})), now()).unwrap();
    assert_eq!(nameless.name, "u1");
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    let second = now().timestamp();
    for (changes, why) in [
        (json!({"aud": "somebody-else"}), BadToken::Audience),
        (json!({"aud": null}), BadToken::Audience),
        (json!({"aud": ["a", "b"]}), BadToken::Audience),
        (json!({"exp": second}), BadToken::Expired),
        (json!({"exp": null}), BadToken::Malformed),
        (json!({"exp": "soon"}), BadToken::Malformed),
        (json!({"iat": null}), BadToken::Malformed),
        (json!({"iat": -5}), BadToken::Malformed),
        (json!({"iat": 1e300}), BadToken::Malformed),
        (json!({"iat": second + 60}), BadToken::NotYet),
        (json!({"nbf": second + 60}), BadToken::NotYet),
        (json!({"exp": second + 30 * 86_400}), BadToken::TooLong),
        (json!({"iat": 0}), BadToken::TooLong),
        (json!({"sub": null}), BadToken::Malformed),
        (json!({"sub": "a b"}), BadToken::Malformed),
        (json!({"sub": ""}), BadToken::Malformed),
        (json!({"role": "root"}), BadToken::Malformed),
        (json!({"role": null}), BadToken::Malformed),
        (json!({"name": "x\u{0}y"}), BadToken::Malformed),
    ] {
        assert_eq!(by_secret().verify_at(&signed(&changes), now()), Err(why), "{changes}");
    }
}

#[test]
fn signatures_and_algorithms_cannot_be_chosen() {
    let good = signed(&json!({}));
    let body = good.split('.').nth(1).unwrap();
    let none = "eyJhbGciOiJub25lIn0"; // {"alg":"none"}
    let tokens = by_secret();
    for forged in [
        format!("{none}.{body}."),
        format!("{none}.{body}.{}", good.split('.').nth(2).unwrap()),
        good.rsplit_once('.').unwrap().0.to_owned() + ".",
        String::new(),
        "a.b".to_owned(),
        "x".repeat(TOKEN_BYTES_MAX + 1),
    ] {
        assert!(tokens.verify_at(&forged, now()).is_err(), "{forged}");
    }
    let other = EncodingKey::from_secret(b"another secret of thirty-two byt");
    let forged = signed_with(&Header::new(Algorithm::HS256), &json!({}), &other);
    assert_eq!(tokens.verify_at(&forged, now()), Err(BadToken::Signature));
    let stronger =
        signed_with(&Header::new(Algorithm::HS512), &json!({}), &EncodingKey::from_secret(SECRET.as_bytes()));
    assert_eq!(tokens.verify_at(&stronger, now()), Err(BadToken::Algorithm));
    let critical = Header { crit: Some(vec!["x".to_owned()]), ..Header::new(Algorithm::HS256) };
    let critical = signed_with(&critical, &json!({}), &EncodingKey::from_secret(SECRET.as_bytes()));
    assert!(tokens.verify_at(&critical, now()).is_err());
}

#[test]
fn a_key_set_is_found_by_kid_and_its_public_key_is_no_secret() {
    let tokens = by_jwks(&jwks());
    let private = EncodingKey::from_ed_der(&unhex(ED25519_PRIVATE));
    let good = signed_with(&with_kid(Algorithm::EdDSA, "k1"), &json!({}), &private);
    assert_eq!(tokens.verify_at(&good, now()).unwrap().user.as_str(), "u1");
    let unknown = signed_with(&with_kid(Algorithm::EdDSA, "k2"), &json!({}), &private);
    assert_eq!(tokens.verify_at(&unknown, now()), Err(BadToken::UnknownKey));
    let unnamed = signed_with(&Header::new(Algorithm::EdDSA), &json!({}), &private);
    assert_eq!(tokens.verify_at(&unnamed, now()), Err(BadToken::UnknownKey));
    // The classic: an HMAC whose secret is the public key.
    for public in [ED25519_X.as_bytes().to_vec(), jwks().to_string().into_bytes()] {
        let confused =
            signed_with(&with_kid(Algorithm::HS256, "k1"), &json!({}), &EncodingKey::from_secret(&public));
        assert_eq!(tokens.verify_at(&confused, now()), Err(BadToken::Algorithm));
    }
}

#[test]
fn keys_that_cannot_sign_are_passed_over() {
    let refused = |key: Value| {
        let outcome = jwks::parse(json!({"keys": [key]}).to_string().as_bytes());
        assert!(matches!(outcome, Err(BadKeys::Empty)), "{key}");
    };
    let ed = |changes: Value| {
        let mut key = jwks()["keys"][0].clone();
        changes.as_object().unwrap().iter().for_each(|(name, value)| key[name] = value.clone());
        key
    };
    refused(json!({"kty": "oct", "kid": "k", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}));
    refused(json!({"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}));
    refused(json!({"kty": "EC", "crv": "P-256", "kid": "k", "x": "AA", "y": "AA"}));
    refused(ed(json!({"x": "c2hvcnQ"})));
    refused(ed(json!({"use": "enc"})));
    refused(ed(json!({"alg": "ES256"})));
    let twice = json!({"keys": [ed(json!({})), ed(json!({}))]}).to_string();
    assert!(matches!(jwks::parse(twice.as_bytes()), Err(BadKeys::Twice(_))));
}

#[test]
fn a_rotated_key_set_takes_over_at_once() {
    let tokens = by_jwks(&jwks());
    let private = EncodingKey::from_ed_der(&unhex(ED25519_PRIVATE));
    let token = |kid| signed_with(&with_kid(Algorithm::EdDSA, kid), &json!({}), &private);
    let KeyRing::Set(published) = &*tokens.keys else { unreachable!("made from a set") };
    let mut next = jwks();
    next["keys"][0]["kid"] = json!("k2");
    published.replace(jwks::parse(next.to_string().as_bytes()).unwrap());
    assert!(tokens.verify_at(&token("k2"), now()).is_ok());
    assert_eq!(tokens.verify_at(&token("k1"), now()), Err(BadToken::UnknownKey));
}

#[test]
fn a_revocation_covers_its_whole_second_and_never_goes_back() {
    let tokens = by_secret();
    let user = UserId::new("u1").unwrap();
    let issued = now() - TimeDelta::seconds(10);
    assert!(tokens.note_revocation(&user, issued + TimeDelta::milliseconds(700)));
    assert_eq!(tokens.verify_at(&signed(&json!({})), now()), Err(BadToken::Revoked));
    assert!(!tokens.note_revocation(&user, issued - TimeDelta::days(1)), "older than what is known");
    let later = json!({"iat": now().timestamp() - 9});
    assert!(tokens.verify_at(&signed(&later), now()).is_ok(), "issued after it");
    assert!(tokens.verify_at(&signed(&json!({"sub": "u2"})), now()).is_ok(), "of somebody else");
}

/// G8: what is forgotten covers no token that could still hold; what could is remembered.
#[test]
fn revocations_are_forgotten_when_every_token_they_cover_is_over() {
    let tokens = by_secret();
    let user = UserId::new("u1").unwrap();
    let last = signed(&json!({"exp": now().timestamp() - 10 + LIFETIME_MAX.num_seconds()}));
    let issued = now() - TimeDelta::seconds(10);
    let over = issued + LIFETIME_MAX;
    tokens.note_revocation(&user, issued);
    tokens.revocations.forget_over(over - TimeDelta::seconds(1));
    assert_eq!(tokens.verify_at(&last, over - TimeDelta::seconds(1)), Err(BadToken::Revoked));
    assert_eq!(tokens.verify_at(&last, over), Err(BadToken::Expired));
    assert!(issued >= remembered_from(over), "what a node reads at its start covers it too");
    tokens.revocations.forget_over(over + TimeDelta::days(2));
    assert_eq!(tokens.verify_at(&last, over + TimeDelta::days(2)), Err(BadToken::Expired));
    assert_eq!(tokens.revocations.len(), 0);
}

#[test]
fn what_we_sign_we_accept() {
    let request = TokenRequest {
        user: UserId::new("host").unwrap(),
        role: AccountRole::Host,
        name: None,
        ttl: TimeDelta::hours(1),
    };
    let token = sign(&Secret::new(SECRET), &request, now());
    assert_eq!(by_secret().verify_at(&token, now()).unwrap().role, AccountRole::Host);
    assert_eq!(by_secret().verify_at(&token, now() + TimeDelta::hours(1)), Err(BadToken::Expired));
}
