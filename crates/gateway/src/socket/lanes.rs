//! One room after the other would be slow, all at once would mix up what was sent: a lane per room.
//!
//! What a socket asks of one room is done in the order in which it was sent; rooms do not wait for each other.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use order_domain::ids::OrderId;
use parking_lot::Mutex;
use protocol::client_frame::{CommandFrame, Subscribe, Unsubscribe};

use super::{
    command,
    peer::{Peer, Work},
    subscribe,
};
use crate::state::AppState;

/// Something asked of one room.
#[derive(Debug)]
pub enum Asked {
    /// Do something.
    Command(CommandFrame),
    /// Follow it.
    Subscribe(Subscribe),
    /// Follow it no longer.
    Unsubscribe(Unsubscribe),
}

/// What waits, by room; a room is there while somebody works on it.
#[derive(Clone, Debug, Default)]
pub struct Lanes(Arc<Mutex<HashMap<OrderId, Lane>>>);

type Lane = VecDeque<(Asked, Work)>;

impl Lanes {
    /// Puts it into its room's lane.
    pub fn push(&self, state: &AppState, peer: &Arc<Peer>, asked: Asked) {
        let (order, work) = (asked.order(), peer.work());
        let mut lanes = self.0.lock();
        if let Some(lane) = lanes.get_mut(&order) {
            lane.push_back((asked, work));
            return;
        }
        lanes.insert(order, VecDeque::new());
        let run = run(self.clone(), state.clone(), Arc::clone(peer), (asked, work));
        state.drain.sockets.spawn(run);
    }

    fn next(&self, order: OrderId) -> Option<(Asked, Work)> {
        let mut lanes = self.0.lock();
        let next = lanes.get_mut(&order)?.pop_front();
        if next.is_none() {
            lanes.remove(&order);
            if lanes.is_empty() {
                *lanes = HashMap::new();
            }
        }
        next
    }
}

/// What has begun goes on when the socket ends, and is delivered to the others. What has not is dropped: nobody is
/// answered any more, so the client asks again, and an old copy must not succeed after the new one was refused.
async fn run(lanes: Lanes, state: AppState, peer: Arc<Peer>, first: (Asked, Work)) {
    let mut next = Some(first);
    while let Some((asked, work)) = next {
        let order = asked.order();
        if peer.is_gone() || peer.queue.ended().is_some() {
            drop(work);
            next = lanes.next(order);
            continue;
        }
        match asked {
            Asked::Command(frame) => command::execute(&state, &peer, frame).await,
            Asked::Subscribe(frame) => subscribe::subscribe(&state, &peer, frame).await,
            Asked::Unsubscribe(frame) => subscribe::unsubscribe(&state, &peer, &frame),
        }
        drop(work);
        next = lanes.next(order);
    }
}

impl Asked {
    fn order(&self) -> OrderId {
        match self {
            Self::Command(frame) => frame.order,
            Self::Subscribe(frame) => frame.order,
            Self::Unsubscribe(frame) => frame.order,
        }
    }
}
