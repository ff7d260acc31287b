//! When which member of which room says something: decided by the seed before anything is sent. Pure.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

/// How messages are spread over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// One every 1/rate seconds, rooms and members in turn: comparable between runs and systems.
    #[default]
    Even,
    /// Independent of each other, as people are: gaps, bursts and rooms by chance.
    Poisson,
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Microseconds after the start of the phase.
    pub after_us: u64,
    /// Which room.
    pub room: u32,
    /// Which of its members.
    pub member: u32,
}

/// All messages of a phase, in order.
#[derive(Debug)]
pub struct Schedule {
    arrivals: Arrivals,
    gap_us: f64,
    end_us: f64,
    rooms: u32,
    members: u32,
    count: u32,
    at_us: f64,
    chance: StdRng,
}

impl Schedule {
    /// `rate` messages a second for `seconds`, from `rooms` rooms of `members` speakers.
    pub fn new(arrivals: Arrivals, rate: f64, seconds: f64, rooms: u32, members: u32, seed: u64) -> Self {
        Self {
            arrivals,
            gap_us: 1e6 / rate,
            end_us: seconds * 1e6,
            rooms,
            members,
            count: 0,
            at_us: 0.0,
            chance: StdRng::seed_from_u64(seed),
        }
    }
}

impl Iterator for Schedule {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        let count = self.count;
        self.count = self.count.wrapping_add(1);
        let (room, member) = match self.arrivals {
            Arrivals::Even => {
                self.at_us = f64::from(count) * self.gap_us;
                (count % self.rooms, count / self.rooms % self.members)
            }
            Arrivals::Poisson => {
                self.at_us -= (1.0 - self.chance.random::<f64>()).ln() * self.gap_us;
                (self.chance.random_range(0..self.rooms), self.chance.random_range(0..self.members))
            }
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time in a run")]
        let due = Due { after_us: self.at_us as u64, room, member };
        (self.at_us < self.end_us).then_some(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(arrivals: Arrivals, seed: u64) -> Vec<Due> {
        Schedule::new(arrivals, 1000.0, 2.0, 10, 5, seed).collect()
    }

    #[test]
    fn a_seed_is_a_plan() {
        assert_eq!(all(Arrivals::Poisson, 1), all(Arrivals::Poisson, 1));
        assert_ne!(all(Arrivals::Poisson, 1), all(Arrivals::Poisson, 2));
    }

    #[test]
    fn even_arrivals_are_even() {
        let even = all(Arrivals::Even, 1);
        assert_eq!(even.len(), 2000);
        assert!(even.windows(2).all(|pair| pair[1].after_us - pair[0].after_us == 1000));
        assert_eq!(even[13], Due { after_us: 13_000, room: 3, member: 1 });
    }

    #[test]
    fn chance_keeps_the_rate_and_reaches_everybody() {
        let by_chance = all(Arrivals::Poisson, 3);
        assert!((1800..2200).contains(&by_chance.len()), "{}", by_chance.len());
        assert!(by_chance.windows(2).all(|pair| pair[0].after_us <= pair[1].after_us));
        let speakers: std::collections::BTreeSet<_> =
            by_chance.iter().map(|due| (due.room, due.member)).collect();
        assert_eq!(speakers.len(), 50);
    }
}
