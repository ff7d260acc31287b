//! Bodies: bounded, JSON, and refused in the words of the protocol.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::StatusCode,
};
use order_domain::{command::fields_of, rejection::Rejection};
use protocol::http::BadBody;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{refusal::Refusal, state::AppState};

/// The largest body: a form of 50 questions with all their texts.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A JSON object, read but not yet understood.
#[derive(Debug)]
pub struct Fields(pub Map<String, Value>);

impl FromRequest<AppState> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let body = Bytes::from_request(request, state).await.map_err(unread)?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Refusal::unreadable("The body must be a JSON object.")),
            Err(error) => Err(Refusal::unreadable(format!("The body is no JSON: {error}."))),
        }
    }
}

impl Fields {
    /// The fields as `T`; one that is missing or wrong is named.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Rejection> {
        fields_of(Value::Object(self.0))
    }

    /// The fields, for a reader of its own.
    pub fn read_with<T>(self, read: impl FnOnce(&[u8]) -> Result<T, BadBody>) -> Result<T, BadBody> {
        let text = Value::Object(self.0).to_string();
        read(text.as_bytes())
    }
}

fn unread(error: BytesRejection) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::body_too_large(BODY_BYTES_MAX)
    } else {
        Refusal::unreadable("The body could not be read to its end.")
    }
}
