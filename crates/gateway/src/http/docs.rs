//! Pages about the interface: the document for programs, and the same for people.

use std::fmt::Write as _;

use axum::{Router, body::Bytes, http::header, response::Html, routing::get};
use serde_json::Value;

use crate::state::AppState;

/// `/openapi.json`, `/docs`.
pub fn routes(document: Value) -> Router<AppState> {
    let page = Bytes::from(readable(&document));
    // As text: kept as values it would cost a node megabytes.
    let text = Bytes::from(document.to_string());
    drop(document);
    Router::new()
        .route("/openapi.json", get(async move || ([(header::CONTENT_TYPE, "application/json")], text)))
        .route("/docs", get(async move || Html(page)))
}

fn readable(document: &Value) -> String {
    let mut list = String::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, call) in methods.as_object().into_iter().flatten() {
            let said = |name: &str| escaped(call[name].as_str().unwrap_or_default());
            let head = format!("{} {}", method.to_uppercase(), escaped(path));
            let (summary, description) = (said("summary"), said("description"));
            let bodies = [("takes", &call["requestBody"]), ("gives", success(call))];
            let examples: String =
                bodies.into_iter().filter_map(|(name, body)| example(name, body)).collect();
            write!(list, "<dt><code>{head}</code></dt><dd>{summary} {description}{examples}</dd>")
                .expect("a String takes what is written");
        }
    }
    page(
        "order-chat API",
        &format!("<h1>API</h1><p>For programs: <a href=/openapi.json>OpenAPI</a>.</p><dl>{list}</dl>"),
    )
}

/// A page of ours, without the browser application.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui;max-width:60rem;\
         margin:2rem auto;padding:0 1rem}}code{{font-size:.9em}}dt{{margin-top:1rem}}</style>{body}"
    )
}

fn success(call: &Value) -> &Value {
    let statuses = ["200", "201"].into_iter().map(|status| &call["responses"][status]);
    statuses.into_iter().find(|answer| answer.is_object()).unwrap_or(&Value::Null)
}

fn example(name: &str, body: &Value) -> Option<String> {
    let example = body["content"]["application/json"].get("example")?;
    let text = serde_json::to_string_pretty(example).ok()?;
    Some(format!("<details><summary>{name}</summary><pre>{}</pre></details>", escaped(&text)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
