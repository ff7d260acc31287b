//! A plain message on its way into a group.

use order_domain::{
    command::{Command, PostMessage},
    event::Event,
    ids::{CommandId, OrderId, UserId},
    participant::AccountRole,
    values::Text,
};
use tokio::{sync::oneshot, time::Instant};

use crate::{
    caller::Caller,
    committed::{Ask, Committed},
    digest::{self, Digest},
    error::ActionError,
};

/// A party's message without files, answer or expected version: "may speak here" is all there is to decide.
///
/// Staff speak the ordinary way: their ids may stand in the case stream, which the lane does not look at.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub order: OrderId,
    pub id: CommandId,
    pub caller: Caller,
    pub text: Text,
    pub digest: Digest,
}

impl Post {
    /// The ask as a post, if the lane may carry it.
    pub(crate) fn plain(caller: &Caller, ask: &Ask) -> Option<Self> {
        let Command::PostMessage(PostMessage { text: Some(text), files, reply_to: None }) = &ask.command
        else {
            return None;
        };
        if !files.is_empty() || ask.expect_version.is_some() || caller.role != AccountRole::User {
            return None;
        }
        let digest = digest::of(&ask.command);
        Some(Self { order: ask.order, id: ask.id, caller: caller.clone(), text: text.clone(), digest })
    }

    /// What it becomes.
    pub(crate) fn event(&self) -> Event {
        Event::MessagePosted { text: Some(self.text.clone()), files: Vec::new(), reply_to: None }
    }
}

/// A post and whoever waits for it.
#[derive(Debug)]
pub(crate) struct Queued {
    pub post: Post,
    pub since: Instant,
    answer: oneshot::Sender<Result<Committed, ActionError>>,
}

impl Queued {
    pub(crate) fn new(post: Post, answer: oneshot::Sender<Result<Committed, ActionError>>) -> Self {
        Self { post, since: Instant::now(), answer }
    }

    /// Answers; nobody may be waiting any more, which changes nothing.
    pub(crate) fn answer(self, outcome: Result<Committed, ActionError>) {
        drop(self.answer.send(outcome));
    }

    /// Same sender, same id, same room: only one of them can be in a statement.
    pub(crate) fn key(&self) -> (OrderId, UserId, CommandId) {
        (self.post.order, self.post.caller.user.clone(), self.post.id)
    }
}
