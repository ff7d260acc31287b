//! A refusal over HTTP: RFC 9457 `application/problem+json` with the same `code` as `rejected`.

use order_domain::{
    rejection::{Code, Rejection},
    values::Timestamp,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::WireCode;

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The body of every answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// For people, in English.
    pub detail: String,
    /// For programs.
    #[ts(type = "string")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub code: WireCode,
    /// True: try again with the same id.
    pub retry: bool,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
    /// When the same would be allowed, if only time is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub allowed_from: Option<Timestamp>,
    /// The offending field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
}

impl Problem {
    /// A problem that HTTP alone knows, such as an unreadable body.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: title(status).to_owned(),
            status,
            detail: detail.into(),
            code: WireCode::Other(code.to_owned()),
            retry: false,
            retry_after_ms: None,
            allowed_from: None,
            field: None,
        }
    }

    /// 401: no token, or a bad one.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(401, "unauthenticated", detail)
    }

    /// 400: the body is no JSON object, or a header contradicts it.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(400, "unreadable", detail)
    }

    /// Adds how long to wait.
    #[must_use]
    pub fn retry_after_ms(mut self, wait_ms: u64) -> Self {
        self.retry_after_ms = Some(wait_ms);
        self
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let code = WireCode::from(rejection.code);
        Self {
            retry: code.retry(),
            code,
            allowed_from: rejection.allowed_from,
            field: rejection.field,
            ..Self::new(status(rejection.code), "", rejection.message)
        }
    }
}

/// The HTTP status of a code.
pub fn status(code: Code) -> u16 {
    match code {
        Code::BadField | Code::UnknownCommand => 422,
        Code::NotYourRole | Code::NotJoined => 403,
        Code::OrderNotFound => 404,
        Code::RateLimited => 429,
        Code::Unavailable => 503,
        _ => 409,
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Problem",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_code_and_field() {
        let problem = Problem::from(Rejection::bad_field("price", "is missing"));
        assert_eq!((problem.status, problem.field.as_deref()), (422, Some("price")));
        assert_eq!(problem.code, Code::BadField);
        assert_eq!(problem.title, "Unprocessable Content");
    }

    #[test]
    fn only_machines_and_haste_may_be_retried() {
        assert!(Problem::from(Rejection::new(Code::Unavailable, "")).retry);
        assert!(!Problem::from(Rejection::new(Code::VersionConflict, "")).retry);
    }
}
