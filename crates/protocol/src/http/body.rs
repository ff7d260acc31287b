//! Reading a request's body: unreadable is 400, a field that does not fit is 422 and named.

use order_domain::{command::fields_of, rejection::Rejection};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Problem;

/// Why a body cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// No JSON object: 400.
    #[error("{0}")]
    Unreadable(String),
    /// A field is missing, of the wrong type or out of range: 422.
    #[error(transparent)]
    Refused(#[from] Rejection),
}

impl From<BadBody> for Problem {
    fn from(bad: BadBody) -> Self {
        match bad {
            BadBody::Unreadable(detail) => Self::unreadable(detail),
            BadBody::Refused(rejection) => rejection.into(),
        }
    }
}

/// Reads a body as `T`; unknown fields are ignored.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadBody> {
    fields_of(object(body)?).map_err(BadBody::Refused)
}

/// The JSON object of a body.
pub(crate) fn object(body: &[u8]) -> Result<Value, BadBody> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(BadBody::Unreadable("the body must be a JSON object".to_owned())),
        Err(error) => Err(BadBody::Unreadable(format!("the body is no JSON: {error}"))),
    }
}
