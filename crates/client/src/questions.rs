//! Which `ref` was asked for what. Lives as long as one connection.

use std::collections::BTreeMap;

use protocol::{Ref, domain::ids::OrderId};

use crate::request::HistoryAsk;

/// Something the server will answer.
#[derive(Debug)]
pub(crate) enum Question {
    Subscribe(OrderId),
    Unsubscribe,
    Command(OrderId),
    History(HistoryAsk),
    Refresh,
}

/// What was asked on this connection and has no answer.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    last: Ref,
    open: BTreeMap<Ref, Question>,
}

impl Questions {
    /// A number for it.
    pub fn ask(&mut self, question: Question) -> Ref {
        self.last += 1;
        self.open.insert(self.last, question);
        self.last
    }

    /// An answer came.
    pub fn answered(&mut self, reference: Ref) -> Option<Question> {
        self.open.remove(&reference)
    }

    /// The connection ended: nothing of it will be answered.
    pub fn abandon(&mut self) -> impl Iterator<Item = Question> + use<> {
        std::mem::take(self).open.into_values()
    }
}
