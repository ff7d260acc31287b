//! Users whose tokens, issued up to a moment, are refused.

use order_domain::{ids::UserId, values::Timestamp};

use crate::{
    error::{ActionError, Unavailable},
    room,
    store::{Store, unit},
};

/// Tokens of a user that count no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Whose.
    pub user: UserId,
    /// Issued up to this moment.
    pub up_to: Timestamp,
    /// When it was revoked, by the database's clock.
    pub revoked_at: Timestamp,
}

impl Store {
    /// Refuses a user's tokens issued up to `up_to`; a later moment is never taken back.
    pub async fn revoke(&self, user: UserId, up_to: Timestamp) -> Result<(), ActionError> {
        let pool = self.0.commands.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            let revoke = sqlx::query!(
                "insert into revocations as r (user_id, up_to, revoked_at) values ($1, $2, clock_timestamp())
                on conflict (user_id) do update set up_to = greatest(r.up_to, excluded.up_to),
                    revoked_at = excluded.revoked_at",
                user.as_str(),
                up_to
            );
            revoke.execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    /// Revocations since a moment of the database's clock; some are told twice, none is left out.
    pub async fn revocations_since(&self, since: Timestamp) -> Result<Vec<Revocation>, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            // A revocation is stamped before it is committed: look back as far as a statement may take.
            let rows = sqlx::query!(
                "select user_id, up_to, revoked_at from revocations
                where revoked_at >= $1::timestamptz - interval '10 seconds' order by revoked_at",
                since
            );
            let rows = rows.fetch_all(&pool).await?.into_iter().map(|row| {
                Ok(Revocation {
                    user: room::user(row.user_id)?,
                    up_to: row.up_to,
                    revoked_at: row.revoked_at,
                })
            });
            rows.collect()
        })
        .await
    }

    /// Up to when a user's tokens are refused.
    pub async fn revoked_until(&self, user: &UserId) -> Result<Option<Timestamp>, Unavailable> {
        let (pool, user) = (self.0.reads.clone(), user.clone());
        unit(async move {
            let up_to =
                sqlx::query_scalar!("select up_to from revocations where user_id = $1", user.as_str());
            Ok(up_to.fetch_optional(&pool).await?)
        })
        .await
    }
}
