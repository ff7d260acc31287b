//! How the database runs each statement of the server, in a session set up like the server's: none may read all of a
//! table, or of an index, that grows.

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

use crate::DatasetError;

/// Tables that do not grow with the orders: one row; what was revoked within a month; cases that are open now.
const SMALL: [&str; 3] = ["deployment", "revocations", "desk"];
/// The same of their indexes, and of the one that holds the people of the desk only.
const SMALL_INDEXES: [&str; 6] = [
    "deployment_pkey",
    "revocations_pkey",
    "revocations_revoked_at",
    "desk_pkey",
    "desk_waiting",
    "users_agents",
];

/// A room has thousands of entries and a user thousands of rooms: who reads them must say which, not only whose. The
/// planner thinks of the average room and user, so statements pin what matters.
const WIDE: [(&str, &str); 4] = [
    ("entries_command", "command_id"),
    ("memberships_pkey", "order_id"),
    ("memberships_tab", "moved_at"),
    ("memberships_unread", "moved_at"),
];
/// A stream is read by place: one, a span with both ends, or the first few from an end. All before or after some
/// place may be all of it.
const STREAMS: [&str; 2] = ["entries_pkey", "case_entries_pkey"];
/// What a limited look into a stream may pass over: a prompt never follows a prompt, so it is one row at most.
const PASSED_OVER: &str = "(role <> 'bot'::text)";
/// Statements that ask for all rooms of a user, and how they are known: both only count them.
const OF_ALL_ROOMS: [&str; 2] = ["group by tab", "with ordinality as i (user_id, place)"];

/// A statement and its generic plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The statement on one line.
    pub statement: String,
    /// As `explain (costs off)` tells it.
    pub text: String,
    tree: Value,
}

/// What `.sqlx/` keeps of a statement.
#[derive(Deserialize)]
struct Checked {
    query: String,
    describe: Describe,
}

#[derive(Deserialize)]
struct Describe {
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
enum Parameters {
    Left(Vec<Value>),
    Right(usize),
}

impl Checked {
    fn parameters(&self) -> usize {
        match &self.describe.parameters {
            Some(Parameters::Left(types)) => types.len(),
            Some(Parameters::Right(count)) => *count,
            None => 0,
        }
    }
}

/// Explains every statement in a folder of checked ones, sorted by their text.
pub async fn explain(database_url: &str, statements: &Path) -> Result<Vec<Plan>, DatasetError> {
    let mut connection = session(database_url).await?;
    let mut plans = Vec::new();
    for checked in read(statements)? {
        plans.push(explain_one(&mut connection, &checked).await?);
    }
    connection.close().await?;
    plans.sort_by(|a, b| a.statement.cmp(&b.statement));
    Ok(plans)
}

/// As `crates/order-actions/src/pools.rs` sets every session up, as far as plans depend on it.
async fn session(database_url: &str) -> Result<PgConnection, DatasetError> {
    let options: PgConnectOptions = database_url.parse()?;
    let options = options.options([
        ("enable_seqscan", "off"),
        ("plan_cache_mode", "force_generic_plan"),
        ("jit", "off"),
        ("max_parallel_workers_per_gather", "0"),
    ]);
    Ok(PgConnection::connect_with(&options).await?)
}

fn read(folder: &Path) -> Result<Vec<Checked>, DatasetError> {
    let bad = |problem: String| DatasetError::Statements(format!("{}: {problem}", folder.display()));
    let files = fs::read_dir(folder).map_err(|error| bad(error.to_string()))?;
    let read = |file: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(file.map_err(|error| bad(error.to_string()))?.path());
        let text = text.map_err(|error| bad(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| bad(error.to_string()))
    };
    let all: Vec<Checked> = files.map(read).collect::<Result<_, _>>()?;
    if all.is_empty() { Err(bad("there are no statements".into())) } else { Ok(all) }
}

/// Postgres 15 has no `explain (generic_plan)`: the statement is prepared, and executed with nothing.
async fn explain_one(connection: &mut PgConnection, checked: &Checked) -> Result<Plan, DatasetError> {
    let nulls = vec!["null"; checked.parameters()].join(", ");
    let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    connection.execute(AssertSqlSafe(format!("prepare explained as {}", checked.query))).await?;
    let explain = |options: &str| AssertSqlSafe(format!("explain ({options}) execute explained{arguments}"));
    let lines: Vec<String> = sqlx::query_scalar(explain("costs off")).fetch_all(&mut *connection).await?;
    let tree: Value =
        sqlx::query_scalar(explain("costs off, format json")).fetch_one(&mut *connection).await?;
    connection.execute("deallocate explained").await?;
    let statement = checked.query.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Plan { statement, text: lines.join("\n"), tree })
}

/// All of them, for people and for comparison.
pub fn text(plans: &[Plan]) -> String {
    let each = plans.iter().map(|plan| format!("{}\n{}\n", plan.statement, indented(&plan.text)));
    each.collect::<Vec<_>>().join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

impl Plan {
    /// Where it reads all of a table or index that grows, each as a sentence.
    pub fn scans(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.tree[0]["Plan"], false, &mut found);
        if OF_ALL_ROOMS.iter().any(|mark| self.statement.contains(mark)) {
            found.retain(|scan| !scan.starts_with(WHOSE));
        }
        found.into_iter().map(|scan| format!("{scan} in: {}", self.statement)).collect()
    }
}

/// `limited`: a limit above ends the scan after so many rows, and nothing between asks for all of them first.
fn walk(node: &Value, limited: bool, found: &mut Vec<String>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    if let Some(scan) = scan_of(node, kind, limited) {
        found.push(scan);
    }
    let limited = match kind {
        "Limit" => true,
        "Sort" | "Incremental Sort" | "Aggregate" | "Hash" | "Materialize" | "WindowAgg" => false,
        _ => limited,
    };
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, limited, found);
    }
}

const WHOSE: &str = "scan of all that one has in";

fn scan_of(node: &Value, kind: &str, limited: bool) -> Option<String> {
    let named = |field: &str| node[field].as_str().unwrap_or_default();
    match kind {
        "Seq Scan" if !SMALL.contains(&named("Relation Name")) => {
            Some(format!("sequential scan of {}", named("Relation Name")))
        }
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
            let index = named("Index Name");
            let bounded = node.get("Index Cond").is_some() || SMALL_INDEXES.contains(&index);
            // What a filter refuses does not count towards a limit.
            let cut_short = limited && node.get("Filter").is_none();
            let whole = (!bounded && !cut_short).then(|| format!("scan of all of {index}"));
            let is_wide = |(name, key): &&(&str, &str)| *name == index && !named("Index Cond").contains(key);
            let wide = WIDE.iter().find(is_wide).map(|(_, key)| format!("{WHOSE} {index}, without {key},"));
            let endless = STREAMS.contains(&index) && !is_span(named("Index Cond"), limited, named("Filter"));
            let endless = endless.then(|| format!("scan of an open end of {index}"));
            whole.or(wide).or(endless)
        }
        _ => None,
    }
}

/// Does a look into a stream end by itself?
fn is_span(bounds: &str, limited: bool, filter: &str) -> bool {
    let both_ends = bounds.contains("seq >") && bounds.contains("seq <");
    bounds.contains("seq = ") || both_ends || (limited && ["", PASSED_OVER].contains(&filter))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scans(plan: Value) -> Vec<String> {
        Plan { statement: "s".into(), text: String::new(), tree: json!([{ "Plan": plan }]) }.scans()
    }

    #[test]
    fn scans_of_what_grows_are_found_at_any_depth() {
        let seq = json!({"Node Type": "Seq Scan", "Relation Name": "entries"});
        assert_eq!(
            scans(json!({"Node Type": "Hash Join", "Plans": [seq]})),
            ["sequential scan of entries in: s"]
        );
        let whole = json!({"Node Type": "Index Only Scan", "Index Name": "heads_pkey"});
        assert_eq!(scans(whole.clone()), ["scan of all of heads_pkey in: s"]);
        let sorted = json!({"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Plans": [whole]}]});
        assert_eq!(scans(sorted).len(), 1, "a sort reads everything before the limit ends it");
        let filtered = json!({"Node Type": "Index Scan", "Index Name": "wakes_at", "Filter": "x"});
        assert_eq!(scans(json!({"Node Type": "Limit", "Plans": [filtered]})).len(), 1);
    }

    #[test]
    fn a_whole_inbox_is_a_scan() {
        let inbox =
            |cond| json!({"Node Type": "Index Scan", "Index Name": "memberships_pkey", "Index Cond": cond});
        assert_eq!(scans(inbox("(user_id = $1)")).len(), 1);
        assert!(scans(inbox("((user_id = $1) AND (order_id = $2))")).is_empty());
    }

    #[test]
    fn a_room_is_read_by_place_or_it_is_a_scan() {
        let room =
            |cond| json!({"Node Type": "Index Scan", "Index Name": "entries_pkey", "Index Cond": cond});
        let first = |scan: Value| json!({"Node Type": "Limit", "Plans": [scan]});
        let after = "((order_id = $1) AND (seq > $2))";
        for bounded in [
            room("((order_id = $1) AND (seq = $2))"),
            room("((order_id = $1) AND (seq >= $2) AND (seq <= $3))"),
            first(room(after)),
        ] {
            assert_eq!(scans(bounded.clone()), [""; 0], "{bounded}");
        }
        let mut filtered = room(after);
        filtered["Filter"] = "(user_id = $3)".into();
        for open in [room("(order_id = $1)"), room(after), first(filtered)] {
            assert_eq!(scans(open), ["scan of an open end of entries_pkey in: s"]);
        }
    }

    #[test]
    fn what_is_bounded_is_no_scan() {
        let index = json!({"Node Type": "Index Scan", "Index Name": "heads_pkey", "Index Cond": "x"});
        let first = json!({"Node Type": "Index Scan", "Index Name": "wakes_at"});
        let small = json!({"Node Type": "Seq Scan", "Relation Name": "deployment"});
        let limited = json!({"Node Type": "Limit", "Plans": [first]});
        assert!(scans(json!({"Node Type": "Nested Loop", "Plans": [index, limited, small]})).is_empty());
    }
}
