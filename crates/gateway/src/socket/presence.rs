//! `presence`: whether the person at this device looks, in every room that it follows.

use protocol::client_frame::PresenceFrame;

use super::session::Session;

/// Notes it and tells the rooms in which it changes how the user is seen.
pub fn presence(session: &Session, frame: &PresenceFrame) {
    if !session.peer.set_presence(frame.state) {
        return;
    }
    for room in session.peer.rooms() {
        if room.appear(session.peer.user()) {
            session.state.rooms.announce(&room);
        }
    }
}
