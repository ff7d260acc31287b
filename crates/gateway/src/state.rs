//! What every part of a node shares. Cheap to clone; holds handles, no truth.

use std::sync::Arc;

use fanout::Fanout;
use order_actions::{ActionError, Committed, Store};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    config::Settings, drain::Drain, limits::Limits, refusal::Refusal, rooms::Rooms, seen::Seen,
    tokens::Tokens, uploads::Uploads,
};

/// The parts of this node.
#[derive(Clone, Debug)]
pub struct AppState {
    /// What it was told.
    pub settings: Arc<Settings>,
    /// The truth.
    pub store: Store,
    /// Speed between nodes.
    pub fanout: Fanout,
    /// Who is asking.
    pub tokens: Tokens,
    /// How much they may ask.
    pub limits: Limits,
    /// The one way entries get out.
    pub rooms: Rooms,
    /// Bytes of files.
    pub uploads: Uploads,
    /// Accounts that the store has heard of.
    pub seen: Seen,
    /// The database's epoch, at most a second old.
    pub epoch: watch::Receiver<Uuid>,
    /// The end of the node.
    pub drain: Drain,
}

impl AppState {
    /// The database's epoch, at most a second old.
    pub fn epoch(&self) -> Uuid {
        *self.epoch.borrow()
    }

    /// Does what commits and delivers it, even if nobody waits any more for the answer.
    pub async fn carry_out<F>(&self, act: impl FnOnce(Store) -> F) -> Result<Committed, Refusal>
    where
        F: Future<Output = Result<Committed, ActionError>> + Send + 'static,
    {
        let (state, act) = (self.clone(), act(self.store.clone()));
        let done = self.drain.loops.spawn(async move { state.settle(act.await) });
        done.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a command's task ended early");
            Err(Refusal::not_now("It is not known what became of this. Try again with the same id."))
        })
    }

    /// Delivers what was committed, timers that fired before a refusal included.
    fn settle(&self, outcome: Result<Committed, ActionError>) -> Result<Committed, Refusal> {
        match outcome {
            Ok(committed) => {
                self.rooms.committed(committed.clone());
                Ok(committed)
            }
            Err(error) => {
                let (error, fired) = error.take_fired();
                if let Some(fired) = fired {
                    self.rooms.committed(fired);
                }
                Err(error.into())
            }
        }
    }
}
