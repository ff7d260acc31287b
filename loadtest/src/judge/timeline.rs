//! One room's timeline as its members saw it: a running hash over every prefix, so that a swap, a gap or another text
//! shows at its very place, and members who have heard differently far can be compared.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, Hasher as _},
};

use foldhash::quality::FixedState;
use parking_lot::Mutex;
use uuid::Uuid;

use super::Fault;
use crate::scan::EntryHeard;

/// Entry `seq` stands at `seq - 1`.
#[derive(Debug, Default)]
pub struct Timeline(Mutex<Vec<Place>>);

/// One entry, with everything before it.
#[derive(Clone, Copy, Debug)]
struct Place {
    prefix: u64,
    id: Uuid,
}

/// How far one member has heard.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    last: u64,
    prefix: u64,
    /// After a gap in what nobody else has heard either there is nothing to compare with.
    lost: bool,
}

impl Reader {
    /// The last entry heard.
    pub fn last(&self) -> u64 {
        self.last
    }
}

impl Timeline {
    /// A member heard an entry: is it the next one, and the same for everybody?
    pub fn take(&self, reader: &mut Reader, entry: &EntryHeard<'_>) -> Result<(), Fault> {
        let EntryHeard { seq, id, json } = *entry;
        let last = reader.last;
        if seq <= last {
            return Err(Fault::Repeated { last, seq });
        }
        let mut places = self.0.lock();
        if seq > last + 1 {
            let before = index(seq - 1).and_then(|before| places.get(before));
            *reader = match before {
                Some(before) => Reader { last: seq - 1, prefix: before.prefix, lost: false },
                None => Reader { last: seq - 1, prefix: 0, lost: true },
            };
        }
        reader.prefix = chain(reader.prefix, json);
        reader.last = seq;
        let known = index(seq).and_then(|at| places.get(at)).map(|place| place.prefix);
        let same = match known {
            Some(prefix) => reader.lost || prefix == reader.prefix,
            None if reader.lost => true,
            None => {
                places.push(Place { prefix: reader.prefix, id });
                true
            }
        };
        if !same {
            // Said once: from here on it is compared with what the others go on to see.
            reader.prefix = known.unwrap_or_default();
            return Err(Fault::Diverged { seq });
        }
        if seq > last + 1 { Err(Fault::Gap { last, seq }) } else { Ok(()) }
    }

    /// How many entries somebody heard.
    pub fn len(&self) -> u64 {
        self.0.lock().len() as u64
    }

    /// Did nobody hear anything?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What caused an entry.
    pub fn id_at(&self, seq: u64) -> Option<Uuid> {
        self.0.lock().get(index(seq)?).map(|place| place.id)
    }

    /// The entry that a command caused.
    pub fn place_of(&self, id: Uuid) -> Option<u64> {
        self.0.lock().iter().position(|place| place.id == id).map(|at| at as u64 + 1)
    }

    /// Entries whose command had caused one before, among those that cause exactly one.
    pub fn repeated(&self, causes_one: impl Fn(Uuid) -> bool) -> Vec<(u64, Uuid)> {
        let places = self.0.lock();
        let mut seen = HashSet::with_capacity(places.len());
        let numbered = (1..).zip(places.iter().map(|place| place.id));
        numbered.filter(|(_, id)| causes_one(*id) && !seen.insert(*id)).collect()
    }
}

fn index(seq: u64) -> Option<usize> {
    usize::try_from(seq.checked_sub(1)?).ok()
}

fn chain(prefix: u64, json: &str) -> u64 {
    let mut hasher = FixedState::with_seed(prefix).build_hasher();
    hasher.write(json.as_bytes());
    hasher.finish()
}
