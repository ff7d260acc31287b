//! `read`: the reader's cursor. No answer; written once a second with everybody else's.

use protocol::client_frame::Read;

use super::session::Session;

/// Notes it, in no more rooms a second than a socket may follow. Whose room it is not, the database ignores.
pub fn read(session: &Session, frame: &Read) {
    session.state.rooms.read(frame.order, session.peer.user(), frame.seq);
}
