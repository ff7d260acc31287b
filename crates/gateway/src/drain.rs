//! The end of a node: who must be told, and what must be finished first.
//!
//! axum's graceful shutdown forgets upgraded sockets, so everything that outlives a request is tracked here.

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Shared by everything that has to notice the end, or that the end has to wait for.
#[derive(Clone, Debug, Default)]
pub struct Drain {
    begun: CancellationToken,
    /// Loops of this node: timers, watchers, rooms. They end by themselves once the drain begins.
    pub loops: TaskTracker,
    /// Upgraded sockets, each until its close was written.
    pub sockets: TaskTracker,
}

impl Drain {
    /// From now on nothing new is taken on.
    pub fn begin(&self) {
        self.begun.cancel();
    }

    /// Is this node leaving?
    pub fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Ends when the drain begins.
    pub async fn begun(&self) {
        self.begun.cancelled().await;
    }
}
