//! Why a fan-out cannot start. A Redis that is merely down is no reason.

/// Why a fan-out cannot start.
#[derive(Debug, thiserror::Error)]
pub enum FanoutError {
    /// The address is none that Redis could have. It is not repeated here: it may hold a password.
    #[error("no Redis address: {0}")]
    Address(String),
}
