//! One command of a room at a time on this node: those that wait for a room hold no connection meanwhile.
//!
//! The row lock orders a room across nodes. Without this, a room that somebody holds would have its waiting
//! commands take every connection of the pool, and all other rooms would wait with it.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Duration,
};

use order_domain::ids::OrderId;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use crate::error::Unavailable;

/// As long as the row lock itself is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Rooms that a command is in, or waits for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<std::sync::Mutex<Rooms>>);

type Rooms = HashMap<OrderId, Arc<Mutex<()>>>;

/// A command's turn in its room, until it is dropped; or its place in the queue.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Turns,
    order: OrderId,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the room.
    pub(crate) async fn take(&self, order: OrderId) -> Result<Turn, Unavailable> {
        let room = Arc::clone(self.rooms().entry(order).or_default());
        let mut turn = Turn { turns: self.clone(), order, held: None };
        turn.held = Some(timeout(PATIENCE, room.lock_owned()).await.map_err(|_| Unavailable::TooLong)?);
        Ok(turn)
    }

    fn rooms(&self) -> std::sync::MutexGuard<'_, Rooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut rooms = self.turns.rooms();
        self.held = None;
        // Whoever else is in this room, or waits for it, has a copy; new ones are made under the same lock.
        if rooms.get(&self.order).is_some_and(|room| Arc::strong_count(room) == 1) {
            rooms.remove(&self.order);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn room(n: u128) -> OrderId {
        OrderId(Uuid::from_u128(n))
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_is_waited_for_and_others_are_not() {
        let turns = Turns::default();
        let held = turns.take(room(1)).await.unwrap();
        let other = turns.take(room(2)).await.unwrap();
        assert!(matches!(turns.take(room(1)).await, Err(Unavailable::TooLong)));
        drop(held);
        let next = turns.take(room(1)).await.unwrap();
        drop((other, next));
        assert!(turns.rooms().is_empty(), "nothing stays behind");
    }

    #[tokio::test]
    async fn who_waits_gets_the_turn() {
        let turns = Turns::default();
        let held = turns.take(room(1)).await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(room(1)).await.map(drop) }
        });
        tokio::task::yield_now().await;
        drop(held);
        waiting.await.unwrap().unwrap();
        assert!(turns.rooms().is_empty());
    }
}
