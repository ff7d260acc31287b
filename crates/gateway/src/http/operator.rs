//! What operators ask: alive, able to serve, counts.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    api::{Api, Call},
    examples,
    shape::{Gives, gives, shape},
};
use crate::{metrics, state::AppState};

pub fn calls(api: Api) -> Api {
    let page = |path, does, gives| Call {
        method: "get",
        path,
        who: "",
        does,
        query: &[],
        takes: None,
        gives,
        refuses: &[],
    };
    let alive = gives::<Alive>(examples::alive);
    let ready = Gives::Health(shape::<Ready>(examples::ready));
    api.call(page("/healthz", "The process is alive.", alive), get(healthz))
        .call(
            page("/readyz", "The node can serve; degraded while other nodes are unheard.", ready),
            get(readyz),
        )
        .call(page("/metrics", "Counts, as Prometheus text.", Gives::Text), get(counts))
}

/// The process answers.
#[derive(Serialize, JsonSchema)]
struct Alive {
    status: &'static str,
}

/// What a node needs to serve, and whether it has it.
#[derive(Serialize, JsonSchema)]
struct Ready {
    /// `ready`, `degraded` or `unavailable`.
    status: &'static str,
    /// Postgres answers.
    database: bool,
    /// Other nodes are heard.
    fanout: bool,
    /// The node is about to stop.
    draining: bool,
}

async fn healthz() -> Json<Alive> {
    Json(Alive { status: "alive" })
}

async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Ready>) {
    let database = state.store.ready().await.is_ok();
    let deaf = state.fanout.health().borrow().is_deaf();
    let draining = state.drain.has_begun();
    let status = match (database && !draining, deaf) {
        (false, _) => "unavailable",
        (true, true) => "degraded",
        (true, false) => "ready",
    };
    let code = if database && !draining { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(Ready { status, database, fanout: !deaf, draining }))
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
        ("attempts", counts.attempts),
    ];
    for (what, count) in named {
        metrics::counter!(metrics::FANOUT, "what" => what).absolute(count);
    }
    metrics::counter!(metrics::DEAF_SECONDS).absolute(counts.deaf.as_secs());
    let deaf = state.fanout.health().borrow().is_deaf();
    metrics::gauge!(metrics::DEAF).set(f64::from(u8::from(deaf)));
}
