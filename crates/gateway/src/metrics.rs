//! Names of what is counted, and the Prometheus text. Counts are always by reason.

use std::sync::OnceLock;

pub use ::metrics::{counter, gauge, histogram};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Answers of the HTTP side, by `route`, `method` and `status`.
pub const HTTP_REQUESTS: &str = "order_chat_http_requests_total";
/// Seconds an HTTP answer took, by `route`.
pub const HTTP_SECONDS: &str = "order_chat_http_request_seconds";
/// Refused commands and requests, by `code` and `via` (`http` or `socket`).
pub const REJECTIONS: &str = "order_chat_rejections_total";
/// What could not be done right now, by `part`: `database`, `queue` (too much to do), `task`.
pub const UNAVAILABLE: &str = "order_chat_unavailable_total";
/// Tokens refused, by `reason`.
pub const BAD_TOKENS: &str = "order_chat_bad_tokens_total";
/// Requests over a limit, by `limit`.
pub const LIMITED: &str = "order_chat_limited_total";
/// Sockets closed by the server, by `code`.
pub const CLOSES: &str = "order_chat_socket_closes_total";
/// Open sockets.
pub const SOCKETS: &str = "order_chat_sockets";
/// Times that a room's missing entries were read from the timeline.
pub const HEALS: &str = "order_chat_room_heals_total";
/// Seconds that one comparison of all rooms' heads took.
pub const SWEEP_SECONDS: &str = "order_chat_sweep_seconds";
/// News of other nodes that could not be read.
pub const UNREADABLE_NEWS: &str = "order_chat_unreadable_news_total";
/// Timers fired by this node.
pub const TIMERS_FIRED: &str = "order_chat_timers_fired_total";

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder, once for the process; nodes that share one (in tests) share the counts.
pub fn install() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]);
        builder.ok()?.install_recorder().ok()
    });
}

/// Everything counted so far, as Prometheus text.
pub fn render() -> String {
    RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds what was observed into its buckets, so that memory does not grow between scrapes.
pub fn upkeep() {
    if let Some(handle) = RECORDER.get().and_then(Option::as_ref) {
        handle.run_upkeep();
    }
}
