//! What one user may ask besides commands: every frame that makes this node work counts.
//!
//! Who is over it is told when to come back; who goes on regardless is closed, whatever it is that is asked.

use protocol::{ClientFrame, CloseCode};

use super::{farewell::after_flush, refuse, session::Session};
use crate::limits::TooFast;

/// A client that goes on after so many refusals more than frames that were taken does not read them.
const IGNORED_MAX: u32 = 500;

/// May the frame be taken on? If not, it has been answered as far as it can be.
pub fn admits(session: &mut Session, frame: &ClientFrame) -> bool {
    let reference = match frame {
        // Commands have a budget of their own, over HTTP too; a heartbeat is no work.
        ClientFrame::Command(_) | ClientFrame::Heartbeat {} | ClientFrame::Hello(_) => return true,
        ClientFrame::Subscribe(frame) => Some(frame.reference),
        ClientFrame::Unsubscribe(frame) => Some(frame.reference),
        ClientFrame::History(frame) => Some(frame.reference),
        ClientFrame::Refresh(frame) => Some(frame.reference),
        ClientFrame::Read(_) | ClientFrame::Typing(_) | ClientFrame::Presence(_) => None,
    };
    let Err(TooFast(wait)) = session.state.limits.frame(session.peer.user()) else {
        taken(session);
        return true;
    };
    refused(session);
    refuse::frame_too_fast(&session.peer, reference, wait);
    false
}

/// One more was taken.
pub fn taken(session: &mut Session) {
    session.ignored = session.ignored.saturating_sub(1);
}

/// One more was refused for being too fast.
pub fn refused(session: &mut Session) {
    session.ignored += 1;
    if session.ignored > IGNORED_MAX {
        session.peer.queue.end(after_flush(CloseCode::RateLimitIgnored));
    }
}
