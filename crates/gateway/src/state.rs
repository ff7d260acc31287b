//! What every part of a node shares. Cheap to clone; holds handles, no truth.

use std::sync::Arc;

use fanout::Fanout;
use order_actions::{ActionError, Committed, Store};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    config::Settings, drain::Drain, limits::Limits, refusal::Refusal, rooms::Rooms, seen::Seen,
    tokens::Tokens,
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

    /// Delivers what was committed, timers that fired before a refusal included.
    pub fn settle(&self, outcome: Result<Committed, ActionError>) -> Result<Committed, Refusal> {
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
