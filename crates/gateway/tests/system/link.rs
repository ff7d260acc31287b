//! The way between one client and the nodes: a relay on loopback that can be cut and led to another node.
//!
//! The client knows the relay only, so what it does after a cut is its own doing. It can swallow instead: both
//! ends stay connected and hear nothing any more.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A relay of its own for one client. Dropping it cuts everything.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    way: Arc<Mutex<Way>>,
    _accepting: DropGuard,
}

#[derive(Debug)]
struct Way {
    to: SocketAddr,
    open: CancellationToken,
    flowing: CancellationToken,
}

impl Link {
    pub async fn to(node: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let all = CancellationToken::new();
        let way = Arc::new(Mutex::new(Way {
            to: node,
            open: all.child_token(),
            flowing: CancellationToken::new(),
        }));
        tokio::spawn(all.clone().run_until_cancelled_owned(accept(listener, way.clone())));
        Ok(Self { address, way, _accepting: all.drop_guard() })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks what is open, without a word to either end; the next connection goes to `node`.
    pub fn cut(&self, node: SocketAddr) {
        let mut way = self.way.lock().expect("nothing panics while holding it");
        way.to = node;
        std::mem::take(&mut way.open).cancel();
    }

    /// What is open becomes a black hole; the next connection goes to `node` and is a good one.
    pub fn swallow(&self, node: SocketAddr) {
        let mut way = self.way.lock().expect("nothing panics while holding it");
        way.to = node;
        std::mem::take(&mut way.flowing).cancel();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.way.lock().expect("nothing panics while holding it").open.cancel();
    }
}

async fn accept(listener: TcpListener, way: Arc<Mutex<Way>>) {
    while let Ok((client, _)) = listener.accept().await {
        let (to, open, flowing) = {
            let way = way.lock().expect("nothing panics while holding it");
            (way.to, way.open.clone(), way.flowing.clone())
        };
        tokio::spawn(open.run_until_cancelled_owned(relay(client, to, flowing)));
    }
}

async fn relay(mut client: TcpStream, to: SocketAddr, flowing: CancellationToken) -> io::Result<()> {
    let mut node = TcpStream::connect(to).await?;
    client.set_nodelay(true)?;
    node.set_nodelay(true)?;
    match flowing.run_until_cancelled(copy_bidirectional(&mut client, &mut node)).await {
        Some(ended) => ended.map(drop),
        None => std::future::pending().await, // holds both ends open
    }
}
