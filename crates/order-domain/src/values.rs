//! Parsed values with their limits. What has one of these types needs no second look.

use std::{fmt, ops::Deref};

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A moment, UTC. Stored and sent in whole milliseconds.
pub type Timestamp = DateTime<Utc>;

/// Cuts a moment to the milliseconds that are stored.
pub fn to_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}

/// The most characters (Unicode scalar values) of a [`Text`].
pub const TEXT_CHARS: usize = 4000;
/// The most minor units of an [`Amount`].
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// The most revisions a contract can hold.
pub const REVISIONS_MAX: u32 = 100;
/// The longest time from now to a due date, in days.
pub const DUE_DAYS_MAX: u32 = 3650;

/// What a person wrote: trimmed, 1–4,000 characters, no control characters but newline and tab.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Text(String);

/// Why a string is no [`Text`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadText {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More than [`TEXT_CHARS`].
    #[error("must have at most {TEXT_CHARS} characters")]
    TooLong,
    /// A control character other than newline and tab.
    #[error("must not contain control characters")]
    Control,
}

impl Text {
    /// Trims and checks.
    pub fn new(text: impl Into<String>) -> Result<Self, BadText> {
        let text = text.into();
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(BadText::Empty);
        }
        // Bytes bound the walk over the characters: four bytes are the longest one.
        if trimmed.len() > 4 * TEXT_CHARS || trimmed.chars().count() > TEXT_CHARS {
            return Err(BadText::TooLong);
        }
        if trimmed.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(BadText::Control);
        }
        Ok(Self(if trimmed.len() == text.len() { text } else { trimmed.to_owned() }))
    }
}

impl TryFrom<String> for Text {
    type Error = BadText;

    fn try_from(text: String) -> Result<Self, BadText> {
        Self::new(text)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Money in minor units (cents), 0 to 10^12. The currency stands beside it, once per order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "i64")]
#[ts(type = "number")]
pub struct Amount(i64);

/// An amount below 0 or above 10^12 minor units.
#[derive(Debug, thiserror::Error)]
#[error("must be a whole number of minor units from 0 to {AMOUNT_MAX}")]
pub struct BadAmount;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Checks the range.
    pub fn new(minor: i64) -> Result<Self, BadAmount> {
        if (0..=AMOUNT_MAX).contains(&minor) { Ok(Self(minor)) } else { Err(BadAmount) }
    }

    /// The number of minor units.
    pub fn minor(self) -> i64 {
        self.0
    }

    /// Not zero?
    pub fn is_some(self) -> bool {
        self.0 > 0
    }

    /// The sum, if it is an amount.
    pub fn checked_plus(self, other: Self) -> Option<Self> {
        Self::new(self.0 + other.0).ok()
    }

    /// The sum of parts of one order's money: what would not fit was refused before (`checked_plus`).
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = self.checked_plus(other);
        debug_assert!(sum.is_some(), "{} and {} are more than an amount can hold", self.0, other.0);
        sum.unwrap_or(Self(AMOUNT_MAX))
    }

    /// The difference, stopped at zero.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self((self.0 - other.0).max(0))
    }
}

impl TryFrom<i64> for Amount {
    type Error = BadAmount;

    fn try_from(minor: i64) -> Result<Self, BadAmount> {
        Self::new(minor)
    }
}

/// An ISO 4217 currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Currency([u8; 3]);

/// Three letters that name no currency.
#[derive(Debug, thiserror::Error)]
#[error("must be an ISO 4217 currency code such as USD")]
pub struct BadCurrency;

impl Currency {
    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency is made of ASCII letters")
    }

    /// An amount of minor units as people write it, such as `USD 12.50` or `JPY 1250`.
    pub fn write(&self, minor: i64) -> String {
        let digits = iso_currency::Currency::from_code(self.as_str())
            .and_then(iso_currency::Currency::exponent)
            .unwrap_or(0);
        let unit = 10_i64.pow(u32::from(digits));
        let (whole, part, width) = (minor / unit, minor % unit, usize::from(digits));
        if digits == 0 { format!("{self} {whole}") } else { format!("{self} {whole}.{part:0width$}") }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = BadCurrency;

    fn try_from(code: String) -> Result<Self, BadCurrency> {
        let known = iso_currency::Currency::from_code(&code).ok_or(BadCurrency)?;
        known.code().as_bytes().try_into().map(Self).map_err(|_| BadCurrency)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

/// A price: an amount and its currency. The currency of an order never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Money {
    /// Minor units.
    pub amount: Amount,
    /// ISO 4217.
    pub currency: Currency,
}

/// A place in a stream: 1 is the first entry, 0 is before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Seq(pub u64);

impl Seq {
    /// The one after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(&*Text::new("  hi\n").unwrap(), "hi");
        assert_eq!(Text::new(" \n\t "), Err(BadText::Empty));
        assert_eq!(Text::new("a\0b"), Err(BadText::Control));
        assert!(Text::new("a\tb\nc").is_ok());
        assert!(Text::new("🦀".repeat(TEXT_CHARS)).is_ok(), "length counts scalar values");
        assert_eq!(Text::new("x".repeat(TEXT_CHARS + 1)), Err(BadText::TooLong));
    }

    #[test]
    fn amounts_are_bounded() {
        assert!(Amount::new(-1).is_err());
        assert!(Amount::new(AMOUNT_MAX + 1).is_err());
        assert_eq!(Amount::new(5).unwrap().minus(Amount::new(7).unwrap()), Amount::ZERO);
    }

    #[test]
    fn currencies_are_known() {
        assert!(Currency::try_from("USD".to_owned()).is_ok());
        assert!(Currency::try_from("XQQ".to_owned()).is_err());
        assert!(Currency::try_from("usd".to_owned()).is_err());
        assert_eq!(Currency::try_from("USD".to_owned()).unwrap().write(1205), "USD 12.05");
        assert_eq!(Currency::try_from("JPY".to_owned()).unwrap().write(1205), "JPY 1205");
    }
}
