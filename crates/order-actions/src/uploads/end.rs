//! An upload ends as a file of its room, or it is given up. Either can be begun anew by any node after a kill.

use order_domain::{
    event::FileRef,
    ids::{FileId, OrderId},
    rejection::Rejection,
    values::Timestamp,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::UploadError;
use crate::{
    caller::Caller,
    error::{ActionError, Unavailable},
    files::{self, By, FileRegistration},
    head, room,
    store::{Inner, Store, unit},
};

/// How long who puts an upload together, or removes it, is left alone; they may ask for more.
const LEASE_S: f64 = 60.0;

/// An upload that was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its room.
    pub order: OrderId,
    /// Upload and file.
    pub id: FileId,
    /// As read from the bytes that lie there.
    pub file: FileRegistration,
}

/// What became of an upload that was to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    /// It is over, and nobody works on it: what lies there may be removed.
    Idle,
    /// It is over, but somebody puts it together right now: what they write is removed after them, when it has expired
    /// and their lease too.
    Busy,
    /// It is a file, or is not there.
    Not,
}

/// An upload whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Its room.
    pub order: OrderId,
    /// Which.
    pub id: FileId,
    /// It became a file, which stays.
    pub done: bool,
}

impl Store {
    /// True for the one who may put it together now. The lease spares work; that a file is made once follows from
    /// `finish_upload`.
    pub async fn lease_upload(&self, order: OrderId, id: FileId) -> Result<bool, Unavailable> {
        let pool = self.0.commands.clone();
        unit(async move {
            let lease = sqlx::query!(
                "update uploads set lease_until = clock_timestamp() + make_interval(secs => $3),
                    expires_at = greatest(expires_at, clock_timestamp() + interval '1 hour')
                where order_id = $1 and id = $2 and received = size and not done
                    and lease_until <= clock_timestamp() and expires_at > clock_timestamp()",
                order.0,
                id.0,
                LEASE_S
            );
            Ok(lease.execute(&pool).await?.rows_affected() == 1)
        })
        .await
    }

    /// More time for who holds the lease; `over`: the work ended without a file, somebody else may try at once.
    pub async fn renew_upload(&self, order: OrderId, id: FileId, over: bool) -> Result<(), Unavailable> {
        let pool = self.0.commands.clone();
        unit(async move {
            let seconds = if over { 0.0 } else { LEASE_S };
            let renew = sqlx::query!(
                "update uploads set lease_until = clock_timestamp() + make_interval(secs => $3)
                where order_id = $1 and id = $2 and not done",
                order.0,
                id.0,
                seconds
            );
            renew.execute(&pool).await?;
            Ok(())
        })
        .await
    }

    /// The upload of `caller`, if they may still speak in its room, is a file of it from now on. A repetition gives the
    /// same file.
    pub async fn finish_upload(&self, caller: &Caller, finished: Finished) -> Result<FileRef, UploadError> {
        let (store, caller) = (self.0.clone(), caller.clone());
        unit(async move { finish(&store, &caller, finished).await }).await
    }

    /// Its sender, or its type, puts an end to it.
    pub async fn abandon_upload(&self, order: OrderId, id: FileId) -> Result<Abandoned, Unavailable> {
        let pool = self.0.commands.clone();
        unit(async move {
            let abandon = sqlx::query_scalar!(
                r#"update uploads set expires_at = 'epoch', writer = null
                where order_id = $1 and id = $2 and not done
                returning lease_until > clock_timestamp() as "busy!""#,
                order.0,
                id.0
            );
            Ok(match abandon.fetch_optional(&pool).await? {
                Some(true) => Abandoned::Busy,
                Some(false) => Abandoned::Idle,
                None => Abandoned::Not,
            })
        })
        .await
    }

    /// Claims at most `limit` uploads that are over, for removal.
    pub async fn expired_uploads(&self, limit: u32) -> Result<Vec<Expired>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            // A clock that stands still within a statement bounds the scan of the index.
            let claimed = sqlx::query!(
                "update uploads set lease_until = clock_timestamp() + make_interval(secs => $2)
                where (order_id, id) in (select order_id, id from uploads where expires_at <= statement_timestamp()
                    and lease_until <= clock_timestamp() order by expires_at limit $1 for update skip locked)
                returning order_id, id, done",
                i64::from(limit),
                LEASE_S
            );
            let claimed = claimed.fetch_all(&mut *tx).await?;
            tx.commit().await?;
            let expired = claimed.into_iter().map(|row| Expired {
                order: OrderId(row.order_id),
                id: FileId(row.id),
                done: row.done,
            });
            Ok(expired.collect())
        })
        .await
    }

    /// Forgets an upload whose chunks are gone. One that is neither over nor a file stays.
    pub async fn forget_upload(&self, order: OrderId, id: FileId) -> Result<(), Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            let forget = sqlx::query!(
                "delete from uploads where order_id = $1 and id = $2 and expires_at <= clock_timestamp()",
                order.0,
                id.0
            );
            if forget.execute(&mut *tx).await?.rows_affected() == 1 {
                drop_chunks(&mut tx, order, id).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Those of these uploads that there are: chunks of all others belong to nobody.
    pub async fn known_uploads(&self, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            Ok(sqlx::query_scalar!("select id from uploads where id = any($1)", &ids)
                .fetch_all(&pool)
                .await?)
        })
        .await
    }
}

async fn finish(store: &Inner, caller: &Caller, finished: Finished) -> Result<FileRef, UploadError> {
    let Finished { order, id, file } = finished;
    let file = file.checked()?.named(id);
    let _turn = store.turns.take(order).await?;
    let mut tx = store.begin().await?;
    // The right to it is that of this moment (G8): nobody is put out of a room that is locked.
    head::lock(&mut tx, order).await?;
    let (head, _) = room::read(&mut tx, order).await?.ok_or_else(Rejection::order_not_found)?;
    head.may_speak(caller, head.role_of(caller)?)?;
    let Some(upload) = lock(&mut tx, order, id).await? else { return Err(UploadError::NotFound) };
    if upload.done {
        let known = files::find(&mut tx, order, &[id.0]).await?.pop();
        return known.ok_or(UploadError::NotFound);
    }
    let by = By { user: &upload.user_id, at: upload.now };
    files::insert(&mut tx, order, &file, by, true).await?;
    let done = sqlx::query!(
        "update uploads set done = true, writer = null, lease_until = '-infinity' where order_id = $1 and id = $2",
        order.0,
        id.0
    );
    done.execute(&mut *tx).await?;
    drop_chunks(&mut tx, order, id).await?;
    tx.commit().await?;
    Ok(file)
}

struct Locked {
    user_id: String,
    done: bool,
    now: Timestamp,
}

/// Not one whose time is over: whoever removes it may be about to.
async fn lock(
    connection: &mut PgConnection,
    order: OrderId,
    id: FileId,
) -> Result<Option<Locked>, ActionError> {
    let row = sqlx::query_as!(
        Locked,
        r#"select user_id, done, date_trunc('milliseconds', clock_timestamp()) as "now!" from uploads
        where order_id = $1 and id = $2 and received = size and (done or expires_at > clock_timestamp()) for update"#,
        order.0,
        id.0
    );
    Ok(row.fetch_optional(connection).await?)
}

async fn drop_chunks(connection: &mut PgConnection, order: OrderId, id: FileId) -> Result<(), sqlx::Error> {
    let drop =
        sqlx::query!("delete from upload_chunks where order_id = $1 and upload_id = $2", order.0, id.0);
    drop.execute(connection).await?;
    Ok(())
}
