//! The files of the browser application, in memory: those built into the binary, or a folder's, read once.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use axum::{body::Bytes, http::HeaderValue};
use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

/// Far above any build: a folder named by mistake must not fill the memory.
const BYTES_MAX: u64 = 64 << 20;
const FILES_MAX: usize = 2_000;
/// The page itself.
pub const PAGE: &str = "index.html";
const DEMO_HEAD: &str = r#"<head><meta name="order-chat-demo">"#;
/// What the build put beside a file, and how it is announced.
const SIBLINGS: [(&str, &str); 2] = [("br", "br"), ("gz", "gzip")];

/// Empty when the application was not built. In debug builds its files are read at the start, not compiled in.
#[derive(Embed)]
#[folder = "../../web-client/packages/app/dist"]
#[allow_missing = true]
struct Built;

/// The application's files by path.
#[derive(Debug, Default)]
pub struct Bundle(HashMap<String, Stored>);

/// One file, as it is sent.
#[derive(Debug)]
pub struct Stored {
    /// What is in it.
    pub bytes: Bytes,
    /// Changes with the bytes, so each encoding has its own.
    pub tag: HeaderValue,
    /// Of what was encoded.
    pub media_type: HeaderValue,
    /// As in `Content-Encoding`.
    pub encoding: Option<&'static str>,
}

/// The folder that was to be served cannot be.
#[derive(Debug, thiserror::Error)]
#[error("cannot serve the application in {folder}: {cause}")]
pub struct BadFolder {
    folder: PathBuf,
    cause: io::Error,
}

impl Bundle {
    /// What was built before this binary.
    pub fn embedded() -> Self {
        let files = Built::iter().filter_map(|name| {
            let bytes = match Built::get(&name)?.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((name.into_owned(), bytes))
        });
        Self::of(files)
    }

    /// What lies in `folder` now.
    pub fn folder(folder: &Path) -> Result<Self, BadFolder> {
        let files = read(folder).map_err(|cause| BadFolder { folder: folder.to_owned(), cause })?;
        Ok(Self::of(files))
    }

    /// Its page says that demo accounts are handed out here, so that no browser has to ask. It is small: no encoding of it.
    #[must_use]
    pub fn with_demo(mut self) -> Self {
        if let Some(page) = self.0.remove(PAGE) {
            let text = String::from_utf8_lossy(&page.bytes).replacen("<head>", DEMO_HEAD, 1);
            self.0.insert(PAGE.to_owned(), Stored::new(PAGE, Bytes::from(text)));
            for (extension, _) in SIBLINGS {
                self.0.remove(&format!("{PAGE}.{extension}"));
            }
        }
        self
    }

    fn of(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        Self(files.into_iter().map(|(name, bytes)| (name.clone(), Stored::new(&name, bytes))).collect())
    }

    /// The file at `path`, in the first of these encodings that there is.
    pub fn find(&self, path: &str, encodings: &[&str]) -> Option<&Stored> {
        // A sibling is no file of its own.
        let plain = self.0.get(path).filter(|stored| stored.encoding.is_none())?;
        let encoded = encodings.iter().find_map(|wanted| {
            let (extension, _) = SIBLINGS.iter().find(|(_, encoding)| encoding == wanted)?;
            self.0.get(&format!("{path}.{extension}"))
        });
        Some(encoded.unwrap_or(plain))
    }
}

impl Stored {
    fn new(name: &str, bytes: Bytes) -> Self {
        let encoded = SIBLINGS.iter().find_map(|(extension, encoding)| {
            Some((name.strip_suffix(extension)?.strip_suffix('.')?, Some(*encoding)))
        });
        let (name, encoding) = encoded.unwrap_or((name, None));
        let digest = Sha256::digest(&bytes);
        let tag = digest[..16].iter().fold(String::new(), |tag, byte| format!("{tag}{byte:02x}"));
        let tag = HeaderValue::from_str(&format!("\"{tag}\"")).expect("hexadecimal is plain ASCII");
        Self { bytes, tag, media_type: media_type(name), encoding }
    }
}

fn media_type(name: &str) -> HeaderValue {
    let guessed = mime_guess::from_path(name).first_or_octet_stream();
    HeaderValue::from_str(guessed.as_ref()).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn read(folder: &Path) -> io::Result<Vec<(String, Bytes)>> {
    let (mut files, mut bytes_left) = (Vec::new(), BYTES_MAX);
    let mut waiting = vec![folder.to_owned()];
    while let Some(inside) = waiting.pop() {
        for entry in fs::read_dir(inside)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() {
                let size = entry.metadata()?.len();
                bytes_left =
                    bytes_left.checked_sub(size).filter(|_| files.len() < FILES_MAX).ok_or_else(too_much)?;
                files.push((name(folder, &entry.path()), Bytes::from(fs::read(entry.path())?)));
            }
        }
    }
    Ok(files)
}

fn name(folder: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

fn too_much() -> io::Error {
    io::Error::other(format!("more than {FILES_MAX} files or {} MiB lie there", BYTES_MAX >> 20))
}
