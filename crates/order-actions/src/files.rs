//! Files of a room: name, size, SHA-256 and type. Bytes are kept elsewhere; those of uploads, where this deployment
//! keeps them (see `uploads`), those of references, where the host does.

use order_domain::{
    command::Command,
    event::FileRef,
    files,
    ids::{CommandId, FileId, OrderId},
    participant::Role,
    rejection::{Code, Rejection},
    values::Timestamp,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    append::Draft,
    caller::Caller,
    error::ActionError,
    head, repeat, room,
    store::{Inner, Store, unit},
    uploads::{FILES_MAX, UploadError},
};

const NAME_CHARS: usize = 255;
const SIZE_MAX: u64 = 1 << 53;
const TYPE_BYTES: usize = 127;

/// What is said about a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRegistration {
    /// 1–255 characters, no control characters, no path.
    pub name: String,
    /// Bytes, at most 2^53.
    pub size: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Media type, `image/png`.
    #[serde(rename = "type")]
    pub media_type: String,
}

impl Store {
    /// Registers a file that the host keeps: nobody else could vouch for bytes that are not here. The same id and
    /// content give the same file again.
    pub async fn register_file(
        &self,
        caller: &Caller,
        order: OrderId,
        id: CommandId,
        file: FileRegistration,
    ) -> Result<FileRef, UploadError> {
        let file = file.checked()?;
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { register(&store, &caller, order, id, file).await }).await
    }
}

/// A file of a room, and where to look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its room.
    pub order: OrderId,
    /// What is known of it.
    pub file: FileRef,
    /// Whether its bytes are kept here.
    pub stored: bool,
}

impl Store {
    /// A file for somebody who may see its room; none for everybody else, as if there were no such file.
    pub async fn file(&self, caller: &Caller, id: FileId) -> Result<Option<StoredFile>, ActionError> {
        let pool = self.0.reads.clone();
        let Some(found) = unit(async move { by_id(&pool, id).await }).await? else { return Ok(None) };
        match self.access(caller, found.order).await {
            Ok(_) => Ok(Some(found)),
            Err(error) if error.rejection().is_some_and(|no| no.code == Code::OrderNotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

async fn by_id(pool: &PgPool, id: FileId) -> Result<Option<StoredFile>, ActionError> {
    let row = sqlx::query!(
        "select order_id, name, size, sha256, media_type, stored from files where id = $1 limit 1",
        id.0
    );
    Ok(row.fetch_optional(pool).await?.map(|row| StoredFile {
        order: OrderId(row.order_id),
        file: FileRef {
            id,
            name: row.name,
            size: row.size.unsigned_abs(),
            sha256: row.sha256,
            media_type: row.media_type,
        },
        stored: row.stored,
    }))
}

impl FileRegistration {
    /// Names the field that is wrong; the hash comes out in lower case.
    pub(crate) fn checked(mut self) -> Result<Self, Rejection> {
        let bad_name = |c: char| c.is_control() || c == '/' || c == '\\';
        let length = self.name.chars().count();
        if !(1..=NAME_CHARS).contains(&length) || self.name.trim().is_empty() || self.name.contains(bad_name)
        {
            return Err(Rejection::bad_field("name", "must have 1 to 255 characters and no path"));
        }
        if self.size > SIZE_MAX {
            return Err(Rejection::bad_field("size", "must be at most 2^53"));
        }
        if self.sha256.len() != 64 || !self.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Rejection::bad_field("sha256", "must be 64 hexadecimal digits"));
        }
        let plain = |b: u8| b.is_ascii_graphic() || b == b' ';
        let slashed = self.media_type.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        if !slashed || self.media_type.len() > TYPE_BYTES || !self.media_type.bytes().all(plain) {
            return Err(Rejection::bad_field("type", "must be a media type such as image/png"));
        }
        self.sha256.make_ascii_lowercase();
        Ok(self)
    }

    pub(crate) fn named(self, id: FileId) -> FileRef {
        let Self { name, size, sha256, media_type } = self;
        FileRef { id, name, size, sha256, media_type }
    }
}

async fn register(
    store: &Inner,
    caller: &Caller,
    order: OrderId,
    id: CommandId,
    file: FileRegistration,
) -> Result<FileRef, UploadError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    if head.role_of(caller)? != Role::Host {
        let detail = "Only the host registers files that are kept elsewhere; people upload theirs.";
        return Err(Rejection::new(Code::NotYourRole, detail).into());
    }
    if head.archived {
        return Err(head::room_closed().into());
    }
    // Derived, so that a repeated call finds the file it made.
    let file = file.named(FileId(id.derive(order, &format!("file:{}", caller.user))));
    if let Some(known) = find(&mut tx, order, &[file.id.0]).await?.pop() {
        return if known == file { Ok(file) } else { Err(repeat::id_reused().into()) };
    }
    if references(&mut tx, order).await? >= FILES_MAX {
        return Err(UploadError::TooManyFiles);
    }
    let by = By { user: caller.user.as_str(), at: view.now };
    insert(&mut tx, order, &file, by, false).await?;
    tx.commit().await?;
    Ok(file)
}

/// How many files of the room the host keeps.
async fn references(connection: &mut PgConnection, order: OrderId) -> Result<i64, ActionError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from files where order_id = $1 and not stored"#,
        order.0
    );
    Ok(count.fetch_one(connection).await?)
}

/// Who brought a file, and when.
pub(crate) struct By<'a> {
    pub user: &'a str,
    pub at: Timestamp,
}

/// From now on messages and deliveries may name it.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    order: OrderId,
    file: &FileRef,
    by: By<'_>,
    stored: bool,
) -> Result<(), ActionError> {
    let insert = sqlx::query!(
        "insert into files (order_id, id, name, size, sha256, media_type, user_id, at, stored)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        order.0,
        file.id.0,
        file.name,
        i64::try_from(file.size).unwrap_or(i64::MAX),
        file.sha256,
        file.media_type,
        by.user,
        by.at,
        stored
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Those files of the room that a command names. Whether all of them are there is for the rules to say.
pub(crate) async fn named(
    connection: &mut PgConnection,
    draft: &Draft,
    command: &Command,
) -> Result<Vec<FileRef>, ActionError> {
    let ids: Vec<Uuid> = files::named(command, draft.order.as_ref()).iter().map(|id| id.0).collect();
    if ids.is_empty() { Ok(Vec::new()) } else { find(connection, draft.head.order, &ids).await }
}

pub(crate) async fn find(
    connection: &mut PgConnection,
    order: OrderId,
    ids: &[Uuid],
) -> Result<Vec<FileRef>, ActionError> {
    let rows = sqlx::query!(
        "select id, name, size, sha256, media_type from files where order_id = $1 and id = any($2)",
        order.0,
        ids as &[Uuid]
    );
    let files = rows.fetch_all(connection).await?.into_iter().map(|row| FileRef {
        id: FileId(row.id),
        name: row.name,
        size: row.size.unsigned_abs(),
        sha256: row.sha256,
        media_type: row.media_type,
    });
    Ok(files.collect())
}
