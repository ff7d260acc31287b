//! From a commit to everybody: each entry is encoded once, for the room here and for the other nodes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use fanout::Publication;
use order_actions::Committed;
use order_domain::{event::Entry, ids::OrderId, values::Seq};
use protocol::{ServerFrame, server_frame::EntryFrame};

use super::{
    Rooms, heal,
    news::{self, RoomNews},
};
use crate::socket::wire::Wire;

/// A commit of the same room that overtook this one arrives within this time.
pub(super) const PATIENCE: Duration = Duration::from_millis(25);

/// One entry as it goes onto the wire.
pub fn encoded(order: OrderId, entry: &Arc<Entry>) -> (Seq, Wire) {
    let frame = ServerFrame::<&Entry, ()>::Entry(EntryFrame { order, entry });
    (entry.seq, Wire::frame(&frame))
}

pub(super) fn deliver(rooms: &Rooms, committed: Committed) {
    let order = committed.order;
    let wires: Vec<_> = committed.entries.iter().map(|entry| encoded(order, entry)).collect();
    rooms.0.fanout.publish(publications(&committed, &wires));
    if let Some(head) = wires.last().map(|(seq, _)| *seq) {
        rooms.0.inbox.moved(rooms, order, head, [&committed.buyer, &committed.seller]);
    }
    let Some(room) = rooms.0.registry.get(order) else { return };
    let mut wanted = room.deliver(wires);
    if let Some(view) = &committed.room {
        wanted = wanted.and(room.show(view));
    }
    if !committed.agents_out.is_empty() {
        wanted = wanted.and(room.withdraw(&committed.agents_out));
    }
    heal::attend(rooms, &room, wanted, PATIENCE);
}

fn publications(committed: &Committed, wires: &[(Seq, Wire)]) -> Vec<Publication> {
    let (order, version) = (committed.order, committed.version);
    let last = wires.last().map(|(seq, _)| *seq);
    let entry = |(seq, wire): &(Seq, Wire)| Publication::Entry {
        order,
        first: *seq,
        last: *seq,
        version,
        changed: committed.room.is_some() && Some(*seq) == last,
        frame: wire.payload(),
    };
    let mut publications: Vec<_> = wires.iter().map(entry).collect();
    if committed.desk_changed || !committed.agents_out.is_empty() {
        let frame: Bytes = news::encode(&RoomNews::Desk { out: committed.agents_out.clone() });
        publications.push(Publication::Signal { order, frame });
    }
    publications
}
