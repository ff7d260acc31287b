//! A room's head row: its lock is the total order of the room, and what is written under it is authorised by it.

use std::collections::HashMap;

pub(crate) use order_domain::message::room_closed;
use order_domain::{
    claim::Claim,
    event::Entry,
    ids::{OrderId, UserId},
    message,
    participant::{AccountRole, Role, Side},
    rejection::{Code, Rejection},
    values::{Seq, Timestamp},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    caller::Caller,
    error::{ActionError, Unavailable},
    room::{RoomKind, seq, user},
};

/// The head row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub order: OrderId,
    pub kind: RoomKind,
    pub seq: Seq,
    pub at: Timestamp,
    pub version: u64,
    pub buyer: UserId,
    pub seller: UserId,
    pub agents: Vec<UserId>,
    pub claim: Option<Claim>,
    pub case_opened_at: Option<Timestamp>,
    pub archived: bool,
    pub counts: Counts,
    pub read: Read,
}

/// Which version of a head row was read, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// The transaction that wrote it: every write to the row is of another.
    pub xmin: i64,
    /// By the database's clock.
    pub at: Timestamp,
}

/// Entries so far that count as unread for each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub buyer: i64,
    pub seller: i64,
}

impl Counts {
    /// An entry counts for whoever did not write it, unless the chatbot did.
    pub(crate) fn add(&mut self, entry: &Entry) {
        let counts_for = |side: Side| i64::from(entry.by.role != Role::Bot && entry.by.role != side.role());
        self.buyer += counts_for(Side::Buyer);
        self.seller += counts_for(Side::Seller);
    }
}

/// A head row as its columns.
pub(crate) struct Columns {
    pub order_id: Uuid,
    pub kind: String,
    pub head: i64,
    pub at: Timestamp,
    pub version: i64,
    pub buyer: String,
    pub seller: String,
    pub agents: Vec<String>,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Timestamp>,
    pub case_opened_at: Option<Timestamp>,
    pub archived: bool,
    pub for_buyer: i64,
    pub for_seller: i64,
    pub xmin: i64,
    pub read_at: Timestamp,
}

impl Columns {
    pub(crate) fn head(self) -> Result<Head, Unavailable> {
        Ok(Head {
            order: OrderId(self.order_id),
            kind: RoomKind::read(&self.kind),
            seq: seq(self.head),
            at: self.at,
            version: seq(self.version).0,
            buyer: user(self.buyer)?,
            seller: user(self.seller)?,
            agents: self.agents.into_iter().map(user).collect::<Result<_, _>>()?,
            claim: claim(self.claimed_by, self.claimed_until)?,
            case_opened_at: self.case_opened_at,
            archived: self.archived,
            counts: Counts { buyer: self.for_buyer, seller: self.for_seller },
            read: Read { xmin: self.xmin, at: self.read_at },
        })
    }
}

fn claim(agent: Option<String>, until: Option<Timestamp>) -> Result<Option<Claim>, Unavailable> {
    agent.zip(until).map(|(agent, until)| Ok(Claim { agent: user(agent)?, until })).transpose()
}

/// The heads that were asked for, each in its place: enough to say who may see a room.
pub(crate) async fn heads(pool: PgPool, asked: Vec<OrderId>) -> Result<Vec<Option<Head>>, Unavailable> {
    let orders: Vec<Uuid> = asked.iter().map(|order| order.0).collect();
    let columns = sqlx::query_as!(
        Columns,
        r#"select order_id, kind, head, at, version, buyer, seller, agents, claimed_by, claimed_until, case_opened_at,
            archived, for_buyer, for_seller, xmin::text::bigint as "xmin!",
            clock_timestamp() as "read_at!" from heads where order_id = any($1)"#,
        &orders
    );
    let columns = columns.fetch_all(&pool).await?.into_iter();
    let heads = columns.map(|columns| Ok((OrderId(columns.order_id), columns.head()?)));
    let heads: HashMap<OrderId, Head> = heads.collect::<Result<_, Unavailable>>()?;
    Ok(asked.iter().map(|order| heads.get(order).cloned()).collect())
}

/// Writes nothing new to the row, but another version of it: what was decided on an older one will not be written.
pub(crate) async fn touch(connection: &mut PgConnection, order: OrderId) -> Result<(), ActionError> {
    sqlx::query!("update heads set version = version where order_id = $1", order.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks the room until the transaction ends. What is read of it before this may be stale.
pub(crate) async fn lock(connection: &mut PgConnection, order: OrderId) -> Result<(), ActionError> {
    let lock = sqlx::query_scalar!("select order_id from heads where order_id = $1 for update", order.0);
    match lock.fetch_optional(connection).await? {
        Some(_) => Ok(()),
        None => Err(Rejection::order_not_found().into()),
    }
}

impl Head {
    /// The caller's part in this room, if they may see it. A party is a party whatever else they are.
    pub(crate) fn role_of(&self, caller: &Caller) -> Result<Role, Rejection> {
        let user = &caller.user;
        match caller.role {
            AccountRole::Host => Ok(Role::Host),
            _ if *user == self.buyer => Ok(Role::Buyer),
            _ if *user == self.seller => Ok(Role::Seller),
            AccountRole::Admin => Ok(Role::Admin),
            AccountRole::Agent if self.has_agent(user) => Ok(Role::Agent),
            AccountRole::Agent if self.case_opened_at.is_some() => {
                Err(Rejection::new(Code::NotJoined, "Claim the case first."))
            }
            _ => Err(Rejection::order_not_found()),
        }
    }

    /// L51: parties always speak, staff once they joined.
    pub(crate) fn may_speak(&self, caller: &Caller, role: Role) -> Result<(), Rejection> {
        message::may_speak(role, self.agents.contains(&caller.user), self.archived)
    }

    /// Staff who may read the room because of its case.
    pub(crate) fn staff(&self) -> impl Iterator<Item = &UserId> {
        let claimed =
            self.claim.iter().map(|claim| &claim.agent).filter(|agent| !self.agents.contains(agent));
        self.agents.iter().chain(claimed)
    }

    fn has_agent(&self, user: &UserId) -> bool {
        self.staff().any(|agent| agent == user)
    }
}
