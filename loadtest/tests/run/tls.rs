//! A node behind TLS, as deployments have it: a relay with a certificate that only a file knows.

use std::{net::SocketAddr, path::Path, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// Ends TLS in front of a node.
pub struct Door {
    address: SocketAddr,
    task: AbortHandle,
}

impl Door {
    /// In front of a node; writes the certificate that signs itself.
    pub async fn before(node: SocketAddr, certificate: &Path) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        std::fs::write(certificate, made.cert.pem()).expect("the test's own folder");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider's versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("the key is the certificate's");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let serve = async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who does not believe the certificate hangs up.
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut server = TcpStream::connect(node).await.expect("the node listens");
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
            }
        };
        Self { address, task: tokio::spawn(serve).abort_handle() }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}
