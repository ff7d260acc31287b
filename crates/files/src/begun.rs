//! What a node that was killed while it wrote left in a folder: the store writes `name#1`, renames it to `name` when it
//! is whole, and neither lists nor removes the first. A bucket's own rule ends what was begun there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::{Files, FilesError, chunks::UPLOADS, finals::FILES};

impl Files {
    /// Removes what was begun of a file's object, by whomever: who still writes it fails.
    pub async fn drop_begun(&self, order: Uuid, file: Uuid) -> Result<(), FilesError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let (inside, name) = (folder.join(FILES).join(order.to_string()), file.to_string());
        in_folder(move || {
            for path in paths(&inside)?.iter().filter(|path| begun_of(path) == Some(&name)) {
                gone(fs::remove_file(path))?;
            }
            // Of a room without files nothing stays; one that has some is not empty.
            fs::remove_dir(inside).ok();
            Ok(())
        })
        .await
    }

    /// The same for all chunks of an upload.
    pub(crate) async fn drop_begun_chunks(&self, upload: Uuid) -> Result<(), FilesError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        in_folder(move || gone(fs::remove_dir_all(folder.join(UPLOADS).join(upload.to_string())))).await
    }

    /// Uploads of which chunks were begun, and when somebody wrote there last.
    pub(crate) async fn begun_chunks(&self) -> Result<Vec<(Uuid, SystemTime)>, FilesError> {
        let Some(folder) = self.folder.clone() else { return Ok(Vec::new()) };
        in_folder(move || {
            let mut found = Vec::new();
            for inside in paths(&folder.join(UPLOADS))? {
                let name = inside.file_name().and_then(|name| name.to_str());
                let Some(upload) = name.and_then(|name| Uuid::parse_str(name).ok()) else { continue };
                for path in paths(&inside)?.iter().filter(|path| begun_of(path).is_some()) {
                    // One that is gone by now became a chunk, or was removed.
                    found.extend(fs::metadata(path).and_then(|data| data.modified()).map(|at| (upload, at)));
                }
            }
            Ok(found)
        })
        .await
    }
}

/// `name` of a path that ends in `name#` and digits.
fn begun_of(path: &Path) -> Option<&str> {
    let (name, number) = path.file_name()?.to_str()?.rsplit_once('#')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

fn paths(inside: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(inside) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Whoever was first.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

async fn in_folder<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, FilesError> {
    Ok(spawn_blocking(work).await.map_err(io::Error::other)??)
}
