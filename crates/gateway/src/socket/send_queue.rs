//! What waits to be written to one socket: bounded, shared bytes, never blocking whoever fills it.
//!
//! Rooms push from any task; the socket's own task takes. A reader too slow for its queue is closed (4201):
//! it resumes from its cursor, so dropping what waits loses nothing.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, Waker},
};

use order_domain::ids::OrderId;
use parking_lot::Mutex;
use protocol::{CloseCode, server_frame::Goodbye};
use tokio::sync::Notify;

use super::wire::Wire;

/// The most frames that may wait.
pub const FRAMES_MAX: usize = 256;
/// The most bytes that may wait, the largest frame left out: the snapshot of an order that has grown large does not make
/// a good reader a slow one.
pub const BYTES_MAX: usize = 512 * 1024;
/// Slots that an empty queue may keep.
const SLOTS_KEPT: usize = 8;

/// How a socket ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// What waits is still written, then this.
    AfterFlush(Goodbye),
    /// What waits was dropped; this is all that is left to say.
    Now(Goodbye),
    /// The client left, or its connection broke.
    Silent,
}

/// Frames on their way to one socket.
#[derive(Debug, Default)]
pub struct SendQueue {
    inner: Mutex<Inner>,
    /// Told when a waiting producer may look again.
    eased: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: VecDeque<Queued>,
    /// Frames and bytes that wait or are being written.
    load: Load,
    /// Of those, the ones being written, and the largest of them.
    writing: Load,
    writing_largest: usize,
    end: Option<End>,
    /// The socket's task is asked to look around.
    nudged: bool,
    waker: Option<Waker>,
}

#[derive(Debug)]
struct Queued {
    wire: Wire,
    /// A newer snapshot of the same room replaces this frame.
    snapshot_of: Option<OrderId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Load {
    frames: usize,
    bytes: usize,
}

impl SendQueue {
    /// Adds a frame.
    pub fn push(&self, wire: Wire) {
        self.add(Queued { wire, snapshot_of: None });
    }

    /// Adds the newest snapshot of a room in place of one that still waits; it moves behind what came since.
    pub fn push_snapshot(&self, order: OrderId, wire: Wire) {
        self.add(Queued { wire, snapshot_of: Some(order) });
    }

    /// Ends the socket; the first end counts.
    pub fn end(&self, end: End) {
        let waker = {
            let mut inner = self.inner.lock();
            inner.end(end);
            inner.waker.take()
        };
        self.eased.notify_waiters();
        wake(waker);
    }

    /// How the socket is to end, if it is.
    pub fn ended(&self) -> Option<End> {
        self.inner.lock().end.clone()
    }

    /// Moves the next frames into `batch`, at most `frames` of them and `bytes` (but at least one frame).
    ///
    /// They count as waiting until [`SendQueue::written`] is called.
    pub fn take(&self, batch: &mut Vec<Wire>, frames: usize, bytes: usize) {
        let mut inner = self.inner.lock();
        inner.nudged = false;
        let (mut taken, mut largest) = (0, 0);
        while batch.len() < frames
            && let Some(next) = inner.waiting.front()
            && (batch.is_empty() || taken + next.wire.len() <= bytes)
        {
            taken += next.wire.len();
            largest = largest.max(next.wire.len());
            let next = inner.waiting.pop_front().expect("the front was there");
            batch.push(next.wire);
        }
        inner.writing = Load { frames: batch.len(), bytes: taken };
        inner.writing_largest = largest;
        if inner.waiting.is_empty() && inner.waiting.capacity() > SLOTS_KEPT {
            inner.waiting = VecDeque::new();
        }
    }

    /// What was taken is written.
    pub fn written(&self) {
        let under_half = {
            let mut inner = self.inner.lock();
            let written = std::mem::take(&mut inner.writing);
            inner.writing_largest = 0;
            // An end with `Now` has dropped the account already.
            inner.load.frames = inner.load.frames.saturating_sub(written.frames);
            inner.load.bytes = inner.load.bytes.saturating_sub(written.bytes);
            inner.is_under_half()
        };
        if under_half {
            self.eased.notify_waiters();
        }
    }

    /// Is anything to be done for the socket's task?
    pub fn poll_ready(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.inner.lock();
        if !inner.waiting.is_empty() || inner.end.is_some() || inner.nudged {
            return Poll::Ready(());
        }
        inner.wake_later(context.waker());
        Poll::Pending
    }

    /// Waits until something is to be done.
    pub async fn ready(&self) {
        poll_fn(|context| self.poll_ready(context)).await;
    }

    /// Is what waits, or is being written, not worth it any more?
    pub fn is_abandoned(&self) -> bool {
        self.inner.lock().is_abandoned()
    }

    /// Waits, while a batch is being written, until something else is to be done: a look around, or giving it up.
    pub async fn stirred(&self) {
        poll_fn(|context| {
            let mut inner = self.inner.lock();
            if std::mem::take(&mut inner.nudged) || inner.is_abandoned() {
                return Poll::Ready(());
            }
            inner.wake_later(context.waker());
            Poll::Pending
        })
        .await;
    }

    /// Wakes the socket's task, whatever for.
    pub fn wake(&self) {
        let waker = {
            let mut inner = self.inner.lock();
            inner.nudged = true;
            inner.waker.take()
        };
        wake(waker);
    }

    /// Waits until the queue is under half; false when the socket ends.
    pub async fn under_half(&self) -> bool {
        loop {
            let eased = self.eased.notified();
            {
                let inner = self.inner.lock();
                if inner.end.is_some() {
                    return false;
                }
                if inner.is_under_half() {
                    return true;
                }
            }
            eased.await;
        }
    }

    fn add(&self, queued: Queued) {
        let waker = {
            let mut inner = self.inner.lock();
            inner.add(queued);
            inner.waker.take()
        };
        wake(waker);
    }
}

impl Inner {
    fn add(&mut self, queued: Queued) {
        if self.end.is_some() {
            return;
        }
        if queued.snapshot_of.is_some() {
            self.drop_snapshot(queued.snapshot_of);
        }
        let bytes = self.load.bytes + queued.wire.len();
        if self.load.frames >= FRAMES_MAX || bytes - self.largest(&queued.wire) > BYTES_MAX {
            return self.end(End::Now(Goodbye::new(CloseCode::SlowConsumer)));
        }
        self.load = Load { frames: self.load.frames + 1, bytes };
        self.waiting.push_back(queued);
    }

    fn drop_snapshot(&mut self, of: Option<OrderId>) {
        let older = self.waiting.iter().position(|queued| queued.snapshot_of == of);
        if let Some(older) = older.and_then(|at| self.waiting.remove(at)) {
            self.load.frames -= 1;
            self.load.bytes -= older.wire.len();
        }
    }

    /// Bytes of the largest frame, once this one has been added. Looked for only when there may be too much.
    fn largest(&self, next: &Wire) -> usize {
        if self.load.bytes + next.len() <= BYTES_MAX {
            return 0;
        }
        let waiting = self.waiting.iter().map(|queued| queued.wire.len());
        waiting.chain([next.len(), self.writing_largest]).max().unwrap_or(0)
    }

    fn end(&mut self, end: End) {
        if matches!(self.end, None | Some(End::AfterFlush(_))) && !matches!(end, End::AfterFlush(_)) {
            self.waiting = VecDeque::new();
            self.load = self.writing;
            self.end = Some(end);
        } else if self.end.is_none() {
            self.end = Some(end);
        }
    }

    fn is_abandoned(&self) -> bool {
        matches!(self.end, Some(End::Now(_) | End::Silent))
    }

    fn is_under_half(&self) -> bool {
        self.load.frames < FRAMES_MAX / 2 && self.load.bytes < BYTES_MAX / 2
    }

    fn wake_later(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, task::noop_waker};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn order(number: u128) -> OrderId {
        OrderId(Uuid::from_u128(number))
    }

    fn texts(queue: &SendQueue) -> Vec<String> {
        let mut batch = Vec::new();
        queue.take(&mut batch, usize::MAX, usize::MAX);
        queue.written();
        batch.iter().map(|wire| String::from_utf8(wire.payload().to_vec()).unwrap()).collect()
    }

    fn is_ready(queue: &SendQueue) -> bool {
        queue.poll_ready(&mut Context::from_waker(&noop_waker())).is_ready()
    }

    fn slow() -> End {
        End::Now(Goodbye::new(CloseCode::SlowConsumer))
    }

    #[test]
    fn frames_leave_in_order() {
        let queue = SendQueue::default();
        assert!(!is_ready(&queue));
        ["a", "b", "c"].iter().for_each(|text| queue.push(Wire::text(text)));
        assert!(is_ready(&queue));
        assert_eq!(texts(&queue), ["a", "b", "c"]);
        assert!(!is_ready(&queue));
    }

    #[test]
    fn the_newest_snapshot_of_a_room_replaces_the_older_one() {
        let queue = SendQueue::default();
        queue.push_snapshot(order(1), Wire::text("old of 1"));
        queue.push_snapshot(order(2), Wire::text("of 2"));
        queue.push(Wire::text("entry"));
        queue.push_snapshot(order(1), Wire::text("new of 1"));
        assert_eq!(texts(&queue), ["of 2", "entry", "new of 1"]);
        assert_eq!(queue.inner.lock().load, Load::default());
    }

    #[test]
    fn a_reader_that_is_too_slow_is_ended_and_costs_nothing_more() {
        let queue = SendQueue::default();
        (0..FRAMES_MAX).for_each(|_| queue.push(Wire::text("x")));
        assert_eq!(queue.ended(), None);
        queue.push(Wire::text("one too many"));
        assert_eq!(queue.ended(), Some(slow()));
        assert!(texts(&queue).is_empty() && is_ready(&queue));
        queue.push(Wire::text("later"));
        assert!(texts(&queue).is_empty());
    }

    #[test]
    fn bytes_are_bounded() {
        let (queue, text) = (SendQueue::default(), "x".repeat(BYTES_MAX / 8));
        (0..8).for_each(|_| queue.push(Wire::text(&text)));
        assert_eq!(queue.ended(), None, "one of them is left out");
        queue.push(Wire::text(&text));
        assert_eq!(queue.ended(), Some(slow()));
    }

    /// Else whoever follows a room whose snapshot is large would be closed with each change, and come back for it.
    #[test]
    fn a_large_frame_makes_no_slow_reader() {
        let (queue, large) = (SendQueue::default(), "x".repeat(3 * BYTES_MAX));
        let mut batch = Vec::new();
        for step in 0..20 {
            queue.push(Wire::text("entry"));
            queue.push_snapshot(order(1), Wire::text(&large));
            assert_eq!(queue.ended(), None, "{step}");
        }
        queue.take(&mut batch, usize::MAX, usize::MAX);
        queue.push(Wire::text("while it is written"));
        assert_eq!(queue.ended(), None);
        queue.push_snapshot(order(2), Wire::text(&large));
        assert_eq!(queue.ended(), Some(slow()), "one is enough");
    }

    #[test]
    fn what_is_being_written_counts() {
        let (queue, mut batch) = (SendQueue::default(), Vec::new());
        (0..FRAMES_MAX).for_each(|_| queue.push(Wire::text("x")));
        queue.take(&mut batch, 10, usize::MAX);
        assert_eq!(batch.len(), 10);
        queue.push(Wire::text("y"));
        assert_eq!(queue.ended(), Some(slow()), "nothing was written yet");
    }

    #[test]
    fn a_batch_is_bounded_and_never_empty() {
        let (queue, mut batch) = (SendQueue::default(), Vec::new());
        ["aaaa", "bbbb", "cccc"].iter().for_each(|text| queue.push(Wire::text(text)));
        queue.take(&mut batch, 10, 12);
        assert_eq!(batch.len(), 2, "each is 6 bytes on the wire");
        queue.written();
        batch.clear();
        queue.take(&mut batch, 10, 1);
        assert_eq!(batch.len(), 1);
    }

    #[test]
    fn a_gentle_end_keeps_what_waits_and_a_hard_one_does_not() {
        let goodbye = Goodbye::new(CloseCode::Draining);
        let queue = SendQueue::default();
        queue.push(Wire::text("ack"));
        queue.end(End::AfterFlush(goodbye.clone()));
        queue.end(End::AfterFlush(Goodbye::new(CloseCode::TokenExpired)));
        queue.push(Wire::text("too late"));
        assert_eq!((queue.ended(), texts(&queue)), (Some(End::AfterFlush(goodbye)), vec!["ack".to_owned()]));
        queue.end(End::Silent);
        queue.end(slow());
        assert_eq!(queue.ended(), Some(End::Silent));
    }

    #[tokio::test]
    async fn whoever_writes_is_stirred_by_a_nudge_and_by_the_end_only() {
        let queue = SendQueue::default();
        queue.push(Wire::text("more"));
        assert_eq!(queue.stirred().now_or_never(), None);
        queue.wake();
        assert_eq!((queue.stirred().now_or_never(), queue.stirred().now_or_never()), (Some(()), None));
        queue.end(End::AfterFlush(Goodbye::new(CloseCode::Draining)));
        assert!(queue.stirred().now_or_never().is_none() && !queue.is_abandoned(), "what waits is written");
        queue.end(slow());
        assert!(queue.stirred().now_or_never().is_some() && queue.is_abandoned());
    }

    #[tokio::test]
    async fn catching_up_waits_for_half_of_the_queue() {
        let (queue, mut batch) = (SendQueue::default(), Vec::new());
        assert!(queue.under_half().await);
        (0..FRAMES_MAX / 2).for_each(|_| queue.push(Wire::text("x")));
        let mut waiting = Box::pin(queue.under_half());
        assert_eq!((&mut waiting).now_or_never(), None);
        queue.take(&mut batch, 1, usize::MAX);
        assert_eq!((&mut waiting).now_or_never(), None, "taken is not written");
        queue.written();
        assert!(waiting.await);

        (0..FRAMES_MAX / 2).for_each(|_| queue.push(Wire::text("x")));
        let waiting = queue.under_half();
        queue.end(End::Silent);
        assert!(!waiting.await);
    }

    proptest! {
        /// G14: whatever is pushed, taken and written, a queue holds no more than its limits, and one large frame.
        #[test]
        fn the_load_is_bounded_and_true(steps in prop::collection::vec((0_u8..5, 0_usize..300_000), 0..400)) {
            let (queue, mut batch) = (SendQueue::default(), Vec::new());
            for (step, size) in steps {
                match step {
                    0 | 1 => queue.push(Wire::text(&"x".repeat(size))),
                    2 => queue.push_snapshot(order(size as u128 % 3), Wire::text(&"s".repeat(size))),
                    3 => { batch.clear(); queue.written(); queue.take(&mut batch, 1 + size % 64, size); }
                    _ => { batch.clear(); queue.written(); }
                }
                let inner = queue.inner.lock();
                let waiting: usize = inner.waiting.iter().map(|queued| queued.wire.len()).sum();
                let writing: usize = batch.iter().map(Wire::len).sum();
                let all = inner.waiting.iter().map(|queued| queued.wire.len()).chain(batch.iter().map(Wire::len));
                let largest = all.max().unwrap_or(0);
                prop_assert_eq!(inner.load, Load {
                    frames: inner.waiting.len() + batch.len(),
                    bytes: waiting + writing,
                });
                prop_assert!(inner.load.frames <= FRAMES_MAX);
                prop_assert!(inner.load.bytes - largest <= BYTES_MAX);
            }
        }
    }
}
