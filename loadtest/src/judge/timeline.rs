//! One room's timeline as its members saw it: what stands at each place by a hash of its text, so that a swap or another
//! text shows at its very place, and members who have heard differently far can be compared.

use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher as _, Hasher as _},
};

use foldhash::quality::FixedState;
use parking_lot::Mutex;
use uuid::Uuid;

use super::Fault;
use crate::scan::EntryHeard;

/// How far beyond what is known an entry may claim to stand: its seq is not ours, and memory is kept for every place.
const FARTHEST: usize = 1 << 20;
/// Skipped entries that one member waits for; more are lost.
const MISSING_AT_MOST: u64 = 1 << 14;

/// Entry `seq` stands at `seq - 1`; a place that nobody has heard yet is empty.
#[derive(Debug, Default)]
pub struct Timeline(Mutex<Vec<Option<Place>>>);

/// One entry.
#[derive(Clone, Copy, Debug)]
struct Place {
    text: u64,
    id: Uuid,
}

impl Place {
    fn of(entry: &EntryHeard<'_>) -> Self {
        Self { text: hash(0, entry.json.as_bytes()), id: entry.id }
    }
}

/// How far one member has heard.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    last: u64,
    /// What was skipped and may still come.
    missing: BTreeSet<u64>,
    /// What was skipped and is no longer waited for.
    given_up: u64,
    /// Over everything heard, in the order in which it came.
    order: u64,
}

impl Reader {
    /// The last entry heard.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Entries before the last one that never came.
    pub fn missing(&self) -> u64 {
        self.missing.len() as u64 + self.given_up
    }

    /// Equal for members who heard the same entries in the same order.
    pub fn order(&self) -> u64 {
        self.order
    }

    /// Takes the seq; an error if it is not the next one.
    fn advance(&mut self, seq: u64) -> Result<(), Fault> {
        let last = self.last;
        if seq <= last {
            let late = self.missing.remove(&seq);
            return Err(if late { Fault::Late { last, seq } } else { Fault::Repeated { last, seq } });
        }
        self.last = seq;
        if seq == last + 1 {
            return Ok(());
        }
        let room = MISSING_AT_MOST.saturating_sub(self.missing.len() as u64);
        let waited_for = (last + 1..seq).take(usize::try_from(room).unwrap_or_default());
        let before = self.missing.len();
        self.missing.extend(waited_for);
        self.given_up += seq - last - 1 - (self.missing.len() - before) as u64;
        Err(Fault::Gap { last, seq })
    }
}

impl Timeline {
    /// A member heard an entry: is it the next one, and the same for everybody?
    pub fn take(&self, reader: &mut Reader, entry: &EntryHeard<'_>) -> Result<(), Fault> {
        let (seq, heard) = (entry.seq, Place::of(entry));
        let place = reader.advance(seq);
        if !matches!(place, Err(Fault::Repeated { .. })) {
            reader.order = hash(reader.order, &heard.text.to_ne_bytes());
        }
        self.compare(seq, heard).and(place)
    }

    /// A member heard an entry once more: is it still the same?
    pub fn agrees(&self, entry: &EntryHeard<'_>) -> Result<(), Fault> {
        self.compare(entry.seq, Place::of(entry))
    }

    /// An error if somebody heard something else there.
    fn compare(&self, seq: u64, heard: Place) -> Result<(), Fault> {
        let mut places = self.0.lock();
        let Some(at) = index(seq).filter(|at| *at < places.len() + FARTHEST) else { return Ok(()) };
        if at >= places.len() {
            places.resize(at + 1, None);
        }
        let is_same = places[at].get_or_insert(heard).text == heard.text;
        if is_same { Ok(()) } else { Err(Fault::Diverged { seq }) }
    }

    /// The last entry that somebody heard.
    pub fn len(&self) -> u64 {
        self.0.lock().len() as u64
    }

    /// Did nobody hear anything?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What caused an entry.
    pub fn id_at(&self, seq: u64) -> Option<Uuid> {
        self.0.lock().get(index(seq)?)?.map(|place| place.id)
    }

    /// The entry that a command caused.
    pub fn place_of(&self, id: Uuid) -> Option<u64> {
        let places = self.0.lock();
        places.iter().position(|place| place.is_some_and(|place| place.id == id)).map(|at| at as u64 + 1)
    }

    /// Entries whose command had caused one before, among those that cause exactly one.
    pub fn repeated(&self, causes_one: impl Fn(Uuid) -> bool) -> Vec<(u64, Uuid)> {
        let places = self.0.lock();
        let mut seen = HashSet::with_capacity(places.len());
        let numbered = (1..).zip(places.iter()).filter_map(|(seq, place)| Some((seq, (*place)?.id)));
        numbered.filter(|(_, id)| causes_one(*id) && !seen.insert(*id)).collect()
    }
}

fn index(seq: u64) -> Option<usize> {
    usize::try_from(seq.checked_sub(1)?).ok()
}

fn hash(before: u64, bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(before).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}
