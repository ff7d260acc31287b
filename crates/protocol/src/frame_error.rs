//! What a frame that cannot be carried out is: a violation that closes the socket, or a refused command.

use order_domain::{
    ids::{CommandId, OrderId},
    rejection::Rejection,
};

use crate::{CloseCode, Ref, limits::CLOSE_REASON_BYTES};

/// A frame outside of the protocol. The socket is closed with 4000 and this reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct BadFrame {
    /// The field that is wrong; none when it is no frame at all.
    pub field: Option<&'static str>,
    reason: String,
}

impl BadFrame {
    /// The code to close with.
    pub const CODE: CloseCode = CloseCode::BadFrame;

    /// Not a frame at all.
    pub(crate) fn no_frame(problem: impl Into<String>) -> Self {
        Self { field: None, reason: shortened(problem.into()) }
    }

    /// A field that is missing or wrong.
    pub(crate) fn field(field: &'static str, problem: &str) -> Self {
        Self { field: Some(field), reason: shortened(format!("{field} {problem}")) }
    }

    /// Why; fits into a close frame.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

fn shortened(mut reason: String) -> String {
    let end = (0..=CLOSE_REASON_BYTES.min(reason.len())).rev().find(|at| reason.is_char_boundary(*at));
    reason.truncate(end.unwrap_or(0));
    reason
}

/// A well-formed `command` frame whose command is not: answered with `rejected`, the socket stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCommand {
    /// The frame's `ref`.
    pub reference: Ref,
    /// The frame's `id`.
    pub id: CommandId,
    /// The frame's `order`.
    pub order: OrderId,
    /// `unknown_command` or `bad_field`.
    pub rejection: Rejection,
}

/// Why a text gave no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Close.
    #[error(transparent)]
    Bad(#[from] BadFrame),
    /// Answer and go on.
    #[error("{}", .0.rejection)]
    Refused(Box<RefusedCommand>),
}
