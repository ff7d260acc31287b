//! Fills an empty database: templates live, are read back, and are written again many times.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use futures_util::TryStreamExt as _;
use order_actions::{Store, StoreSettings};
use order_domain::policy::Presets;
use sqlx::{Connection as _, PgConnection};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};

use crate::{
    DatasetError,
    lives::{self, Life},
    people::People,
    picks::Picks,
    template::{TABLES, Template},
};

/// Orders that one transaction writes.
const BATCH: usize = 1000;
/// A batch ends early at so many bytes of entries: memory stays bounded whatever the orders say.
const BATCH_BYTES: usize = 16 << 20;
/// Connections that write; a third batch is made meanwhile.
const WRITERS: usize = 2;
/// Connections by which templates live.
const CONNECTIONS: u32 = 6;
/// How often a vacuum is repeated.
const VACUUMS: u32 = 10;
/// Between two words about how far it is.
const TELL_EVERY: Duration = Duration::from_secs(10);
const ENTRIES: usize = 3;

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Orders, templates not counted.
    pub orders: u32,
    /// Entries in all their rooms, about.
    pub entries: u64,
    /// How many of a hundred orders are not finished.
    pub unfinished_percent: u32,
    /// The most messages of one room.
    pub talk_most: u32,
    /// Decides everything that is left to chance.
    pub seed: u64,
}

/// Rows of a few orders, for each of [`TABLES`].
struct Batch {
    tables: Vec<Vec<u8>>,
    orders: u32,
    entries: u64,
}

/// Fills an empty, migrated database. The server keeps its durable settings: only the sessions that write here do not
/// wait for the disk.
pub async fn fill(database_url: &str, scale: Scale, say: fn(&str)) -> Result<(), DatasetError> {
    let mut connection = session(database_url).await?;
    refuse_a_full_one(&mut connection).await?;
    let lives = lives::lives(scale.talk_most);
    say(&format!("{} templates live", lives.len()));
    let settings = StoreSettings::new(database_url, Presets::shipped());
    let store = Store::connect(StoreSettings { command_connections: CONNECTIONS, ..settings }).await?;
    lives::live(&store, &lives, scale.seed).await?;
    let now = store.now().await?;
    drop(store);

    let mut templates = Vec::with_capacity(lives.len());
    for life in &lives {
        templates.push((life.is_finished(), read(&mut connection, life).await?));
    }
    write_users(&mut connection, People::of(scale.orders)).await?;
    say(&format!("{} orders are written", scale.orders));
    Picks::new(&templates, scale, now)?; // refuses before anything is begun
    write_all(database_url, templates, scale, now, say).await?;
    say("vacuum and analyze");
    // What was not waited for must be on the disk before a vacuum can call it visible to everybody.
    sqlx::raw_sql("checkpoint").execute(&mut connection).await?;
    vacuum(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn session(database_url: &str) -> Result<PgConnection, DatasetError> {
    let mut connection = PgConnection::connect(database_url).await?;
    let settings = "set synchronous_commit = off; set timezone = 'UTC'; set maintenance_work_mem = '256MB'";
    sqlx::raw_sql(settings).execute(&mut connection).await?;
    Ok(connection)
}

async fn refuse_a_full_one(connection: &mut PgConnection) -> Result<(), DatasetError> {
    let full = sqlx::query_scalar("select exists (select 1 from heads) or exists (select 1 from users)");
    let full: bool = full.fetch_one(connection).await?;
    if full { Err(DatasetError::NotEmpty) } else { Ok(()) }
}

/// Until every page is known to be visible to everybody: while somebody still looks at older rows, a vacuum has to leave
/// some out, and plans would differ from run to run.
async fn vacuum(connection: &mut PgConnection) -> Result<(), DatasetError> {
    for _ in 0..VACUUMS {
        sqlx::raw_sql("vacuum (analyze)").execute(&mut *connection).await?;
        let done = sqlx::query_scalar(
            "select bool_and(relallvisible >= relpages) from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r'",
        );
        if done.fetch_one(&mut *connection).await? {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn read(connection: &mut PgConnection, life: &Life) -> Result<Template, DatasetError> {
    let order = life.order();
    let mut rows = Vec::with_capacity(TABLES.len());
    for (table, sorted_by) in TABLES {
        let copy =
            format!("copy (select * from {table} where order_id = '{order}' order by {sorted_by}) to stdout");
        let read = connection.copy_out_raw(&copy).await?;
        let bytes = read.try_fold(Vec::new(), async |mut all, some| {
            all.extend_from_slice(&some);
            Ok(all)
        });
        let bytes = bytes.await?;
        rows.push(String::from_utf8(bytes).expect("the database speaks UTF-8"));
    }
    let placed = sqlx::query_scalar("select at from entries where order_id = $1 and seq = 1").bind(order.0);
    let placed = placed.fetch_one(connection).await?;
    let entries = u32::try_from(rows[ENTRIES].lines().count()).expect("a room is not that long");
    Ok(Template::compile(order.0, placed, &rows, entries))
}

async fn write_users(connection: &mut PgConnection, people: People) -> Result<(), DatasetError> {
    let mut rows = String::new();
    people.ids().for_each(|id| writeln!(rows, "{id}\tuser\t{id}").expect("memory takes it"));
    let mut copy = connection.copy_in_raw("copy users (id, account, name) from stdin").await?;
    copy.send(rows.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// One thread makes the rows, two connections write them.
async fn write_all(
    database_url: &str,
    templates: Vec<(bool, Template)>,
    scale: Scale,
    now: chrono::DateTime<chrono::Utc>,
    say: fn(&str),
) -> Result<(), DatasetError> {
    let (made, to_write) = mpsc::channel(1);
    let maker = tokio::task::spawn_blocking(move || make(&templates, scale, now, &made));
    let to_write = std::sync::Arc::new(Mutex::new(to_write));
    let (written, mut done) = mpsc::channel(WRITERS);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (to_write, written) = (to_write.clone(), written.clone());
        let mut connection = session(database_url).await?;
        writers.spawn(async move {
            loop {
                let batch: Option<Batch> = to_write.lock().await.recv().await;
                let Some(batch) = batch else { return Ok::<_, DatasetError>(()) };
                write(&mut connection, &batch).await?;
                let _ = written.send((batch.orders, batch.entries)).await; // whoever counts may be gone
            }
        });
    }
    drop((written, to_write));
    tell(&mut done, scale, say).await;
    while let Some(writer) = writers.join_next().await {
        writer.expect("a writer does not panic")?;
    }
    maker.await.expect("the maker does not panic")
}

fn make(
    templates: &[(bool, Template)],
    scale: Scale,
    now: chrono::DateTime<chrono::Utc>,
    made: &mpsc::Sender<Batch>,
) -> Result<(), DatasetError> {
    let mut picks = Picks::new(templates, scale, now)?.peekable();
    while picks.peek().is_some() {
        let mut batch = Batch { tables: vec![Vec::new(); TABLES.len()], orders: 0, entries: 0 };
        for (template, copy) in picks.by_ref().take(BATCH) {
            template.copy(&copy, &mut batch.tables);
            batch.orders += 1;
            batch.entries += u64::from(template.entries);
            if batch.tables[ENTRIES].len() > BATCH_BYTES {
                break;
            }
        }
        if made.blocking_send(batch).is_err() {
            break; // the writers failed, and say why
        }
    }
    Ok(())
}

async fn write(connection: &mut PgConnection, batch: &Batch) -> Result<(), DatasetError> {
    let mut tx = connection.begin().await?;
    for ((table, _), rows) in TABLES.iter().zip(&batch.tables) {
        if !rows.is_empty() {
            let mut copy = tx.copy_in_raw(&format!("copy {table} from stdin")).await?;
            copy.send(rows.as_slice()).await?;
            copy.finish().await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn tell(done: &mut mpsc::Receiver<(u32, u64)>, scale: Scale, say: fn(&str)) {
    let began = Instant::now();
    let (mut orders, mut entries, mut told) = (0u32, 0u64, Instant::now());
    while let Some((more_orders, more_entries)) = done.recv().await {
        (orders, entries) = (orders + more_orders, entries + more_entries);
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            let share = f64::from(orders) / f64::from(scale.orders);
            let took = began.elapsed().as_secs_f64();
            let left = took / share - took;
            say(&format!("{:.0} %: {orders} orders, {entries} entries, {left:.0} s left", share * 100.0));
        }
    }
    say(&format!("{orders} orders, {entries} entries in {:.0} s", began.elapsed().as_secs_f64()));
}
