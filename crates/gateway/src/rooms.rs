//! The live audience of orders on this node, and the one way entries get out: [`Rooms::committed`].
//!
//! Holds no truth. What reaches a room too late, twice or not at all is put right from the timeline; nothing
//! here is waited for by whoever commits.

mod audience;
mod coalesce;
mod cursors;
mod devices;
mod heal;
mod hearing;
mod inbox;
mod inbox_sweep;
pub mod member;
mod news;
mod outbound;
pub mod presence;
mod registry;
pub mod room;
mod router;
pub mod sequencer;
mod show;
mod sweep;
mod tick;

use std::{sync::Arc, time::Duration};

use fanout::{Channel, Fanout, Incoming, Publication};
use order_actions::{Committed, Store};
use order_domain::{
    ids::{OrderId, UserId},
    values::Timestamp,
};
use protocol::{
    CloseCode,
    server_frame::{Goodbye, Signal},
};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    socket::{peer::Peer, send_queue::End},
    tokens::Tokens,
};
use cursors::Cursors;
use devices::Devices;
use inbox::Inbox;
use news::NodeNews;
pub(crate) use news::RoomNews;
use registry::Registry;
use room::Room;

pub use inbox::line as inbox_line;
pub use show::snapshot;

/// What rooms are started with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The database's epoch.
    pub epoch: Uuid,
    /// Rooms that one user may mark as read within a second; 0 means any number.
    pub rooms_max: u32,
}

/// The rooms of this node. Cheap to clone; every clone is the same.
#[derive(Clone, Debug)]
pub struct Rooms(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    node: Uuid,
    store: Store,
    fanout: Fanout,
    tokens: Tokens,
    epoch: watch::Sender<Uuid>,
    registry: Registry,
    devices: Devices,
    inbox: Inbox,
    cursors: Cursors,
    /// Told when every room has to be compared with the database now.
    reconcile: Notify,
    /// The loops end.
    over: CancellationToken,
    /// Loops, and reading of what is missing.
    tasks: TaskTracker,
}

impl Rooms {
    /// Starts listening and looking after rooms; inside a runtime.
    pub fn start(
        settings: Settings,
        store: Store,
        fanout: Fanout,
        tokens: Tokens,
        incoming: mpsc::Receiver<Incoming>,
    ) -> Self {
        fanout.subscribe(Channel::Node);
        let (inbox, wanted) = Inbox::new();
        let rooms = Self(Arc::new(Inner {
            node: Uuid::now_v7(),
            registry: Registry::new(fanout.clone()),
            devices: Devices::new(fanout.clone()),
            store,
            fanout,
            tokens,
            epoch: watch::Sender::new(settings.epoch),
            inbox,
            cursors: Cursors::new(settings.rooms_max),
            reconcile: Notify::new(),
            over: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        rooms.spawn(router::run(rooms.clone(), incoming));
        rooms.spawn(sweep::run(rooms.clone()));
        rooms.spawn(tick::run(rooms.clone()));
        rooms.spawn(inbox::run(rooms.clone(), wanted));
        rooms.spawn(inbox_sweep::run(rooms.clone()));
        rooms
    }

    /// Delivers what was committed: here, and to the other nodes. Never waits.
    pub fn committed(&self, committed: Committed) {
        if !committed.duplicate {
            outbound::deliver(self, committed);
        }
    }

    /// A user's tokens issued up to a moment are refused: their sockets close here and on every node.
    pub fn user_revoked(&self, user: &UserId, up_to: Timestamp) {
        self.revocation_noted(user, up_to);
        let news = NodeNews::Revoked { user: user.clone(), up_to };
        self.0.fanout.publish(vec![Publication::Node { frame: news::encode(&news) }]);
    }

    /// The same, for this node only: its HTTP side refuses them from now on too.
    pub fn revocation_noted(&self, user: &UserId, up_to: Timestamp) {
        self.0.tokens.note_revocation(user, up_to);
        for peer in self.0.devices.of(user) {
            // Tokens count in seconds.
            if peer.issued_at().timestamp() <= up_to.timestamp() {
                peer.queue.end(End::Now(Goodbye::new(CloseCode::Unauthenticated)));
            }
        }
    }

    /// The database was restored or declared anew: cursors of before mean nothing, every client starts over.
    pub fn epoch_changed(&self, epoch: Uuid) {
        self.0.fanout.set_epoch(epoch);
        self.0.epoch.send_replace(epoch);
        self.0.registry.clear();
        for peer in self.0.devices.all() {
            peer.queue.end(End::Now(Goodbye {
                retry_after_ms: Some(jitter_ms()),
                ..Goodbye::new(CloseCode::Rebalance)
            }));
        }
    }

    /// The database's epoch, as this node knows it.
    pub fn epoch(&self) -> Uuid {
        *self.0.epoch.borrow()
    }

    /// Says goodbye to every socket once its work in flight is answered; ends when they are gone, or after 12 s.
    pub async fn drain(&self) {
        self.0.devices.drain();
        // Whoever is left is cut off by the end of the process, and resumes elsewhere.
        let _ = tokio::time::timeout(Duration::from_secs(12), self.0.devices.gone()).await;
        cursors::flush(self).await;
        self.0.over.cancel();
        self.0.tasks.close();
        let _ = tokio::time::timeout(Duration::from_secs(2), self.0.tasks.wait()).await;
    }

    /// Open sockets that said hello.
    pub fn socket_count(&self) -> usize {
        self.0.devices.len()
    }

    /// Rooms that somebody here follows.
    pub fn room_count(&self) -> usize {
        self.0.registry.count()
    }

    pub(crate) fn connect(&self, peer: &Arc<Peer>) {
        self.0.devices.add(peer);
        // A revocation since the token was checked found no socket to close.
        if self.0.tokens.is_revoked(peer.user(), peer.issued_at()) {
            peer.queue.end(End::Now(Goodbye::new(CloseCode::Unauthenticated)));
        }
    }

    pub(crate) fn disconnect(&self, peer: &Arc<Peer>) {
        for room in peer.leave_all() {
            self.leave(&room, peer, None);
        }
        self.0.devices.remove(peer);
    }

    /// The room, listened to by this node.
    pub(crate) fn open(&self, order: OrderId) -> Arc<Room> {
        self.0.registry.open(order)
    }

    /// Waits, a while, until this node hears of the room; the sweep covers what it does not.
    pub(crate) async fn heard(&self, order: OrderId) {
        let _ = self.0.fanout.subscribed(&Channel::Room(order)).await;
    }

    pub(crate) fn leave(&self, room: &Arc<Room>, peer: &Peer, ticket: Option<u64>) {
        if room.leave(peer.session, ticket) {
            // The others are told before this node stops to listen.
            self.announce(room);
            self.0.registry.drop_if_empty(room);
        } else {
            self.announce(room);
        }
    }

    pub(crate) fn leave_if_empty(&self, room: &Arc<Room>) {
        self.0.registry.drop_if_empty(room);
    }

    /// Has somebody read what a room wants.
    pub(crate) fn attend(&self, room: &Arc<Room>, wanted: room::Wanted) {
        heal::attend(self, room, wanted, outbound::PATIENCE);
    }

    /// Tells the other nodes who is in the room here.
    pub(crate) fn announce(&self, room: &Room) {
        self.tell(room.order, &RoomNews::Present { node: self.0.node, users: room.present() });
    }

    /// A signal of a user of this node, to everybody else in the room, on every node.
    pub(crate) fn signal(&self, room: &Room, signal: &Signal, news: &RoomNews) {
        room.signal(signal);
        self.tell(room.order, news);
    }

    /// Moves a reader's cursor, within a second.
    pub(crate) fn read(&self, order: OrderId, user: &UserId, seq: order_domain::values::Seq) {
        self.0.cursors.note(order, user, seq);
    }

    fn tell(&self, order: OrderId, news: &RoomNews) {
        self.0.fanout.publish(vec![Publication::Signal { order, frame: news::encode(news) }]);
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn(work);
    }
}

/// Spreads a crowd that comes back.
pub(crate) fn jitter_ms() -> u64 {
    rand::random_range(0..2000)
}
