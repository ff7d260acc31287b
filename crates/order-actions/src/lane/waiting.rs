//! Messages that wait for their turn: those of held rooms, in order per room, and ids repeated within a batch.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use order_domain::ids::OrderId;

use super::post::Queued;
use crate::error::Unavailable;

/// How long a message waits for its turn before its sender is asked to try again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Rooms with messages that could not be written yet.
#[derive(Debug)]
pub(crate) struct Waiting {
    rooms: HashMap<OrderId, VecDeque<Queued>>,
    /// Whose turn it is next.
    turns: VecDeque<OrderId>,
    count: usize,
    max: usize,
}

impl Waiting {
    pub(crate) fn new(max: usize) -> Self {
        Self { rooms: HashMap::new(), turns: VecDeque::new(), count: 0, max }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Tells those who waited too long to try again.
    pub(crate) fn give_up_old(&mut self) {
        for room in self.rooms.values_mut() {
            while room.front().is_some_and(is_old) {
                let queued = room.pop_front().expect("the front was just seen");
                self.count -= 1;
                queued.answer(Err(Unavailable::TooLong.into()));
            }
        }
        self.rooms.retain(|_, room| !room.is_empty());
        let rooms = &self.rooms;
        self.turns.retain(|order| rooms.contains_key(order));
    }

    /// The next batch: up to half of it for rooms that waited, the rest for what was gathered.
    ///
    /// A room's messages stay in the order they came, and no id is in a batch twice.
    pub(crate) fn next_batch(&mut self, gathered: &mut Vec<Queued>, max: usize) -> Vec<Queued> {
        let mut batch = Vec::with_capacity(max);
        self.take_turns(&mut batch, max / 2 + 1);
        for queued in gathered.drain(..) {
            if is_old(&queued) {
                queued.answer(Err(Unavailable::TooLong.into()));
                continue;
            }
            let behind = self.rooms.contains_key(&queued.post.order);
            if behind || batch.len() >= max { self.push_back(queued) } else { batch.push(queued) }
        }
        self.split_repeated(batch)
    }

    fn take_turns(&mut self, batch: &mut Vec<Queued>, max: usize) {
        for _ in 0..self.turns.len() {
            let Some(order) = self.turns.pop_front() else { return };
            let mut room = self.rooms.remove(&order).expect("a room with a turn has messages");
            let taken = room.len().min(max - batch.len());
            batch.extend(room.drain(..taken));
            self.count -= taken;
            if !room.is_empty() {
                self.rooms.insert(order, room);
                self.turns.push_back(order);
                return;
            }
        }
    }

    /// From an id's second appearance on, its room waits for the next batch.
    fn split_repeated(&mut self, batch: Vec<Queued>) -> Vec<Queued> {
        let (mut ids, mut rooms) = (HashSet::new(), HashSet::new());
        let (mut now, mut later) = (Vec::with_capacity(batch.len()), Vec::new());
        for queued in batch {
            if rooms.contains(&queued.post.order) || !ids.insert(queued.key()) {
                rooms.insert(queued.post.order);
                later.push(queued);
            } else {
                now.push(queued);
            }
        }
        self.put_back(later);
        now
    }

    /// Puts messages back to the head of their rooms' queues.
    pub(crate) fn put_back(&mut self, held: Vec<Queued>) {
        for queued in held.into_iter().rev() {
            let order = queued.post.order;
            self.count += 1;
            self.rooms.entry(order).or_default().push_front(queued);
            self.give_turn(order);
        }
    }

    fn push_back(&mut self, queued: Queued) {
        if self.count >= self.max {
            return queued.answer(Err(Unavailable::QueueFull.into()));
        }
        let order = queued.post.order;
        self.count += 1;
        self.rooms.entry(order).or_default().push_back(queued);
        self.give_turn(order);
    }

    fn give_turn(&mut self, order: OrderId) {
        if !self.turns.contains(&order) {
            self.turns.push_back(order);
        }
    }
}

fn is_old(queued: &Queued) -> bool {
    queued.since.elapsed() > PATIENCE
}

#[cfg(test)]
mod tests;
