//! The calls of the HTTP side, each added once with its description: routes and document cannot disagree.

use axum::{Router, routing::MethodRouter};
use serde_json::{Map, Value, json};

use crate::state::AppState;

/// Routes, and what the document says about them.
#[derive(Default)]
pub struct Api {
    /// What is served.
    pub routes: Router<AppState>,
    calls: Vec<Call>,
}

/// What the document says about one call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// `get`, `post`, `put`.
    pub method: &'static str,
    /// With `{id}` for what varies.
    pub path: &'static str,
    /// Whose token it takes; empty for none.
    pub who: &'static str,
    /// One sentence.
    pub does: &'static str,
    /// Names of query parameters.
    pub query: &'static [&'static str],
}

impl Api {
    /// Adds a call.
    #[must_use]
    pub fn call(mut self, call: Call, handler: MethodRouter<AppState>) -> Self {
        self.routes = self.routes.route(call.path, handler);
        self.calls.push(call);
        self
    }

    /// `OpenAPI` 3.1.
    pub fn document(&self, public_url: &str) -> Value {
        let mut paths: Map<String, Value> = Map::new();
        for call in &self.calls {
            let path = paths.entry(call.path).or_insert_with(|| json!({}));
            path[call.method] = call.operation();
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "order-chat",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "Bodies and refusals are those of PROTOCOL.md; every refusal is application/problem+json."
            },
            "servers": [{"url": public_url}],
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
                "schemas": {"Problem": problem_schema()}
            },
            "paths": paths,
        })
    }
}

impl Call {
    fn operation(&self) -> Value {
        let named = |place: &str, name: &str| {
            let required = place == "path";
            json!({"name": name, "in": place, "required": required, "schema": {"type": "string"}})
        };
        let in_path = self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let parameters: Vec<Value> = in_path
            .map(|name| named("path", name))
            .chain(self.query.iter().map(|name| named("query", name)))
            .collect();
        let mut operation = json!({
            "summary": self.does,
            "description": if self.who.is_empty() { String::new() } else { format!("For: {}.", self.who) },
            "parameters": parameters,
            "responses": {
                "200": {"description": "Done."},
                "default": {
                    "description": "A refusal.",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                }
            }
        });
        if self.method != "get" && !self.who.is_empty() {
            operation["requestBody"] =
                json!({"content": {"application/json": {"schema": {"type": "object"}}}});
        }
        if !self.who.is_empty() {
            operation["security"] = json!([{"bearer": []}]);
        }
        operation
    }
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["title", "status", "code"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string"}, "code": {"type": "string"}, "field": {"type": "string"},
            "retry_after_ms": {"type": "integer"}, "allowed_from": {"type": "string", "format": "date-time"}
        }
    })
}
