//! `command`: answered with `ack` after the commit, and only then delivered.

use std::sync::Arc;

use order_actions::{Ask, Committed};
use protocol::{CloseCode, Ref, client_frame::CommandFrame, server_frame::Ack};

use super::{Frame, farewell::after_flush, lanes::Asked, peer::Peer, refuse, session::Session};
use crate::{limits::TooFast, state::AppState};

/// A client that goes on after so many refusals more than commands that were taken does not read them.
const IGNORED_MAX: u32 = 500;

/// Takes a command on, unless its user is too fast.
pub fn command(session: &mut Session, frame: CommandFrame) {
    if let Err(TooFast(wait)) = session.state.limits.command(session.peer.user()) {
        session.ignored += 1;
        if session.ignored > IGNORED_MAX {
            session.peer.queue.end(after_flush(CloseCode::RateLimitIgnored));
        }
        return refuse::too_fast(&session.peer, frame.reference, frame.id, wait);
    }
    session.ignored = session.ignored.saturating_sub(1);
    session.lanes.push(&session.state, &session.peer, Asked::Command(frame));
}

/// Executes it and answers. Nobody's leaving stops it.
pub async fn execute(state: &AppState, peer: &Arc<Peer>, frame: CommandFrame) {
    let CommandFrame { reference, id, order, command, expect_version } = frame;
    let ask = Ask { order, id, command, expect_version };
    match state.store.execute(peer.caller.clone(), ask).await {
        Ok(committed) => {
            peer.send(&Frame::Ack(ack(reference, id, &committed)));
            state.rooms.committed(committed);
        }
        Err(error) => {
            let (error, fired) = error.take_fired();
            if let Some(fired) = fired {
                state.rooms.committed(fired);
            }
            refuse::failed(peer, reference, Some(id), error);
        }
    }
}

fn ack(reference: Ref, id: order_domain::ids::CommandId, committed: &Committed) -> Ack {
    Ack {
        reference: Some(reference),
        id,
        order: committed.order,
        seq: committed.first,
        last_seq: committed.last,
        version: committed.version,
        duplicate: committed.duplicate,
    }
}
