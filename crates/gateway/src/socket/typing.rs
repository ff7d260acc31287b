//! `typing`: told to the others at most once a second, over by itself after 6 s.

use std::time::Duration;

use order_domain::ids::OrderId;
use protocol::{
    client_frame::Typing as Frame,
    limits::TYPING_ENDS,
    server_frame::{Signal, SignalKind},
};
use tokio::time::Instant;

use super::session::Session;
use crate::rooms::RoomNews;

const TOLD_EVERY: Duration = Duration::from_secs(1);
/// Nobody writes in more rooms at once.
const ROOMS_MAX: usize = 16;

/// The rooms that this device writes in.
#[derive(Debug, Default)]
pub struct Typing(Vec<Writing>);

#[derive(Debug)]
struct Writing {
    order: OrderId,
    told_at: Instant,
    ends_at: Instant,
    on: bool,
}

impl Typing {
    /// When the next one ends by itself.
    pub fn next_end(&self) -> Option<Instant> {
        self.0.iter().map(|writing| writing.ends_at).min()
    }

    /// True when the others are to be told.
    fn note(&mut self, order: OrderId, on: bool, now: Instant) -> bool {
        let ends_at = now + TYPING_ENDS;
        let Some(writing) = self.0.iter_mut().find(|writing| writing.order == order) else {
            if on && self.0.len() < ROOMS_MAX {
                self.0.push(Writing { order, told_at: now, ends_at, on });
                return true;
            }
            return false;
        };
        let news = if on { now >= writing.told_at + TOLD_EVERY } else { writing.on };
        writing.ends_at = ends_at;
        if news {
            writing.on = on;
            writing.told_at = now;
        }
        news
    }

    /// Those that end by itself now; all of them when `now` is none.
    fn end(&mut self, now: Option<Instant>) -> Vec<OrderId> {
        let over = |writing: &Writing| now.is_none_or(|now| writing.ends_at <= now);
        let ended = self
            .0
            .iter()
            .filter(|writing| over(writing) && writing.on)
            .map(|writing| writing.order)
            .collect();
        self.0.retain(|writing| !over(writing));
        ended
    }
}

/// Somebody began or ended.
pub fn typing(session: &mut Session, frame: &Frame) {
    if session.typing.note(frame.order, frame.on, Instant::now()) {
        tell(session, frame.order, frame.on);
    }
    if let Some(end) = session.typing.next_end() {
        session.clock.wake_by(end);
    }
}

/// Ends what is over.
pub fn end(session: &mut Session) {
    let ended = session.typing.end(Some(Instant::now()));
    ended.into_iter().for_each(|order| tell(session, order, false));
}

/// The device leaves a room, or begins there anew: what it wrote there is over, while the others can still be told.
pub fn leave(session: &mut Session, order: OrderId) {
    if session.typing.note(order, false, Instant::now()) {
        tell(session, order, false);
    }
}

/// The device is gone, and with it what it wrote.
pub fn end_all(session: &mut Session) {
    let ended = session.typing.end(None);
    ended.into_iter().for_each(|order| tell(session, order, false));
}

/// Only where others may know that this user is there.
fn tell(session: &Session, order: OrderId, on: bool) {
    let Some(room) = session.peer.room(order).filter(|room| room.visible(session.peer.session)) else {
        return;
    };
    let user = session.peer.user().clone();
    let signal = Signal { order, user: user.clone(), kind: SignalKind::Typing { on } };
    session.state.rooms.signal(&room, &signal, &RoomNews::Typing { user, on });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn told_once_a_second_and_over_after_six() {
        let (mut typing, order, start) = (Typing::default(), OrderId(Uuid::nil()), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert!(typing.note(order, true, at(0)));
        assert!(!typing.note(order, true, at(900)));
        assert!(typing.note(order, true, at(1000)));
        assert!(typing.end(Some(at(6999))).is_empty());
        assert_eq!(typing.end(Some(at(7000))), [order]);
        assert!(typing.note(order, true, at(8000)));
        assert!(typing.note(order, false, at(8100)));
        assert!(!typing.note(order, false, at(8200)), "said already");
        assert!(!typing.note(order, true, at(8500)), "not twice a second");
        assert!(typing.end(None).is_empty(), "nobody was told that it is on");
    }
}
