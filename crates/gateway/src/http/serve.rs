//! Takes connections: HTTP/1.1 with limits on time and headers, which `axum::serve` does not set.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response, routing::future::RouteFuture};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tower_service::Service as _;

use super::patience::Patience;
use crate::{drain::Drain, metrics, state::AppState};

/// From the connection, or the last answer, to the end of the next request's headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Request line and headers, a token among them.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// After an accept that failed, most often for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until the drain begins, then waits for requests in flight. Upgraded sockets are not waited for here.
///
/// No more connections at once than the limit: the next ones wait to be accepted. One address has a share of them, and
/// beyond it is turned away; a trusted proxy speaks for many.
pub async fn serve(listener: TcpListener, state: AppState, router: Router) {
    let AppState { limits, drain, settings, .. } = state;
    let connections = tokio_util::task::TaskTracker::new();
    let most = limits.settings.connections;
    let most = if most == 0 { Semaphore::MAX_PERMITS } else { most as usize };
    let places = Arc::new(Semaphore::new(most));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = drain.begun() => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let share = limits.connection(peer.ip());
                if share.is_none()
                    && !settings.trusted_proxies.iter().any(|net| net.contains(&peer.ip().to_canonical()))
                {
                    metrics::counter!(metrics::LIMITED, "limit" => "connections").increment(1);
                    continue;
                }
                let (door, drain) = (Door { router: router.clone(), peer }, drain.clone());
                connections.spawn(async move {
                    converse(stream, door, drain).await;
                    drop((place, share));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.expect("nobody closes it");
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn converse(stream: TcpStream, door: Door, drain: Drain) {
    // Small frames must not wait for each other. A peer that is gone already is noticed below.
    stream.set_nodelay(true).ok();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(HEADER_BYTES_MAX);
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(Patience::new(stream)), door).with_upgrades());
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = drain.begun() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The router, and who is at the other end.
struct Door {
    router: Router,
    peer: SocketAddr,
}

impl Service<Request<Incoming>> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().call(request)
    }
}
