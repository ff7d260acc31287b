//! A socket as the rest of the node sees it: whose it is, what waits for it, which rooms it follows.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
};

use order_actions::Caller;
use order_domain::{
    ids::{OrderId, UserId},
    rejection::{Code, Rejection},
    values::Timestamp,
};
use parking_lot::Mutex;
use protocol::room::Presence;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::{send_queue::SendQueue, wire::Wire};
use crate::rooms::room::Room;

/// Beside half a queue so many pages fit into it: see [`PAGE_BYTES`](super::page::PAGE_BYTES).
const PAGES_AT_ONCE: usize = 2;

/// One identified socket.
#[derive(Debug)]
pub struct Peer {
    /// This connection.
    pub session: Uuid,
    /// Who it is.
    pub caller: Caller,
    /// What waits to be written.
    pub queue: SendQueue,
    /// Turns for answers as large as a page.
    pages: Semaphore,
    rooms: Mutex<Followed>,
    away: AtomicBool,
    /// The node is about to end: nothing new is taken on.
    draining: AtomicBool,
    /// When the token in force was issued, in milliseconds.
    issued_ms: AtomicI64,
    /// Pieces of work for this socket that run in tasks of their own.
    at_work: AtomicU32,
}

#[derive(Debug, Default)]
struct Followed {
    rooms: Vec<Arc<Room>>,
    over: bool,
}

/// One piece of work for a socket, until it is dropped.
#[derive(Debug)]
pub struct Work(Arc<Peer>);

impl Peer {
    /// A socket that said hello.
    pub fn new(session: Uuid, caller: Caller, issued_at: Timestamp) -> Self {
        Self {
            session,
            caller,
            queue: SendQueue::default(),
            pages: Semaphore::new(PAGES_AT_ONCE),
            rooms: Mutex::default(),
            away: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            issued_ms: AtomicI64::new(issued_at.timestamp_millis()),
            at_work: AtomicU32::new(0),
        }
    }

    /// The user at the other end.
    pub fn user(&self) -> &UserId {
        &self.caller.user
    }

    /// Queues a frame of the protocol.
    pub fn send(&self, frame: &impl serde::Serialize) {
        self.queue.push(Wire::frame(frame));
    }

    /// Waits until a page may be read and queued; `None` when the socket ends. However many were asked for at once,
    /// and however slowly they are taken, answers are no reason to call a reader too slow.
    pub async fn turn_for_page(&self) -> Option<SemaphorePermit<'_>> {
        let turn = self.pages.acquire().await.ok()?;
        self.queue.under_half().await.then_some(turn)
    }

    /// Notes a room that this socket is about to follow; no more than `most` of them (0 = any number).
    pub fn follow(&self, room: &Arc<Room>, most: u32) -> Result<(), Rejection> {
        let mut followed = self.rooms.lock();
        let known = followed.rooms.iter().any(|known| known.order == room.order);
        followed.rooms.retain(|known| known.order != room.order);
        if followed.over || (!known && most != 0 && followed.rooms.len() >= most as usize) {
            let message = format!("One socket may follow {most} rooms.");
            return Err(Rejection::new(Code::TooManyRooms, message));
        }
        if followed.rooms.len() == followed.rooms.capacity() {
            let more = if known || followed.rooms.is_empty() { 1 } else { 4 };
            followed.rooms.reserve_exact(more);
        }
        followed.rooms.push(Arc::clone(room));
        Ok(())
    }

    /// Forgets a room.
    pub fn unfollow(&self, order: OrderId) -> Option<Arc<Room>> {
        let mut followed = self.rooms.lock();
        let at = followed.rooms.iter().position(|room| room.order == order)?;
        Some(followed.rooms.swap_remove(at))
    }

    /// The rooms that are followed now.
    pub fn rooms(&self) -> Vec<Arc<Room>> {
        self.rooms.lock().rooms.clone()
    }

    /// A room, if it is followed.
    pub fn room(&self, order: OrderId) -> Option<Arc<Room>> {
        self.rooms.lock().rooms.iter().find(|room| room.order == order).cloned()
    }

    /// Is the socket gone?
    pub fn is_gone(&self) -> bool {
        self.rooms.lock().over
    }

    /// Follows nothing any more, ever.
    pub fn leave_all(&self) -> Vec<Arc<Room>> {
        let mut followed = self.rooms.lock();
        followed.over = true;
        std::mem::take(&mut followed.rooms)
    }

    /// What this device says of its user.
    pub fn presence(&self) -> Presence {
        if self.away.load(Ordering::Relaxed) { Presence::Away } else { Presence::Active }
    }

    /// Notes what the device says; true if it is news.
    pub fn set_presence(&self, presence: Presence) -> bool {
        let away = presence != Presence::Active;
        self.away.swap(away, Ordering::Relaxed) != away
    }

    /// A newer token holds from now on.
    pub fn renew(&self, issued_at: Timestamp) {
        self.issued_ms.store(issued_at.timestamp_millis(), Ordering::Relaxed);
    }

    /// When the token in force was issued.
    pub fn issued_at(&self) -> Timestamp {
        let ms = self.issued_ms.load(Ordering::Relaxed);
        Timestamp::from_timestamp_millis(ms).unwrap_or(Timestamp::MIN_UTC)
    }

    /// Asks the socket to end once its work is answered.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.queue.wake();
    }

    /// Was it asked to end?
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Begins a piece of work.
    pub fn work(self: &Arc<Self>) -> Work {
        self.at_work.fetch_add(1, Ordering::AcqRel);
        Work(Arc::clone(self))
    }

    /// How many pieces of work run.
    pub fn at_work(&self) -> u32 {
        self.at_work.load(Ordering::Acquire)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.at_work.fetch_sub(1, Ordering::AcqRel);
        // The socket's task may wait for this, to read on or to end.
        self.0.queue.wake();
    }
}
