//! Where the connection's reader puts what it hears. It only parses and routes.

use std::sync::Arc;

use bytes::Bytes;
use redis::aio::{AsyncPushSender, SendError};
use redis::{PushInfo, PushKind, Value};
use tokio::sync::watch;

use crate::inbox::{Inbox, Taken};

/// Signs of life of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs {
    pub(crate) canaries: u64,
    pub(crate) closed: bool,
}

pub(crate) struct Ear {
    inbox: Arc<Inbox>,
    canary: String,
    signs: watch::Sender<Signs>,
}

impl Ear {
    pub(crate) fn new(inbox: Arc<Inbox>, canary: String) -> (Self, watch::Receiver<Signs>) {
        let (signs, watched) = watch::channel(Signs::default());
        (Self { inbox, canary, signs }, watched)
    }

    /// A message is its channel and its payload; the header says all the channel would.
    fn message(&self, mut data: Vec<Value>) {
        let Some(Value::BulkString(payload)) = data.pop() else { return };
        if self.inbox.take(Bytes::from(payload)) == Taken::OwnCanary {
            self.signs.send_modify(|signs| signs.canaries += 1);
        }
    }

    /// A slot that moved to another server takes all its channels along. Nobody leaves the canary's on purpose.
    fn left(&self, data: &[Value]) {
        if matches!(data.first(), Some(Value::BulkString(name)) if *name == self.canary.as_bytes()) {
            self.closed();
        }
    }

    fn closed(&self) {
        self.signs.send_modify(|signs| signs.closed = true);
    }
}

impl AsyncPushSender for Ear {
    fn send(&self, info: PushInfo) -> Result<(), SendError> {
        match info.kind {
            PushKind::Message | PushKind::SMessage => self.message(info.data),
            PushKind::Disconnection => self.closed(),
            PushKind::SUnsubscribe => self.left(&info.data),
            _ => {} // confirmations are awaited where they were asked for
        }
        Ok(())
    }
}
