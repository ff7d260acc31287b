//! Questions that come together are answered together: while one statement runs, the next ones gather.
//!
//! A crowd that comes back after a cut asks the same few things thousands of times at once; one statement for
//! many costs the database, and both sides' context switches, a fraction of one for each. Alone, nothing waits.

use std::{fmt, sync::Arc};

use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::{error::Unavailable, store::unit};

/// Questions that may wait; more are refused at once.
const WAITING_MAX: usize = 16_384;

/// How one kind of question is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Questions in one statement.
    pub most: usize,
    /// Statements at once: more than one where a slow one would hold the others.
    pub at_once: usize,
}

/// Where one kind of question is asked.
pub(crate) struct Gather<Q, A> {
    queue: mpsc::Sender<Asked<Q, A>>,
}

type Asked<Q, A> = (Q, oneshot::Sender<Result<A, Unavailable>>);

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// Starts its task; `ask` answers many questions, each in its place.
    pub(crate) fn start<F>(pace: Pace, ask: impl Fn(Vec<Q>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<Vec<A>, Unavailable>> + Send + 'static,
    {
        let (queue, incoming) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(incoming, pace, ask));
        Self { queue }
    }

    /// Asks and waits. Dropping the future only means that nobody listens to the answer.
    pub(crate) async fn ask(&self, question: Q) -> Result<A, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send((question, answer)).map_err(|_| Unavailable::QueueFull)?;
        answered.await.map_err(|_| Unavailable::Broken("nobody answered".into()))?
    }
}

async fn run<Q: Send + 'static, A: Send + 'static, F>(
    mut incoming: mpsc::Receiver<Asked<Q, A>>,
    pace: Pace,
    ask: impl Fn(Vec<Q>) -> F + Send + 'static,
) where
    F: Future<Output = Result<Vec<A>, Unavailable>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(pace.at_once));
    loop {
        // First the place, then the questions: whatever comes while it is waited for gathers.
        let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
        let mut asked = Vec::new();
        if incoming.recv_many(&mut asked, pace.most).await == 0 {
            return;
        }
        let (questions, waiting): (Vec<Q>, Vec<_>) = asked.into_iter().unzip();
        let answers = unit(ask(questions));
        tokio::spawn(async move {
            tell(waiting, answers.await);
            drop(place);
        });
    }
}

fn tell<A>(waiting: Vec<oneshot::Sender<Result<A, Unavailable>>>, answers: Result<Vec<A>, Unavailable>) {
    match answers {
        Ok(answers) => {
            assert_eq!(answers.len(), waiting.len(), "each question has one answer");
            // Who does not listen any more does not matter.
            waiting.into_iter().zip(answers).for_each(|(who, answer)| drop(who.send(Ok(answer))));
        }
        Err(error) => {
            let text = error.to_string();
            for who in waiting {
                drop(who.send(Err(Unavailable::Database(text.clone().into()))));
            }
        }
    }
}

impl<Q, A> fmt::Debug for Gather<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather").field("free", &self.queue.capacity()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    /// Doubles, once the gate is opened; counts the statements.
    fn doubling(gate: &Arc<Notify>, statements: &Arc<AtomicUsize>) -> Gather<u32, u32> {
        let (gate, statements) = (Arc::clone(gate), Arc::clone(statements));
        Gather::start(Pace { most: 100, at_once: 2 }, move |numbers: Vec<u32>| {
            let gate = Arc::clone(&gate);
            statements.fetch_add(1, Ordering::SeqCst);
            async move {
                gate.notified().await;
                if numbers.contains(&13) {
                    return Err(Unavailable::TooLong);
                }
                Ok(numbers.into_iter().map(|number| number * 2).collect())
            }
        })
    }

    #[tokio::test]
    async fn what_comes_while_statements_run_is_asked_together() {
        let (gate, statements) = (Arc::new(Notify::new()), Arc::default());
        let gather = doubling(&gate, &statements);
        let opener = {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move {
                loop {
                    gate.notify_one();
                    tokio::task::yield_now().await;
                }
            })
        };
        let answers = join_all((0..90).filter(|n| *n != 13).map(|number| gather.ask(number))).await;
        let doubled: Vec<u32> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
        assert_eq!(doubled, (0..90).filter(|n| *n != 13).map(|n| n * 2).collect::<Vec<_>>());
        assert!(statements.load(Ordering::SeqCst) <= 2, "one, and what came before it gathered");
        opener.abort();
    }

    #[tokio::test]
    async fn all_of_a_statement_that_failed_hear_of_it() {
        let (gate, statements) = (Arc::new(Notify::new()), Arc::default());
        let gather = doubling(&gate, &statements);
        gate.notify_one();
        let answers = join_all([13, 14].map(|number| gather.ask(number))).await;
        assert!(answers.iter().all(Result::is_err));
    }
}
