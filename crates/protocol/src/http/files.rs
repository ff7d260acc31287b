//! `POST /v1/orders/{id}/files`, `GET /v1/files/{id}`.

use order_domain::{event::FileRef, values::Text};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Body of `POST /v1/orders/{id}/files`: a reference to a file that is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegisterFile {
    /// The name it was given.
    pub name: Text,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256, 64 hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-fA-F]{64}$")))]
    pub sha256: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: Text,
}

/// Answer to `POST /v1/orders/{id}/files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileRegistered {
    /// Its id goes into `files[]`.
    pub file: FileRef,
}
