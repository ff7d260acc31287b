//! `command`: answered with `ack` after the commit, and only then delivered.

use std::sync::Arc;

use order_actions::Ask;
use order_domain::ids::CommandId;
use protocol::{Ref, RefusedCommand, client_frame::CommandFrame};

use super::{Frame, budget, lanes::Asked, peer::Peer, refuse, session::Session};
use crate::{acknowledged::ack, limits::TooFast, state::AppState};

/// Takes a command on, unless its user is too fast.
pub fn command(session: &mut Session, frame: CommandFrame) {
    if is_taken(session, frame.reference, frame.id) {
        session.lanes.push(&session.state, &session.peer, Asked::Command(frame));
    }
}

/// A command that says nothing that could be done counts like any other.
pub fn malformed(session: &mut Session, refused: RefusedCommand) {
    if is_taken(session, refused.reference, refused.id) {
        refuse::rejected(&session.peer, refused.reference, Some(refused.id), refused.rejection);
    }
}

/// Counts it; one too many is told when to come back.
fn is_taken(session: &mut Session, reference: Ref, id: CommandId) -> bool {
    if let Err(TooFast(wait)) = session.state.limits.command(session.peer.user()) {
        budget::refused(session);
        refuse::command_too_fast(&session.peer, reference, id, wait);
        return false;
    }
    budget::taken(session);
    true
}

/// Executes it and answers. Nobody's leaving stops it.
pub async fn execute(state: &AppState, peer: &Arc<Peer>, frame: CommandFrame) {
    let CommandFrame { reference, id, order, command, expect_version } = frame;
    let ask = Ask { order, id, command, expect_version };
    match state.store.execute(peer.caller.clone(), ask).await {
        Ok(committed) => {
            peer.send(&Frame::Ack(ack(Some(reference), id, &committed)));
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
