//! JSON made once and spliced into many frames: an entry for everyone, a snapshot for everyone of one role.

use std::{fmt, marker::PhantomData, sync::Arc};

use order_domain::{event::Entry, ids::OrderId};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A `T` as JSON. Cloning it copies a pointer; writing it into a frame copies bytes.
pub struct Encoded<T> {
    json: Arc<RawValue>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Encoded<T> {
    /// Encodes it.
    ///
    /// # Panics
    /// Never for types of this wire: they have string keys and no failing serializer.
    pub fn new(value: &T) -> Self {
        let json = serde_json::value::to_raw_value(value).expect("a wire type is always JSON");
        Self { json: json.into(), of: PhantomData }
    }
}

impl<T> Encoded<T> {
    /// The JSON text.
    pub fn json(&self) -> &str {
        self.json.get()
    }
}

impl Encoded<Entry> {
    /// The whole `entry` frame: the same text for every subscriber of the room.
    pub fn frame(&self, order: OrderId) -> String {
        let json = self.json();
        let mut frame = String::with_capacity(json.len() + 80);
        frame.push_str("{\"type\":\"entry\",\"order\":\"");
        frame.push_str(order.0.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()));
        frame.push_str("\",\"entry\":");
        frame.push_str(json);
        frame.push('}');
        frame
    }
}

impl<T> Clone for Encoded<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Encoded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.json())
    }
}

impl<T> Serialize for Encoded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}
