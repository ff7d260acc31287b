//! What the parsed values look like as JSON: their limits are those of the parsers, from the same constants.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    ids::{CommandId, FileId, OrderId, ProposalId, ResolutionId, UserId},
    values::{AMOUNT_MAX, Amount, Currency, Seq, TEXT_CHARS, Text},
};

macro_rules! values {
    ($($type:ident: $schema:expr),* $(,)?) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

values! {
    Text: json_schema!({
        "description": "Trimmed; no control characters but newline and tab.",
        "type": "string", "minLength": 1, "maxLength": TEXT_CHARS
    }),
    Amount: json_schema!({
        "description": "Minor units (cents).", "type": "integer", "minimum": 0, "maximum": AMOUNT_MAX
    }),
    Currency: json_schema!({
        "description": "ISO 4217.", "type": "string", "pattern": "^[A-Z]{3}$"
    }),
    Seq: json_schema!({
        "description": "A place in a stream: 1 is the first entry, 0 is before it.", "type": "integer", "minimum": 0
    }),
    UserId: json_schema!({
        "description": "A user as the host names them.", "type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"
    }),
    OrderId: uuid("An order, or a conversation without one: the id of its room either way."),
    CommandId: uuid("Chosen by whoever asks; makes a command exactly-once per (order, sender)."),
    FileId: uuid("A file."),
    ProposalId: uuid("A proposed contract update."),
    ResolutionId: uuid("A proposed resolution of a case."),
}

fn uuid(description: &str) -> Schema {
    json_schema!({"description": description, "type": "string", "format": "uuid"})
}
