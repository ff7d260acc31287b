//! `delivery_p99_ms <= 200`: one line of what must hold.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::measures::MEASURES;

/// A measure and its bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// One of [`MEASURES`].
    pub measure: String,
    /// Which way.
    pub bound: Bound,
    /// How much.
    pub value: f64,
}

/// Which way a measure is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `==`
    Exactly,
}

impl Threshold {
    /// Does a figure satisfy it?
    pub fn holds(&self, figure: f64) -> bool {
        match self.bound {
            Bound::AtMost => figure <= self.value,
            Bound::AtLeast => figure >= self.value,
            Bound::Exactly => (figure - self.value).abs() < f64::EPSILON,
        }
    }
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [measure, sign, value] = parts[..] else {
            return Err(format!("\"{text}\" is no threshold: write for example \"delivery_p99_ms <= 200\""));
        };
        if !MEASURES.iter().any(|(name, _)| *name == measure) {
            let known: Vec<_> = MEASURES.iter().map(|(name, _)| *name).collect();
            return Err(format!("{measure} is not measured; there are {}", known.join(", ")));
        }
        let bound = match sign {
            "<=" => Bound::AtMost,
            ">=" => Bound::AtLeast,
            "==" => Bound::Exactly,
            _ => return Err(format!("{sign} is none of <=, >=, ==")),
        };
        let value = value.parse().map_err(|_| format!("{value} is not a number"))?;
        Ok(Self { measure: measure.to_owned(), bound, value })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.measure, self.bound.sign(), self.value)
    }
}

impl Bound {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
            Self::Exactly => "==",
        }
    }
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_reads_as_it_is_written() {
        for text in ["lost == 0", "delivery_p99_ms <= 200", "deliveries_per_s >= 12.5"] {
            assert_eq!(text.parse::<Threshold>().unwrap().to_string(), text);
        }
        let most: Threshold = "ack_p99_ms <= 50".parse().unwrap();
        assert!(most.holds(50.0) && !most.holds(50.1) && !most.holds(f64::NAN));
    }

    #[test]
    fn a_wrong_one_says_why() {
        let wrong = |text: &str| text.parse::<Threshold>().unwrap_err();
        assert!(wrong("lost").contains("write for example"));
        assert!(wrong("speed <= 5").contains("not measured; there are delivery_p50_ms"));
        assert!(wrong("lost < 5").contains("none of"));
        assert!(wrong("lost <= few").contains("not a number"));
    }
}
