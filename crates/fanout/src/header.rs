//! The binary header in front of every payload. Pure: bytes in, bytes out, no panic on garbage.
//!
//! Big-endian: format 1 · kind 1 · flags 1 · node 16 · epoch 16 · order 16 · seq 8 · count 4 ·
//! version 8, then the payload. Fields that a kind does not use are zero and not read.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use order_domain::ids::{OrderId, UserId};
use order_domain::values::Seq;
use uuid::Uuid;

use crate::publication::Publication;

/// Raised with every change that an older node would misread.
const FORMAT: u8 = 1;
pub(crate) const HEADER_BYTES: usize = 71;
/// No entry comes near; whatever is larger is not ours.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 1 << 20;
const CHANGED: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Entry = 1,
    Signal = 2,
    Head = 3,
    Node = 4,
    Canary = 5,
}

/// Who speaks, of what, in which epoch: enough to drop a message without touching its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) node: Uuid,
    pub(crate) epoch: Uuid,
    order: Uuid,
    seq: u64,
    count: u32,
    version: u64,
    changed: bool,
}

/// Bytes that no node of this format wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unparsable;

impl Header {
    pub(crate) fn canary(node: Uuid, epoch: Uuid) -> Self {
        let order = Uuid::nil();
        Self { kind: Kind::Canary, node, epoch, order, seq: 0, count: 0, version: 0, changed: false }
    }

    pub(crate) fn of(publication: &Publication, node: Uuid, epoch: Uuid) -> Self {
        let blank = Self::canary(node, epoch);
        match *publication {
            Publication::Entry { order, first, last, version, changed, .. } => {
                let count = u32::try_from(last.0.saturating_sub(first.0) + 1).unwrap_or(u32::MAX);
                Self { kind: Kind::Entry, order: order.0, seq: first.0, count, version, changed, ..blank }
            }
            Publication::Signal { order, .. } => Self { kind: Kind::Signal, order: order.0, ..blank },
            Publication::Head { order, head, .. } => {
                Self { kind: Kind::Head, order: order.0, seq: head.0, ..blank }
            }
            Publication::Node { .. } => Self { kind: Kind::Node, ..blank },
        }
    }

    pub(crate) fn write(&self, into: &mut BytesMut) {
        into.put_slice(&[FORMAT, self.kind as u8, u8::from(self.changed)]);
        into.put_u128(self.node.as_u128());
        into.put_u128(self.epoch.as_u128());
        into.put_u128(self.order.as_u128());
        into.put_u64(self.seq);
        into.put_u32(self.count);
        into.put_u64(self.version);
    }

    /// Takes the header off `bytes`; the payload stays.
    pub(crate) fn take(bytes: &mut Bytes) -> Result<Self, Unparsable> {
        let length = HEADER_BYTES..=HEADER_BYTES + PAYLOAD_BYTES_MAX;
        if !length.contains(&bytes.len()) || bytes.get_u8() != FORMAT {
            return Err(Unparsable);
        }
        let kind = Kind::read(bytes.get_u8())?;
        let flags = bytes.get_u8();
        Ok(Self {
            kind,
            node: Uuid::from_u128(bytes.get_u128()),
            epoch: Uuid::from_u128(bytes.get_u128()),
            order: Uuid::from_u128(bytes.get_u128()),
            seq: bytes.get_u64(),
            count: bytes.get_u32(),
            version: bytes.get_u64(),
            changed: flags & CHANGED != 0,
        })
    }

    /// The publication that this header and its payload make; none for a canary.
    pub(crate) fn publication(&self, payload: Bytes) -> Result<Publication, Unparsable> {
        let order = OrderId(self.order);
        match self.kind {
            Kind::Entry => self.entry(payload),
            Kind::Signal => Ok(Publication::Signal { order, frame: payload }),
            Kind::Head => Ok(Publication::Head { user: user(&payload)?, order, head: Seq(self.seq) }),
            Kind::Node => Ok(Publication::Node { frame: payload }),
            Kind::Canary => Err(Unparsable),
        }
    }

    fn entry(&self, frame: Bytes) -> Result<Publication, Unparsable> {
        let more = u64::from(self.count).checked_sub(1).ok_or(Unparsable)?;
        let last = self.seq.checked_add(more).ok_or(Unparsable)?;
        let (order, first) = (OrderId(self.order), Seq(self.seq));
        let Self { version, changed, .. } = *self;
        if first.0 == 0 {
            Err(Unparsable)
        } else {
            Ok(Publication::Entry { order, first, last: Seq(last), version, changed, frame })
        }
    }
}

impl Kind {
    fn read(byte: u8) -> Result<Self, Unparsable> {
        let kinds = [Self::Entry, Self::Signal, Self::Head, Self::Node, Self::Canary];
        kinds.into_iter().find(|kind| *kind as u8 == byte).ok_or(Unparsable)
    }
}

fn user(payload: &[u8]) -> Result<UserId, Unparsable> {
    let text = std::str::from_utf8(payload).map_err(|_| Unparsable)?;
    UserId::new(text).map_err(|_| Unparsable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(publication: &Publication, node: Uuid, epoch: Uuid) -> Bytes {
        let mut bytes = BytesMut::new();
        Header::of(publication, node, epoch).write(&mut bytes);
        assert_eq!(bytes.len(), HEADER_BYTES);
        bytes.put_slice(publication.payload());
        bytes.freeze()
    }

    fn uuids() -> impl Strategy<Value = Uuid> {
        any::<u128>().prop_map(Uuid::from_u128)
    }

    fn frames() -> impl Strategy<Value = Bytes> {
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Bytes::from)
    }

    fn publications() -> impl Strategy<Value = Publication> {
        let order = || uuids().prop_map(OrderId);
        let user = "[A-Za-z0-9._:-]{1,64}".prop_map(|id| UserId::new(id).expect("fits"));
        prop_oneof![
            (order(), 1..u64::MAX / 2, 0..1000u64, any::<u64>(), any::<bool>(), frames()).prop_map(
                |(order, first, more, version, changed, frame)| {
                    let (first, last) = (Seq(first), Seq(first + more));
                    Publication::Entry { order, first, last, version, changed, frame }
                }
            ),
            (order(), frames()).prop_map(|(order, frame)| Publication::Signal { order, frame }),
            (user, order(), any::<u64>().prop_map(Seq)).prop_map(|(user, order, head)| Publication::Head {
                user,
                order,
                head
            }),
            frames().prop_map(|frame| Publication::Node { frame }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(publication in publications(), node in uuids(), epoch in uuids()) {
            let mut bytes = encoded(&publication, node, epoch);
            let header = Header::take(&mut bytes).expect("our own bytes");
            prop_assert_eq!(header.node, node);
            prop_assert_eq!(header.publication(bytes), Ok(publication));
        }

        #[test]
        fn garbage_is_refused_or_read_but_never_panics(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
            read(garbage.into());
        }

        #[test]
        fn a_damaged_message_never_panics(
            publication in publications(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = encoded(&publication, Uuid::nil(), Uuid::nil()).to_vec();
            let length = bytes.len();
            bytes[at.index(length)] = byte;
            read(bytes.clone().into());
            bytes.truncate(cut.index(length));
            read(bytes.into());
        }
    }

    fn read(mut bytes: Bytes) {
        if let Ok(header) = Header::take(&mut bytes) {
            let _ = header.publication(bytes);
        }
    }

    #[test]
    fn another_format_an_unknown_kind_and_a_giant_are_refused() {
        let news = Publication::Node { frame: Bytes::from_static(b"x") };
        let good = encoded(&news, Uuid::nil(), Uuid::nil()).to_vec();
        for (at, byte) in [(0, FORMAT + 1), (1, 0), (1, 99)] {
            let mut bad = good.clone();
            bad[at] = byte;
            assert_eq!(Header::take(&mut bad.into()), Err(Unparsable), "byte {at} = {byte}");
        }
        let giant = vec![FORMAT; HEADER_BYTES + PAYLOAD_BYTES_MAX + 1];
        assert_eq!(Header::take(&mut giant.into()), Err(Unparsable));
    }

    #[test]
    fn entries_need_a_place_in_the_timeline() {
        let header =
            |seq, count| Header { kind: Kind::Entry, seq, count, ..Header::canary(Uuid::nil(), Uuid::nil()) };
        for (seq, count) in [(0, 1), (1, 0), (u64::MAX, 2)] {
            assert_eq!(header(seq, count).publication(Bytes::new()), Err(Unparsable), "{seq} x {count}");
        }
    }
}
