//! The channels this node wants against those that Redis has confirmed.
//!
//! Callers only state what they want; whoever owns the connection asks for the difference
//! in batches. While one batch is on its way the next gathers, and changes of mind cancel out.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use tokio::sync::{Notify, oneshot};

use crate::channel::Channel;

#[derive(Debug, Default)]
pub(crate) struct Interest {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    lines: HashMap<Channel, Line>,
    /// Where wanted and confirmed may differ.
    dirty: HashSet<Channel>,
}

#[derive(Debug, Default)]
struct Line {
    wanted: bool,
    confirmed: bool,
    waiting: Vec<oneshot::Sender<()>>,
}

/// The next difference to settle with Redis.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) join: Vec<Channel>,
    pub(crate) leave: Vec<Channel>,
}

/// Where a wanted channel stands.
#[derive(Debug)]
pub(crate) enum Standing {
    Unwanted,
    Confirmed,
    /// Completes when confirmed; is dropped when the connection ends first.
    Asked(oneshot::Receiver<()>),
}

impl Interest {
    pub(crate) fn want(&self, channel: Channel) {
        self.turn(channel, true);
    }

    pub(crate) fn unwant(&self, channel: Channel) {
        self.turn(channel, false);
    }

    fn turn(&self, channel: Channel, wanted: bool) {
        let mut state = self.state();
        let line = state.lines.entry(channel.clone()).or_default();
        if line.wanted == wanted {
            if !wanted && !line.confirmed {
                state.lines.remove(&channel);
            }
            return;
        }
        line.wanted = wanted;
        if !wanted {
            line.waiting.clear();
        }
        state.dirty.insert(channel);
        self.changed.notify_one();
    }

    pub(crate) fn standing(&self, channel: &Channel) -> Standing {
        match self.state().lines.get_mut(channel) {
            Some(line) if line.wanted && line.confirmed => Standing::Confirmed,
            Some(line) if line.wanted => {
                let (confirmed, asked) = oneshot::channel();
                line.waiting.retain(|waiting| !waiting.is_closed());
                line.waiting.push(confirmed);
                Standing::Asked(asked)
            }
            _ => Standing::Unwanted,
        }
    }

    /// A connection ended, or a new one begins: nothing is confirmed any more.
    pub(crate) fn restart(&self) {
        let mut state = self.state();
        state.lines.retain(|_, line| line.wanted);
        for line in state.lines.values_mut() {
            line.confirmed = false;
            line.waiting.clear();
        }
        state.dirty = state.lines.keys().cloned().collect();
    }

    /// Up to `most` channels to settle; an empty batch when all is as wanted.
    pub(crate) fn next_batch(&self, most: usize) -> Batch {
        let mut guard = self.state();
        let state = &mut *guard;
        let mut batch = Batch::default();
        while batch.is_empty() && !state.dirty.is_empty() {
            let dirty: Vec<_> = state.dirty.extract_if(|_| true).take(most).collect();
            for channel in dirty {
                state.sort(channel, &mut batch);
            }
        }
        batch
    }

    /// Redis has confirmed these.
    pub(crate) fn confirm(&self, joined: Vec<Channel>) {
        let mut guard = self.state();
        let state = &mut *guard;
        for channel in joined {
            let line = state.lines.entry(channel.clone()).or_default();
            line.confirmed = true;
            for waiting in line.waiting.drain(..) {
                let _ = waiting.send(()); // whoever asked may have gone
            }
            if !line.wanted {
                state.dirty.insert(channel); // nobody wants it any more: leave it again
            }
        }
    }

    /// Resolves when there may be something to settle.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while holding it")
    }
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.join.is_empty() && self.leave.is_empty()
    }
}

impl State {
    fn sort(&mut self, channel: Channel, batch: &mut Batch) {
        let Some(line) = self.lines.get(&channel) else { return };
        match (line.wanted, line.confirmed) {
            (true, false) => batch.join.push(channel),
            (false, confirmed) => {
                self.lines.remove(&channel);
                if confirmed {
                    batch.leave.push(channel);
                }
            }
            (true, true) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use order_domain::ids::OrderId;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn room(number: u128) -> Channel {
        Channel::Room(OrderId(Uuid::from_u128(number)))
    }

    fn settle(interest: &Interest) -> Batch {
        let batch = interest.next_batch(500);
        interest.confirm(batch.join.clone());
        batch
    }

    #[test]
    fn a_change_of_mind_costs_nothing() {
        let interest = Interest::default();
        interest.want(room(1));
        interest.unwant(room(1));
        assert_eq!(settle(&interest), Batch::default());
        interest.want(room(1));
        assert_eq!(settle(&interest).join, [room(1)]);
        interest.unwant(room(1));
        interest.want(room(1));
        assert_eq!(settle(&interest), Batch::default());
        assert!(matches!(interest.standing(&room(1)), Standing::Confirmed));
    }

    #[test]
    fn whoever_waits_is_told_and_a_new_connection_starts_over() {
        let interest = Interest::default();
        assert!(matches!(interest.standing(&room(1)), Standing::Unwanted));
        interest.want(room(1));
        let Standing::Asked(mut asked) = interest.standing(&room(1)) else { panic!("not confirmed yet") };
        settle(&interest);
        assert_eq!(asked.try_recv(), Ok(()));

        interest.restart();
        let Standing::Asked(mut asked) = interest.standing(&room(1)) else { panic!("confirmed by whom?") };
        interest.restart();
        assert_eq!(asked.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        assert_eq!(settle(&interest).join, [room(1)]);
    }

    #[test]
    fn leaving_while_joining_ends_left_and_leaving_is_not_confirmed() {
        let interest = Interest::default();
        interest.want(room(1));
        let joining = interest.next_batch(500);
        interest.unwant(room(1));
        interest.confirm(joining.join);
        let leaving = interest.next_batch(500);
        assert_eq!(leaving.leave, [room(1)]);
        interest.want(room(1));
        assert!(matches!(interest.standing(&room(1)), Standing::Asked(_)), "the leave is still on its way");
        assert_eq!(settle(&interest).join, [room(1)]);
    }

    #[test]
    fn batches_are_bounded() {
        let interest = Interest::default();
        (0..12).for_each(|number| interest.want(room(number)));
        let sizes: Vec<_> = std::iter::repeat_with(|| interest.next_batch(5).join.len()).take(4).collect();
        assert_eq!(sizes, [5, 5, 2, 0]);
    }

    proptest! {
        /// Whatever is asked while batches are on their way: Redis ends with what is wanted.
        #[test]
        fn redis_ends_with_what_is_wanted(steps in prop::collection::vec((0..5u128, 0..4u8), 0..200)) {
            let interest = Interest::default();
            let (mut wanted, mut on_redis) = (HashSet::new(), HashSet::new());
            let mut on_its_way = Batch::default();
            for (number, step) in steps {
                match step {
                    0 => { interest.want(room(number)); wanted.insert(room(number)); }
                    1 => { interest.unwant(room(number)); wanted.remove(&room(number)); }
                    2 => { interest.restart(); on_redis.clear(); on_its_way = Batch::default(); }
                    _ => {
                        answer(&interest, &mut on_redis, std::mem::take(&mut on_its_way));
                        on_its_way = interest.next_batch(2);
                    }
                }
            }
            while on_its_way != Batch::default() {
                answer(&interest, &mut on_redis, on_its_way);
                on_its_way = interest.next_batch(2);
            }
            let mut last = interest.next_batch(500);
            while last != Batch::default() {
                answer(&interest, &mut on_redis, last);
                last = interest.next_batch(500);
            }
            prop_assert_eq!(&on_redis, &wanted);
            prop_assert_eq!(interest.state().lines.len(), wanted.len(), "nothing is kept for unwanted channels");
        }
    }

    fn answer(interest: &Interest, on_redis: &mut HashSet<Channel>, batch: Batch) {
        on_redis.extend(batch.join.iter().cloned());
        on_redis.retain(|channel| !batch.leave.contains(channel));
        interest.confirm(batch.join);
    }
}
