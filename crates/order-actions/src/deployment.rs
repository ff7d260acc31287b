//! Which life of the database this is. Restoring a backup is followed by a new epoch: cursors of the old one are void.

use uuid::Uuid;

use crate::{
    error::Unavailable,
    store::{Store, unit},
};

impl Store {
    /// The epoch that cursors and fan-out messages belong to.
    pub async fn epoch(&self) -> Result<Uuid, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move { Ok(sqlx::query_scalar!("select epoch from deployment").fetch_one(&pool).await?) })
            .await
    }

    /// What addresses of downloads are signed with.
    pub async fn link_key(&self) -> Result<[u8; 32], Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let key = sqlx::query_scalar!("select link_key from deployment").fetch_one(&pool).await?;
            key.try_into().map_err(|_| Unavailable::Broken("the key of links has another length".to_owned()))
        })
        .await
    }

    /// Begins a new epoch: the last step after restoring a backup.
    pub async fn rotate_epoch(&self) -> Result<Uuid, Unavailable> {
        let pool = self.0.background.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            let rotate =
                sqlx::query_scalar!("update deployment set epoch = $1 returning epoch", Uuid::now_v7());
            let epoch = rotate.fetch_one(&mut *tx).await?;
            tx.commit().await?;
            Ok(epoch)
        })
        .await
    }
}
