//! The HTTP side: `/v1` for the host and the participants, and what operators ask.
//!
//! A call is added once, with its description, so the document at `/openapi.json` cannot miss one.

mod api;
mod app;
mod body;
mod caller;
mod conversations;
mod demo;
mod describe;
mod desk;
mod docs;
mod download;
mod examples;
mod files;
mod guard;
mod idempotency;
mod inbox;
mod operator;
mod orders;
mod patience;
mod payments;
mod query;
mod serve;
mod shape;
mod timeline;
mod uploads;
mod users;

use std::{future::ready, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware,
};

use crate::{refusal::Refusal, state::AppState};
use api::Api;

pub use app::{BadFolder, Bundle};
pub use caller::bearer;
pub use patience::Patience;
pub use serve::serve;

/// Everything that this node serves; `bundle` where nothing else is.
pub fn router(state: AppState, bundle: Bundle) -> Router {
    let bundle = if state.settings.demo { bundle.with_demo() } else { bundle };
    let (api, bundle) = (calls(), Arc::new(bundle));
    let document = api.document(&state.settings.public_url);
    let pages = docs::routes(document).merge(demo::routes(&state.settings));
    api.routes
        .merge(pages)
        .merge(download::routes())
        .merge(crate::socket::routes())
        .fallback(move |request: Request| ready(app::answer(&bundle, &request)))
        .method_not_allowed_fallback(async || Refusal::wrong_method())
        .layer(DefaultBodyLimit::max(body::BODY_BYTES_MAX))
        .layer(middleware::from_fn(guard::no_token_in_address))
        .layer(middleware::from_fn(guard::in_time))
        .layer(guard::cors(&state.settings.allowed_origins))
        .layer(middleware::from_fn_with_state(state.clone(), uploads::abilities))
        .layer(middleware::from_fn(guard::observe))
        .with_state(state)
}

fn calls() -> Api {
    let parts = [
        users::calls,
        orders::calls,
        payments::calls,
        timeline::calls,
        files::calls,
        uploads::calls,
        conversations::calls,
        inbox::calls,
        desk::calls,
        operator::calls,
    ];
    parts.into_iter().fold(Api::default(), |api, calls| calls(api))
}
