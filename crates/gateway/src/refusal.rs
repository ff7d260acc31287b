//! Every way a request is answered with no: one problem document, one status, one count by reason.
//!
//! Rejections are normal and not logged; a machine that failed is noted (see `unavailable`).

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use order_actions::{ActionError, Unavailable};
use order_domain::rejection::{Code, Rejection};
use protocol::{Problem, http::BadBody, problem};

use crate::{limits::TooFast, metrics, tokens::BadToken, unavailable};

/// What a client is told to wait when a machine failed.
pub const TRY_AGAIN: Duration = Duration::from_secs(1);

/// An answer that is no success.
#[derive(Debug)]
pub struct Refusal(Box<Problem>);

impl Refusal {
    /// Too many questions; when to come back.
    pub fn asks_too_fast(wait: Duration) -> Self {
        Self::too_fast("frames", "Too fast. Ask again later.", wait)
    }

    fn too_fast(limit: &'static str, sentence: &str, wait: Duration) -> Self {
        metrics::counter!(metrics::LIMITED, "limit" => limit).increment(1);
        Problem::from(Rejection::new(Code::RateLimited, sentence)).retry_after_ms(millis(wait)).into()
    }

    /// Nothing is served at this address.
    pub fn no_such_page() -> Self {
        Problem::new(404, "not_found", "Nothing is served at this address.").into()
    }

    /// Another method is.
    pub fn wrong_method() -> Self {
        Problem::new(405, "method_not_allowed", "This address takes another method.").into()
    }

    /// The body is over the limit.
    pub fn body_too_large(bytes_max: usize) -> Self {
        Problem::new(413, "body_too_large", format!("The body must have at most {bytes_max} bytes.")).into()
    }

    /// Headers, address and body contradict each other or cannot be read.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Problem::unreadable(detail).into()
    }

    /// No token, or a bad one: why is not told to whoever holds it.
    pub fn unauthenticated() -> Self {
        Problem::unauthenticated("A valid bearer token is needed.").into()
    }

    /// Somebody else's call.
    pub fn not_your_role(who: &str) -> Self {
        Rejection::new(Code::NotYourRole, format!("Only {who} may do this.")).into()
    }

    /// A socket attempt beyond the accept rate.
    pub fn too_many_connects(wait: Duration) -> Self {
        metrics::counter!(metrics::LIMITED, "limit" => "connects").increment(1);
        let problem =
            Problem::from(Rejection::new(Code::Unavailable, "Too many connections from this address."));
        problem.retry_after_ms(millis(wait)).into()
    }

    /// This node is leaving, or the answer took too long.
    pub fn not_now(message: &str) -> Self {
        Problem::from(Rejection::new(Code::Unavailable, message)).retry_after_ms(millis(TRY_AGAIN)).into()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Problem::from(rejection).into()
    }
}

impl From<BadBody> for Refusal {
    fn from(bad: BadBody) -> Self {
        Problem::from(bad).into()
    }
}

impl From<BadToken> for Refusal {
    fn from(_: BadToken) -> Self {
        Self::unauthenticated()
    }
}

impl From<TooFast> for Refusal {
    fn from(TooFast(wait): TooFast) -> Self {
        Self::too_fast("commands", "Too fast. Try again later with the same id.", wait)
    }
}

impl From<Unavailable> for Refusal {
    fn from(cause: Unavailable) -> Self {
        unavailable::note(&cause);
        Self::not_now("This cannot be done right now. Try again with the same id.")
    }
}

impl From<ActionError> for Refusal {
    /// Timers that fired must have been taken out before: see `AppState::settle`.
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Rejected(rejection) | ActionError::RejectedAfterTimers { rejection, .. } => {
                rejection.into()
            }
            ActionError::Unavailable(cause) => cause.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        metrics::counter!(metrics::REJECTIONS, "code" => problem.code.to_string(), "via" => "http")
            .increment(1);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::MEDIA_TYPE));
        if problem.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait_ms) = problem.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1000).max(1)));
        }
        response
    }
}

/// A wait as it is told.
pub fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)
}
