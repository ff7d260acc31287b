//! A payload's digest: the same id with another payload is refused (G2).

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a payload's canonical JSON.
pub(crate) type Digest = [u8; 32];

/// Digests a payload. Maps inside are sorted, so the order in which a client wrote its fields is forgotten.
pub(crate) fn of(payload: &impl Serialize) -> Digest {
    let json = serde_json::to_vec(payload).expect("commands are plain data");
    Sha256::digest(json).into()
}
