//! Addresses of downloads: who may fetch which file until when, signed, so that a page can show and save files without
//! a token in the address.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

const TICKET_BYTES_MAX: usize = 1024;

/// Signs and checks. Every node has the same.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(***)")
    }
}

/// What a signed address says. It opens nothing that its bearer may not see at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The file.
    #[serde(rename = "f")]
    pub file: Uuid,
    /// For whom, as their token says.
    #[serde(rename = "u")]
    pub user: String,
    /// What they are to the host.
    #[serde(rename = "r")]
    pub role: String,
    /// When their token was issued, in seconds: a revocation ends the address too.
    #[serde(rename = "i")]
    pub issued_at_s: i64,
    /// Until when it is good, in seconds.
    #[serde(rename = "e")]
    pub expires_at_s: i64,
    /// Until when their token holds, in seconds: what is being sent then ends.
    #[serde(rename = "t")]
    pub token_until_s: i64,
}

/// No address of ours, or one whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// Changed, made up, or for another file.
    #[error("this address is not signed by this service")]
    Forged,
    /// Good no longer.
    #[error("this address is over its time")]
    Expired,
}

impl LinkKey {
    /// The key of this deployment.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The ticket as it stands in an address.
    pub fn sign(&self, ticket: &Ticket) -> String {
        let body = BASE64.encode(serde_json::to_vec(ticket).expect("a ticket is plain JSON"));
        let seal = BASE64.encode(self.mac(&body).finalize().into_bytes());
        format!("{body}.{seal}")
    }

    /// What the address of `file` says, if it holds at `now_s`.
    pub fn check(&self, text: &str, file: Uuid, now_s: i64) -> Result<Ticket, BadLink> {
        let parts = text.split_once('.').filter(|_| text.len() <= TICKET_BYTES_MAX);
        let (body, seal) = parts.ok_or(BadLink::Forged)?;
        let seal = BASE64.decode(seal).map_err(|_| BadLink::Forged)?;
        self.mac(body).verify_slice(&seal).map_err(|_| BadLink::Forged)?;
        let body = BASE64.decode(body).map_err(|_| BadLink::Forged)?;
        let ticket: Ticket = serde_json::from_slice(&body).map_err(|_| BadLink::Forged)?;
        if ticket.file != file {
            return Err(BadLink::Forged);
        }
        if now_s < ticket.expires_at_s { Ok(ticket) } else { Err(BadLink::Expired) }
    }

    fn mac(&self, body: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.chain_update(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_for_its_file_and_time_and_cannot_be_changed() {
        let key = LinkKey::new([7; 32]);
        let file = Uuid::from_u128(1);
        let (user, role) = ("u1".to_owned(), "user".to_owned());
        let ticket = Ticket { file, user, role, issued_at_s: 100, expires_at_s: 1000, token_until_s: 2000 };
        let text = key.sign(&ticket);
        assert_eq!(key.check(&text, file, 999), Ok(ticket.clone()));
        assert_eq!(key.check(&text, file, 1000), Err(BadLink::Expired));
        assert_eq!(key.check(&text, Uuid::from_u128(2), 999), Err(BadLink::Forged));
        assert_eq!(LinkKey::new([8; 32]).check(&text, file, 999), Err(BadLink::Forged));
        let other = key.sign(&Ticket { user: "u2".into(), ..ticket });
        let mixed = format!("{}.{}", other.split_once('.').unwrap().0, text.split_once('.').unwrap().1);
        for bad in [mixed.as_str(), "", ".", "a.b", &text[1..], &text[..text.len() - 2], &"a".repeat(5000)] {
            assert_eq!(key.check(bad, file, 999), Err(BadLink::Forged), "{bad}");
        }
    }
}
