//! Commands without an answer: in order per room, with the id they keep until one comes (G2, G6). Pure.

use std::collections::{BTreeMap, VecDeque};

use protocol::domain::ids::{CommandId, OrderId};
use tokio::time::Instant;

use crate::Ask;

/// Waiting commands by room; `R` is who waits for the answer. Its bound is kept by whoever puts in.
#[derive(Debug)]
pub(crate) struct Outbox<R> {
    rooms: BTreeMap<OrderId, VecDeque<Item<R>>>,
    in_flight_per_room: usize,
}

#[derive(Debug)]
struct Item<R> {
    ask: Ask,
    reply: R,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    InFlight,
    NotBefore(Instant),
}

impl<R> Outbox<R> {
    pub fn new(in_flight_per_room: usize) -> Self {
        Self { rooms: BTreeMap::new(), in_flight_per_room: in_flight_per_room.max(1) }
    }

    pub fn push(&mut self, ask: Ask, reply: R) {
        let room = self.rooms.entry(ask.order).or_default();
        room.push_back(Item { ask, reply, state: State::Ready });
    }

    /// What can be sent now; it counts as sent.
    pub fn sendable(&mut self, now: Instant) -> Vec<Ask> {
        let window = self.in_flight_per_room;
        let first = self.rooms.values_mut().flat_map(|room| room.iter_mut().take(window));
        let ready = first.filter(|item| match item.state {
            State::Ready => true,
            State::InFlight => false,
            State::NotBefore(at) => at <= now,
        });
        ready
            .map(|item| {
                item.state = State::InFlight;
                item.ask.clone()
            })
            .collect()
    }

    /// It is answered for good: who waits for it?
    pub fn settle(&mut self, order: OrderId, id: CommandId) -> Option<R> {
        let room = self.rooms.get_mut(&order)?;
        let at = room.iter().position(|item| item.ask.id == id)?;
        let item = room.remove(at);
        if room.is_empty() {
            self.rooms.remove(&order);
        }
        item.map(|item| item.reply)
    }

    /// It shall be tried again with the same id, not before this moment.
    pub fn again(&mut self, order: OrderId, id: CommandId, not_before: Instant) {
        let items = self.rooms.get_mut(&order).into_iter().flatten();
        for item in items.filter(|item| item.ask.id == id) {
            item.state = State::NotBefore(not_before);
        }
    }

    /// The connection ended: what was on its way may or may not have happened, so it is sent again.
    pub fn disconnected(&mut self) {
        for item in self.rooms.values_mut().flatten() {
            if item.state == State::InFlight {
                item.state = State::Ready;
            }
        }
    }

    /// When something can be sent that cannot be now.
    pub fn next_due(&self) -> Option<Instant> {
        let first = self.rooms.values().flat_map(|room| room.iter().take(self.in_flight_per_room));
        first
            .filter_map(|item| match item.state {
                State::NotBefore(at) => Some(at),
                _ => None,
            })
            .min()
    }

    /// Everybody who still waits.
    pub fn abandon(&mut self) -> impl Iterator<Item = R> + use<R> {
        std::mem::take(&mut self.rooms).into_values().flatten().map(|item| item.reply)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use protocol::domain::command::ClaimCase;
    use uuid::Uuid;

    use super::*;

    fn ask(order: u128, id: u128) -> Ask {
        Ask {
            id: CommandId(Uuid::from_u128(id)),
            order: OrderId(Uuid::from_u128(order)),
            command: ClaimCase {}.into(),
            expect_version: None,
        }
    }

    fn ids(asks: &[Ask]) -> Vec<u128> {
        asks.iter().map(|ask| ask.id.0.as_u128()).collect()
    }

    #[test]
    fn one_room_goes_one_by_one_and_rooms_side_by_side() {
        let (mut outbox, now) = (Outbox::new(1), Instant::now());
        for (order, id) in [(1, 11), (1, 12), (2, 21)] {
            outbox.push(ask(order, id), id);
        }
        assert_eq!(ids(&outbox.sendable(now)), [11, 21]);
        assert_eq!(ids(&outbox.sendable(now)), [] as [u128; 0]);
        assert_eq!(outbox.settle(ask(1, 11).order, ask(1, 11).id), Some(11));
        assert_eq!(ids(&outbox.sendable(now)), [12]);
    }

    #[test]
    fn a_retry_holds_its_room_back_and_keeps_its_id() {
        let (mut outbox, now) = (Outbox::new(1), Instant::now());
        outbox.push(ask(1, 11), 11);
        outbox.push(ask(1, 12), 12);
        outbox.sendable(now);
        let later = now + Duration::from_millis(350);
        outbox.again(ask(1, 11).order, ask(1, 11).id, later);
        assert!(outbox.sendable(now).is_empty());
        assert_eq!(outbox.next_due(), Some(later));
        assert_eq!(ids(&outbox.sendable(later)), [11]);
    }

    #[test]
    fn after_a_cut_everything_unanswered_goes_again_with_its_id() {
        let (mut outbox, now) = (Outbox::new(1), Instant::now());
        outbox.push(ask(1, 11), 11);
        outbox.sendable(now);
        outbox.disconnected();
        assert_eq!(ids(&outbox.sendable(now)), [11]);
        assert_eq!(outbox.settle(ask(1, 11).order, ask(1, 11).id), Some(11));
        assert_eq!(outbox.settle(ask(1, 11).order, ask(1, 11).id), None, "a second answer finds nobody");
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push(u128),
        Send,
        Answer(u128),
        Retry(u128),
        Cut,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (1..4_u128).prop_map(Step::Push),
            3 => Just(Step::Send),
            3 => (1..4_u128).prop_map(Step::Answer),
            1 => (1..4_u128).prop_map(Step::Retry),
            1 => Just(Step::Cut),
        ]
    }

    proptest! {
        /// Each room's commands are first sent in the order they were given, never two at once, none is forgotten.
        #[test]
        fn order_is_kept(steps in proptest::collection::vec(step(), 0..120)) {
            let (mut outbox, now, mut next) = (Outbox::new(1), Instant::now(), 0);
            let mut given: BTreeMap<u128, VecDeque<u128>> = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Push(order) => {
                        next += 1;
                        outbox.push(ask(order, next), next);
                        given.entry(order).or_default().push_back(next);
                    }
                    Step::Send => for sent in outbox.sendable(now) {
                        let waiting = &given[&sent.order.0.as_u128()];
                        prop_assert_eq!(waiting.front(), Some(&sent.id.0.as_u128()));
                    },
                    Step::Answer(order) => if let Some(id) = given.entry(order).or_default().pop_front() {
                        prop_assert_eq!(outbox.settle(ask(order, id).order, ask(order, id).id), Some(id));
                    },
                    Step::Retry(order) => if let Some(id) = given.entry(order).or_default().front() {
                        outbox.again(ask(order, *id).order, ask(order, *id).id, now);
                    },
                    Step::Cut => outbox.disconnected(),
                }
            }
            let left: Vec<u128> = given.into_values().flatten().collect();
            prop_assert_eq!(outbox.abandon().collect::<Vec<_>>(), left);
        }
    }
}
