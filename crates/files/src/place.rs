//! Where bytes are kept: a folder, or a bucket that speaks S3.

use std::{fs, path::Path, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem};

/// Bytes of uploads and files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// Where it is none of S3: the store itself does not see all that lies there.
    pub(crate) folder: Option<Arc<Path>>,
}

/// The place cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadPlace {
    /// The folder cannot be made.
    #[error("cannot use the folder {0}: {1}")]
    Folder(String, std::io::Error),
    /// What the store said.
    #[error("cannot use {0}: {1}")]
    Store(String, object_store::Error),
    /// `s3://…` without a bucket.
    #[error("{0} names no bucket")]
    NoBucket(String),
    /// This binary was built for folders.
    #[error("{0}: this binary was built without the feature s3")]
    NotBuilt(String),
}

impl Files {
    /// A folder's path, or `s3://bucket/prefix` with the credentials of the usual `AWS_…` variables.
    pub fn open(place: &str) -> Result<Self, BadPlace> {
        match place.strip_prefix("s3://") {
            Some(rest) => bucket(place, rest),
            None => folder(place),
        }
    }
}

fn folder(place: &str) -> Result<Files, BadPlace> {
    let path = Path::new(place);
    fs::create_dir_all(path).map_err(|cause| BadPlace::Folder(place.to_owned(), cause))?;
    let store =
        LocalFileSystem::new_with_prefix(path).map_err(|cause| BadPlace::Store(place.to_owned(), cause))?;
    // What was acknowledged survives the power: a chunk counts only after it was written.
    let store = Arc::new(store.with_fsync(true).with_automatic_cleanup(true));
    Ok(Files { store, folder: Some(Arc::from(path)) })
}

#[cfg(feature = "s3")]
fn bucket(place: &str, rest: &str) -> Result<Files, BadPlace> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(BadPlace::NoBucket(place.to_owned()));
    }
    let builder = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(bucket);
    let store = builder.build().map_err(|cause| BadPlace::Store(place.to_owned(), cause))?;
    let store = Arc::new(object_store::prefix::PrefixStore::new(store, prefix));
    Ok(Files { store, folder: None })
}

#[cfg(not(feature = "s3"))]
fn bucket(place: &str, _: &str) -> Result<Files, BadPlace> {
    Err(BadPlace::NotBuilt(place.to_owned()))
}
