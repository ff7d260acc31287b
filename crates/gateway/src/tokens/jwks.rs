//! Reads a JWKS from a file or an address, and takes from it what can sign tokens.

use std::{collections::hash_map::Entry, sync::Arc, time::Duration};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};

use super::keys::{Key, KeySet};

const FETCH_WITHIN: Duration = Duration::from_secs(5);
const JWKS_BYTES_MAX: usize = 256 * 1024;
/// Base64url characters of a modulus of 2,048 bits.
const RSA_MODULUS_CHARS_MIN: usize = 342;
/// Base64url characters of 32 bytes: a coordinate of P-256, a key of Ed25519.
const COORDINATE_CHARS: usize = 43;

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadKeys {
    /// The file cannot be read.
    #[error("cannot read the key set: {0}")]
    File(#[from] std::io::Error),
    /// The address does not answer.
    #[error("cannot fetch the key set: {0}")]
    Fetch(#[from] reqwest::Error),
    /// Longer than any key set.
    #[error("the key set has more than {JWKS_BYTES_MAX} bytes")]
    TooLong,
    /// Not a JWKS.
    #[error("the key set is not a JWKS: {0}")]
    Syntax(#[from] serde_json::Error),
    /// Two keys with one name.
    #[error("two keys of the key set have the kid \"{0}\"")]
    Twice(String),
    /// No key of a kind that is accepted.
    #[error("the key set has no key with a kid that is EdDSA (Ed25519), ES256 or RS256 (from 2,048 bits)")]
    Empty,
}

/// Reads the key set at `address`.
pub async fn fetch(address: &str) -> Result<KeySet, BadKeys> {
    let is_web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    parse(&if is_web { download(address).await? } else { read(address).await? })
}

async fn download(address: &str) -> Result<Vec<u8>, BadKeys> {
    // A redirect could lead from https to anywhere.
    let client = reqwest::Client::builder().timeout(FETCH_WITHIN).redirect(reqwest::redirect::Policy::none());
    let mut answer = client.build()?.get(address).send().await?.error_for_status()?;
    let mut content = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        content.extend_from_slice(&chunk);
        if content.len() > JWKS_BYTES_MAX {
            return Err(BadKeys::TooLong);
        }
    }
    Ok(content)
}

async fn read(path: &str) -> Result<Vec<u8>, BadKeys> {
    let path = path.strip_prefix("file://").unwrap_or(path).to_owned();
    let read = tokio::task::spawn_blocking(move || std::fs::read(path));
    Ok(read.await.map_err(std::io::Error::other)??)
}

/// The keys that can sign tokens. Others (for encryption, of other kinds, symmetric, too short) are passed over.
pub fn parse(content: &[u8]) -> Result<KeySet, BadKeys> {
    let set: JwkSet = serde_json::from_slice(content)?;
    let mut keys = KeySet::new();
    for jwk in &set.keys {
        let (Some(kid), Some(key)) = (jwk.common.key_id.clone(), usable(jwk)) else { continue };
        match keys.entry(kid) {
            Entry::Occupied(taken) => return Err(BadKeys::Twice(taken.key().clone())),
            Entry::Vacant(free) => drop(free.insert(Arc::new(key))),
        }
    }
    if keys.is_empty() { Err(BadKeys::Empty) } else { Ok(keys) }
}

fn usable(jwk: &Jwk) -> Option<Key> {
    let signs = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let algorithm = algorithm(jwk).filter(|_| signs)?;
    let says_the_same = match jwk.common.key_algorithm {
        None => true,
        Some(KeyAlgorithm::EdDSA) => algorithm == Algorithm::EdDSA,
        Some(KeyAlgorithm::ES256) => algorithm == Algorithm::ES256,
        Some(KeyAlgorithm::RS256) => algorithm == Algorithm::RS256,
        Some(_) => false,
    };
    let key = DecodingKey::from_jwk(jwk).ok().filter(|_| says_the_same)?;
    Some(Key { algorithm, key })
}

/// What a key of this kind is for. Lengths are checked here because the library slices short keys without looking.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) => {
            let fits = key.curve == EllipticCurve::Ed25519 && key.x.len() == COORDINATE_CHARS;
            fits.then_some(Algorithm::EdDSA)
        }
        AlgorithmParameters::EllipticCurve(key) => {
            let long_enough = key.x.len() == COORDINATE_CHARS && key.y.len() == COORDINATE_CHARS;
            (key.curve == EllipticCurve::P256 && long_enough).then_some(Algorithm::ES256)
        }
        AlgorithmParameters::RSA(key) => (key.n.len() >= RSA_MODULUS_CHARS_MIN).then_some(Algorithm::RS256),
        _ => None,
    }
}
