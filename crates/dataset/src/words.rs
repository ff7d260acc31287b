//! What people say: lengths as in chats, mostly a line, sometimes a paragraph.

use rand::{Rng as _, rngs::StdRng, seq::IndexedRandom as _};

const WORDS: [&str; 24] = [
    "the",
    "video",
    "could",
    "you",
    "please",
    "send",
    "tomorrow",
    "colour",
    "of",
    "first",
    "draft",
    "is",
    "great",
    "thanks",
    "and",
    "then",
    "we",
    "change",
    "that",
    "part",
    "again",
    "grüße",
    "\"really\"",
    "ok",
];

/// One message.
pub fn text(chance: &mut StdRng) -> String {
    let long = if chance.random_ratio(1, 12) { 90 } else { 16 };
    let words = chance.random_range(2..long);
    let picked: Vec<&str> = (0..words).filter_map(|_| WORDS.choose(chance).copied()).collect();
    picked.join(" ")
}
