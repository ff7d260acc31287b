//! `inbox` frames: a room moved, and a participant's devices that do not follow it are told, once a second.
//!
//! The node that commits says so on the users' channels; the node that has the device makes the frame.

use std::time::{Duration, Instant};

use fanout::Publication;
use futures_util::StreamExt as _;
use order_actions::{InboxRoom, RoomKind};
use order_domain::{
    ids::{OrderId, UserId},
    values::Seq,
};
use parking_lot::Mutex;
use protocol::{
    ServerFrame,
    room::Person,
    server_frame::{InboxRoom as Line, LastEntry},
};
use tokio::sync::mpsc;

use super::{Rooms, coalesce::Coalesce, inbox_sweep::Told};
use crate::{socket::wire::Wire, unavailable};

const EVERY: Duration = Duration::from_secs(1);
/// Frames that may wait to be made; beyond, they are left to the sweep.
const WAITING_MAX: usize = 4096;
/// Frames that are made at once.
const AT_ONCE: usize = 4;

type Heads = Coalesce<OrderId, (Seq, [UserId; 2])>;

/// What the users of this node, and of others, have to be told.
#[derive(Debug)]
pub struct Inbox {
    heads: Mutex<Heads>,
    devices: Mutex<Coalesce<(UserId, OrderId), ()>>,
    told: Mutex<Told>,
    wanted: mpsc::Sender<(UserId, OrderId)>,
}

impl Inbox {
    /// And the frames that are to be made.
    pub fn new() -> (Self, mpsc::Receiver<(UserId, OrderId)>) {
        let (wanted, frames) = mpsc::channel(WAITING_MAX);
        (
            Self {
                heads: Mutex::new(Coalesce::new(EVERY)),
                devices: Mutex::new(Coalesce::new(EVERY)),
                told: Mutex::default(),
                wanted,
            },
            frames,
        )
    }

    /// A commit on this node.
    pub(super) fn moved(&self, rooms: &Rooms, order: OrderId, head: Seq, users: [&UserId; 2]) {
        let value = (head, users.map(Clone::clone));
        let newest = |older: (Seq, _), newer: (Seq, _)| if newer.0 > older.0 { newer } else { older };
        let now = self.heads.lock().offer(order, value, Instant::now(), newest);
        if let Some((head, users)) = now {
            self.publish(rooms, order, head, users);
        }
    }

    /// A room of this user moved, here or elsewhere.
    pub(super) fn heard(&self, rooms: &Rooms, user: &UserId, order: OrderId) {
        if elsewhere(rooms, user, order).is_empty() {
            return;
        }
        let key = (user.clone(), order);
        if self.devices.lock().offer(key.clone(), (), Instant::now(), |(), ()| ()).is_some() {
            self.want(key);
        }
    }

    /// The sweep found a room of this user that moved lately.
    pub(super) fn found(&self, rooms: &Rooms, user: &UserId, order: OrderId, head: Seq) {
        if !self.told.lock().knows(user, order, head) {
            self.heard(rooms, user, order);
        }
    }

    /// A sweep is over.
    pub(super) fn forget_told(&self, now: Instant) {
        self.told.lock().forget(now);
    }

    /// Passes what waited for its second to be over.
    pub(super) fn tick(&self, rooms: &Rooms) {
        let heads = self.heads.lock().due(Instant::now());
        for (order, (head, users)) in heads {
            self.publish(rooms, order, head, users);
        }
        let devices = self.devices.lock().due(Instant::now());
        devices.into_iter().for_each(|(key, ())| self.want(key));
    }

    fn publish(&self, rooms: &Rooms, order: OrderId, head: Seq, users: [UserId; 2]) {
        users.iter().for_each(|user| self.heard(rooms, user, order));
        let heads = users.map(|user| Publication::Head { user, order, head });
        rooms.0.fanout.publish(heads.into());
    }

    fn want(&self, key: (UserId, OrderId)) {
        // Full: see WAITING_MAX, and the sweep.
        let _ = self.wanted.try_send(key);
    }
}

/// Makes the frames, until the node drains.
pub(super) async fn run(rooms: Rooms, wanted: mpsc::Receiver<(UserId, OrderId)>) {
    let keys =
        futures_util::stream::unfold(wanted, |mut wanted| async { Some((wanted.recv().await?, wanted)) });
    let making = keys.for_each_concurrent(AT_ONCE, |(user, order)| make(&rooms, user, order));
    tokio::select! {
        () = making => {}
        () = rooms.0.over.cancelled() => {}
    }
}

async fn make(rooms: &Rooms, user: UserId, order: OrderId) {
    match rooms.0.store.inbox_room(&user, order).await {
        Ok(Some(room)) => {
            rooms.0.inbox.told.lock().note(&user, order, room.head);
            let wire = Wire::frame(&ServerFrame::<(), ()>::Inbox(Box::new(line(room))));
            elsewhere(rooms, &user, order).iter().for_each(|peer| peer.queue.push(wire.clone()));
        }
        Ok(None) => {}
        // The sweep finds it again.
        Err(error) => unavailable::note(&error),
    }
}

/// The user's devices here that do not follow the room.
fn elsewhere(rooms: &Rooms, user: &UserId, order: OrderId) -> Vec<std::sync::Arc<crate::socket::peer::Peer>> {
    let mut devices = rooms.0.devices.of(user);
    devices.retain(|peer| peer.room(order).is_none());
    devices
}

/// A room of an inbox, as the wire has it.
pub fn line(room: InboxRoom) -> Line {
    let last = room.last.map(|last| LastEntry { by: last.by, preview: last.preview, at: last.at });
    Line {
        order: room.order,
        title: (room.kind == RoomKind::Order).then_some(room.title),
        reference: room.reference,
        other: Person { user: room.other, name: room.other_name },
        state: room.state,
        label: room.label,
        case: room.case,
        head: room.head,
        unread: room.unread,
        last,
        next_step: room.next_step,
        deadline: room.deadline,
    }
}
