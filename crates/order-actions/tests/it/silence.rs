//! A database that takes what it is told and says nothing more: whoever waits is told in time, and the same id
//! settles what happened (G1, G6).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::future::join_all;
use order_actions::{ActionError, Start, Store, StoreSettings};
use order_domain::{ids::OrderId, inbox_tab::InboxTab, values::Seq};
use serde_json::json;
use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
    time,
};

use crate::{
    database::{Database, fresh},
    world::{World, buyer, id, say, seller, settings},
};

/// A way to the database on which answers can be held back.
struct Muted(Arc<AtomicBool>);

impl Muted {
    /// The way, and the database's address by it.
    async fn before(database: &Database) -> (Self, String) {
        let muted = Arc::new(AtomicBool::new(false));
        let way = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = way.local_addr().expect("an address").port();
        let (direct, at) = (database.url(), database.url().rfind(':').expect("a port"));
        let (server, name) = direct[at + 1..].split_once('/').expect("a name");
        let by_way = format!("{}:{port}/{name}", &direct[..at]);
        let server = format!("127.0.0.1:{server}");
        tokio::spawn(carry(way, server, Arc::clone(&muted)));
        (Self(muted), by_way)
    }

    /// From now on no answer arrives.
    fn mute(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// New connections are answered again.
    fn unmute(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

async fn carry(way: TcpListener, server: String, muted: Arc<AtomicBool>) {
    while let Ok((near, _)) = way.accept().await {
        let far = TcpStream::connect(&server).await.expect("the database listens");
        let (mut from_near, mut to_near) = near.into_split();
        let (from_far, mut to_far) = far.into_split();
        tokio::spawn(async move { io::copy(&mut from_near, &mut to_far).await });
        let muted = Arc::clone(&muted);
        tokio::spawn(async move { answers(from_far, &mut to_near, &muted).await });
    }
}

/// Carries answers until one comes while they are held back; from then on this connection is silent.
async fn answers(mut from: OwnedReadHalf, to: &mut (impl io::AsyncWrite + Unpin), muted: &AtomicBool) {
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if muted.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// The message was committed, its answer never came: the caller is told to try again, and the retry finds it.
#[tokio::test]
async fn a_commit_whose_answer_never_comes() {
    fresh(async |database| {
        let (muted, database_url) = Muted::before(&database).await;
        let store = Store::connect(StoreSettings { database_url, ..settings(&database) });
        let world = World { store: store.await.expect("the store opens") };
        let order = world.order(json!("creator")).await;
        world.done(&buyer(), order, say("before")).await;
        muted.mute();
        let (command, committed) = (id(), "select count(*) from entries where event->>'text' = 'silence'");
        let who = buyer();
        let mut asking = Box::pin(world.ask_as(&who, order, command, say("silence")));
        loop {
            tokio::select! {
                answer = &mut asking => panic!("nobody answered: {answer:?}"),
                count = database.count(committed) => if count == 1 { break },
            }
        }
        // It is stored. Nothing but time passes now.
        time::pause();
        let answer = asking.await.expect_err("after a while");
        assert!(matches!(answer, ActionError::Unavailable(_)), "{answer}");
        time::resume();
        muted.unmute();
        let settled = world.ask_as(&buyer(), order, command, say("silence")).await.expect("settled");
        assert!(settled.duplicate, "the first one counts");
        assert_eq!(database.count(committed).await, 1);
        world.holds_together(order).await;
    })
    .await;
}

/// G5, G13: neither loops nor rooms nor connections are lost to a silence. Each kind of work is asked more often
/// than its pool has connections, is told in time, and goes on once the database answers.
#[tokio::test]
async fn a_silence_takes_nothing_along() {
    fresh(async |database| {
        let (muted, database_url) = Muted::before(&database).await;
        let store = Store::connect(StoreSettings { database_url, ..settings(&database) });
        let world = World { store: store.await.expect("the store opens") };
        let order = world.order(json!("creator")).await;
        // Every pool is full of connections that know no better.
        let crowd = join_all((0..4).map(|_| everything(&world, order))).await;
        assert_eq!(crowd.concat(), Vec::<&str>::new());
        muted.mute();
        time::pause();
        for _ in 0..6 {
            let failed = everything(&world, order).await;
            assert_eq!(failed, EVERYTHING, "each is told that it failed");
        }
        time::resume();
        muted.unmute();
        assert_eq!(everything(&world, order).await, Vec::<&str>::new(), "and goes on");
        world.done(&seller(), order, json!({"type": "accept_order"})).await;
        world.holds_together(order).await;
    })
    .await;
}

const EVERYTHING: [&str; 8] =
    ["command", "inbox", "heads", "cursors", "timers", "revocations", "epoch", "opening"];

/// Which kinds of work failed.
async fn everything(world: &World, order: OrderId) -> Vec<&'static str> {
    let (store, caller) = (&world.store, buyer());
    let reply = json!({"type": "post_message", "text": "hello", "reply_to": 1});
    let outcomes = tokio::join!(
        async { world.ask_as(&caller, order, id(), reply).await.is_err() },
        async { store.inbox(&caller.user, InboxTab::All, None, 10).await.is_err() },
        async { store.heads(&[order]).await.is_err() },
        async { store.mark_read(vec![(order, buyer().user, Seq(1))]).await.is_err() },
        async { store.claim_due(1).await.is_err() },
        async { store.revocations_since(chrono::DateTime::UNIX_EPOCH).await.is_err() },
        async { store.epoch().await.is_err() },
        async { store.opening(order, Start::newest(10)).await.is_err() },
    );
    let failed: [bool; 8] = outcomes.into();
    EVERYTHING.into_iter().zip(failed).filter(|(_, failed)| *failed).map(|(kind, _)| kind).collect()
}
