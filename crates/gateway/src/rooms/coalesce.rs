//! At most once per interval and key: the first at once, the newest of the rest when the interval is over.
//!
//! Pure: time is an argument.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

/// Keys that are remembered at most. Beyond, what is new passes as it comes: nothing is lost, memory stays bounded, and
/// whoever takes what passes has a bound of its own.
const KEYS_MAX: usize = 100_000;

/// Values that wait for their turn.
#[derive(Debug)]
pub struct Coalesce<K, V> {
    every: Duration,
    slots: HashMap<K, Slot<V>>,
}

#[derive(Debug)]
struct Slot<V> {
    passed_at: Instant,
    waits: Option<V>,
}

impl<K: Hash + Eq + Clone, V> Coalesce<K, V> {
    /// One per key and `every`.
    pub fn new(every: Duration) -> Self {
        Self { every, slots: HashMap::new() }
    }

    /// Gives the value back when it may pass now; else it waits, merged into what waits already.
    pub fn offer(&mut self, key: K, value: V, now: Instant, newest: impl FnOnce(V, V) -> V) -> Option<V> {
        let Some(slot) = self.slots.get_mut(&key) else {
            if self.slots.len() < KEYS_MAX {
                self.slots.insert(key, Slot { passed_at: now, waits: None });
            }
            return Some(value);
        };
        slot.waits = Some(match slot.waits.take() {
            Some(older) => newest(older, value),
            None => value,
        });
        None
    }

    /// What may pass by now; keys that were quiet for an interval are forgotten.
    pub fn due(&mut self, now: Instant) -> Vec<(K, V)> {
        let every = self.every;
        let mut due = Vec::new();
        self.slots.retain(|key, slot| {
            if now.saturating_duration_since(slot.passed_at) < every {
                return true;
            }
            let Some(value) = slot.waits.take() else { return false };
            slot.passed_at = now;
            due.push((key.clone(), value));
            true
        });
        if self.slots.is_empty() {
            self.slots = HashMap::new();
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_keys_pass_as_they_come() {
        let (mut coalesce, now) = (Coalesce::new(Duration::from_secs(1)), Instant::now());
        for key in 0..KEYS_MAX {
            assert_eq!(coalesce.offer(key, 1, now, u32::max), Some(1));
        }
        assert_eq!(coalesce.offer(KEYS_MAX, 2, now, u32::max), Some(2));
        assert_eq!(coalesce.offer(KEYS_MAX, 3, now, u32::max), Some(3), "nothing is lost");
        assert_eq!(coalesce.offer(0, 4, now, u32::max), None, "who is known waits");
        assert_eq!(coalesce.slots.len(), KEYS_MAX);
        assert_eq!(coalesce.due(now + Duration::from_secs(1)), [(0, 4)]);
        assert_eq!(coalesce.offer(KEYS_MAX, 5, now, u32::max), Some(5));
        assert_eq!(coalesce.offer(KEYS_MAX, 6, now, u32::max), None, "there is room again");
    }

    #[test]
    fn the_first_passes_the_newest_follows() {
        let (mut coalesce, start) = (Coalesce::new(Duration::from_secs(1)), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(coalesce.offer("a", 1, at(0), u32::max), Some(1));
        assert_eq!(coalesce.offer("a", 3, at(10), u32::max), None);
        assert_eq!(coalesce.offer("a", 2, at(20), u32::max), None);
        assert_eq!(coalesce.offer("b", 9, at(20), u32::max), Some(9));
        assert!(coalesce.due(at(999)).is_empty());
        assert_eq!(coalesce.due(at(1000)), [("a", 3)]);
        assert_eq!(coalesce.offer("a", 4, at(1500), u32::max), None, "one per second, counted from the last");
        assert_eq!(coalesce.due(at(2000)), [("a", 4)]);
        assert!(coalesce.due(at(5000)).is_empty());
        assert!(coalesce.slots.is_empty(), "who is quiet costs nothing");
    }
}
