//! How far one room was heard, and whether what comes next is next (G4, G5). Pure: time is an argument.

use std::time::Duration;

use protocol::SeenEntry;
use protocol::domain::values::Seq;
use tokio::time::Instant;
use uuid::Uuid;

use crate::Place;

/// The place in one room's timeline.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline {
    last: Option<Seq>,
    epoch: Option<Uuid>,
    /// False until the server has answered the latest `subscribe`: what comes before is of an older one.
    following: bool,
    /// A head that was heard of, and when: entries up to it must arrive soon.
    heard: Option<(Seq, Instant)>,
}

/// What an arriving entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// The next one: for the application.
    Next(SeenEntry),
    /// Heard before, or not asked for any more.
    Old,
    /// Some are missing before it: subscribe again.
    Gap,
}

impl Timeline {
    pub fn from(place: Place) -> Self {
        Self { last: place.after, epoch: place.epoch, ..Self::default() }
    }

    /// What to subscribe with.
    pub fn place(&self) -> Place {
        Place { after: self.last, epoch: self.epoch.filter(|_| self.last.is_some()) }
    }

    pub fn is_following(&self) -> bool {
        self.following
    }

    /// A `subscribe` was sent, or the connection ended.
    pub fn left(&mut self) {
        self.following = false;
        self.heard = None;
    }

    /// Another history: nothing of what was heard counts.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The server answered. Without a place of our own we begin where the first entry is.
    pub fn joined(&mut self, epoch: Uuid, head: Seq, first: Option<Seq>, now: Instant) {
        self.epoch = Some(epoch);
        self.following = true;
        let before = first.map_or(head, |first| Seq(first.0.saturating_sub(1)));
        self.last.get_or_insert(before);
        self.heard_head(head, now);
    }

    /// Is the epoch of an answer another one than ours?
    pub fn is_of_another(&self, epoch: Uuid) -> bool {
        self.last.is_some() && self.epoch.is_some_and(|ours| ours != epoch)
    }

    /// An entry arrived.
    pub fn take(&mut self, entry: SeenEntry) -> Arrival {
        let last = self.last.unwrap_or_default();
        match entry.seq {
            _ if !self.following => Arrival::Old,
            seq if seq <= last => Arrival::Old,
            seq if seq == last.next() => {
                self.last = Some(seq);
                self.heard = self.heard.filter(|(head, _)| *head > seq);
                Arrival::Next(entry)
            }
            _ => {
                self.left();
                Arrival::Gap
            }
        }
    }

    /// A head was heard of.
    pub fn heard_head(&mut self, head: Seq, now: Instant) {
        if self.following && head > self.last.unwrap_or_default() {
            let since = self.heard.map_or(now, |(_, since)| since);
            self.heard = Some((head, since));
        }
    }

    /// When to stop waiting for entries that exist: progress gives more time.
    pub fn behind_from(&self, patience: Duration) -> Option<Instant> {
        self.heard.map(|(_, since)| since + patience)
    }

    /// Entries arrive, though more are known to exist.
    pub fn progressed(&mut self, now: Instant) {
        if let Some((_, since)) = &mut self.heard {
            *since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::domain::{
        event::{Entry, Event},
        ids::CommandId,
        participant::{Actor, Role},
        values::Timestamp,
    };

    use super::*;

    const EPOCH: Uuid = Uuid::from_u128(1);

    fn entry(seq: u64) -> SeenEntry {
        SeenEntry::from(&Entry {
            seq: Seq(seq),
            at: Timestamp::UNIX_EPOCH,
            by: Actor::nobody(Role::System),
            id: CommandId(Uuid::from_u128(seq.into())),
            event: Event::OrderOverdue {},
        })
    }

    fn joined(after: u64, head: u64) -> Timeline {
        let mut timeline = Timeline::from(Place { after: Some(Seq(after)), epoch: Some(EPOCH) });
        timeline.joined(EPOCH, Seq(head), None, Instant::now());
        timeline
    }

    #[test]
    fn the_newest_entries_begin_anywhere() {
        let mut timeline = Timeline::default();
        timeline.joined(EPOCH, Seq(120), Some(Seq(71)), Instant::now());
        assert!(matches!(timeline.take(entry(71)), Arrival::Next(_)));
        assert_eq!(timeline.take(entry(73)), Arrival::Gap);
        assert_eq!(timeline.place(), Place { after: Some(Seq(71)), epoch: Some(EPOCH) });
    }

    #[test]
    fn an_empty_room_begins_at_its_head() {
        let mut timeline = Timeline::default();
        timeline.joined(EPOCH, Seq(0), None, Instant::now());
        assert!(matches!(timeline.take(entry(1)), Arrival::Next(_)));
    }

    #[test]
    fn nothing_is_taken_between_asking_and_the_answer() {
        let mut timeline = joined(5, 5);
        timeline.left();
        assert_eq!(timeline.take(entry(6)), Arrival::Old);
        timeline.joined(EPOCH, Seq(6), Some(Seq(6)), Instant::now());
        assert!(matches!(timeline.take(entry(6)), Arrival::Next(_)));
    }

    #[test]
    fn a_head_that_does_not_arrive_is_noticed() {
        let mut timeline = joined(5, 5);
        let (now, patience) = (Instant::now(), Duration::from_secs(2));
        assert_eq!(timeline.behind_from(patience), None);
        timeline.heard_head(Seq(7), now);
        assert_eq!(timeline.behind_from(patience), Some(now + patience));
        timeline.take(entry(6));
        timeline.progressed(now + patience);
        assert_eq!(timeline.behind_from(patience), Some(now + patience + patience));
        timeline.take(entry(7));
        assert_eq!(timeline.behind_from(patience), None);
    }

    #[test]
    fn another_epoch_is_another_history() {
        assert!(joined(5, 5).is_of_another(Uuid::from_u128(2)));
        assert!(!Timeline::default().is_of_another(Uuid::from_u128(2)));
    }

    proptest! {
        /// G4: whatever arrives in whatever order, what goes on is gapless, in order and once; every gap is noticed.
        #[test]
        fn what_goes_on_is_gapless(after in 0..50_u64, arriving in proptest::collection::vec(0..80_u64, 0..200)) {
            let mut timeline = joined(after, after);
            let mut last = after;
            for seq in arriving {
                match timeline.take(entry(seq)) {
                    Arrival::Next(entry) => {
                        prop_assert_eq!(entry.seq.0, last + 1);
                        last += 1;
                    }
                    Arrival::Old => prop_assert!(seq <= last),
                    Arrival::Gap => {
                        prop_assert!(seq > last + 1);
                        prop_assert_eq!(timeline.place().after, Some(Seq(last)));
                        timeline.joined(EPOCH, Seq(last), None, Instant::now());
                    }
                }
            }
        }
    }
}
