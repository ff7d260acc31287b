//! No, as a frame: counted by code; a machine that failed is [noted](crate::unavailable).

use std::time::Duration;

use order_actions::ActionError;
use order_domain::{
    ids::CommandId,
    rejection::{Code, Rejection},
};
use protocol::{Ref, server_frame::Rejected};

use super::{Frame, peer::Peer};
use crate::{
    metrics,
    refusal::{TRY_AGAIN, millis},
    unavailable,
};

/// The rules said no.
pub fn rejected(peer: &Peer, reference: Ref, id: Option<CommandId>, rejection: Rejection) {
    send(peer, Rejected::new(reference, id, rejection));
}

/// Too many commands.
pub fn command_too_fast(peer: &Peer, reference: Ref, id: CommandId, wait: Duration) {
    metrics::counter!(metrics::LIMITED, "limit" => "commands").increment(1);
    let rejection = Rejection::new(Code::RateLimited, "Too fast. Try again later with the same id.");
    send(peer, Rejected::new(reference, Some(id), rejection).retry_after_ms(millis(wait)));
}

/// Too many other frames; those that have no `ref` are left out without a word.
pub fn frame_too_fast(peer: &Peer, reference: Option<Ref>, wait: Duration) {
    metrics::counter!(metrics::LIMITED, "limit" => "frames").increment(1);
    let Some(reference) = reference else { return };
    let rejection = Rejection::new(Code::RateLimited, "Too fast. Ask again later.");
    send(peer, Rejected::new(reference, None, rejection).retry_after_ms(millis(wait)));
}

/// The rules, or a machine. Timers that fired must have been taken out before.
pub fn failed(peer: &Peer, reference: Ref, id: Option<CommandId>, error: ActionError) {
    let cause = match error {
        ActionError::Rejected(rejection) | ActionError::RejectedAfterTimers { rejection, .. } => {
            return rejected(peer, reference, id, rejection);
        }
        ActionError::Unavailable(cause) => cause,
    };
    unavailable::note(&cause);
    let rejection =
        Rejection::new(Code::Unavailable, "This cannot be done right now. Try again with the same id.");
    send(peer, Rejected::new(reference, id, rejection).retry_after_ms(millis(TRY_AGAIN)));
}

fn send(peer: &Peer, rejected: Rejected) {
    metrics::counter!(metrics::REJECTIONS, "code" => rejected.code.to_string(), "via" => "socket")
        .increment(1);
    peer.send(&Frame::Rejected(rejected));
}
