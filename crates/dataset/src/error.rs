//! Why there is no data set.

use order_actions::{ActionError, StoreError, Unavailable, UploadError};

/// Why there is no data set.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A database that holds something is not ours to fill.
    #[error("the database is not empty: a data set is only written into a fresh one")]
    NotEmpty,
    /// No mixture of the templates has so many entries an order.
    #[error("{wanted:.1} entries an order cannot be reached: the templates allow {least:.1} to {most:.1}")]
    Unreachable {
        /// What was asked for.
        wanted: f64,
        /// The shortest lives only.
        least: f64,
        /// The longest only.
        most: f64,
    },
    /// What was written does not hold together.
    #[error("order {order}: {problem}")]
    Broken {
        /// Which.
        order: order_domain::ids::OrderId,
        /// What is wrong.
        problem: &'static str,
    },
    /// A template could not live.
    #[error("a template: {0}")]
    Action(#[from] ActionError),
    /// A template's upload could not begin.
    #[error("a template: {0}")]
    Upload(#[from] UploadError),
    /// The store is not there.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store does not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The checked statements beside the workspace.
    #[error("{0}")]
    Statements(String),
}

impl DatasetError {
    /// A machine that has much to do, not a refusal.
    pub fn may_be_tried_again(&self) -> bool {
        let upload = |error: &UploadError| matches!(error, UploadError::Action(ActionError::Unavailable(_)));
        match self {
            Self::Action(ActionError::Unavailable(_)) | Self::Unavailable(_) => true,
            Self::Upload(error) => upload(error),
            _ => false,
        }
    }
}
