//! What is there: rows and bytes of each table.

use std::fmt::Write as _;

use sqlx::{Connection as _, PgConnection};

use crate::DatasetError;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Size {
    /// Its name.
    pub name: String,
    /// As the last analyze counted or estimated them.
    pub rows: i64,
    /// Without indexes.
    pub table_bytes: i64,
    /// Of its indexes.
    pub index_bytes: i64,
}

/// Tables of the product, the largest first.
pub async fn sizes(database_url: &str) -> Result<Vec<Size>, DatasetError> {
    let mut connection = PgConnection::connect(database_url).await?;
    let sizes = sqlx::query_as(
        "select relname::text as name, greatest(reltuples, 0)::bigint as rows, pg_table_size(oid) as table_bytes,
            pg_indexes_size(oid) as index_bytes
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        order by pg_total_relation_size(oid) desc, relname",
    );
    let sizes = sizes.fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(sizes)
}

/// For people.
pub fn table(sizes: &[Size]) -> String {
    let mib =
        |bytes: i64| format!("{:.1}", f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) / 1024.0);
    let mut text = format!("{:<20} {:>12} {:>12} {:>12}\n", "table", "rows", "table MiB", "indexes MiB");
    for size in sizes {
        let (table, index) = (mib(size.table_bytes), mib(size.index_bytes));
        writeln!(text, "{:<20} {:>12} {table:>12} {index:>12}", size.name, size.rows)
            .expect("memory takes it");
    }
    text
}
