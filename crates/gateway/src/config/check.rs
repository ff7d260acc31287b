//! Turns variables into settings. Every function notes its problems and goes on.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    num::{NonZeroU16, NonZeroUsize},
    thread::available_parallelism,
};

use axum::http::Uri;
use files::PIECE_BYTES;
use ipnet::IpNet;
use order_actions::{PIECES_MAX, side_share};
use order_domain::policy::Presets;

use super::{KeySource, LimitSettings, LogSettings, Secret, Settings, Source};

const SECRET_BYTES_MIN: usize = 32;
/// A frame must hold a text of 4,000 four-byte characters, escaped, and what is around it.
const FRAME_BYTES_MIN: u32 = 32_768;
/// So many pieces may an upload have, and none is larger.
const UPLOAD_BYTES_MAX: u64 = PIECES_MAX as u64 * PIECE_BYTES as u64;
const REDIS_CLUSTER: &str = "ORDER_CHAT_REDIS_CLUSTER";
/// Of a cluster: each has two connections of each node.
const PARTS_MAX: u16 = 256;

/// All settings; `None` when one that has no default is missing or wrong.
pub fn settings(source: &mut Source) -> Option<Settings> {
    let listen = listen(source);
    let public_url = public_url(source, listen);
    let database_url = database_url(source);
    let keys = keys(source);
    let redis_cluster = redis_cluster(source);
    let settings = Settings {
        listen,
        workers: workers(source),
        database_url: database_url.clone().unwrap_or_else(|| Secret::new("")),
        redis_url: redis_url(source, redis_cluster.is_some()),
        redis_cluster,
        fanout_prefix: source.text("ORDER_CHAT_REDIS_PREFIX").unwrap_or_else(|| "order-chat".to_owned()),
        keys: keys.clone().unwrap_or_else(|| KeySource::Jwks(String::new())),
        allowed_origins: allowed_origins(source, &public_url),
        trusted_proxies: trusted_proxies(source),
        files: source.text("ORDER_CHAT_FILES").unwrap_or_else(|| "./files".to_owned()),
        app: source.text("ORDER_CHAT_APP").map(Into::into),
        demo: demo(source, listen, keys.as_ref()),
        presets: presets(source),
        limits: limits(source),
        log: log(source),
        public_url,
    };
    (database_url.is_some() && keys.is_some()).then_some(settings)
}

/// `DATABASE_URL`, required.
pub fn database_url(source: &mut Source) -> Option<Secret> {
    let Some(url) = source.secret("DATABASE_URL") else {
        if !source.has_problem("DATABASE_URL") {
            source.problem("DATABASE_URL", "must be set: postgres://user:password@host:port/database");
        }
        return None;
    };
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme));
    if !known {
        source.problem("DATABASE_URL", "must begin with postgres://");
    }
    known.then_some(url)
}

/// `ORDER_CHAT_TOKEN_SECRET`, long enough.
pub fn token_secret(source: &mut Source) -> Option<Secret> {
    let secret = source.secret("ORDER_CHAT_TOKEN_SECRET")?;
    if secret.expose().len() < SECRET_BYTES_MIN {
        source.problem("ORDER_CHAT_TOKEN_SECRET", format!("must have at least {SECRET_BYTES_MIN} bytes"));
        return None;
    }
    if secret.expose().starts_with("change-me") {
        source.problem(
            "ORDER_CHAT_TOKEN_SECRET",
            "is the example's, which everybody knows: make one of your own",
        );
        return None;
    }
    Some(secret)
}

fn listen(source: &mut Source) -> SocketAddr {
    source.parsed("ORDER_CHAT_LISTEN").unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
}

/// Half of the cores unless told otherwise. The other half is for what runs beside a node: the kernel's share of
/// its sockets, the stores, another node. More threads than that mostly wake each other.
fn workers(source: &mut Source) -> NonZeroUsize {
    let half = || {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        NonZeroUsize::new(cores / 2).unwrap_or(NonZeroUsize::MIN)
    };
    source.parsed("ORDER_CHAT_WORKERS").unwrap_or_else(half)
}

fn redis_url(source: &mut Source, is_cluster: bool) -> Option<Secret> {
    let url = source.secret("REDIS_URL")?;
    let servers = || url.expose().split(',').map(str::trim);
    if !servers().all(|server| server.starts_with("redis://")) {
        source.problem("REDIS_URL", "must begin with redis://");
    } else if servers().count() > 1 && !is_cluster {
        source.problem(
            "REDIS_URL",
            format!("names several servers, which only a cluster has: set {REDIS_CLUSTER}"),
        );
    }
    Some(url)
}

fn redis_cluster(source: &mut Source) -> Option<NonZeroU16> {
    let parts: NonZeroU16 = source.parsed(REDIS_CLUSTER)?;
    if parts.get() > PARTS_MAX {
        source.problem(REDIS_CLUSTER, format!("must be at most {PARTS_MAX}"));
    }
    Some(parts)
}

fn keys(source: &mut Source) -> Option<KeySource> {
    let secret = token_secret(source);
    let jwks = source.text("ORDER_CHAT_JWKS");
    match (secret, jwks) {
        (Some(_), Some(_)) => {
            source.problem("ORDER_CHAT_JWKS", "and ORDER_CHAT_TOKEN_SECRET are both set: keep one");
        }
        (Some(secret), None) => return Some(KeySource::Secret(secret)),
        (None, Some(jwks)) if is_plain_http_elsewhere(&jwks) => {
            source
                .problem("ORDER_CHAT_JWKS", "must use https: whoever can change the answer can sign tokens");
        }
        (None, Some(jwks)) => return Some(KeySource::Jwks(jwks)),
        (None, None) if source.has_problem("ORDER_CHAT_TOKEN_SECRET") => {}
        (None, None) => source.problem("ORDER_CHAT_TOKEN_SECRET", "or ORDER_CHAT_JWKS must be set"),
    }
    None
}

fn is_plain_http_elsewhere(address: &str) -> bool {
    let Some(Ok(uri)) = address.starts_with("http://").then(|| address.parse::<Uri>()) else { return false };
    !matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn public_url(source: &mut Source, listen: SocketAddr) -> String {
    let given = source.text("ORDER_CHAT_PUBLIC_URL");
    let url = given.unwrap_or_else(|| format!("http://{listen}"));
    if origin_of(&url).is_none() {
        source.problem("ORDER_CHAT_PUBLIC_URL", "must be an http(s) address such as https://chat.example");
    }
    url.trim_end_matches('/').to_owned()
}

fn allowed_origins(source: &mut Source, public_url: &str) -> Vec<String> {
    let Some(list) = source.text("ORDER_CHAT_ALLOWED_ORIGINS") else {
        return origin_of(public_url).into_iter().collect();
    };
    let mut origins = Vec::new();
    for text in list.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        match origin_of(text) {
            Some(origin) if origin == text.to_ascii_lowercase() => origins.push(origin),
            _ => source.problem(
                "ORDER_CHAT_ALLOWED_ORIGINS",
                format!("\"{text}\" is not like https://shop.example"),
            ),
        }
    }
    origins
}

/// Addresses and networks. One that holds everybody would let everybody choose whom they count as.
fn trusted_proxies(source: &mut Source) -> Vec<IpNet> {
    const NAME: &str = "ORDER_CHAT_TRUSTED_PROXIES";
    let list = source.text(NAME).unwrap_or_default();
    let mut proxies = Vec::new();
    for text in list.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let net = text.parse().or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address)));
        match net {
            Ok(net) if net.prefix_len() > 0 => proxies.push(net),
            Ok(_) => source.problem(NAME, format!("\"{text}\" is everybody")),
            Err(_) => source.problem(NAME, format!("\"{text}\" is not like 10.0.0.7 or 10.0.0.0/8")),
        }
    }
    proxies
}

/// `scheme://host[:port]` of an http(s) address, in lower case as browsers send it.
fn origin_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    Some(format!("{scheme}://{authority}").to_ascii_lowercase())
}

fn demo(source: &mut Source, listen: SocketAddr, keys: Option<&KeySource>) -> bool {
    let demo = source.switch("ORDER_CHAT_DEMO");
    if demo && !listen.ip().is_loopback() {
        source.problem(
            "ORDER_CHAT_DEMO",
            "hands out tokens to anybody: only with ORDER_CHAT_LISTEN on a loopback address",
        );
    }
    if demo && matches!(keys, Some(KeySource::Jwks(_))) {
        source.problem("ORDER_CHAT_DEMO", "signs its own tokens: it needs ORDER_CHAT_TOKEN_SECRET");
    }
    demo
}

fn presets(source: &mut Source) -> Presets {
    const NAME: &str = "ORDER_CHAT_POLICIES";
    let shipped = Presets::shipped();
    let Some(path) = source.text(NAME) else { return shipped };
    let file = match fs::read_to_string(&path) {
        Ok(file) => file,
        Err(error) => {
            source.problem(NAME, format!("cannot read {path}: {error}"));
            return shipped;
        }
    };
    shipped.clone().with(&file).unwrap_or_else(|error| {
        source.problem(NAME, error);
        shipped
    })
}

fn limits(source: &mut Source) -> LimitSettings {
    let usual = LimitSettings::default();
    let (file_bytes, room_file_bytes) = file_limits(source, usual);
    let mut number =
        |name: &str, usual: u32| source.parsed(&format!("ORDER_CHAT_LIMIT_{name}")).unwrap_or(usual);
    let limits = LimitSettings {
        file_bytes,
        room_file_bytes,
        commands_per_s: number("COMMANDS_PER_S", usual.commands_per_s),
        frames_per_s: number("FRAMES_PER_S", usual.frames_per_s),
        connects_per_s: number("CONNECTS_PER_S", usual.connects_per_s),
        connections: number("CONNECTIONS", usual.connections),
        sockets_per_user: number("SOCKETS_PER_USER", usual.sockets_per_user),
        rooms: number("ROOMS", usual.rooms),
        frame_bytes: number("FRAME_BYTES", usual.frame_bytes),
        conversations_per_day: number("CONVERSATIONS_PER_DAY", usual.conversations_per_day),
    };
    if (1..FRAME_BYTES_MIN).contains(&limits.frame_bytes) {
        let problem = format!("must be 0 or at least {FRAME_BYTES_MIN}, so that the longest text fits");
        source.problem("ORDER_CHAT_LIMIT_FRAME_BYTES", problem);
    }
    limits
}

/// Of a file, and of a room, of which each side has half: larger files than that would be promised and then refused.
fn file_limits(source: &mut Source, usual: LimitSettings) -> (u64, u64) {
    const FILE: &str = "ORDER_CHAT_LIMIT_FILE_BYTES";
    const ROOM: &str = "ORDER_CHAT_LIMIT_ROOM_FILE_BYTES";
    let room_bytes = source.parsed(ROOM).unwrap_or(usual.room_file_bytes);
    let share = if room_bytes == 0 { UPLOAD_BYTES_MAX } else { side_share(room_bytes) };
    let file_bytes = match source.parsed(FILE) {
        None => usual.file_bytes.min(share),
        Some(0) => UPLOAD_BYTES_MAX.min(share),
        Some(bytes) => bytes,
    };
    if file_bytes > UPLOAD_BYTES_MAX {
        source.problem(FILE, format!("must be at most {UPLOAD_BYTES_MAX}: an upload has no more pieces"));
    } else if file_bytes > share {
        source.problem(FILE, format!("must be at most {share}, the share of one side: half of {ROOM}"));
    }
    (file_bytes, room_bytes)
}

fn log(source: &mut Source) -> LogSettings {
    let filter = source.text("ORDER_CHAT_LOG").unwrap_or_else(|| "info".to_owned());
    if let Err(error) = tracing_subscriber::EnvFilter::builder().parse(&filter) {
        source.problem("ORDER_CHAT_LOG", error);
    }
    let format = source.text("ORDER_CHAT_LOG_FORMAT");
    if !matches!(format.as_deref(), None | Some("text" | "json")) {
        source.problem("ORDER_CHAT_LOG_FORMAT", "must be text or json");
    }
    LogSettings { filter, json: format.as_deref() == Some("json") }
}
