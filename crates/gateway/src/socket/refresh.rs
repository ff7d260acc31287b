//! `refresh`: a new token for the same user, before the old one ends.

use protocol::{
    CloseCode,
    client_frame::Refresh,
    server_frame::{Goodbye, Refreshed},
};

use super::{Frame, send_queue::End, session::Session};

/// Takes the new token, or ends the socket: a wrong one is nobody's mistake but an attempt.
pub fn refresh(session: &mut Session, frame: &Refresh) {
    let caller = &session.peer.caller;
    let identity = session.state.tokens.verify(&frame.token).ok();
    let identity = identity.filter(|new| new.user == caller.user && new.role == caller.role);
    let Some(identity) = identity else {
        return session.peer.queue.end(End::Now(Goodbye::new(CloseCode::Unauthenticated)));
    };
    session.peer.renew(identity.issued_at);
    session.clock.renew(identity.expires_at);
    let refreshed = Refreshed { reference: frame.reference, token_expires_at: identity.expires_at };
    session.peer.send(&Frame::Refreshed(refreshed));
}
