//! What a store is opened with.

use order_domain::policy::Presets;

/// Enough for whoever asks around; a machine that writes to strangers meets it.
pub const CONVERSATIONS_PER_DAY: u32 = 200;

/// Where the truth is, and how much of it at once.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// `postgres://…`; its database is migrated.
    pub database_url: String,
    /// Policies that orders are placed under.
    pub presets: Presets,
    /// Connections for commands that need no lock: what they read, and the one statement that writes.
    pub statement_connections: u32,
    /// Connections for all other commands, placements and uploads.
    pub command_connections: u32,
    /// Connections for pages, rooms and inboxes: a herd that resumes does not stop commands.
    pub read_connections: u32,
    /// Connections for timers, sweeps and cursors.
    pub background_connections: u32,
    /// The most messages of one group commit.
    pub post_batch_max: usize,
    /// Messages that may wait for a group commit; more are refused at once.
    pub post_queue_max: usize,
    /// Conversations that one user may begin in any 24 hours; 0 means no limit.
    pub conversations_per_day: u32,
}

impl StoreSettings {
    /// The defaults of a node.
    pub fn new(database_url: impl Into<String>, presets: Presets) -> Self {
        Self {
            database_url: database_url.into(),
            presets,
            statement_connections: 8,
            command_connections: 8,
            read_connections: 8,
            background_connections: 4,
            post_batch_max: 256,
            post_queue_max: 4096,
            conversations_per_day: CONVERSATIONS_PER_DAY,
        }
    }
}
