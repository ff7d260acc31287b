//! `POST /v1/orders`, `…/payments`, `…/commands`.

use order_domain::{
    command::Command,
    ids::{CommandId, OrderId},
    payment::{Booking, BookingKind},
    rejection::Rejection,
    values::{Amount, Currency, Text},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::body::{BadBody, object};
use crate::Snapshot;

/// Answer to `POST /v1/orders`. `S` is the snapshot, typed or encoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[ts(concrete(S = Snapshot))]
pub struct Placed<S = Snapshot> {
    /// The order.
    pub order: OrderId,
    /// As the host sees it.
    pub snapshot: S,
}

/// Body of `POST /v1/orders/{id}/payments`; answered with an [`Ack`](crate::server_frame::Ack).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentBody {
    /// Makes it exactly-once.
    pub id: CommandId,
    /// What happened.
    pub kind: BookingKind,
    /// Minor units, above 0.
    pub amount: Amount,
    /// The order's.
    pub currency: Currency,
    /// The host's own number of it.
    pub reference: Text,
}

impl PaymentBody {
    /// What the rules take; the caller compares the currency with the order's.
    pub fn booking(&self) -> Booking {
        Booking { kind: self.kind, amount: self.amount, reference: self.reference.clone() }
    }
}

/// Body of `POST /v1/orders/{id}/commands`; answered with an [`Ack`](crate::server_frame::Ack).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CommandBody {
    /// Makes it exactly-once.
    pub id: CommandId,
    /// What.
    pub command: Command,
    /// Refuse it unless the order still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expect_version: Option<u64>,
}

impl CommandBody {
    /// Reads the body; a bad command is refused with the same code and field as on the socket.
    pub fn read(body: &[u8]) -> Result<Self, BadBody> {
        #[derive(Deserialize)]
        struct Fields {
            id: CommandId,
            command: Value,
            #[serde(default)]
            expect_version: Option<u64>,
        }
        let fields: Fields = order_domain::command::fields_of(object(body)?)?;
        let command = Command::decode(fields.command).map_err(|refused: Rejection| refused)?;
        Ok(Self { id: fields.id, command, expect_version: fields.expect_version })
    }
}
