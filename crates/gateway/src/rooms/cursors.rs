//! How far readers have come: one write a second for everybody, and a signal to those who follow the room.

use std::collections::HashMap;

use order_domain::{
    ids::{OrderId, UserId},
    values::Seq,
};
use parking_lot::Mutex;
use protocol::server_frame::{Signal, SignalKind};

use super::{Rooms, news::RoomNews};

/// Readers that may wait for one write. More in a second means abuse; their next `read` says it again.
const WAITING_MAX: usize = 65_536;
/// Rows in one write.
const ROWS: usize = 1000;

/// Cursors that wait to be written.
#[derive(Debug, Default)]
pub struct Cursors(Mutex<HashMap<(OrderId, UserId), Seq>>);

impl Cursors {
    /// A reader came this far, or was further already.
    pub fn note(&self, order: OrderId, user: &UserId, seq: Seq) {
        let mut waiting = self.0.lock();
        let full = waiting.len() >= WAITING_MAX;
        match waiting.get_mut(&(order, user.clone())) {
            Some(known) => *known = seq.max(*known),
            None if full => {}
            None => drop(waiting.insert((order, user.clone()), seq)),
        }
    }
}

/// Writes what waits; what cannot be written waits on.
pub(super) async fn flush(rooms: &Rooms) {
    let waiting: Vec<_> = std::mem::take(&mut *rooms.0.cursors.0.lock()).into_iter().collect();
    for chunk in waiting.chunks(ROWS) {
        let reads = chunk.iter().map(|((order, user), seq)| (*order, user.clone(), *seq)).collect();
        match rooms.0.store.mark_read(reads).await {
            Ok(()) => chunk.iter().for_each(|((order, user), seq)| tell(rooms, *order, user, *seq)),
            Err(error) => {
                tracing::warn!(%error, "cursors could not be written");
                chunk.iter().for_each(|((order, user), seq)| rooms.0.cursors.note(*order, user, *seq));
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
    let seq = room.head().map_or(seq, |head| seq.min(head));
    let signal = Signal { order, user: user.clone(), kind: SignalKind::Read { seq } };
    rooms.signal(&room, &signal, &RoomNews::Read { user: user.clone(), seq });
}
