//! Files of a room, as references: name, size, SHA-256 and type.

use order_domain::{
    command::Command,
    event::FileRef,
    files,
    ids::{CommandId, FileId, OrderId},
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    append::Draft,
    caller::Caller,
    error::ActionError,
    head, repeat, room,
    store::{Inner, Store, unit},
};

const NAME_CHARS: usize = 255;
const SIZE_MAX: u64 = 1 << 53;
const TYPE_BYTES: usize = 127;

/// What a participant says about a file.
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
    /// Registers a file of a room. The same id and content give the same file again.
    pub async fn register_file(
        &self,
        caller: &Caller,
        order: OrderId,
        id: CommandId,
        file: FileRegistration,
    ) -> Result<FileRef, ActionError> {
        let file = file.checked()?;
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { register(&store, &caller, order, id, file).await }).await
    }
}

impl FileRegistration {
    /// Names the field that is wrong; the hash comes out in lower case.
    fn checked(mut self) -> Result<Self, Rejection> {
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

    fn named(self, id: FileId) -> FileRef {
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
) -> Result<FileRef, ActionError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    head.may_speak(caller, head.role_of(caller)?)?;
    // Derived, so that a repeated call finds the file it made.
    let file = file.named(FileId(id.derive(order, &format!("file:{}", caller.user))));
    if let Some(known) = find(&mut tx, order, &[file.id.0]).await?.pop() {
        return if known == file { Ok(file) } else { Err(repeat::id_reused().into()) };
    }
    let insert = sqlx::query!(
        "insert into files (order_id, id, name, size, sha256, media_type, user_id, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        order.0,
        file.id.0,
        file.name,
        i64::try_from(file.size).unwrap_or(i64::MAX),
        file.sha256,
        file.media_type,
        caller.user.as_str(),
        view.now
    );
    insert.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(file)
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

async fn find(
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
