//! Answers to a command: yes, once and for all; or no.

use order_domain::{
    ids::{CommandId, OrderId},
    rejection::{Code, Rejection},
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Ref, WireCode};

/// The command is committed. Over HTTP it is the same without `ref`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ack {
    /// The question's; absent over HTTP.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Ref>,
    /// The command's.
    pub id: CommandId,
    /// The room.
    pub order: OrderId,
    /// The first entry it wrote; absent when nothing went to the room's timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seq: Option<Seq>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last_seq: Option<Seq>,
    /// The order's version after it.
    pub version: u64,
    /// It had been committed before; nothing happened again.
    pub duplicate: bool,
}

/// No: nothing of it was stored, unless `retry` says that this is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rejected {
    /// The question's.
    #[serde(rename = "ref")]
    pub reference: Ref,
    /// The command's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<CommandId>,
    /// For programs.
    #[ts(as = "Code")]
    pub code: WireCode,
    /// For people, in English.
    pub message: String,
    /// True: try again with the same id. False: this attempt had no effect, the same id asks anew.
    pub retry: bool,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
    /// When the same would be allowed, if only time is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub allowed_from: Option<Timestamp>,
    /// The offending field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
}

impl Rejected {
    /// The answer to a question that the rules refused.
    pub fn new(reference: Ref, id: Option<CommandId>, rejection: Rejection) -> Self {
        let code = WireCode::from(rejection.code);
        Self {
            reference,
            id,
            retry: code.retry(),
            code,
            message: rejection.message,
            retry_after_ms: None,
            allowed_from: rejection.allowed_from,
            field: rejection.field,
        }
    }

    /// Adds how long to wait.
    #[must_use]
    pub fn retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.retry_after_ms = Some(wait_ms);
        self
    }
}
