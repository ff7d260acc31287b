//! Uploads: how far each has come, whose bytes are taken, and how it becomes a file of its room.
//!
//! The bytes lie elsewhere, as chunks; a chunk counts once its row is committed, together with `received`. So any node
//! goes on where another stopped, and what was written twice, or by a sender who was replaced, is never read.

mod end;
mod progress;

use std::time::Duration;

use order_domain::{
    event::FileRef,
    ids::{CommandId, FileId, OrderId},
    participant::Role,
    rejection::Rejection,
    values::Timestamp,
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    caller::Caller,
    error::{ActionError, Unavailable},
    files,
    head::{self, Head},
    repeat, room,
    store::{Inner, Store, unit},
};

pub use end::{Abandoned, Expired, Finished};
pub use progress::{Appended, Chunk, PIECES_MAX};

/// Uploads of one side that may be on their way in a room at once.
const OPEN_MAX: i64 = 25;
/// Files of one side in a room, and of those that the host keeps.
pub(crate) const FILES_MAX: i64 = 1_000;

/// What is to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// 1–255 characters, no control characters, no path.
    pub name: String,
    /// Bytes, from 1.
    pub size: u64,
}

/// How much may be uploaded; 0 means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files of a room, those on their way among them: half of it for each side. What customer
    /// experience brings counts by itself, up to as much.
    pub room_bytes: u64,
    /// How long an upload is kept after somebody last began to send.
    pub lifetime: Duration,
}

/// An upload as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its room.
    pub order: OrderId,
    /// The id of the file that it becomes.
    pub id: FileId,
    /// As its sender called it, cleaned.
    pub name: String,
    /// Bytes in the end.
    pub size: u64,
    /// Bytes so far.
    pub received: u64,
    /// It is a file of the room.
    pub done: bool,
    /// When it is given up.
    pub expires_at: Timestamp,
}

impl Upload {
    /// One that became this file, and is no more.
    fn of(order: OrderId, file: FileRef, now: Timestamp) -> Self {
        let FileRef { id, name, size, .. } = file;
        Self { order, id, name, size, received: size, done: true, expires_at: now }
    }

    /// It was given up, or nobody went on with it in time; a file stays.
    fn is_over(&self, now: Timestamp) -> bool {
        !self.done && self.expires_at <= now
    }

    /// All bytes are here.
    pub fn is_whole(&self) -> bool {
        self.received == self.size
    }
}

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none of this id, or it is somebody else's.
    #[error("there is no such upload")]
    NotFound,
    /// It was given up.
    #[error("the upload is over its time")]
    Expired,
    /// Larger than a file may be.
    #[error("a file has at most {0} bytes")]
    TooLarge(u64),
    /// The side's files in the room would be too large together.
    #[error("the files of one side in a room have at most {0} bytes")]
    RoomFull(u64),
    /// The side has too many files in the room.
    #[error("one side has at most {FILES_MAX} files in a room")]
    TooManyFiles,
    /// Too much is on its way already.
    #[error("{OPEN_MAX} uploads of yours are on their way in this room")]
    TooMany,
    /// A refusal, or a machine that failed.
    #[error(transparent)]
    Action(#[from] ActionError),
}

impl From<Rejection> for UploadError {
    fn from(rejection: Rejection) -> Self {
        Self::Action(rejection.into())
    }
}

impl From<Unavailable> for UploadError {
    fn from(cause: Unavailable) -> Self {
        Self::Action(cause.into())
    }
}

impl From<sqlx::Error> for UploadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Action(error.into())
    }
}

impl Store {
    /// Begins an upload into a room, for who may speak there. The same id and announcement give the same upload again.
    pub async fn create_upload(
        &self,
        caller: &Caller,
        order: OrderId,
        id: CommandId,
        announced: Announced,
        limits: Limits,
    ) -> Result<Upload, UploadError> {
        if announced.size == 0 {
            return Err(Rejection::bad_field("size", "must be at least 1 byte").into());
        }
        if exceeds(announced.size, limits.file_bytes) {
            return Err(UploadError::TooLarge(limits.file_bytes));
        }
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { create(&store, &caller, order, id, announced, limits).await }).await
    }

    /// The caller's own upload, in a room where they may still speak.
    pub async fn upload(&self, caller: &Caller, id: FileId) -> Result<Upload, UploadError> {
        let (pool, user) = (self.0.reads.clone(), caller.user.as_str().to_owned());
        let upload = unit(async move { own(&pool, &user, id).await }).await?;
        self.may_still_speak(caller, upload.order).await?;
        Ok(upload)
    }

    /// Asks again, between the pieces of an upload (G8).
    pub async fn may_still_speak(&self, caller: &Caller, order: OrderId) -> Result<(), UploadError> {
        let head = self.0.heads.ask(order).await?.ok_or(UploadError::NotFound)?;
        let role = head.role_of(caller).map_err(|_| UploadError::NotFound)?;
        Ok(head.may_speak(caller, role)?)
    }
}

/// What one side may have of a room's bytes: nobody fills the other side's half.
pub fn side_share(room_bytes: u64) -> u64 {
    room_bytes.div_ceil(2)
}

fn exceeds(size: u64, limit: u64) -> bool {
    limit > 0 && size > limit
}

async fn create(
    store: &Inner,
    caller: &Caller,
    order: OrderId,
    id: CommandId,
    announced: Announced,
    limits: Limits,
) -> Result<Upload, UploadError> {
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    // Uploads of a room begin one after the other, so that its limits hold.
    head::lock(&mut tx, order).await?;
    let (head, view) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    let role = head.role_of(caller)?;
    head.may_speak(caller, role)?;
    // Derived, so that a repeated call finds the upload it began.
    let id = FileId(id.derive(order, &format!("file:{}", caller.user)));
    if let Some(known) = find(&mut tx, order, id).await? {
        let same = known.name == announced.name && known.size == announced.size;
        return match (same, known.is_over(view.now)) {
            (false, _) => Err(repeat::id_reused().into()),
            (true, true) => Err(UploadError::Expired),
            (true, false) => Ok(known),
        };
    }
    // The upload of a file is cleared away a day later; its id stands for it as long as the file is there.
    if let Some(file) = files::find(&mut tx, order, &[id.0]).await?.pop() {
        let same = file.name == announced.name && file.size == announced.size;
        return if same { Ok(Upload::of(order, file, view.now)) } else { Err(repeat::id_reused().into()) };
    }
    fits(&mut tx, &Share::of(&head, caller, role), announced.size, limits.room_bytes).await?;
    let expires_at = view.now + limits.lifetime;
    let insert = sqlx::query!(
        "insert into uploads (order_id, id, user_id, name, size, at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        order.0,
        id.0,
        caller.user.as_str(),
        announced.name,
        bytes(announced.size),
        view.now,
        expires_at
    );
    insert.execute(&mut *tx).await?;
    tx.commit().await?;
    let Announced { name, size } = announced;
    Ok(Upload { order, id, name, size, received: 0, done: false, expires_at })
}

/// Who has a part of the room's limits: a party has its own, so that neither can keep the other from uploading.
struct Share {
    order: OrderId,
    /// The party; the two parties if it is staff.
    users: Vec<String>,
    is_staff: bool,
}

impl Share {
    fn of(head: &Head, caller: &Caller, role: Role) -> Self {
        let is_staff = role.side().is_none();
        let users = if is_staff { vec![&head.buyer, &head.seller] } else { vec![&caller.user] };
        Self { order: head.order, users: users.into_iter().map(ToString::to_string).collect(), is_staff }
    }
}

/// The side's limits, what is on its way counted as if it were here.
async fn fits(
    connection: &mut PgConnection,
    share: &Share,
    size: u64,
    room_bytes: u64,
) -> Result<(), UploadError> {
    let used = sqlx::query!(
        r#"select count(*) filter (where open) as "open!", count(*) as "files!", sum(size)::bigint as bytes
        from (select user_id, size, false as open from files where order_id = $1 and stored
            union all
            select user_id, size, true from uploads where order_id = $1 and not done and expires_at > clock_timestamp()
        ) as theirs (user_id, size, open)
        where (user_id = any($2)) <> $3"#,
        share.order.0,
        &share.users,
        share.is_staff
    );
    let used = used.fetch_one(connection).await?;
    if used.open >= OPEN_MAX {
        return Err(UploadError::TooMany);
    }
    if used.files >= FILES_MAX {
        return Err(UploadError::TooManyFiles);
    }
    let (most, together) =
        (side_share(room_bytes), used.bytes.unwrap_or(0).unsigned_abs().saturating_add(size));
    if exceeds(together, most) { Err(UploadError::RoomFull(most)) } else { Ok(()) }
}

async fn find(
    connection: &mut PgConnection,
    order: OrderId,
    id: FileId,
) -> Result<Option<Upload>, UploadError> {
    let row = sqlx::query_as!(
        Row,
        "select order_id, id, name, size, received, done, expires_at from uploads
        where order_id = $1 and id = $2",
        order.0,
        id.0
    );
    Ok(row.fetch_optional(connection).await?.map(Row::upload))
}

async fn own(pool: &PgPool, user: &str, id: FileId) -> Result<Upload, UploadError> {
    let row = sqlx::query_as!(
        Row,
        "select order_id, id, name, size, received, done, expires_at from uploads where id = $1 and user_id = $2",
        id.0,
        user
    );
    let row = row.fetch_optional(pool).await?.ok_or(UploadError::NotFound)?;
    let over = sqlx::query_scalar!(r#"select $1 <= clock_timestamp() as "over!""#, row.expires_at);
    if !row.done && over.fetch_one(pool).await? {
        return Err(UploadError::Expired);
    }
    Ok(row.upload())
}

struct Row {
    order_id: Uuid,
    id: Uuid,
    name: String,
    size: i64,
    received: i64,
    done: bool,
    expires_at: Timestamp,
}

impl Row {
    fn upload(self) -> Upload {
        Upload {
            order: OrderId(self.order_id),
            id: FileId(self.id),
            name: self.name,
            size: self.size.unsigned_abs(),
            received: self.received.unsigned_abs(),
            done: self.done,
            expires_at: self.expires_at,
        }
    }
}

/// As the database counts; its constraints refuse what is beyond.
fn bytes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
