//! People as the host and their tokens describe them.

use std::collections::BTreeMap;

use order_domain::{ids::UserId, participant::AccountRole, values::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

use crate::{
    error::{ActionError, Unavailable},
    room,
    store::{Store, unit},
};

/// What the host says about a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// 1–200 characters.
    pub name: String,
    /// For notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// For notices, and shown by the reveal policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When they joined the marketplace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Timestamp>,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

impl Store {
    /// Replaces a user's profile.
    pub async fn put_user(&self, user: UserId, profile: Profile) -> Result<(), ActionError> {
        let pool = self.0.commands.clone();
        unit(async move {
            let mut tx = pool.begin().await?;
            put(&mut tx, &user, &profile).await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    /// Remembers whom a token spoke of: a stub for whoever nobody put, and which accounts are staff.
    pub async fn seen_user(
        &self,
        user: UserId,
        role: AccountRole,
        name: Option<String>,
    ) -> Result<(), Unavailable> {
        // A name that the schema would refuse is worth no failure here.
        let name = name.filter(|name| (1..=200).contains(&name.chars().count()) && !name.contains('\0'));
        self.0.accounts.ask(SeenUser { user, role, name }).await
    }

    /// A user's profile, if the host or a token told anything.
    pub async fn user(&self, user: UserId) -> Result<Option<Profile>, Unavailable> {
        let pool = self.0.reads.clone();
        unit(async move {
            let row = sqlx::query!(
                "select name, email, phone, locale, registered_at, avatar_url from users where id = $1",
                user.as_str()
            );
            Ok(row.fetch_optional(&pool).await?.map(|row| Profile {
                name: row.name.unwrap_or_else(|| user.to_string()),
                email: row.email,
                phone: row.phone,
                locale: row.locale,
                registered_at: row.registered_at,
                avatar_url: row.avatar_url,
            }))
        })
        .await
    }
}

async fn put(connection: &mut PgConnection, user: &UserId, profile: &Profile) -> Result<(), ActionError> {
    let put = sqlx::query!(
        "insert into users (id, name, email, phone, locale, registered_at, avatar_url, put_at)
        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
        on conflict (id) do update set name = excluded.name, email = excluded.email, phone = excluded.phone,
            locale = excluded.locale, registered_at = excluded.registered_at, avatar_url = excluded.avatar_url,
            put_at = excluded.put_at",
        user.as_str(),
        profile.name,
        profile.email,
        profile.phone,
        profile.locale,
        profile.registered_at,
        profile.avatar_url
    );
    put.execute(connection).await?;
    Ok(())
}

/// Whom a token spoke of.
#[derive(Clone, Debug)]
pub(crate) struct SeenUser {
    user: UserId,
    role: AccountRole,
    name: Option<String>,
}

/// Remembers them all; of one user, what was said last.
pub(crate) async fn see(pool: PgPool, seen: Vec<SeenUser>) -> Result<Vec<()>, Unavailable> {
    let done = vec![(); seen.len()];
    // In one order everywhere, so that two nodes never wait for each other.
    let mut last: BTreeMap<UserId, SeenUser> = BTreeMap::new();
    for SeenUser { user, role, name } in seen {
        let known = last.remove(&user).and_then(|before| before.name);
        last.insert(user.clone(), SeenUser { user, role, name: name.or(known) });
    }
    let ids: Vec<String> = last.keys().map(ToString::to_string).collect();
    let roles: Vec<String> = last.values().map(|account| account.role.as_str().to_owned()).collect();
    let names: Vec<Option<String>> = last.into_values().map(|account| account.name).collect();
    let mut tx = pool.begin().await?;
    // Writes only when something is new: tokens are seen all the time.
    let see = sqlx::query!(
        "insert into users as u (id, account, name) select * from unnest($1::text[], $2::text[], $3::text[])
        on conflict (id) do update set account = excluded.account,
            name = case when u.put_at is null then coalesce(excluded.name, u.name) else u.name end
        where u.account is distinct from excluded.account
            or (u.put_at is null and excluded.name is not null and u.name is distinct from excluded.name)",
        &ids,
        &roles,
        &names as &[Option<String>]
    );
    see.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(done)
}

/// Users that an order names exist from then on.
pub(crate) async fn stub(connection: &mut PgConnection, users: [&UserId; 2]) -> Result<(), ActionError> {
    let mut ids = users.map(ToString::to_string);
    // In one order everywhere, so that two placements never wait for each other.
    ids.sort();
    let stub = sqlx::query!(
        "insert into users (id) select * from unnest($1::text[]) on conflict (id) do nothing",
        &ids[..]
    );
    stub.execute(connection).await?;
    Ok(())
}

/// Is this an account of customer experience?
pub(crate) async fn is_agent(connection: &mut PgConnection, user: &UserId) -> Result<bool, ActionError> {
    let agent = sqlx::query_scalar!(
        r#"select exists (select 1 from users where id = $1 and account = 'agent') as "agent!""#,
        user.as_str()
    );
    Ok(agent.fetch_one(connection).await?)
}

/// Every account of customer experience by name, at most so many.
pub(crate) async fn agents(pool: &PgPool, most: i64) -> Result<Vec<(UserId, String)>, Unavailable> {
    let rows = sqlx::query!(
        r#"select id, coalesce(name, id) as "name!" from users where account = 'agent' order by 2, 1 limit $1"#,
        most
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    rows.map(|row| Ok((room::user(row.id)?, row.name))).collect()
}

/// Leaves out those whose reading does not hang on a case.
pub(crate) async fn without_admins(
    connection: &mut PgConnection,
    users: Vec<UserId>,
) -> Result<Vec<UserId>, ActionError> {
    let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
    let admins = sqlx::query_scalar!("select id from users where account = 'admin' and id = any($1)", &ids);
    let admins = admins.fetch_all(connection).await?;
    Ok(users.into_iter().filter(|user| !admins.iter().any(|admin| admin == user.as_str())).collect())
}

/// What users are called, where it is known.
pub(crate) async fn names(
    connection: &mut PgConnection,
    users: &[&UserId],
) -> Result<Vec<(UserId, String)>, ActionError> {
    let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select id, name as "name!" from users where name is not null and id = any($1)"#,
        &ids
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    rows.map(|row| Ok((room::user(row.id)?, row.name))).collect()
}
