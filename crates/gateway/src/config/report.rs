//! What a node says at the start about its settings. Secrets are masked.

use super::{KeySource, LimitSettings, Secret, Settings};

impl Settings {
    /// Name and value of every setting in force.
    pub fn report(&self) -> Vec<(&'static str, String)> {
        let keys = match &self.keys {
            KeySource::Secret(_) => "HS256 secret ***".to_owned(),
            KeySource::Jwks(address) => format!("JWKS {address}"),
        };
        let fanout = self.redis_url.as_ref().map(|urls| self.fanout(urls));
        vec![
            ("listen", self.listen.to_string()),
            ("workers", self.workers.to_string()),
            ("database", masked(&self.database_url)),
            ("fan-out", fanout.unwrap_or_else(|| "in process: this is the only node".to_owned())),
            ("tokens", keys),
            ("origins", self.allowed_origins.join(", ")),
            ("trusted proxies", self.proxies()),
            ("files", self.files.clone()),
            (
                "application",
                self.app.as_ref().map_or("in the binary".to_owned(), |app| app.display().to_string()),
            ),
            ("public address", self.public_url.clone()),
            ("policies", self.presets.names().collect::<Vec<_>>().join(", ")),
            (
                "demo",
                if self.demo { "on: anybody who reaches this address gets a token" } else { "off" }
                    .to_owned(),
            ),
            ("limits", self.limits.report()),
        ]
    }
}

impl Settings {
    fn fanout(&self, urls: &Secret) -> String {
        let servers: Vec<_> = urls.expose().split(',').map(|url| masked(&Secret::new(url.trim()))).collect();
        let parts =
            self.redis_cluster.map_or_else(String::new, |parts| format!(" (a cluster, in {parts} parts)"));
        servers.join(", ") + &parts
    }

    fn proxies(&self) -> String {
        if self.trusted_proxies.is_empty() {
            return "none: the limit of connections counts whoever connects".to_owned();
        }
        self.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl LimitSettings {
    fn report(self) -> String {
        let number = |name: &str, limit: u64| match limit {
            0 => format!("{name} none"),
            limit => format!("{name} {limit}"),
        };
        [
            number("commands/s", self.commands_per_s.into()),
            number("other frames/s", self.frames_per_s.into()),
            number("connects/s", self.connects_per_s.into()),
            number("connections", self.connections.into()),
            number("sockets/user", self.sockets_per_user.into()),
            number("rooms", self.rooms.into()),
            number("frame bytes", self.frame_bytes.into()),
            number("conversations/day", self.conversations_per_day.into()),
            number("file bytes", self.file_bytes),
            number("room file bytes (half for each side)", self.room_file_bytes),
        ]
        .join(", ")
    }
}

/// An address without its credentials: what stands between `://` and the last `@` before the path, and the query.
fn masked(url: &Secret) -> String {
    let url = url.expose().split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    match rest.rsplit_once('@') {
        Some((_, place)) => format!("{scheme}://***@{place}"),
        None => format!("{scheme}://{rest}"),
    }
}
