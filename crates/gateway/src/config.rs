//! Settings: environment variables, read and checked once, all problems reported together.
//!
//! `.env.example` describes each. Secrets are never printed.

mod check;
mod report;
mod secret;
mod source;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::SocketAddr,
    num::{NonZeroU16, NonZeroUsize},
    path::PathBuf,
};

use ipnet::IpNet;
use order_actions::{CONVERSATIONS_PER_DAY, StoreSettings};
use order_domain::policy::Presets;
use protocol::limits;

pub use secret::Secret;
pub use source::Source;

/// What a node was told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where this node listens.
    pub listen: SocketAddr,
    /// Threads that serve.
    pub workers: NonZeroUsize,
    /// The truth.
    pub database_url: Secret,
    /// Speed between nodes; absent: one node, fan-out in process.
    pub redis_url: Option<Secret>,
    /// In how many parts the channels are spread over a Redis Cluster; absent: one server.
    pub redis_cluster: Option<NonZeroU16>,
    /// Namespace of this deployment's channels on Redis.
    pub fanout_prefix: String,
    /// Who signs tokens.
    pub keys: KeySource,
    /// Web origins whose pages may open a socket or call the API.
    pub allowed_origins: Vec<String>,
    /// Proxies whose word on where a connection came from is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Where uploads are kept: a folder, or `s3://…`.
    pub files: String,
    /// A folder with the browser application; absent: the one in the binary.
    pub app: Option<PathBuf>,
    /// The address users see.
    pub public_url: String,
    /// Serve demo accounts (loopback only).
    pub demo: bool,
    /// The policies of this deployment.
    pub presets: Presets,
    /// How much one user or address may ask.
    pub limits: LimitSettings,
    /// How the log is written.
    pub log: LogSettings,
}

/// Who signs tokens.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// One HS256 secret.
    Secret(Secret),
    /// A JWKS: a file's path, or an http(s) address.
    Jwks(String),
}

/// Limits; 0 means none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// Commands per second and user, sockets and HTTP together; bursts of twice as many.
    pub commands_per_s: u32,
    /// Other frames per second and user, over all their sockets; bursts of twenty times as many.
    pub frames_per_s: u32,
    /// Socket connections per second and address; bursts of ten times as many.
    pub connects_per_s: u32,
    /// HTTP connections at once; a socket is none any more.
    pub connections: u32,
    /// Open sockets of one user on this node.
    pub sockets_per_user: u32,
    /// Rooms that one socket may follow.
    pub rooms: u32,
    /// Bytes of one inbound frame.
    pub frame_bytes: u32,
    /// Conversations that one user may begin in any 24 hours, on all nodes together.
    pub conversations_per_day: u32,
    /// Bytes of one uploaded file.
    pub file_bytes: u64,
    /// Bytes of all uploaded files of a room's two sides: half of it for each, and as much for customer experience.
    pub room_file_bytes: u64,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            commands_per_s: limits::COMMANDS_PER_S,
            frames_per_s: 100,
            connects_per_s: 50,
            connections: 4096,
            sockets_per_user: 20,
            rooms: limits::ROOMS,
            frame_bytes: limits::FRAME_BYTES,
            conversations_per_day: CONVERSATIONS_PER_DAY,
            file_bytes: limits::FILE_BYTES,
            room_file_bytes: limits::ROOM_FILE_BYTES,
        }
    }
}

/// How the log is written.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// A filter in the manner of `info,gateway=debug`.
    pub filter: String,
    /// One JSON object a line.
    pub json: bool,
}

/// What is wrong with one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub name: String,
    /// What is wrong.
    pub text: String,
}

/// Everything that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "these settings cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {} {}", problem.name, problem.text))
    }
}

impl Settings {
    /// Reads and checks all of them.
    pub fn read(mut source: Source) -> Result<Self, Problems> {
        let settings = check::settings(&mut source);
        match (settings, source.finish()) {
            (Some(settings), problems) if problems.is_empty() => Ok(settings),
            (_, problems) => Err(Problems(problems)),
        }
    }

    /// What the store is opened with.
    pub fn store(&self) -> StoreSettings {
        StoreSettings {
            conversations_per_day: self.limits.conversations_per_day,
            ..StoreSettings::new(self.database_url.expose(), self.presets.clone())
        }
    }
}

/// The one setting that `migrate` and `epoch` need.
pub fn database_url(mut source: Source) -> Result<Secret, Problems> {
    check::database_url(&mut source).ok_or_else(|| Problems(source.problems()))
}

/// The one setting that `token` needs.
pub fn token_secret(mut source: Source) -> Result<Secret, Problems> {
    let secret = check::token_secret(&mut source);
    if secret.is_none() && !source.has_problem("ORDER_CHAT_TOKEN_SECRET") {
        source.problem("ORDER_CHAT_TOKEN_SECRET", "must be set to sign a token");
    }
    secret.ok_or_else(|| Problems(source.problems()))
}
