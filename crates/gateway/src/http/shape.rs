//! Shapes of bodies: the schema of a real type, and an example of it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

/// A body as JSON.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its schema; what it refers to is left with the generator.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// One that fits.
    pub example: fn() -> Value,
}

/// What a call takes.
#[derive(Clone, Copy, Debug)]
pub struct Takes {
    /// The body.
    pub shape: Shape,
    /// An `id` in the body, or the header, makes it exactly-once.
    pub once: bool,
}

/// What a call answers when all is well.
#[derive(Clone, Copy, Debug)]
pub enum Gives {
    /// JSON, with this status.
    Json(u16, Shape),
    /// JSON, with 200, or with 503 when it is not well.
    Health(Shape),
    /// Text.
    Text,
    /// Headers alone, with this status.
    Nothing(u16),
}

/// The shape of a type.
pub const fn shape<T: JsonSchema>(example: fn() -> Value) -> Shape {
    Shape { schema: SchemaGenerator::subschema_for::<T>, example }
}

/// A body that happens as often as it is sent.
pub const fn takes<T: JsonSchema>(example: fn() -> Value) -> Takes {
    Takes { shape: shape::<T>(example), once: false }
}

/// A body with an id, which happens once.
pub const fn takes_once<T: JsonSchema>(example: fn() -> Value) -> Takes {
    Takes { shape: shape::<T>(example), once: true }
}

/// 200 and a body.
pub const fn gives<T: JsonSchema>(example: fn() -> Value) -> Gives {
    Gives::Json(200, shape::<T>(example))
}

/// 201 and a body.
pub const fn makes<T: JsonSchema>(example: fn() -> Value) -> Gives {
    Gives::Json(201, shape::<T>(example))
}
