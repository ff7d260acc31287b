//! What holds for every request: no token in the address, an end to waiting, headers, counts.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_http::cors::CorsLayer;

use super::uploads;
use crate::{metrics, refusal::Refusal};

/// The database gives up sooner; this is for bodies that trickle.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Names under which tokens are put into addresses elsewhere.
const TOKEN_NAMES: [&str; 5] = ["token", "access_token", "bearer", "jwt", "authorization"];

/// A token in an address would end up in logs: refused, so that nobody starts doing it.
pub async fn no_token_in_address(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    if names.into_iter().any(|name| TOKEN_NAMES.iter().any(|token| token.eq_ignore_ascii_case(name))) {
        return Refusal::unreadable("A token belongs into the Authorization header, never into the address.")
            .into_response();
    }
    next.run(request).await
}

/// Nobody waits for ever. Database work goes on: the same id says later what became of it. What is uploaded comes as
/// fast as the line carries it, under limits of its own.
pub async fn in_time(request: Request, next: Next) -> Response {
    if uploads::sends_bytes(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::not_now("This took too long. Try again with the same id.").into_response(),
    }
}

/// Pages of the allowed origins may call; tokens are given by hand, so credentials are not needed.
pub fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(named(&["authorization", "content-type", "range", "idempotency-key"], &uploads::ASKED))
        .expose_headers(named(&["retry-after", "location"], &uploads::SAID))
        .max_age(Duration::from_hours(1))
}

fn named(ours: &[&'static str], of_uploads: &[&'static str]) -> Vec<HeaderName> {
    ours.iter().chain(of_uploads).map(|name| HeaderName::from_static(name)).collect()
}

/// Counts and times every answer by its route, and sets the headers that all of them have.
pub async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let began = Instant::now();
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    tracing::debug!(%method, route, status, duration_ms = took.as_secs_f64() * 1000.0, "answered");
    metrics::histogram!(metrics::HTTP_SECONDS, "route" => route.clone()).record(took);
    let labels = [("method", counted(&method).to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!(metrics::HTTP_REQUESTS, &labels).increment(1);
    harden(response.headers_mut());
    response
}

/// Anybody can make up methods: those are counted as one.
fn counted(method: &Method) -> &str {
    let usual = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if usual.contains(method) { method.as_str() } else { "other" }
}

fn harden(headers: &mut axum::http::HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Pages that need something else say so themselves.
    let usual = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in usual {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
