//! What the server really sent, for programs that judge it: before this client leaves out, heals or drops anything.

use std::{fmt, sync::Arc};

/// Looks at every text frame as it was received. Called by the task that owns the connection: it must not block.
#[derive(Clone)]
pub struct Tap(Arc<dyn Fn(&str) + Send + Sync>);

impl Tap {
    /// Calls a function for each frame.
    pub fn new(look: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(look))
    }

    pub(crate) fn show(&self, frame: &str) {
        (self.0)(frame);
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}
