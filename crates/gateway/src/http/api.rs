//! The calls of the HTTP side, each added once with its description: routes and document cannot disagree.

use axum::{Router, routing::MethodRouter};
use order_domain::rejection::Code;
use serde_json::Value;

use super::{
    describe,
    shape::{Gives, Takes},
};
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
    /// Query parameters.
    pub query: &'static [(&'static str, Asked)],
    /// The body, if it takes one.
    pub takes: Option<Takes>,
    /// The answer of success.
    pub gives: Gives,
    /// Why it may be refused, beside what may happen to every call.
    pub refuses: &'static [Code],
}

/// What a query parameter may be.
#[derive(Clone, Copy, Debug)]
pub enum Asked {
    /// A seq.
    Seq,
    /// How many: usually, and at most.
    Limit(u32, u32),
    /// A tab of the inbox.
    Tab,
    /// What an answer gave.
    Cursor,
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
        describe::document(&self.calls, public_url)
    }
}
