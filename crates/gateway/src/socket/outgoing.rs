//! What is on its way into one stream: whole frames, and the reader's own answers (pong, close) between two of them.
//!
//! Pure: it knows what comes next and how far it got; whoever has the stream tells it how much that took.

use std::io::IoSlice;

use super::wire::Wire;

/// Pieces of one `writev`.
pub const SLICES: usize = 64;
/// Answers that may wait; a client that only pings waits for them.
pub const REPLIES_BYTES_MAX: usize = 1024;

/// Half written, or not begun.
#[derive(Debug, Default)]
pub struct Outgoing {
    frames: Vec<Wire>,
    /// Frames of these that are written, and bytes of the one after them.
    whole: usize,
    part: usize,
    replies: Vec<u8>,
    replied: usize,
}

impl Outgoing {
    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.replies.is_empty()
    }

    /// Do answers of the reader wait?
    pub fn has_replies(&self) -> bool {
        !self.replies.is_empty()
    }

    /// Adds frames.
    pub fn put(&mut self, frames: Vec<Wire>) {
        if self.frames.is_empty() {
            self.frames = frames;
        } else {
            self.frames.extend(frames);
        }
    }

    /// Adds an answer of the reader, before every frame that has not begun; false when too much waits.
    pub fn reply(&mut self, bytes: &[u8]) -> bool {
        let fits = self.replies.len() + bytes.len() <= REPLIES_BYTES_MAX;
        if fits {
            self.replies.extend_from_slice(bytes);
        }
        fits
    }

    /// What comes next, in order; how many pieces.
    pub fn next<'a>(&'a self, pieces: &mut [IoSlice<'a>; SLICES]) -> usize {
        let begun = (self.part > 0).then(|| &self.frames[self.whole].bytes()[self.part..]);
        let replies = self.has_replies().then(|| &self.replies[self.replied..]);
        let rest = &self.frames[self.whole + usize::from(begun.is_some())..];
        let all = begun.into_iter().chain(replies).chain(rest.iter().map(Wire::bytes));
        let mut count = 0;
        for (piece, bytes) in pieces.iter_mut().zip(all) {
            *piece = IoSlice::new(bytes);
            count += 1;
        }
        count
    }

    /// So much of it is written.
    pub fn written(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let replies = self.part == 0 && self.has_replies();
            let (done, length) = if replies {
                (&mut self.replied, self.replies.len())
            } else {
                (&mut self.part, self.frames[self.whole].len())
            };
            let step = bytes.min(length - *done);
            (*done, bytes) = (*done + step, bytes - step);
            if *done < length {
                return;
            }
            *done = 0;
            if replies {
                self.replies = Vec::new();
            } else {
                self.whole += 1;
            }
        }
        if self.whole == self.frames.len() {
            (self.frames, self.whole) = (Vec::new(), 0);
        }
    }

    /// Keeps what is half written, and answers of the reader: after those a goodbye can still be read.
    pub fn cut(&mut self) {
        self.frames.truncate(self.whole + usize::from(self.part > 0));
        if self.whole == self.frames.len() {
            (self.frames, self.whole) = (Vec::new(), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Takes what comes next, at most so many bytes.
    fn take(outgoing: &mut Outgoing, most: usize) -> Vec<u8> {
        let mut pieces = [IoSlice::new(&[]); SLICES];
        let count = outgoing.next(&mut pieces);
        let mut bytes: Vec<u8> = pieces[..count].iter().flat_map(|piece| piece.iter().copied()).collect();
        bytes.truncate(most);
        outgoing.written(bytes.len());
        bytes
    }

    fn frame(text: &str) -> Wire {
        Wire::text(text)
    }

    #[test]
    fn an_answer_goes_between_two_frames() {
        let mut outgoing = Outgoing::default();
        outgoing.put(vec![frame("a"), frame("b")]);
        assert_eq!(take(&mut outgoing, 1), [0x81]);
        assert!(outgoing.reply(b"pong"));
        assert_eq!(take(&mut outgoing, 4), b"\x01apo");
        assert!(outgoing.reply(b"!"));
        assert_eq!(take(&mut outgoing, usize::MAX), b"ng!\x81\x01b");
        assert!(outgoing.is_empty());
    }

    #[test]
    fn only_what_has_begun_is_finished_at_the_end() {
        let mut outgoing = Outgoing::default();
        outgoing.put(vec![frame("a"), frame("b"), frame("c")]);
        assert_eq!(take(&mut outgoing, 4), b"\x81\x01a\x81");
        outgoing.cut();
        outgoing.put(vec![frame("bye")]);
        assert_eq!(take(&mut outgoing, usize::MAX), b"\x01b\x81\x03bye");

        outgoing.put(vec![frame("a"), frame("b")]);
        assert_eq!(take(&mut outgoing, 3), b"\x81\x01a");
        outgoing.cut();
        assert!(outgoing.is_empty(), "nothing had begun");
    }

    #[test]
    fn answers_are_bounded() {
        let mut outgoing = Outgoing::default();
        assert!((0..REPLIES_BYTES_MAX).all(|_| outgoing.reply(b"x")) && !outgoing.reply(b"x"));
        take(&mut outgoing, usize::MAX);
        assert!(outgoing.reply(b"x"));
    }

    proptest! {
        /// However the stream takes it, every frame leaves whole and in order, and so does every answer.
        #[test]
        fn nothing_is_lost_or_torn(steps in prop::collection::vec((0_u8..3, 0_usize..200), 0..200)) {
            let (mut outgoing, mut frames, mut pongs, mut out) = (Outgoing::default(), 0_u32, 0_u32, Vec::new());
            for (step, size) in steps {
                match step {
                    0 => {
                        let batch = (0..size % 100).map(|_| { frames += 1; frame(&format!("{frames};")) });
                        outgoing.put(batch.collect());
                    }
                    1 => pongs += u32::from(outgoing.reply(&[0x8A, 0])),
                    _ => out.extend(take(&mut outgoing, size)),
                }
            }
            while !outgoing.is_empty() {
                out.extend(take(&mut outgoing, usize::MAX));
            }
            let (mut texts, mut answered, mut rest) = (String::new(), 0, &out[..]);
            while let [first, length, more @ ..] = rest {
                let (payload, more) = more.split_at(usize::from(*length));
                texts.push_str(std::str::from_utf8(payload).unwrap());
                answered += u32::from(*first == 0x8A);
                rest = more;
            }
            let numbers: Vec<String> = (1..=frames).map(|number| format!("{number};")).collect();
            prop_assert_eq!(texts, numbers.concat());
            prop_assert_eq!(answered, pongs);
        }
    }
}
