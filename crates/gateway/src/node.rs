//! One node from its start to its end.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use fanout::{Fanout, FanoutError, FanoutSettings};
use files::{BadPlace, Files, LinkKey};
use order_actions::{Store, StoreError, Unavailable};
use tokio::{
    net::TcpListener,
    sync::watch as watched,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use crate::{
    config::Settings,
    drain::Drain,
    http::{self, BadFolder, Bundle},
    limits::Limits,
    metrics,
    rooms::{self, Rooms},
    seen::Seen,
    state::AppState,
    timers,
    tokens::{BadKeys, Tokens},
    uploads::{self, Uploads},
    watch,
};

/// From the signal to the last words; what is then still under way is left.
const FINISH_WITHIN: Duration = Duration::from_secs(12);

/// A node that serves.
#[derive(Debug)]
pub struct Node {
    /// Where it listens; port 0 has become a real one.
    pub address: SocketAddr,
    /// Its parts.
    pub state: AppState,
}

/// Why a node cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The browser application that was to be served.
    #[error(transparent)]
    App(#[from] BadFolder),
    /// The keys for tokens.
    #[error(transparent)]
    Keys(#[from] BadKeys),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database has no schema, or does not answer.
    #[error("the database is not ready (was `order-chat migrate` run?): {0}")]
    NotReady(#[from] Unavailable),
    /// Where files are kept.
    #[error(transparent)]
    Files(#[from] BadPlace),
    /// The fan-out.
    #[error(transparent)]
    Fanout(#[from] FanoutError),
}

impl Node {
    /// Opens everything and serves. Needs a rustls provider in place: see [`install_tls`].
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        metrics::install();
        let listen = |error| StartError::Listen(settings.listen, error);
        let listener = TcpListener::bind(settings.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let bundle = settings.app.as_deref().map_or_else(|| Ok(Bundle::embedded()), Bundle::folder)?;
        let tokens = Tokens::load(&settings.keys).await?;
        let store = Store::connect(settings.store()).await?;
        let (epoch_in, epoch) = watched::channel(store.epoch().await?);
        let since = watch::note_all(&store, &tokens).await?;
        let uploads = Uploads::new(Files::open(&settings.files)?, LinkKey::new(store.link_key().await?));
        let state = assemble(settings, tokens, store, uploads, epoch)?;
        state.spawn_loops(epoch_in, since);
        let door = http::serve(listener, state.clone(), http::router(state.clone(), bundle));
        state.drain.loops.spawn(door);
        Ok(Self { address, state })
    }

    /// Says goodbye, finishes what is in flight, and ends: within 15 s. Whoever takes a large download slowly does not
    /// keep the other nodes from hearing the last words, for which the fan-out has 2 s.
    pub async fn drain(self) {
        let end = Instant::now() + FINISH_WITHIN;
        let drain = &self.state.drain;
        drain.begin();
        let finish = async {
            self.state.rooms.drain().await;
            drain.sockets.close();
            drain.loops.close();
            drain.sockets.wait().await;
            tokio::join!(drain.loops.wait(), self.state.fanout.flush());
        };
        if timeout_at(end, finish).await.is_err() {
            tracing::warn!("the drain ended with work left");
        }
        self.state.fanout.flush().await;
    }
}

fn assemble(
    settings: Settings,
    tokens: Tokens,
    store: Store,
    uploads: Uploads,
    epoch: watched::Receiver<Uuid>,
) -> Result<AppState, StartError> {
    let fanout_settings = FanoutSettings {
        redis_url: settings.redis_url.as_ref().map(|url| url.expose().to_owned()),
        cluster_parts: settings.redis_cluster,
        prefix: settings.fanout_prefix.clone(),
        ..FanoutSettings::new(Uuid::now_v7(), *epoch.borrow())
    };
    let (fanout, incoming) = Fanout::start(fanout_settings)?;
    let rooms_settings = rooms::Settings { epoch: *epoch.borrow(), rooms_max: settings.limits.rooms };
    let rooms = Rooms::start(rooms_settings, store.clone(), fanout.clone(), tokens.clone(), incoming);
    let limits = Limits::new(settings.limits);
    let (seen, drain) = (Seen::default(), Drain::default());
    let settings = Arc::new(settings);
    Ok(AppState { settings, store, fanout, tokens, limits, rooms, uploads, seen, epoch, drain })
}

impl AppState {
    fn spawn_loops(&self, epoch: watched::Sender<Uuid>, since: order_domain::values::Timestamp) {
        let loops = &self.drain.loops;
        loops.spawn(timers::run(self.clone()));
        loops.spawn(uploads::keep_clean(self.clone()));
        loops.spawn(watch::run(self.clone(), epoch, since));
        let (tokens, drain) = (self.tokens.clone(), self.drain.clone());
        loops.spawn(async move {
            tokio::select! {
                () = tokens.keep_fresh() => {}
                () = drain.begun() => {}
            }
        });
    }
}

/// The one TLS provider of the process; a second call changes nothing.
pub fn install_tls() {
    // Taken already: by an earlier call, in tests.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
