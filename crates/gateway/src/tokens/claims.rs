//! What a token says, and whether it holds at a moment.

use chrono::{DateTime, TimeDelta};
use order_domain::{ids::UserId, participant::AccountRole, values::Timestamp};
use serde::{Deserialize, Deserializer, de::Error};

use super::{BadToken, Identity, LIFETIME_MAX};

/// How far the host's clock may be ahead of ours. A token of this much later survives a revocation: keep it small.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(10);
const NAME_CHARS_MAX: usize = 200;
const LOCALE_BYTES_MAX: usize = 35;

/// The claims that are looked at; all others are ignored.
#[derive(Debug, Deserialize)]
pub struct Claims {
    sub: UserId,
    role: AccountRole,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(deserialize_with = "moment")]
    iat: Timestamp,
    #[serde(deserialize_with = "moment")]
    exp: Timestamp,
    #[serde(default, deserialize_with = "maybe_moment")]
    nbf: Option<Timestamp>,
}

impl Claims {
    /// The identity, if the token holds at `now`.
    pub fn identity(self, now: Timestamp) -> Result<Identity, BadToken> {
        if self.exp <= now {
            return Err(BadToken::Expired);
        }
        if self.iat > now + CLOCK_SKEW || self.nbf.is_some_and(|nbf| nbf > now + CLOCK_SKEW) {
            return Err(BadToken::NotYet);
        }
        if self.exp - self.iat > LIFETIME_MAX {
            return Err(BadToken::TooLong);
        }
        let name = shown_name(self.name, &self.sub)?;
        let locale = self.locale.filter(|tag| is_language_tag(tag));
        Ok(Identity {
            user: self.sub,
            role: self.role,
            name,
            locale,
            issued_at: self.iat,
            expires_at: self.exp,
        })
    }
}

fn shown_name(name: Option<String>, user: &UserId) -> Result<String, BadToken> {
    let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let Some(name) = name else { return Ok(user.to_string()) };
    let fits = name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(BadToken::Malformed) }
}

fn is_language_tag(tag: &str) -> bool {
    let plain = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain && (1..=LOCALE_BYTES_MAX).contains(&tag.len())
}

/// A `NumericDate`: seconds since 1970, whole or not.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and what is out of range is refused below"
    )]
    let millis = (seconds * 1000.0).floor() as i64;
    let moment = DateTime::from_timestamp_millis(millis).filter(|_| seconds >= 0.0);
    moment.ok_or_else(|| D::Error::custom("is not a moment"))
}

fn maybe_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    moment(deserializer).map(Some)
}
