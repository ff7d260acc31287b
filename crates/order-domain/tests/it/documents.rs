//! Generated documents are in step with the table they are generated from (D5).

use std::{env, fs, path::Path};

/// `docs/LIFECYCLE.md` is what the table says. `UPDATE_DOCS=1 cargo test -p order-domain` writes it.
#[test]
fn the_lifecycle_document_is_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/LIFECYCLE.md");
    let written = order_domain::document::lifecycle();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &written).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == written,
        "docs/LIFECYCLE.md is not what the table says: run UPDATE_DOCS=1 cargo test -p order-domain"
    );
}
