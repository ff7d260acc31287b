//! Commands without an answer: in order per room, with the id they keep until one comes (G2, G6). Pure.
//!
//! An answer belongs to a sending, not to an id: two commands may carry one id by mistake, and only the `ref` of the
//! frame tells whose answer it is.

use std::collections::{BTreeMap, VecDeque};

use protocol::{Ref, domain::ids::OrderId};
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
    /// Of its frame, at most.
    bytes: usize,
    reply: R,
    state: State,
    /// On some connection.
    was_sent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    /// Sent on this connection, under this `ref`.
    InFlight(Ref),
    NotBefore(Instant),
}

impl<R> Outbox<R> {
    pub fn new(in_flight_per_room: usize) -> Self {
        Self { rooms: BTreeMap::new(), in_flight_per_room: in_flight_per_room.max(1) }
    }

    pub fn push(&mut self, ask: Ask, bytes: usize, reply: R) {
        let room = self.rooms.entry(ask.order).or_default();
        room.push_back(Item { ask, bytes, reply, state: State::Ready, was_sent: false });
    }

    /// What this server would close the connection for: bytes, and whether it was sent to another one.
    pub fn take_larger(&mut self, most: usize) -> Vec<(usize, bool, R)> {
        let mut larger = Vec::new();
        self.rooms.retain(|_, room| {
            let (out, stay) = std::mem::take(room).into_iter().partition(|item| item.bytes > most);
            *room = stay;
            larger.extend(VecDeque::into_iter(out).map(|item| (item.bytes, item.was_sent, item.reply)));
            !room.is_empty()
        });
        larger
    }

    /// What can be sent now; it counts as sent, each under a `ref` of its own.
    pub fn sendable(&mut self, now: Instant, mut new_ref: impl FnMut(OrderId) -> Ref) -> Vec<(Ref, Ask)> {
        let window = self.in_flight_per_room;
        let first = self.rooms.values_mut().flat_map(|room| room.iter_mut().take(window));
        let ready = first.filter(|item| match item.state {
            State::Ready => true,
            State::InFlight(_) => false,
            State::NotBefore(at) => at <= now,
        });
        ready
            .map(|item| {
                let reference = new_ref(item.ask.order);
                item.state = State::InFlight(reference);
                item.was_sent = true;
                (reference, item.ask.clone())
            })
            .collect()
    }

    /// It is answered for good: who waits for it?
    pub fn settle(&mut self, order: OrderId, reference: Ref) -> Option<R> {
        let room = self.rooms.get_mut(&order)?;
        let at = room.iter().position(|item| item.state == State::InFlight(reference))?;
        let item = room.remove(at);
        if room.is_empty() {
            self.rooms.remove(&order);
        }
        item.map(|item| item.reply)
    }

    /// It shall be tried again with the same id, not before this moment.
    pub fn again(&mut self, order: OrderId, reference: Ref, not_before: Instant) {
        let mut items = self.rooms.get_mut(&order).into_iter().flatten();
        if let Some(item) = items.find(|item| item.state == State::InFlight(reference)) {
            item.state = State::NotBefore(not_before);
        }
    }

    /// The connection ended: what was on its way may or may not have happened, so it is sent again.
    pub fn disconnected(&mut self) {
        for item in self.rooms.values_mut().flatten() {
            if matches!(item.state, State::InFlight(_)) {
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
    use protocol::domain::{command::ClaimCase, ids::CommandId};
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

    /// Sends what can be sent; the ids, and under which `ref` each went.
    fn send(outbox: &mut Outbox<u128>, now: Instant, last: &mut Ref) -> Vec<(Ref, u128)> {
        let mut new_ref = |_| {
            *last += 1;
            *last
        };
        let sent = outbox.sendable(now, &mut new_ref);
        sent.into_iter().map(|(reference, ask)| (reference, ask.id.0.as_u128())).collect()
    }

    #[test]
    fn one_room_goes_one_by_one_and_rooms_side_by_side() {
        let (mut outbox, now, mut last) = (Outbox::new(1), Instant::now(), 0);
        for (order, id) in [(1, 11), (1, 12), (2, 21)] {
            outbox.push(ask(order, id), 1, id);
        }
        assert_eq!(send(&mut outbox, now, &mut last), [(1, 11), (2, 21)]);
        assert_eq!(send(&mut outbox, now, &mut last), []);
        assert_eq!(outbox.settle(ask(1, 11).order, 1), Some(11));
        assert_eq!(send(&mut outbox, now, &mut last), [(3, 12)]);
    }

    /// G2: of two payloads under one id each gets its own answer, in whatever order the answers come.
    #[test]
    fn an_answer_goes_to_the_sending_it_is_for() {
        let (mut outbox, now, mut last) = (Outbox::new(2), Instant::now(), 0);
        outbox.push(ask(1, 11), 1, 1);
        outbox.push(ask(1, 11), 1, 2);
        assert_eq!(send(&mut outbox, now, &mut last), [(1, 11), (2, 11)]);
        outbox.again(ask(1, 11).order, 2, now);
        assert_eq!(send(&mut outbox, now, &mut last), [(3, 11)], "the first is not asked again");
        assert_eq!(outbox.settle(ask(1, 11).order, 2), None, "that sending was answered already");
        assert_eq!(outbox.settle(ask(1, 11).order, 3), Some(2));
        assert_eq!(outbox.settle(ask(1, 11).order, 1), Some(1));
    }

    #[test]
    fn a_retry_holds_its_room_back_and_keeps_its_id() {
        let (mut outbox, now, mut last) = (Outbox::new(1), Instant::now(), 0);
        outbox.push(ask(1, 11), 1, 11);
        outbox.push(ask(1, 12), 1, 12);
        send(&mut outbox, now, &mut last);
        let later = now + Duration::from_millis(350);
        outbox.again(ask(1, 11).order, 1, later);
        assert!(send(&mut outbox, now, &mut last).is_empty());
        assert_eq!(outbox.next_due(), Some(later));
        assert_eq!(send(&mut outbox, later, &mut last), [(2, 11)]);
    }

    #[test]
    fn after_a_cut_everything_unanswered_goes_again_with_its_id() {
        let (mut outbox, now, mut last) = (Outbox::new(1), Instant::now(), 0);
        outbox.push(ask(1, 11), 1, 11);
        send(&mut outbox, now, &mut last);
        outbox.disconnected();
        assert_eq!(outbox.settle(ask(1, 11).order, 1), None, "no answer outlives its connection");
        assert_eq!(send(&mut outbox, now, &mut last), [(2, 11)]);
        assert_eq!(outbox.settle(ask(1, 11).order, 2), Some(11));
        assert_eq!(outbox.settle(ask(1, 11).order, 2), None, "a second answer finds nobody");
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
            let (mut outbox, now, mut next, mut last) = (Outbox::new(1), Instant::now(), 0, 0);
            let mut given: BTreeMap<u128, VecDeque<u128>> = BTreeMap::new();
            let mut in_flight: BTreeMap<u128, Ref> = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Push(order) => {
                        next += 1;
                        outbox.push(ask(order, next), 1, next);
                        given.entry(order).or_default().push_back(next);
                    }
                    Step::Send => for (reference, id) in send(&mut outbox, now, &mut last) {
                        let room = given.iter().find(|(_, waiting)| waiting.front() == Some(&id));
                        let (order, _) = room.expect("only the first of a room is sent");
                        prop_assert_eq!(in_flight.insert(*order, reference), None, "one at a time");
                    },
                    Step::Answer(order) => if let Some(reference) = in_flight.remove(&order) {
                        let id = given.get_mut(&order).and_then(VecDeque::pop_front);
                        prop_assert_eq!(outbox.settle(ask(order, 0).order, reference), id);
                    },
                    Step::Retry(order) => if let Some(reference) = in_flight.remove(&order) {
                        outbox.again(ask(order, 0).order, reference, now);
                    },
                    Step::Cut => {
                        outbox.disconnected();
                        in_flight.clear();
                    }
                }
            }
            let left: Vec<u128> = given.into_values().flatten().collect();
            prop_assert_eq!(outbox.abandon().collect::<Vec<_>>(), left);
        }
    }
}
