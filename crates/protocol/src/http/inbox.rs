//! `GET /v1/inbox`.

use std::collections::BTreeMap;

use order_domain::inbox_tab::InboxTab;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::server_frame::InboxRoom;

/// A page of the conversation list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxPage {
    /// Rooms by tab.
    #[ts(type = "Record<InboxTab, number>")]
    pub tabs: BTreeMap<InboxTab, u64>,
    /// Latest first.
    pub rooms: Vec<InboxRoom>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next: Option<String>,
}
