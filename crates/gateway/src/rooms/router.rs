//! What the other nodes say: parsed no further than needed, handed to the room it is for. Never waits.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use fanout::{Incoming, Publication};
use order_domain::{ids::OrderId, values::Seq};
use protocol::server_frame::{Signal, SignalKind};
use tokio::sync::mpsc;

use super::{
    Rooms, heal,
    news::{NodeNews, RoomNews},
    outbound::PATIENCE,
    room::Room,
};
use crate::{metrics, socket::wire::Wire};

/// Taken at once.
const BATCH: usize = 256;

/// Runs until the node drains.
pub(super) async fn run(rooms: Rooms, mut incoming: mpsc::Receiver<Incoming>) {
    let mut batch = Vec::new();
    loop {
        let received = tokio::select! {
            received = incoming.recv_many(&mut batch, BATCH) => received,
            () = rooms.0.over.cancelled() => return,
        };
        if received == 0 {
            return;
        }
        for incoming in batch.drain(..) {
            match incoming {
                Incoming::News(publication) => hear(&rooms, publication),
                Incoming::Generation(_) => rooms.0.reconcile.notify_one(),
            }
        }
    }
}

fn hear(rooms: &Rooms, publication: Publication) {
    match publication {
        Publication::Entry { order, first, last, version, changed, frame } => {
            let Some(room) = rooms.0.registry.get(order) else { return };
            entry(rooms, &room, (first, last), &frame);
            if changed {
                heal::attend(rooms, &room, room.learn(last, version), PATIENCE);
            }
        }
        Publication::Signal { order, frame } => {
            if let Some(room) = rooms.0.registry.get(order) {
                signal(rooms, &room, &frame);
            }
        }
        Publication::Head { user, order, .. } => rooms.0.inbox.heard(rooms, &user, order),
        Publication::Node { frame } => match serde_json::from_slice(&frame) {
            Ok(NodeNews::Revoked { user, up_to }) => rooms.revocation_noted(&user, up_to),
            Err(_) => unreadable(),
        },
    }
}

/// One entry, as the node that committed it encoded it.
fn entry(rooms: &Rooms, room: &Arc<Room>, (first, last): (Seq, Seq), frame: &Bytes) {
    let wanted = match text(room.order, frame) {
        Some(text) if first == last => room.deliver([(first, Wire::text(text))]),
        _ => {
            unreadable();
            room.learn(last, 0)
        }
    };
    heal::attend(rooms, room, wanted, PATIENCE);
}

fn text(order: OrderId, frame: &Bytes) -> Option<&str> {
    let text = std::str::from_utf8(frame).ok()?;
    let begins = format!(r#"{{"type":"entry","order":"{order}","entry":{{"#);
    (text.starts_with(&begins) && text.ends_with('}')).then_some(text)
}

fn signal(rooms: &Rooms, room: &Arc<Room>, frame: &Bytes) {
    let order = room.order;
    match serde_json::from_slice(frame) {
        Ok(RoomNews::Typing { user, on }) => {
            room.signal(&Signal { order, user, kind: SignalKind::Typing { on } });
        }
        Ok(RoomNews::Read { user, seq }) => {
            room.signal(&Signal { order, user, kind: SignalKind::Read { seq } });
        }
        Ok(RoomNews::Present { node, users }) => {
            if room.hear(node, users) {
                rooms.announce(room);
            }
        }
        Ok(RoomNews::Desk { out }) => {
            heal::attend(rooms, room, room.withdraw(&out).and(room.look_again()), Duration::ZERO);
        }
        Err(_) => unreadable(),
    }
}

fn unreadable() {
    metrics::counter!(metrics::UNREADABLE_NEWS).increment(1);
}
