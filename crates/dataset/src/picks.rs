//! Which order is a copy of which life, of whom, and when. Drawn by the seed.

use chrono::{DateTime, Utc};
use rand::{
    Rng as _, SeedableRng as _,
    distr::{Distribution as _, weighted::WeightedIndex},
    rngs::StdRng,
};

use crate::{
    DatasetError, Scale,
    people::People,
    template::{Copy, Template},
};

const DAY_US: i64 = 86_400_000_000;
/// Finished orders were placed in the two years until five days ago.
const FINISHED_US: i64 = 730 * DAY_US;
const ENDED_US: i64 = 5 * DAY_US;
/// The others within the last days.
const UNFINISHED_US: i64 = 20 * DAY_US;

/// Draws one order after the other: finished ones in the order of their time, then the rest.
pub struct Picks<'a> {
    finished: Kind<'a>,
    unfinished: Kind<'a>,
    people: People,
    now_us: i64,
    orders: u32,
    finished_orders: u32,
    chance: StdRng,
    next: u32,
}

struct Kind<'a> {
    templates: Vec<&'a Template>,
    weights: WeightedIndex<f64>,
}

impl<'a> Picks<'a> {
    /// So many orders with about so many entries in all.
    pub fn new(
        templates: &'a [(bool, Template)],
        scale: Scale,
        now: DateTime<Utc>,
    ) -> Result<Self, DatasetError> {
        let Scale { orders, entries, unfinished_percent, seed, .. } = scale;
        let of = |finished| templates.iter().filter(move |(is, _)| *is == finished).map(|(_, t)| t).collect();
        let unfinished = Kind::even(of(false));
        let finished: Vec<&Template> = of(true);
        let finished_orders = orders / 100 * (100 - unfinished_percent);
        let unfinished_orders = orders - finished_orders;
        #[expect(clippy::cast_precision_loss, reason = "entries are fewer than 2^52")]
        let rest = entries as f64 - f64::from(unfinished_orders) * mean(&unfinished.templates, |_| 1.0);
        let finished = Kind::with_mean(finished, rest / f64::from(finished_orders))?;
        let people = People::of(orders);
        let (now_us, chance) = (now.timestamp_micros(), StdRng::seed_from_u64(seed));
        Ok(Self { finished, unfinished, people, now_us, orders, finished_orders, chance, next: 0 })
    }
}

impl<'a> Iterator for Picks<'a> {
    type Item = (&'a Template, Copy);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.orders {
            return None;
        }
        let (no, chance) = (self.next, &mut self.chance);
        self.next += 1;
        let (kind, placed_us) = if no < self.finished_orders {
            let step = FINISHED_US / i64::from(self.finished_orders);
            let placed = self.now_us - ENDED_US - FINISHED_US + i64::from(no) * step;
            (&self.finished, placed + chance.random_range(0..step.max(1)))
        } else {
            (&self.unfinished, self.now_us - chance.random_range(0..UNFINISHED_US))
        };
        let template = kind.templates[kind.weights.sample(chance)];
        // The database keeps whole milliseconds, and a template's are whole too.
        let placed_us = placed_us / 1000 * 1000 + template.placed_us % 1000;
        let (buyer, seller) = (self.people.buyer(chance), self.people.seller(chance));
        Some((template, Copy { no, placed_us, buyer, seller }))
    }
}

impl<'a> Kind<'a> {
    fn even(templates: Vec<&'a Template>) -> Self {
        let weights = WeightedIndex::new(templates.iter().map(|_| 1.0)).expect("there are templates");
        Self { templates, weights }
    }

    /// Long ones as seldom as the mean wants: a template's weight is a power of its length.
    fn with_mean(templates: Vec<&'a Template>, wanted: f64) -> Result<Self, DatasetError> {
        let by = |power: f64| move |template: &Template| f64::from(template.entries).powf(power);
        let (mut low, mut high) = (-8.0, 8.0);
        let (least, most) = (mean(&templates, by(low)), mean(&templates, by(high)));
        if !(least..=most).contains(&wanted) {
            return Err(DatasetError::Unreachable { wanted, least, most });
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if mean(&templates, by(middle)) < wanted { low = middle } else { high = middle }
        }
        let weights = templates.iter().map(|template| by(low)(template));
        let weights = WeightedIndex::new(weights).expect("weights above 0");
        Ok(Self { templates, weights })
    }
}

fn mean(templates: &[&Template], weight: impl Fn(&Template) -> f64) -> f64 {
    let of = |template: &&Template| (weight(template), f64::from(template.entries));
    let (weights, entries) = templates
        .iter()
        .map(of)
        .fold((0.0, 0.0), |(w, e), (weight, entries)| (w + weight, e + weight * entries));
    entries / weights
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn templates() -> Vec<(bool, Template)> {
        let lengths = [(true, 8), (true, 40), (true, 2500), (false, 12)];
        let of = |entries| Template::compile(Uuid::nil(), DateTime::UNIX_EPOCH, &[], entries);
        lengths.into_iter().map(|(finished, entries)| (finished, of(entries))).collect()
    }

    fn scale(entries: u64, seed: u64) -> Scale {
        Scale { orders: 20_000, entries, unfinished_percent: 2, talk_most: 2500, seed }
    }

    fn drawn(seed: u64) -> Vec<(u32, u32, i64, String, String)> {
        let templates = templates();
        let now = "2026-01-31T12:00:00Z".parse().expect("a moment");
        let picks = Picks::new(&templates, scale(1_000_000, seed), now).expect("50 can be reached");
        picks.map(|(t, c)| (t.entries, c.no, c.placed_us, c.buyer, c.seller)).collect()
    }

    #[test]
    fn a_seed_is_a_data_set_of_the_wanted_size() {
        let orders = drawn(1);
        assert_eq!(orders, drawn(1));
        assert_ne!(orders, drawn(2));
        let entries: u32 = orders.iter().map(|order| order.0).sum();
        assert!((900_000..1_100_000).contains(&entries), "{entries}");
        let big = orders.iter().filter(|order| order.4 == "seller-big-1").count();
        assert!((800..1200).contains(&big), "a fifth of them goes to four sellers: {big}");
        assert!(orders[..19_600].is_sorted_by_key(|order| order.2), "finished ones come in time");
    }

    #[test]
    fn what_no_mixture_reaches_is_refused() {
        let templates = templates();
        let refused = Picks::new(&templates, scale(900_000_000, 1), DateTime::UNIX_EPOCH).err();
        assert!(matches!(refused, Some(DatasetError::Unreachable { .. })));
    }
}
