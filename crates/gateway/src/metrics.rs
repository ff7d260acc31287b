//! What is counted, and the Prometheus text. Counts are always by reason, and those that an alarm watches stand there
//! from the start with 0: of a count that appears with its first event, nobody sees the rise.

use std::sync::OnceLock;

use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
pub use ::metrics::{counter, gauge, histogram};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use protocol::CloseCode;

use crate::{tokens::BadToken, unavailable};

/// Answers of the HTTP side, by `route`, `method` and `status`.
pub const HTTP_REQUESTS: &str = "order_chat_http_requests_total";
/// Seconds an HTTP answer took, by `route`.
pub const HTTP_SECONDS: &str = "order_chat_http_request_seconds";
/// Refused commands and requests, by `code` and `via` (`http` or `socket`).
pub const REJECTIONS: &str = "order_chat_rejections_total";
/// What could not be done right now, by `part`: `database`, `queue` (too much to do), `task`, `files`.
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
/// What became of the news between nodes, by `what`.
pub const FANOUT: &str = "order_chat_fanout_total";
/// 1 while the other nodes are not heard.
pub const DEAF: &str = "order_chat_fanout_deaf";
/// Seconds that they were not heard, all times together.
pub const DEAF_SECONDS: &str = "order_chat_fanout_deaf_seconds_total";

/// Every limit that counts in [`LIMITED`].
const LIMITS: [&str; 7] = ["commands", "frames", "connects", "connections", "reads", "uploads", "downloads"];
/// A stream that took nothing gets no close frame.
pub const STUCK: &str = "stuck";

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder, once for the process; nodes that share one (in tests) share the counts.
pub fn install() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]);
        let handle = builder.ok()?.install_recorder().ok()?;
        describe();
        begin();
        Some(handle)
    });
}

fn describe() {
    for (name, help) in [
        (HTTP_REQUESTS, "Answers of the HTTP side, by route, method and status"),
        (REJECTIONS, "Refused commands and requests, by code and way"),
        (UNAVAILABLE, "What could not be done right now, by the part that failed"),
        (BAD_TOKENS, "Tokens refused, by reason"),
        (LIMITED, "Requests over a limit, by limit"),
        (CLOSES, "Sockets closed by the server, by close code"),
        (HEALS, "Times that a room's missing entries were read from the timeline"),
        (UNREADABLE_NEWS, "News of other nodes that could not be read"),
        (TIMERS_FIRED, "Timers fired by this node"),
        (FANOUT, "What became of the news between nodes"),
        (DEAF_SECONDS, "Seconds that other nodes were not heard, all times together"),
    ] {
        describe_counter!(name, help);
    }
    describe_gauge!(SOCKETS, "Open sockets");
    describe_gauge!(DEAF, "1 while the other nodes are not heard");
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Seconds an HTTP answer took, by route");
    describe_histogram!(SWEEP_SECONDS, Unit::Seconds, "Seconds that a look at the heads of all rooms took");
}

/// What may never happen, and is watched.
fn begin() {
    [HEALS, UNREADABLE_NEWS, TIMERS_FIRED].into_iter().for_each(|name| counter!(name).absolute(0));
    unavailable::PARTS.into_iter().for_each(|part| counter!(UNAVAILABLE, "part" => part).absolute(0));
    LIMITS.into_iter().for_each(|limit| counter!(LIMITED, "limit" => limit).absolute(0));
    BadToken::ALL.into_iter().for_each(|why| counter!(BAD_TOKENS, "reason" => why.to_string()).absolute(0));
    let codes = CloseCode::ALL.iter().map(|code| code.number().to_string());
    codes.chain([STUCK.to_owned()]).for_each(|code| counter!(CLOSES, "code" => code).absolute(0));
    gauge!(SOCKETS).set(0);
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
