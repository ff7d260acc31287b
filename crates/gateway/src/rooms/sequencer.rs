//! Puts what arrives in any order into seq order: next → deliver, old → drop, early → park.
//!
//! Pure: it neither reads the timeline nor keeps time. It knows what is missing; its room has it read.
//! Entries come from commits on this node, from other nodes and from healing, each possibly twice.

use std::collections::BTreeMap;

use order_domain::values::Seq;

/// How many early entries a room keeps while it waits for the missing ones.
pub const PARKED_MAX: usize = 256;

/// What became of one offered entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It was the next one; it and what waited behind it went out.
    Delivered,
    /// It went out before.
    Old,
    /// Something before it is missing: it waits, or was dropped to be read again.
    Early,
}

/// The order of one room on this node.
#[derive(Debug)]
pub struct Sequencer<T> {
    /// Last seq that went out; `None` until the room has read its head.
    head: Option<Seq>,
    parked: BTreeMap<Seq, T>,
    /// The highest seq known to exist: from an early entry, a heartbeat of the truth, a sweep.
    known: Seq,
}

impl<T> Default for Sequencer<T> {
    fn default() -> Self {
        Self { head: None, parked: BTreeMap::new(), known: Seq(0) }
    }
}

impl<T> Sequencer<T> {
    /// Begins after `head`: what is up to it comes from the timeline, not from here.
    pub fn start(&mut self, head: Seq, deliver: impl FnMut(Seq, T)) {
        if self.head.is_some() {
            return;
        }
        self.head = Some(head);
        self.parked.retain(|seq, _| *seq > head);
        self.release(deliver);
    }

    /// Takes one entry; `deliver` gets every entry that may go out now, in order.
    pub fn offer(&mut self, seq: Seq, item: T, mut deliver: impl FnMut(Seq, T)) -> Offered {
        self.known = self.known.max(seq);
        let Some(head) = self.head else {
            self.park(seq, item);
            return Offered::Early;
        };
        if seq <= head {
            return Offered::Old;
        }
        if seq > head.next() {
            self.park(seq, item);
            return Offered::Early;
        }
        deliver(seq, item);
        self.head = Some(seq);
        self.release(deliver);
        Offered::Delivered
    }

    /// Notes that the timeline reaches at least to `seq`.
    pub fn learn(&mut self, seq: Seq) {
        self.known = self.known.max(seq);
    }

    /// The timeline ends here: what was said to come after does not exist.
    pub fn correct(&mut self, end: Seq) {
        self.parked.retain(|seq, _| *seq <= end);
        self.known = end;
    }

    /// The last seq that went out.
    pub fn head(&self) -> Option<Seq> {
        self.head
    }

    /// After which seq something is missing, if anything is.
    pub fn missing_after(&self) -> Option<Seq> {
        self.head.filter(|head| *head < self.known)
    }

    fn release(&mut self, mut deliver: impl FnMut(Seq, T)) {
        while let Some(head) = self.head
            && let Some(item) = self.parked.remove(&head.next())
        {
            deliver(head.next(), item);
            self.head = Some(head.next());
        }
    }

    /// The nearest entries are worth keeping: a full park gives up its farthest, healing reads that again.
    fn park(&mut self, seq: Seq, item: T) {
        self.parked.insert(seq, item);
        if self.parked.len() > PARKED_MAX {
            self.parked.pop_last();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn offer(sequencer: &mut Sequencer<u64>, seq: u64, out: &mut Vec<u64>) -> Offered {
        sequencer.offer(Seq(seq), seq, |at, item| {
            assert_eq!(at.0, item);
            out.push(item);
        })
    }

    fn started(head: u64) -> Sequencer<u64> {
        let mut sequencer = Sequencer::default();
        sequencer.start(Seq(head), |_, _| ());
        sequencer
    }

    #[test]
    fn next_is_delivered_old_is_dropped_early_waits() {
        let (mut sequencer, mut out) = (started(3), Vec::new());
        assert_eq!(offer(&mut sequencer, 5, &mut out), Offered::Early);
        assert_eq!(sequencer.missing_after(), Some(Seq(3)));
        assert_eq!(offer(&mut sequencer, 3, &mut out), Offered::Old);
        assert_eq!(offer(&mut sequencer, 4, &mut out), Offered::Delivered);
        assert_eq!((out, sequencer.missing_after()), (vec![4, 5], None));
    }

    #[test]
    fn what_arrives_before_the_head_is_known_waits_for_it() {
        let (mut sequencer, mut out) = (Sequencer::default(), Vec::new());
        for seq in [7, 6, 9] {
            assert_eq!(offer(&mut sequencer, seq, &mut out), Offered::Early);
        }
        assert_eq!(sequencer.missing_after(), None, "nothing to compare with yet");
        sequencer.start(Seq(6), |_, item| out.push(item));
        assert_eq!(out, [7]);
        assert_eq!(sequencer.missing_after(), Some(Seq(7)));
    }

    #[test]
    fn a_head_learnt_from_the_truth_shows_what_a_lost_publish_hid() {
        let mut sequencer = started(3);
        sequencer.learn(Seq(3));
        assert_eq!(sequencer.missing_after(), None);
        sequencer.learn(Seq(4));
        assert_eq!(sequencer.missing_after(), Some(Seq(3)));
    }

    #[test]
    fn what_does_not_exist_is_not_waited_for() {
        let (mut sequencer, mut out) = (started(3), Vec::new());
        offer(&mut sequencer, u64::MAX, &mut out);
        sequencer.correct(Seq(3));
        assert_eq!((sequencer.missing_after(), sequencer.parked.len()), (None, 0));
    }

    #[test]
    fn the_park_is_bounded_and_keeps_the_nearest() {
        let (mut sequencer, mut out) = (started(0), Vec::new());
        for seq in (2..1_000).rev() {
            offer(&mut sequencer, seq, &mut out);
        }
        assert_eq!(sequencer.parked.len(), PARKED_MAX);
        offer(&mut sequencer, 1, &mut out);
        assert_eq!(out.len(), PARKED_MAX + 1);
        assert_eq!(sequencer.missing_after(), Some(Seq(257)));
    }

    proptest! {
        /// G3, G4: whatever is lost, repeated or reordered on the way, with healing every entry after the
        /// head goes out exactly once and in order.
        #[test]
        fn every_entry_once_and_in_order(
            start in 0_u64..20,
            arrivals in prop::collection::vec(1_u64..600, 0..900),
            started_after in 0_usize..900,
        ) {
            let (mut sequencer, mut out) = (Sequencer::default(), Vec::new());
            for (at, seq) in arrivals.iter().enumerate() {
                if at == started_after {
                    sequencer.start(Seq(start), |_, item| out.push(item));
                }
                offer(&mut sequencer, *seq, &mut out);
                prop_assert!(sequencer.parked.len() <= PARKED_MAX);
            }
            sequencer.start(Seq(start), |_, item| out.push(item));
            while let Some(after) = sequencer.missing_after() {
                offer(&mut sequencer, after.0 + 1, &mut out);
            }
            let last = arrivals.iter().copied().max().unwrap_or(0).max(start);
            prop_assert_eq!(out, (start + 1..=last).collect::<Vec<_>>());
        }
    }
}
