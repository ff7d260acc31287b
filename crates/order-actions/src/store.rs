//! The one way to the truth: pools, and the rule that database work is never cancelled by whoever waits for it.

use std::{future::Future, sync::Arc, time::Duration};

use order_domain::{
    ids::{OrderId, UserId},
    policy::Presets,
    values::Timestamp,
};
use sqlx::PgPool;
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    error::{ActionError, StoreError, Unavailable},
    gather::{Gather, Pace},
    greeting::{self, Greeting},
    head::{self, Head},
    lane::Lane,
    opening::{self, Opening},
    pools,
    settings::StoreSettings,
    timeline::Start,
    turns::Turns,
    users::{self, SeenUser},
};

/// A row for each question; an opening may be 200 entries.
const HEADS: Pace = Pace { most: 256, at_once: 1 };
const OPENINGS: Pace = Pace { most: 12, at_once: 2 };
const GREETINGS: Pace = Pace { most: 128, at_once: 1 };
const ACCOUNTS: Pace = Pace { most: 256, at_once: 1 };

/// How long a unit of work may take: longer than a session lets a statement take.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(8);

/// The truth. Cheap to clone; every clone is the same store.
#[derive(Clone, Debug)]
pub struct Store(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub statements: PgPool,
    pub commands: PgPool,
    pub reads: PgPool,
    pub background: PgPool,
    pub presets: Presets,
    pub conversations_per_day: u32,
    pub lane: Lane,
    pub turns: Turns,
    /// What a crowd asks when it comes.
    pub heads: Gather<OrderId, Option<Head>>,
    pub openings: Gather<(OrderId, Start), Option<Opening>>,
    pub greetings: Gather<UserId, Greeting>,
    pub accounts: Gather<SeenUser, ()>,
    /// One user's quiet rooms at a time.
    pub settling: Arc<Semaphore>,
}

impl Store {
    /// Opens the pools; refuses a database that could lose acknowledged writes.
    pub async fn connect(settings: StoreSettings) -> Result<Self, StoreError> {
        let session = pools::session(&settings.database_url)?;
        let statements = pools::open_for_statements(&session, settings.statement_connections);
        let commands = pools::open(&session, settings.command_connections);
        pools::check_durable(&commands).await?;
        let lane = Lane::start(&session, settings.post_batch_max, settings.post_queue_max);
        let reads = pools::open_for_reads(&session, settings.read_connections);
        let background = pools::open(&session, settings.background_connections);
        Ok(Self(Arc::new(Inner {
            heads: Gather::start(HEADS, with(reads.clone(), head::heads)),
            openings: Gather::start(OPENINGS, with(reads.clone(), opening::openings)),
            greetings: Gather::start(GREETINGS, with(reads.clone(), greeting::greetings)),
            accounts: Gather::start(ACCOUNTS, with(background.clone(), users::see)),
            settling: Arc::new(Semaphore::new(1)),
            statements,
            commands,
            reads,
            background,
            presets: settings.presets,
            conversations_per_day: settings.conversations_per_day,
            lane,
            turns: Turns::default(),
        })))
    }

    /// Can it serve? Asks the database and its schema.
    pub async fn ready(&self) -> Result<(), Unavailable> {
        self.epoch().await.map(drop)
    }

    /// The database's clock, in whole milliseconds.
    pub async fn now(&self) -> Result<Timestamp, Unavailable> {
        let pool = self.0.reads.clone();
        unit(async move {
            let now =
                sqlx::query_scalar!(r#"select date_trunc('milliseconds', clock_timestamp()) as "now!""#);
            Ok(now.fetch_one(&pool).await?)
        })
        .await
    }
}

/// A question with the pool that answers it.
fn with<Q, F>(pool: PgPool, ask: impl Fn(PgPool, Q) -> F) -> impl Fn(Q) -> F {
    move |questions| ask(pool.clone(), questions)
}

/// Runs one unit of database work in a task of its own: whoever stops waiting does not stop it (trap 1).
///
/// The task starts at once and holds the work; what is returned is a handle's size, and fits into a socket's task.
pub(crate) fn unit<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> impl Future<Output = Result<T, E>> + Send
where
    T: Send + 'static,
    E: From<Unavailable> + Send + 'static,
{
    let task = tokio::spawn(in_time(work));
    async move {
        match task.await {
            Ok(outcome) => outcome,
            Err(broken) => {
                tracing::error!(error = %broken, "database work ended without an answer");
                Err(Unavailable::Broken(broken.to_string()).into())
            }
        }
    }
}

/// A database that went silent, with no word to its clients, costs a unit its answer: not a loop its life, a room
/// its turn or a pool its connection.
async fn in_time<T, E: From<Unavailable>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut work = Box::pin(work);
    if let Ok(outcome) = timeout(ANSWERED_WITHIN, &mut work).await {
        return outcome;
    }
    // Before the work gives its connections back.
    pools::distrust();
    drop(work);
    Err(Unavailable::Silent.into())
}

impl Inner {
    /// Begins a transaction of a command. Ends by an explicit `commit()`; anything else rolls back.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, ActionError> {
        Ok(self.commands.begin().await?)
    }
}
