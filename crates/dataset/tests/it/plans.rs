//! Every statement of the server on tables with rows in them.

use std::path::Path;

use dataset::plans;

use crate::database::{count, filled};

/// The version that the snapshot was made with; another one may choose other plans, but none that scans.
const SNAPSHOT_OF: i64 = 15;

/// P9: nothing reads all of what grows, and how each statement runs was looked at by a person.
#[tokio::test]
async fn no_statement_scans_what_grows() {
    filled(async |url| {
        let statements = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.sqlx");
        let plans = plans::explain(&url, &statements).await.expect("every statement is explained");
        let scans: Vec<_> = plans.iter().flat_map(plans::Plan::scans).collect();
        assert!(scans.is_empty(), "{}", scans.join("\n"));
        let version = "select current_setting('server_version_num')::bigint / 10000";
        if count(&url, version).await == SNAPSHOT_OF {
            insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
                insta::assert_snapshot!("plans", plans::text(&plans));
            });
        }
    })
    .await;
}
