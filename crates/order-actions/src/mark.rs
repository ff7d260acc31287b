//! Where a page of rooms ends: a moment, and the order among rooms of one moment. What clients hand back as `cursor`.

use chrono::Datelike as _;
use order_domain::{rejection::Rejection, values::Timestamp};
use uuid::Uuid;

/// The last room of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub at: Timestamp,
    pub order: Uuid,
}

impl Mark {
    pub(crate) fn write(&self) -> String {
        format!("{}.{}", self.at.timestamp_millis(), self.order)
    }

    /// None for what was never written by this. Beyond those years the database has no moments.
    pub(crate) fn read(cursor: &str) -> Option<Self> {
        let (at, order) = cursor.split_once('.')?;
        let at = Timestamp::from_timestamp_millis(at.parse().ok()?)?;
        let mark = Self { at, order: order.parse().ok()? };
        (2000..3000).contains(&at.year()).then_some(mark)
    }
}

/// A cursor that no page gave.
pub(crate) fn no_cursor() -> Rejection {
    Rejection::bad_field("cursor", "must be the `next` of a page")
}
