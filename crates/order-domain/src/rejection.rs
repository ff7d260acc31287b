//! What the rules answer when they say no: a stable code, a sentence for a person, and from when it would go.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::values::Timestamp;

/// Stable reasons of a refusal. Names are final; their order means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A field is missing, of the wrong type or out of range; `field` names it.
    BadField,
    /// No command has this type.
    UnknownCommand,
    /// The id was used with another payload.
    IdReused,
    /// The order changed since `expect_version`.
    VersionConflict,
    /// Not there, or not yours to see.
    OrderNotFound,
    /// Somebody else's command.
    NotYourRole,
    /// Not at this point of the order.
    WrongState,
    /// The due date has not passed.
    NotPastDue,
    /// All included revisions are used.
    NoRevisionsLeft,
    /// A newer delivery exists.
    StaleDelivery,
    /// A case is open already.
    CaseOpen,
    /// No case is open.
    NoCase,
    /// Join the case first.
    NotJoined,
    /// Another agent has the case.
    AlreadyClaimed,
    /// A contract update is waiting for an answer.
    ProposalOpen,
    /// No contract update is waiting.
    NoProposal,
    /// Required answers are missing.
    RequirementsUnanswered,
    /// This proposal is not the one that waits, or can no longer come into force.
    StaleProposal,
    /// No resolution is waiting.
    NoResolution,
    /// Not the amount that is owed.
    AmountMismatch,
    /// The room is read-only.
    RoomClosed,
    /// Too late.
    WindowClosed,
    /// Done before.
    AlreadyDone,
    /// The tick that customer experience shall join is missing.
    CxJoinRequired,
    /// Too fast; the same id may be tried again.
    RateLimited,
    /// Read the room anew, without `after`.
    ResyncRequired,
    /// More rooms than one socket may follow.
    TooManyRooms,
    /// A user began as many conversations as go into a day.
    TooManyConversations,
    /// A machine failed; the same id may be tried again.
    Unavailable,
}

impl Code {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadField => "bad_field",
            Self::UnknownCommand => "unknown_command",
            Self::IdReused => "id_reused",
            Self::VersionConflict => "version_conflict",
            Self::OrderNotFound => "order_not_found",
            Self::NotYourRole => "not_your_role",
            Self::WrongState => "wrong_state",
            Self::NotPastDue => "not_past_due",
            Self::NoRevisionsLeft => "no_revisions_left",
            Self::StaleDelivery => "stale_delivery",
            Self::CaseOpen => "case_open",
            Self::NoCase => "no_case",
            Self::NotJoined => "not_joined",
            Self::AlreadyClaimed => "already_claimed",
            Self::ProposalOpen => "proposal_open",
            Self::NoProposal => "no_proposal",
            Self::RequirementsUnanswered => "requirements_unanswered",
            Self::StaleProposal => "stale_proposal",
            Self::NoResolution => "no_resolution",
            Self::AmountMismatch => "amount_mismatch",
            Self::RoomClosed => "room_closed",
            Self::WindowClosed => "window_closed",
            Self::AlreadyDone => "already_done",
            Self::CxJoinRequired => "cx_join_required",
            Self::RateLimited => "rate_limited",
            Self::ResyncRequired => "resync_required",
            Self::TooManyRooms => "too_many_rooms",
            Self::TooManyConversations => "too_many_conversations",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal by the rules: normal, final for this attempt, nothing of it was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Rejection {
    /// For programs.
    pub code: Code,
    /// For people, in English.
    pub message: String,
    /// The offending field, with dots (`option.amount`).
    pub field: Option<String>,
    /// When the same command would be allowed, if only time is missing.
    pub allowed_from: Option<Timestamp>,
}

impl Rejection {
    /// A refusal with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, allowed_from: None }
    }

    /// A field that is missing, of the wrong type or out of range.
    pub fn bad_field(field: impl Into<String>, problem: impl fmt::Display) -> Self {
        let field = field.into();
        Self { message: format!("{field} {problem}."), field: Some(field), ..Self::new(Code::BadField, "") }
    }

    /// The answer to an outsider, whether the order exists or not.
    pub fn order_not_found() -> Self {
        Self::new(Code::OrderNotFound, "There is no such order, or you are not part of it.")
    }

    /// Adds the moment from which it would be allowed.
    #[must_use]
    pub fn allowed_from(mut self, at: Option<Timestamp>) -> Self {
        self.allowed_from = at;
        self
    }
}
