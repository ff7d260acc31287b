//! What operators ask: alive, able to serve, counts.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use serde_json::{Value, json};

use super::api::{Api, Call};
use crate::{metrics, state::AppState};

pub fn calls(api: Api) -> Api {
    let page = |path, does| Call { method: "get", path, who: "", does, query: &[] };
    api.call(page("/healthz", "The process is alive."), get(healthz))
        .call(page("/readyz", "The node can serve; degraded while other nodes are unheard."), get(readyz))
        .call(page("/metrics", "Counts, as Prometheus text."), get(counts))
}

async fn healthz() -> Json<Value> {
    Json(json!({"status": "alive"}))
}

async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let database = state.store.ready().await.is_ok();
    let deaf = state.fanout.health().borrow().is_deaf();
    let draining = state.drain.has_begun();
    let status = match (database && !draining, deaf) {
        (false, _) => "unavailable",
        (true, true) => "degraded",
        (true, false) => "ready",
    };
    let code = if database && !draining { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({"status": status, "database": database, "fanout": !deaf, "draining": draining});
    (code, Json(body))
}

async fn counts(State(state): State<AppState>) -> impl IntoResponse {
    fan_out(&state);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render())
}

/// The fan-out counts by itself; here its counts are read.
fn fan_out(state: &AppState) {
    let counts = state.fanout.counters();
    let named = [
        ("published", counts.published),
        ("dropped_full", counts.dropped_full),
        ("dropped_away", counts.dropped_away),
        ("dropped_large", counts.dropped_large),
        ("dropped_slow", counts.dropped_slow),
        ("refused", counts.refused),
        ("received", counts.received),
        ("foreign_epoch", counts.foreign_epoch),
        ("unparsable", counts.unparsable),
        ("generations", counts.generations),
    ];
    for (what, count) in named {
        metrics::counter!("order_chat_fanout_total", "what" => what).absolute(count);
    }
}
