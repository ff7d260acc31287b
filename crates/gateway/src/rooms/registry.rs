//! The rooms that somebody on this node follows; exactly for these the node listens to the fan-out.
//!
//! Rooms are cloned out. A guard of the map never lives across an await: what runs under it does not wait.

use std::sync::Arc;

use dashmap::DashMap;
use fanout::{Channel, Fanout};
use order_domain::ids::OrderId;

use super::room::Room;

/// Rooms by order.
#[derive(Debug)]
pub struct Registry {
    rooms: DashMap<OrderId, Arc<Room>>,
    fanout: Fanout,
}

impl Registry {
    /// None yet.
    pub fn new(fanout: Fanout) -> Self {
        Self { rooms: DashMap::new(), fanout }
    }

    /// The room, if somebody here follows it.
    pub fn get(&self, order: OrderId) -> Option<Arc<Room>> {
        self.rooms.get(&order).map(|room| Arc::clone(&room))
    }

    /// The room, opened and listened to if it was not.
    pub fn open(&self, order: OrderId) -> Arc<Room> {
        let room = self.rooms.entry(order).or_insert_with(|| {
            self.fanout.subscribe(Channel::Room(order));
            Arc::new(Room::new(order))
        });
        Arc::clone(&room)
    }

    /// Drops the room if nobody is in it. Under the map's lock, so that no one opens it in between.
    pub fn drop_if_empty(&self, room: &Arc<Room>) {
        self.rooms.remove_if(&room.order, |_, known| {
            let gone = Arc::ptr_eq(known, room) && known.close_if_empty();
            if gone {
                self.fanout.unsubscribe(&Channel::Room(room.order));
            }
            gone
        });
    }

    /// Every room.
    pub fn all(&self) -> Vec<Arc<Room>> {
        self.rooms.iter().map(|room| Arc::clone(room.value())).collect()
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.rooms.len()
    }

    /// Forgets every room: of another epoch, nothing in them counts.
    pub fn clear(&self) {
        for room in self.all() {
            self.rooms.remove_if(&room.order, |_, known| {
                let is_it = Arc::ptr_eq(known, &room);
                if is_it {
                    self.fanout.unsubscribe(&Channel::Room(room.order));
                }
                is_it
            });
        }
    }
}
