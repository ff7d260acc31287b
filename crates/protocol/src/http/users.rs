//! `PUT /v1/users/{id}`, `POST /v1/users/{id}/revoke`.

use order_domain::{
    ids::UserId,
    values::{Text, Timestamp},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Body of `PUT /v1/users/{id}`: what the host knows of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutUser {
    /// What people call them.
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 200)))]
    pub name: Text,
    /// For notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 320)))]
    pub email: Option<Text>,
    /// For notices, and as contact data where the policy reveals it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 64)))]
    pub phone: Option<Text>,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 64)))]
    pub locale: Option<Text>,
    /// When they joined the marketplace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub registered_at: Option<Timestamp>,
    /// Their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(extend("maxLength" = 2000)))]
    pub avatar_url: Option<Text>,
}

/// Answer to `POST /v1/users/{id}/revoke`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoked {
    /// Whose tokens.
    pub user: UserId,
    /// Tokens issued up to this second are refused.
    pub up_to: Timestamp,
}
