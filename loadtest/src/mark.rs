//! What a message of ours carries: a command id that says when it was due, and a canary that says who may see it.
//! Pure.

use std::fmt::Write as _;

use memchr::memmem::Finder;
use uuid::Uuid;

/// Bytes of a UUID that are free in version 8, in the order in which they are filled.
const FREE: [usize; 14] = [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15];

/// What the id of a message says: which run, which message, and the moment it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The run, so that two load machines never use the same id.
    pub run: u32,
    /// Counts the messages of the run, modulo 2^24.
    pub number: u32,
    /// Microseconds from the start of the run, modulo 2^56.
    pub due_us: u64,
}

impl Mark {
    /// The command id. Ids of later messages are larger, as with ids made of the time.
    pub fn id(self) -> Uuid {
        let packed = u128::from(self.run) << 80 | u128::from(self.due_us & 0xff_ffff_ffff_ffff) << 24;
        let packed = packed | u128::from(self.number & 0xff_ffff);
        let mut bytes = [0; 16];
        for (place, byte) in FREE.into_iter().zip(&packed.to_be_bytes()[2..]) {
            bytes[place] = *byte;
        }
        Uuid::new_v8(bytes)
    }

    /// Reads an id of this run; `None` for ids of others.
    pub fn of(id: Uuid, run: u32) -> Option<Self> {
        let bytes = id.as_bytes();
        let packed = FREE.into_iter().fold(0_u128, |packed, place| packed << 8 | u128::from(bytes[place]));
        let found = u32::try_from(packed >> 80).ok()?;
        (found == run && id.get_version_num() == 8).then_some(Self {
            run,
            number: u32::try_from(packed & 0xff_ffff).ok()?,
            due_us: u64::try_from(packed >> 24 & 0xff_ffff_ffff_ffff).ok()?,
        })
    }
}

/// Who may see a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The members of this room of the run.
    Room(u32),
    /// Nobody who takes part: notes of the staff.
    Staff,
}

/// Makes texts that betray a leak, and finds them in whatever arrives.
#[derive(Debug)]
pub struct Canaries {
    prefix: String,
    finder: Finder<'static>,
    filler: String,
}

impl Canaries {
    /// Texts of `text_bytes` bytes, canary included.
    pub fn new(run: u32, text_bytes: usize) -> Self {
        const WORDS: &str = "the colours of the second draft are a little warmer than we said ";
        let prefix = format!("canary-{run:08x}-");
        let finder = Finder::new(&prefix).into_owned();
        let filler = WORDS.chars().cycle().take(text_bytes).collect();
        Self { prefix, finder, filler }
    }

    /// A text for an audience.
    pub fn text(&self, audience: Audience, number: u64) -> String {
        let mut text = String::with_capacity(self.filler.len().max(48));
        // Writing to a string cannot fail.
        let _ = match audience {
            Audience::Room(room) => write!(text, "{}r{room}. {number} ", self.prefix),
            Audience::Staff => write!(text, "{}staff. {number} ", self.prefix),
        };
        let left = self.filler.len().saturating_sub(text.len());
        text.push_str(self.filler[..left].trim_end());
        text
    }

    /// Every canary in a frame whose audience does not satisfy `may_see`.
    pub fn strangers<'a>(
        &'a self,
        frame: &'a [u8],
        may_see: impl Fn(Audience) -> bool + 'a,
    ) -> Option<String> {
        let mut found = self.finder.find_iter(frame);
        found.find_map(|at| {
            let after = &frame[at + self.prefix.len()..];
            let end = after.iter().position(|byte| *byte == b'.').unwrap_or(after.len().min(12));
            let label = String::from_utf8_lossy(&after[..end]);
            let audience = match label.strip_prefix('r').and_then(|room| room.parse().ok()) {
                Some(room) => Audience::Room(room),
                None => Audience::Staff,
            };
            (!may_see(audience)).then(|| format!("{}{label}", self.prefix))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_says_what_it_was_made_of(run: u32, number in 0_u32..1 << 24, due_us in 0_u64..1 << 56) {
            let mark = Mark { run, number, due_us };
            prop_assert_eq!(Mark::of(mark.id(), run), Some(mark));
            prop_assert_eq!(Mark::of(mark.id(), run.wrapping_add(1)), None);
            prop_assert_eq!(mark.id().get_version_num(), 8);
        }
    }

    #[test]
    fn ids_rise_with_the_time() {
        let id = |due_us| Mark { run: 7, number: 3, due_us }.id();
        assert!(id(1) < id(2) && id(255) < id(256) && id(65_535) < id(65_536));
    }

    #[test]
    fn ids_of_others_are_not_ours() {
        assert_eq!(Mark::of(Uuid::now_v7(), 0), None);
        assert_eq!(Mark::of(Uuid::nil(), 0), None);
    }

    #[test]
    fn a_text_has_its_length_and_its_canary() {
        let canaries = Canaries::new(0xab, 200);
        let text = canaries.text(Audience::Room(12), 99);
        assert!((190..=200).contains(&text.len()), "{}", text.len());
        assert!(text.starts_with("canary-000000ab-r12. 99 "));
        assert!(Canaries::new(1, 0).text(Audience::Staff, 1).len() < 40);
    }

    #[test]
    fn a_canary_of_another_room_is_found_anywhere_in_a_frame() {
        let canaries = Canaries::new(5, 100);
        let mine = canaries.text(Audience::Room(3), 1);
        let theirs = canaries.text(Audience::Room(31), 1);
        let staff = canaries.text(Audience::Staff, 1);
        let may_see = |audience| audience == Audience::Room(3);
        let leak = |frame: String| canaries.strangers(frame.as_bytes(), may_see);
        assert_eq!(leak(format!("{{\"a\":\"{mine}\",\"b\":\"{mine}\"}}")), None);
        assert_eq!(leak(format!("{mine} {theirs}")), Some("canary-00000005-r31".into()));
        assert_eq!(leak(staff), Some("canary-00000005-staff".into()));
        assert_eq!(leak("canary-00000006-r4. of another run".into()), None);
    }
}
