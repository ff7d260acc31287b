//! The lane of plain messages: while one group is being committed, and a moment longer, the next one gathers.
//!
//! One bounded queue, one task. A room that somebody holds waits here, in order, for at most two seconds;
//! the others go on. Full means refused at once: nothing here grows.

mod batch;
mod known;
mod post;
mod statement;
mod waiting;
mod writer;

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

use crate::{
    committed::Committed,
    error::{ActionError, Unavailable},
};
pub(crate) use post::Post;
use post::Queued;
use waiting::Waiting;
use writer::Writer;

/// Groups begin no closer together than this: a commit costs the same for one message as for ten. After a
/// quiet moment nothing waits.
const PACE: Duration = Duration::from_millis(3);
/// How soon a held room is tried again when nothing else is to be done.
const RETRY: Duration = Duration::from_millis(10);

/// Where plain messages are handed in.
#[derive(Debug)]
pub(crate) struct Lane {
    queue: mpsc::Sender<Queued>,
}

impl Lane {
    /// Starts the task. It ends when the lane was dropped and what it took in is answered.
    pub(crate) fn start(session: &PgConnectOptions, batch_max: usize, queue_max: usize) -> Self {
        let (queue, incoming) = mpsc::channel(queue_max);
        tokio::spawn(run(session.clone(), incoming, batch_max, queue_max));
        Self { queue }
    }

    /// Hands a message in and waits for its commit. Dropping the future does not take the message back.
    pub(crate) async fn post(&self, post: Post) -> Result<Committed, ActionError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Queued::new(post, answer)).map_err(|_| Unavailable::QueueFull)?;
        answered.await.map_err(|_| Unavailable::Broken("the group commit ended".into()))?
    }
}

async fn run(
    session: PgConnectOptions,
    mut incoming: mpsc::Receiver<Queued>,
    batch_max: usize,
    waiting_max: usize,
) {
    let mut writer = Writer::new(session.clone());
    let mut waiting = Waiting::new(waiting_max);
    let mut gathered = Vec::with_capacity(batch_max);
    let mut next = Instant::now();
    while gather(&mut incoming, &mut waiting, &mut gathered, batch_max, next).await {
        next = Instant::now() + PACE;
        waiting.give_up_old();
        let batch = waiting.next_batch(&mut gathered, batch_max);
        if batch.is_empty() {
            continue;
        }
        // In a task of its own: a broken invariant costs this batch its answers, not the lane its life.
        match tokio::spawn(batch::commit(writer, batch)).await {
            Ok((back, held)) => {
                writer = back;
                waiting.put_back(held);
            }
            Err(broken) => {
                tracing::error!(error = %broken, "a group commit broke");
                writer = Writer::new(session.clone());
            }
        }
    }
}

/// Waits for messages; held rooms alone are tried again after a moment. False when it is all over.
async fn gather(
    incoming: &mut mpsc::Receiver<Queued>,
    waiting: &mut Waiting,
    gathered: &mut Vec<Queued>,
    batch_max: usize,
    next: Instant,
) -> bool {
    if incoming.len() < batch_max {
        sleep_until(next).await;
    }
    if waiting.is_empty() {
        return incoming.recv_many(gathered, batch_max).await > 0;
    }
    // On time-out the held rooms' turn has come; when the queue has closed they are waited out.
    let more = tokio::time::timeout(RETRY, incoming.recv_many(gathered, batch_max)).await;
    if more == Ok(0) {
        tokio::time::sleep(RETRY).await;
    }
    true
}
