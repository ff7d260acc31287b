//! How far readers have come: one write a second for everybody, and a signal to those who follow the room.

use std::collections::HashMap;

use order_domain::{
    ids::{OrderId, UserId},
    values::Seq,
};
use parking_lot::Mutex;
use protocol::server_frame::{Signal, SignalKind};

use super::{Rooms, news::RoomNews};
use crate::metrics;

/// Marks that may wait for one write. More in a second means abuse; the next `read` says it again.
const WAITING_MAX: usize = 65_536;
/// Rows in one write.
const ROWS: usize = 1000;

/// Cursors that wait to be written.
#[derive(Debug)]
pub struct Cursors {
    waiting: Mutex<Waiting>,
    /// Of one user; 0 means any number. Nobody takes the places of the others.
    rooms_max: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    users: HashMap<UserId, HashMap<OrderId, Seq>>,
    marks: usize,
}

impl Cursors {
    /// None yet, and no more than so many rooms of one user at once.
    pub fn new(rooms_max: u32) -> Self {
        Self { waiting: Mutex::default(), rooms_max: rooms_max as usize }
    }

    /// A reader came this far, or was further already.
    pub fn note(&self, order: OrderId, user: &UserId, seq: Seq) {
        if !self.waiting.lock().note(order, user, seq, self.rooms_max) {
            metrics::counter!(metrics::LIMITED, "limit" => "reads").increment(1);
        }
    }

    fn take(&self) -> Vec<(OrderId, UserId, Seq)> {
        let users = std::mem::take(&mut *self.waiting.lock()).users.into_iter();
        users
            .flat_map(|(user, marks)| marks.into_iter().map(move |(order, seq)| (order, user.clone(), seq)))
            .collect()
    }
}

impl Waiting {
    /// False when there is no place for it.
    fn note(&mut self, order: OrderId, user: &UserId, seq: Seq, rooms_max: usize) -> bool {
        let rooms = self.users.get_mut(user);
        let held = rooms.as_ref().map_or(0, |rooms| rooms.len());
        if let Some(known) = rooms.and_then(|rooms| rooms.get_mut(&order)) {
            *known = seq.max(*known);
            return true;
        }
        if self.marks >= WAITING_MAX || (rooms_max != 0 && held >= rooms_max) {
            return false;
        }
        self.marks += 1;
        self.users.entry(user.clone()).or_default().insert(order, seq);
        true
    }
}

/// Writes what waits; what cannot be written waits on.
pub(super) async fn flush(rooms: &Rooms) {
    for chunk in rooms.0.cursors.take().chunks(ROWS) {
        match rooms.0.store.mark_read(chunk.to_vec()).await {
            Ok(moved) => moved.iter().for_each(|(order, user, seq)| tell(rooms, *order, user, *seq)),
            Err(error) => {
                tracing::warn!(%error, "cursors could not be written");
                chunk.iter().for_each(|(order, user, seq)| rooms.0.cursors.note(*order, user, *seq));
            }
        }
    }
}

/// Only of readers whom the others may know of.
fn tell(rooms: &Rooms, order: OrderId, user: &UserId, seq: Seq) {
    let Some(room) = rooms.0.registry.get(order) else { return };
    if !room.present().iter().any(|(present, _)| present == user) {
        return;
    }
    let signal = Signal { order, user: user.clone(), kind: SignalKind::Read { seq } };
    rooms.signal(&room, &signal, &RoomNews::Read { user: user.clone(), seq });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn order(number: u128) -> OrderId {
        OrderId(Uuid::from_u128(number))
    }

    #[test]
    fn nobody_takes_the_places_of_others() {
        let cursors = Cursors::new(200);
        (0..100_000).for_each(|number| cursors.note(order(number), &user("greedy"), Seq(1)));
        cursors.note(order(1), &user("honest"), Seq(7));
        let taken = cursors.take();
        assert_eq!(taken.len(), 201);
        assert!(taken.contains(&(order(1), user("honest"), Seq(7))));
        cursors.note(order(100_000), &user("greedy"), Seq(1));
        assert_eq!(cursors.take().len(), 1, "the next second is a new one");
    }

    #[test]
    fn the_furthest_mark_counts() {
        let cursors = Cursors::new(1);
        [3, 9, 5].iter().for_each(|seq| cursors.note(order(1), &user("reader"), Seq(*seq)));
        assert_eq!(cursors.take(), [(order(1), user("reader"), Seq(9))]);
    }

    #[test]
    fn all_together_are_bounded() {
        let cursors = Cursors::new(0);
        (0..=WAITING_MAX as u128).for_each(|number| cursors.note(order(number), &user("reader"), Seq(1)));
        assert_eq!(cursors.take().len(), WAITING_MAX);
    }
}
