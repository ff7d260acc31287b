//! `POST /v1/orders/{id}/files`, `GET /v1/files/{id}`.

use order_domain::{
    event::FileRef,
    ids::{FileId, OrderId},
    values::{Text, Timestamp},
};
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

/// Answer to `GET /v1/files/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileLink {
    /// The file.
    pub id: FileId,
    /// Its room.
    pub order: OrderId,
    /// The name it was given, cleaned.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256, 64 hexadecimal digits; of an upload computed here, of a reference as the host says.
    pub sha256: String,
    /// Media type; of an upload by its bytes.
    #[serde(rename = "type")]
    pub media_type: String,
    /// With `&inline` the address shows it: raster images, sound, film, PDF.
    pub shown: bool,
    /// Where its bytes are for now, relative to this service's address; absent when the host keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
    /// Until when `url` is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expires_at: Option<Timestamp>,
}
