//! Whom we believe on `https://` and `wss://`: the certificates of this machine, and those of a file.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};

/// For HTTP and sockets alike. `ca_file` holds PEM certificates that are believed too.
pub fn client(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    // A machine without any is no error here: a deployment without TLS needs none.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unreadable = || format!("cannot read {}", path.display());
        let before = roots.len();
        for certificate in CertificateDer::pem_file_iter(path).with_context(unreadable)? {
            roots.add(certificate.with_context(unreadable)?).with_context(unreadable)?;
        }
        ensure!(roots.len() > before, "there is no certificate in {}", path.display());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("the TLS versions of the provider")?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
