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

impl<Q: Clone + Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// Starts its task; `ask` answers many questions, each in its place.
    pub(crate) fn start<F>(pace: Pace, ask: impl Fn(Vec<Q>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<A>, Unavailable>> + Send + 'static,
    {
        let (queue, incoming) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(incoming, pace, Arc::new(ask)));
        Self { queue }
    }

    /// Asks and waits. Dropping the future only means that nobody listens to the answer.
    pub(crate) async fn ask(&self, question: Q) -> Result<A, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send((question, answer)).map_err(|_| Unavailable::QueueFull)?;
        answered.await.map_err(|_| Unavailable::Broken("nobody answered".into()))?
    }
}

async fn run<Q: Clone + Send + 'static, A: Send + 'static, F>(
    mut incoming: mpsc::Receiver<Asked<Q, A>>,
    pace: Pace,
    ask: Arc<impl Fn(Vec<Q>) -> F + Send + Sync + 'static>,
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
        // A crowd that gave up and came back has asked twice.
        asked.retain(|(_, who)| !who.is_closed());
        let ask = Arc::clone(&ask);
        tokio::spawn(async move {
            answer(asked, &*ask).await;
            drop(place);
        });
    }
}

/// Answers a group. One that fails is halved, so that what is wrong with one question fails that one alone.
async fn answer<Q: Clone, A: Send + 'static, F>(group: Vec<Asked<Q, A>>, ask: &impl Fn(Vec<Q>) -> F)
where
    F: Future<Output = Result<Vec<A>, Unavailable>> + Send + 'static,
{
    let mut groups = vec![group];
    while let Some(mut group) = groups.pop().filter(|group| !group.is_empty()) {
        let questions = group.iter().map(|(question, _)| question.clone()).collect();
        match unit(ask(questions)).await {
            Ok(answers) => tell(group, answers),
            Err(Unavailable::Row(_)) if group.len() > 1 => {
                let second = group.split_off(group.len() / 2);
                groups.extend([second, group]);
            }
            Err(error) => {
                tracing::warn!(%error, questions = group.len(), "questions had no answer");
                let error = Arc::new(error);
                for (_, who) in group {
                    drop(who.send(Err(Unavailable::Together(Arc::clone(&error)))));
                }
            }
        }
    }
}

fn tell<Q, A>(group: Vec<Asked<Q, A>>, answers: Vec<A>) {
    assert_eq!(answers.len(), group.len(), "each question has one answer");
    // Who does not listen any more does not matter.
    group.into_iter().zip(answers).for_each(|((_, who), answer)| drop(who.send(Ok(answer))));
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

    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio::time::timeout;

    use super::*;

    /// Doubles; 13 is a bad row, 99 is never answered. Counts the statements.
    fn doubling(statements: &Arc<AtomicUsize>) -> Gather<u32, u32> {
        let statements = Arc::clone(statements);
        Gather::start(Pace { most: 100, at_once: 1 }, move |numbers: Vec<u32>| {
            statements.fetch_add(1, Ordering::SeqCst);
            async move {
                if numbers.contains(&99) {
                    std::future::pending::<()>().await;
                }
                if numbers.contains(&13) {
                    return Err(Unavailable::Row("13".into()));
                }
                Ok(numbers.into_iter().map(|number| number * 2).collect())
            }
        })
    }

    #[tokio::test]
    async fn what_comes_together_is_asked_together() {
        let statements = Arc::default();
        let gather = doubling(&statements);
        let answers = join_all((0..13).map(|number| gather.ask(number))).await;
        let doubled: Vec<u32> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
        assert_eq!(doubled, (0..13).map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(statements.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_bad_row_fails_whoever_asked_for_it_and_nobody_else() {
        let gather = doubling(&Arc::default());
        let answers = join_all((0..30).map(|number| gather.ask(number))).await;
        let failed: Vec<usize> = (0..30).filter(|number| answers[*number].is_err()).collect();
        assert_eq!(failed, [13]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_database_does_not_hold_the_questions_behind() {
        let gather = doubling(&Arc::default());
        assert!(gather.ask(99).await.is_err(), "after a while");
        assert_eq!(gather.ask(4).await.expect("the next one is asked"), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_gone_is_not_asked_for() {
        let statements = Arc::default();
        let gather = doubling(&statements);
        // The first holds the only place, the second gives up behind it.
        let (first, _) = tokio::join!(gather.ask(99), timeout(Duration::from_secs(1), gather.ask(1)));
        assert!(first.is_err());
        assert_eq!(gather.ask(2).await.expect("an answer"), 4);
        assert_eq!(statements.load(Ordering::SeqCst), 2, "99 and 2");
    }
}
