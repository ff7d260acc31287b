//! What a participant can ask for: one struct a command, named as on the wire.
//!
//! Decoding names the field that is wrong. What only hosts and timers bring about is not here:
//! see [`crate::lifecycle::Trigger`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::TS;

#[cfg(feature = "schema")]
use crate::{decide::ITEMS_MAX, values::REVISIONS_MAX};
use crate::{
    ids::{FileId, ProposalId, ResolutionId, UserId},
    rejection::{Code, Rejection},
    values::{Amount, Seq, Text, Timestamp},
};

/// Declares the commands once: the enum on the wire, its kinds, and the decoder.
macro_rules! commands {
    ($($name:ident = $wire:literal),* $(,)?) => {
        /// A command as a participant sends it: `{"type": "accept_order", …}`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "type")]
        #[expect(missing_docs, reason = "each variant is the struct of its name")]
        pub enum Command {
            $(#[serde(rename = $wire)] $name($name)),*
        }

        /// Which command, without its fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[expect(missing_docs, reason = "each variant is the struct of its name")]
        pub enum CommandKind {
            $(#[serde(rename = $wire)] $name),*
        }

        impl CommandKind {
            /// Every command there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The `type` on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire),* }
            }
        }

        impl Command {
            /// Which command this is.
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$name(_) => CommandKind::$name),* }
            }

            fn decode_as(kind: &str, fields: Value) -> Result<Self, Rejection> {
                match kind {
                    $($wire => fields_of(fields).map(Self::$name),)*
                    other => Err(unknown(other)),
                }
            }
        }

        $(impl From<$name> for Command {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        })*
    };
}

commands! {
    PostMessage = "post_message",
    EditMessage = "edit_message",
    RetractMessage = "retract_message",
    SubmitRequirements = "submit_requirements",
    AcceptOrder = "accept_order",
    DeclineOrder = "decline_order",
    DeliverFiles = "deliver_files",
    DeliverExternal = "deliver_external",
    MarkSent = "mark_sent",
    MarkPaid = "mark_paid",
    AcceptDelivery = "accept_delivery",
    RequestRevision = "request_revision",
    ProposeUpdate = "propose_update",
    AcceptUpdate = "accept_update",
    DeclineUpdate = "decline_update",
    WithdrawUpdate = "withdraw_update",
    RequestCancel = "request_cancel",
    ConsentCancel = "consent_cancel",
    WithdrawCancel = "withdraw_cancel",
    ApproveCancel = "approve_cancel",
    RejectCancel = "reject_cancel",
    CancelOrder = "cancel_order",
    OpenDispute = "open_dispute",
    CloseDispute = "close_dispute",
    ClaimCase = "claim_case",
    JoinCase = "join_case",
    LeaveCase = "leave_case",
    HandOverCase = "hand_over_case",
    ProposeResolution = "propose_resolution",
    AcceptResolution = "accept_resolution",
    ResolveDispute = "resolve_dispute",
}

impl CommandKind {
    /// Talk, not an act on the order: no version, no prompt.
    pub fn is_message(self) -> bool {
        matches!(self, Self::PostMessage | Self::EditMessage | Self::RetractMessage)
    }
}

impl Command {
    /// Reads `{"type": …}`: an unknown type and a bad field are refusals that leave the socket open.
    pub fn decode(value: Value) -> Result<Self, Rejection> {
        let Value::Object(mut fields) = value else {
            return Err(Rejection::bad_field("command", "must be an object"));
        };
        let Some(Value::String(kind)) = fields.remove("type") else {
            return Err(Rejection::bad_field("type", "must be the name of a command"));
        };
        Self::decode_as(&kind, Value::Object(fields))
    }
}

fn unknown(kind: &str) -> Rejection {
    let shown: String = kind.chars().take(64).collect();
    Rejection::new(Code::UnknownCommand, format!("There is no command \"{shown}\"."))
}

/// Reads a struct and names the field that does not fit.
pub fn fields_of<T: DeserializeOwned>(fields: Value) -> Result<T, Rejection> {
    serde_path_to_error::deserialize(fields).map_err(|error| {
        let problem = error.inner().to_string();
        let missing = problem.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let path = error.path().to_string();
        match missing {
            Some(name) if path == "." => Rejection::bad_field(name, "is missing"),
            Some(name) => Rejection::bad_field(format!("{path}.{name}"), "is missing"),
            None => Rejection::bad_field(path, must(problem)),
        }
    })
}

/// Serde's complaint as a sentence about the field: "invalid type: integer `5`, expected a string" is said as "must be
/// a text". What a type of ours says itself stays.
fn must(problem: String) -> String {
    let invalid = ["invalid type: ", "invalid value: "].iter().find_map(|kind| problem.strip_prefix(kind));
    if let Some((_, expected)) = invalid.and_then(|rest| rest.rsplit_once(", expected ")) {
        let expected = match expected {
            "a string" | "str" => "a text",
            "u16" => "a whole number from 0 to 65535",
            "u32" => "a whole number from 0 to 4294967295",
            "u64" => "a whole number, not below 0",
            "i64" => "a whole number",
            "a boolean" => "true or false",
            "a sequence" => "a list",
            structure if structure.starts_with("struct ") || structure.starts_with("a map") => "an object",
            other => other,
        };
        return format!("must be {expected}");
    }
    if problem.starts_with("unknown field ") {
        return "is not known here".to_owned();
    }
    match problem.strip_prefix("unknown variant ").and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((_, expected)) => format!("must be {expected}"),
        None => problem,
    }
}

/// Answers to a requirements form: question id → text, number, date, address or file id.
pub type Answers = BTreeMap<String, Value>;

/// L51: say something, show files, answer an earlier entry. Needs a text or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostMessage {
    /// What is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<Text>,
    /// Files of this room, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<FileId>>")]
    #[cfg_attr(feature = "schema", schemars(length(max = ITEMS_MAX)))]
    pub files: Vec<FileId>,
    /// The entry this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reply_to: Option<Seq>,
}

/// L51: replace the shown text of an own message, at most 15 minutes old.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditMessage {
    /// The message.
    pub seq: Seq,
    /// Its new text.
    pub text: Text,
}

/// L51: take an own message back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetractMessage {
    /// The message.
    pub seq: Seq,
}

/// L7: fill in the seller's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubmitRequirements {
    /// Answers by question id.
    #[ts(type = "Record<string, unknown>")]
    pub answers: Answers,
}

/// L8: take the order on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AcceptOrder {
    /// Start although required answers are missing; the due clock waits for them.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub without_answers: bool,
}

/// L9: turn the order down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeclineOrder {
    /// Why.
    pub reason: Text,
}

/// L13, L19: deliver files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliverFiles {
    /// Files of this room, 1–50.
    #[cfg_attr(feature = "schema", schemars(length(max = ITEMS_MAX)))]
    pub files: Vec<FileId>,
    /// A word with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<Text>,
}

/// L14, L19: say that the work was delivered elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliverExternal {
    /// Where the buyer finds it.
    #[serde(rename = "where")]
    pub place: Text,
    /// A word with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<Text>,
}

/// L15, L19: physical goods are on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MarkSent {
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub carrier: Option<Text>,
    /// How to follow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tracking: Option<Text>,
    /// When it should arrive; must lie ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eta: Option<Timestamp>,
}

/// L12: note that the buyer paid directly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MarkPaid {
    /// Payment is agreed, not yet there.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub agreed: bool,
}

/// L16, L39: the buyer is satisfied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AcceptDelivery {
    /// The delivery they saw: an older one is refused.
    pub delivery: u32,
}

/// L17: ask for changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestRevision {
    /// The delivery they saw.
    pub delivery: u32,
    /// What to change.
    pub text: Text,
    /// The same as a list to tick off, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Text>>")]
    #[cfg_attr(feature = "schema", schemars(length(max = ITEMS_MAX)))]
    pub points: Vec<Text>,
}

/// L21, L24: propose new terms; any subset of the fields, at least one changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposeUpdate {
    /// New due date, ahead of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due_at: Option<Timestamp>,
    /// Revisions in all, not fewer than used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(range(max = REVISIONS_MAX)))]
    pub revisions: Option<u32>,
    /// New price in minor units (sellers only, before delivery).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub price: Option<Amount>,
}

/// L22: agree to the proposed terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AcceptUpdate {
    /// The proposal they saw.
    pub proposal: ProposalId,
}

/// L23: refuse the proposed terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeclineUpdate {
    /// The proposal they saw.
    pub proposal: ProposalId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<Text>,
}

/// L23: take an own proposal back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithdrawUpdate {
    /// The proposal.
    pub proposal: ProposalId,
}

/// L26: ask for the order to be cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestCancel {
    /// Why.
    pub reason: Text,
    /// The tick: customer experience joins. Must be true.
    #[serde(default)]
    pub cx_join: bool,
}

/// L27: agree to the cancellation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentCancel {}

/// L28: take the request back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithdrawCancel {}

/// L29: customer experience cancels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApproveCancel {
    /// What the buyer gets back, in minor units; the rest is paid out to the seller.
    pub refund: Amount,
    /// Why.
    pub reason: Text,
}

/// L30: customer experience lets the order go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectCancel {
    /// Why.
    pub reason: Text,
    /// A new due date with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub new_due_at: Option<Timestamp>,
}

/// L31: the seller cancels (direct settlement).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelOrder {
    /// Why.
    pub reason: Text,
}

/// L32: call customer experience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenDispute {
    /// Why.
    pub reason: Text,
    /// The tick: customer experience joins. Must be true.
    #[serde(default)]
    pub cx_join: bool,
}

/// L38: the opener settles the dispute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CloseDispute {}

/// L33: an agent takes the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimCase {}

/// L34: the agent enters the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JoinCase {}

/// L40: the agent leaves the room; the case waits for another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeaveCase {}

/// L40: the agent gives the case to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandOverCase {
    /// The other agent.
    pub to: UserId,
}

/// L35: the agent proposes an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposeResolution {
    /// The outcome.
    pub option: Resolution,
}

/// L36: a side agrees to the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AcceptResolution {
    /// The resolution they saw.
    pub resolution: ResolutionId,
}

/// L37: customer experience decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolveDispute {
    /// The outcome.
    pub option: Resolution,
    /// Why.
    pub reason: Text,
}

/// How a case can end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Resolution {
    /// The order goes on as it was.
    Resume,
    /// The order goes on with a new due date.
    Extend {
        /// Ahead of now.
        due_at: Timestamp,
    },
    /// One revision more.
    ExtraRevision,
    /// Part of the money goes back, the order goes on.
    PartialRefund {
        /// Minor units, at most what is left of the payment.
        amount: Amount,
    },
    /// The order ends.
    Cancel {
        /// What the buyer gets back; the rest is paid out.
        refund: Amount,
    },
    /// The order is complete.
    Complete,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_reads_its_own_name() {
        for kind in CommandKind::ALL {
            let refused = Command::decode(json!({"type": kind.as_str()})).err().map(|r| r.code);
            assert_ne!(refused, Some(Code::UnknownCommand), "{kind:?}");
        }
    }

    #[test]
    fn a_bad_field_is_named() {
        let cases = [
            (json!({"type": "accept_delivery"}), "delivery"),
            (json!({"type": "accept_delivery", "delivery": -1}), "delivery"),
            (json!({"type": "decline_order", "reason": "  "}), "reason"),
            (json!({"type": "deliver_external", "where": 7}), "where"),
            (
                json!({"type": "request_revision", "delivery": 1, "text": "x", "points": ["a", ""]}),
                "points[1]",
            ),
            (json!({"type": "approve_cancel", "refund": 1.5, "reason": "x"}), "refund"),
            (json!({"type": 3}), "type"),
            (json!([]), "command"),
        ];
        for (value, field) in cases {
            let refused = Command::decode(value.clone()).unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), (Code::BadField, Some(field)), "{value}");
        }
    }

    #[test]
    fn what_a_field_must_be_is_a_sentence() {
        let cases = [
            (json!({"type": "deliver_external", "where": 7}), "where must be a text."),
            (
                json!({"type": "accept_delivery", "delivery": -1}),
                "delivery must be a whole number from 0 to 4294967295.",
            ),
            (
                json!({"type": "accept_delivery", "delivery": "1"}),
                "delivery must be a whole number from 0 to 4294967295.",
            ),
            (json!({"type": "accept_delivery"}), "delivery is missing."),
            (json!({"type": "deliver_files", "files": 1}), "files must be a list."),
            (json!({"type": "submit_requirements", "answers": 1}), "answers must be an object."),
        ];
        for (value, sentence) in cases {
            assert_eq!(Command::decode(value.clone()).unwrap_err().message, sentence, "{value}");
        }
    }

    #[test]
    fn a_field_that_nobody_knows_is_named() {
        let refused = fields_of::<crate::placement::Placement>(json!({"colour": "red"})).unwrap_err();
        assert_eq!(
            (refused.field.as_deref(), &*refused.message),
            (Some("colour"), "colour is not known here.")
        );
    }

    #[test]
    fn an_unknown_type_is_not_a_bad_field() {
        assert_eq!(Command::decode(json!({"type": "explode"})).unwrap_err().code, Code::UnknownCommand);
    }

    #[test]
    fn commands_survive_the_wire() {
        let sent =
            json!({"type": "resolve_dispute", "option": {"kind": "cancel", "refund": 5}, "reason": "late"});
        let command = Command::decode(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(&command).unwrap(), sent);
    }
}
