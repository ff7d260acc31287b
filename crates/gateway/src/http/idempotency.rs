//! Which id makes a call exactly-once: the body's `id`, or the `Idempotency-Key` header.

use axum::http::{HeaderMap, HeaderName};
use order_domain::ids::CommandId;
use serde_json::Value;
use uuid::Uuid;

use super::body::Fields;
use crate::refusal::Refusal;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

impl Fields {
    /// Puts the header's id into the body. Two that differ are a contradiction.
    pub fn with_id(mut self, headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(key) = key(headers)? else { return Ok(self) };
        let Some(id) = self.0.get("id").filter(|id| !id.is_null()) else {
            self.0.insert("id".to_owned(), Value::String(key.to_string()));
            return Ok(self);
        };
        // What is no UUID is left to the reader of the body, who names the field.
        let own = id.as_str().and_then(|id| Uuid::parse_str(id).ok());
        if own.is_some_and(|own| own != key) {
            return Err(Refusal::unreadable("The body's id and the Idempotency-Key header differ."));
        }
        Ok(self)
    }

    /// The id of the call, one of ours if the caller gave none: then a repetition is another call.
    pub fn take_id(&mut self) -> Result<CommandId, Refusal> {
        #[derive(serde::Deserialize)]
        struct Id {
            id: CommandId,
        }
        match self.0.remove("id") {
            None | Some(Value::Null) => Ok(CommandId(Uuid::now_v7())),
            Some(id) => {
                let only = Fields([("id".to_owned(), id)].into_iter().collect());
                Ok(only.read::<Id>()?.id)
            }
        }
    }
}

/// The header's id, if there is one.
pub fn key(headers: &HeaderMap) -> Result<Option<Uuid>, Refusal> {
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(HEADER) { Err(bad_key()) } else { Ok(None) };
    };
    // The draft of the header's standard writes the key in quotes.
    let text = value.to_str().map_err(|_| bad_key())?.trim().trim_matches('"');
    Uuid::parse_str(text).map(Some).map_err(|_| bad_key())
}

fn bad_key() -> Refusal {
    Refusal::unreadable("The Idempotency-Key header must be one UUID.")
}
