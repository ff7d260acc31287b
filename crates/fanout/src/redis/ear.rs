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
    signs: watch::Sender<Signs>,
}

impl Ear {
    pub(crate) fn new(inbox: Arc<Inbox>) -> (Self, watch::Receiver<Signs>) {
        let (signs, watched) = watch::channel(Signs::default());
        (Self { inbox, signs }, watched)
    }

    /// A message is its channel and its payload; the header says all the channel would.
    fn message(&self, mut data: Vec<Value>) {
        let Some(Value::BulkString(payload)) = data.pop() else { return };
        if self.inbox.take(Bytes::from(payload)) == Taken::OwnCanary {
            self.signs.send_modify(|signs| signs.canaries += 1);
        }
    }
}

impl AsyncPushSender for Ear {
    fn send(&self, info: PushInfo) -> Result<(), SendError> {
        match info.kind {
            PushKind::Message => self.message(info.data),
            PushKind::Disconnection => self.signs.send_modify(|signs| signs.closed = true),
            _ => {} // confirmations are awaited where they were asked for
        }
        Ok(())
    }
}
