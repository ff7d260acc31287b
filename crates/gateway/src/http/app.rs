//! The browser application: served wherever no call is. It routes by itself, so a path without an extension is its page.
//!
//! Never serves a path below `/v1` or `/demo`: programs that call what is not there get a problem, not a page.

mod bundle;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::docs;
use crate::refusal::Refusal;
use bundle::{PAGE, Stored};

pub use bundle::{BadFolder, Bundle};

/// Their names change with what is in them.
const FINGERPRINTED: &str = "assets/";
const CALLS: [&str; 2] = ["v1", "demo"];
/// Of no use to a chat.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
                           gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// What answers whatever is no call.
pub fn answer(bundle: &Bundle, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if ![Method::GET, Method::HEAD].contains(request.method()) || is_call(path) {
        return Refusal::no_such_page().into_response();
    }
    let encodings = encodings(request.headers());
    let (name, found) = match bundle.find(path, &encodings) {
        Some(found) => (path, Some(found)),
        None if is_file(path) => return Refusal::no_such_page().into_response(),
        None => (PAGE, bundle.find(PAGE, &encodings)),
    };
    match found {
        Some(stored) => file(name, stored, request.headers()),
        None => not_built(path),
    }
}

fn is_call(path: &str) -> bool {
    CALLS.iter().any(|call| path.strip_prefix(call).is_some_and(|rest| rest.starts_with('/'))) || path == "v1"
}

fn is_file(path: &str) -> bool {
    path.starts_with(FINGERPRINTED) || path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn file(name: &str, stored: &Stored, asked: &HeaderMap) -> Response {
    let cache =
        if name.starts_with(FINGERPRINTED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, stored.tag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(asked));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert("permissions-policy", HeaderValue::from_static(PERMISSIONS));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    if knows(asked, &stored.tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, stored.media_type.clone());
    if let Some(encoding) = stored.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    *response.body_mut() = Body::from(stored.bytes.clone());
    response
}

/// `'self'` does not mean sockets in every browser, so they are named by the host that was asked for.
fn policy(asked: &HeaderMap) -> HeaderValue {
    let plain =
        |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
    let host = asked.get(header::HOST).and_then(|host| host.to_str().ok()).filter(plain);
    let sockets = host.map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
         connect-src 'self'{sockets}; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; \
         frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; \
         require-trusted-types-for 'script'"
    );
    HeaderValue::from_str(&policy).expect("the policy is plain ASCII")
}

fn knows(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let tag = tag.to_str().expect("a tag is plain ASCII");
    tags.flat_map(|tags| tags.split(',')).map(str::trim).any(|known| known.trim_start_matches("W/") == tag)
}

/// What the asker can unpack, best first.
fn encodings(asked: &HeaderMap) -> Vec<&'static str> {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<&str> = values.flat_map(|value| value.split(',')).filter_map(accepted).collect();
    let takes = |name: &&str| accepted.iter().any(|accepted| accepted.eq_ignore_ascii_case(name));
    ["br", "gzip"].into_iter().filter(takes).collect()
}

/// The name in `name;q=0.5`, unless it is refused.
fn accepted(item: &str) -> Option<&str> {
    let (name, weight) = item.split_once(';').unwrap_or((item, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
    weight.is_ok_and(|weight| weight > 0.0).then(|| name.trim())
}

fn not_built(path: &str) -> Response {
    let page = docs::page(
        "order-chat",
        "<h1>order-chat</h1><p>A node of order-chat runs here, built without the browser application: \
         <code>cargo xtask web build</code> builds it (Node 20.19 or newer), then build and start the node again; \
         <code>cargo xtask run</code> does both.</p><p>The API is described in <a href=/docs>the docs</a> \
         (<a href=/openapi.json>OpenAPI</a>); participants connect to <code>/v1/socket</code>.</p>",
    );
    let status = if path.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn encodings_are_the_askers() {
        let of = |value: &str| encodings(&asked(header::ACCEPT_ENCODING, value));
        assert_eq!(of("gzip, deflate, br, zstd"), ["br", "gzip"]);
        assert_eq!(of("GZIP;q=0.5,br;q=0"), ["gzip"]);
        assert!(of("identity").is_empty() && of("*;q=x, brotli").is_empty());
        assert!(encodings(&HeaderMap::new()).is_empty());
    }

    #[test]
    fn a_host_cannot_widen_the_policy() {
        let of = |host: &str| policy(&asked(header::HOST, host)).to_str().unwrap().to_owned();
        assert!(of("[::1]:8080").contains("connect-src 'self' ws://[::1]:8080 wss://[::1]:8080;"));
        for bad in ["x; script-src *", "a b", "*", "a,b", "'unsafe-inline'"] {
            assert!(of(bad).contains("connect-src 'self';"), "{bad}");
        }
    }

    #[test]
    fn calls_and_files_are_no_pages() {
        assert!(["v1", "v1/orders", "demo/accounts", "demo/"].into_iter().all(is_call));
        assert!(!["", "demo", "desk", "v10", "orders/v1/x"].into_iter().any(is_call));
        assert!(
            is_file("favicon.ico") && is_file("assets/x") && !is_file("orders/0190") && !is_file("a.b/c")
        );
    }
}
