//! A room as one consistent read: the order, the head, names, cursors, who has the case, and the time.

use std::{collections::BTreeMap, sync::Arc};

use order_domain::{
    claim::Claim,
    event::Entry,
    ids::{OrderId, UserId},
    order::Order,
    participant::{Role, Side},
    rejection::Rejection,
    values::{Seq, Timestamp},
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    error::{ActionError, Unavailable},
    head::{self, Head},
    store::{Store, unit},
    timeline,
};

/// What a room is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// An order.
    Order,
    /// Talk without an order.
    Conversation,
}

impl RoomKind {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Conversation => "conversation",
        }
    }

    pub(crate) fn read(kind: &str) -> Self {
        if kind == "conversation" { Self::Conversation } else { Self::Order }
    }
}

/// A room at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// Its id.
    pub id: OrderId,
    /// What it is about.
    pub kind: RoomKind,
    /// The order; none in a conversation.
    pub order: Option<Order>,
    /// The last entry.
    pub head: Seq,
    /// Commands that changed the order.
    pub version: u64,
    /// Pays, or asked for the conversation as a buyer.
    pub buyer: UserId,
    /// Delivers.
    pub seller: UserId,
    /// Staff who joined.
    pub agents: Vec<UserId>,
    /// Who has the case: for the eyes of staff.
    pub claim: Option<Claim>,
    /// The room is read-only.
    pub archived: bool,
    /// Names of all of them, where known.
    pub names: BTreeMap<UserId, String>,
    /// How far they read.
    pub cursors: BTreeMap<UserId, Seq>,
    /// The database's clock, never before the last entry.
    pub now: Timestamp,
}

/// Somebody who belongs to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their part.
    pub role: Role,
    /// What they are called.
    pub name: String,
}

impl RoomView {
    /// What a user is called; their id when no name is known.
    pub fn name_of<'a>(&'a self, user: &'a UserId) -> &'a str {
        self.names.get(user).map_or(user.as_str(), String::as_str)
    }

    /// Buyer, seller, and staff who joined.
    pub fn members(&self) -> Vec<Member> {
        let parties = [(&self.buyer, Role::Buyer), (&self.seller, Role::Seller)];
        let staff = self.agents.iter().map(|agent| (agent, Role::Agent));
        let member = |(user, role): (&UserId, Role)| Member {
            user: user.clone(),
            role,
            name: self.name_of(user).to_owned(),
        };
        parties.into_iter().chain(staff).map(member).collect()
    }

    /// The agent who has the case.
    pub fn claimed_by(&self) -> Option<&UserId> {
        self.claim.as_ref().map(|claim| &claim.agent)
    }

    /// The side a user is on.
    pub fn side_of(&self, user: &UserId) -> Option<Side> {
        match user {
            _ if *user == self.buyer => Some(Side::Buyer),
            _ if *user == self.seller => Some(Side::Seller),
            _ => None,
        }
    }
}

impl Store {
    /// A room as it is now. Asks nobody who may see it: see [`Store::access`].
    pub async fn room(&self, order: OrderId) -> Result<RoomView, ActionError> {
        let pool = self.0.reads.clone();
        unit(async move {
            let mut connection = pool.acquire().await?;
            Ok(read(&mut connection, order).await?.ok_or_else(Rejection::order_not_found)?.1)
        })
        .await
    }

    /// A room as it was at an entry (D6): the fold of `1..=seq`, at that entry's time.
    ///
    /// Names, members and cursors are those of now; who had the case is not told.
    pub async fn room_at(&self, order: OrderId, seq: Seq) -> Result<RoomView, ActionError> {
        let pool = self.0.reads.clone();
        unit(async move {
            let mut connection = pool.acquire().await?;
            let (_, now) = read(&mut connection, order).await?.ok_or_else(Rejection::order_not_found)?;
            if seq.0 == 0 || seq > now.head {
                return Err(Rejection::bad_field("at_seq", "must be an entry of this room").into());
            }
            let last =
                timeline::one(&mut connection, order, seq).await?.ok_or_else(Rejection::order_not_found)?;
            let acts = timeline::acts_up_to(&mut connection, order, seq).await?;
            Ok(folded(now, &acts, &last)?)
        })
        .await
    }
}

fn folded(now: RoomView, acts: &[Arc<Entry>], last: &Entry) -> Result<RoomView, Unavailable> {
    let order = match now.kind {
        RoomKind::Conversation => None,
        RoomKind::Order => {
            let fold = Order::fold(now.id, acts.iter().map(AsRef::as_ref));
            Some(fold.map_err(|e| Unavailable::Row(e.into()))?)
        }
    };
    let version = order.as_ref().map_or(now.version, |order| order.version);
    Ok(RoomView { order, version, head: last.seq, now: last.at, claim: None, ..now })
}

/// Head and view of one moment; under the room's lock, of this transaction's moment.
pub(crate) async fn read(
    connection: &mut PgConnection,
    order: OrderId,
) -> Result<Option<(Head, RoomView)>, Unavailable> {
    Ok(read_all(connection, &[order]).await?.pop())
}

/// By one statement, so of one moment; those that do not exist are left out.
pub(crate) async fn read_all(
    connection: &mut PgConnection,
    orders: &[OrderId],
) -> Result<Vec<(Head, RoomView)>, Unavailable> {
    let orders: Vec<Uuid> = orders.iter().map(|order| order.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select h.order_id as "order_id!", h.kind as "kind!", h.head as "head!", h.at as "at!",
            h.version as "version!", h.buyer as "buyer!", h.seller as "seller!", h.agents as "agents!",
            h.claimed_by, h.claimed_until, h.case_opened_at, h.archived as "archived!", h.for_buyer as "for_buyer!",
            h.for_seller as "for_seller!", h.xmin::text::bigint as "xmin!", clock_timestamp() as "read_at!", o.doc as "doc?: Json<Order>",
            date_trunc('milliseconds', greatest(clock_timestamp(), h.at)) as "now!",
            (select jsonb_object_agg(u.id, u.name) from users u where u.name is not null
                and u.id = any(h.agents || array[h.buyer, h.seller, h.claimed_by]))
                as "names: Json<BTreeMap<UserId, String>>",
            (select jsonb_object_agg(m.user_id, m.read_seq) from memberships m where m.order_id = h.order_id
                and m.user_id = any(h.agents || array[h.buyer, h.seller]))
                as "cursors: Json<BTreeMap<UserId, Seq>>"
        from heads h left join orders o on o.order_id = h.order_id
        where h.order_id = any($1)"#,
        &orders
    );
    rows.fetch_all(connection).await?.into_iter().map(Row::room).collect()
}

struct Row {
    order_id: Uuid,
    kind: String,
    head: i64,
    at: Timestamp,
    version: i64,
    buyer: String,
    seller: String,
    agents: Vec<String>,
    claimed_by: Option<String>,
    claimed_until: Option<Timestamp>,
    case_opened_at: Option<Timestamp>,
    archived: bool,
    for_buyer: i64,
    for_seller: i64,
    xmin: i64,
    read_at: Timestamp,
    doc: Option<Json<Order>>,
    now: Timestamp,
    names: Option<Json<BTreeMap<UserId, String>>>,
    cursors: Option<Json<BTreeMap<UserId, Seq>>>,
}

impl Row {
    fn room(self) -> Result<(Head, RoomView), Unavailable> {
        let columns = head::Columns {
            order_id: self.order_id,
            kind: self.kind,
            head: self.head,
            at: self.at,
            version: self.version,
            buyer: self.buyer,
            seller: self.seller,
            agents: self.agents,
            claimed_by: self.claimed_by,
            claimed_until: self.claimed_until,
            case_opened_at: self.case_opened_at,
            archived: self.archived,
            for_buyer: self.for_buyer,
            for_seller: self.for_seller,
            xmin: self.xmin,
            read_at: self.read_at,
        };
        let head = columns.head()?;
        let names = self.names.map(|names| names.0).unwrap_or_default();
        let cursors = self.cursors.map(|cursors| cursors.0).unwrap_or_default();
        let view = view(&head, self.doc.map(|doc| doc.0), names, cursors, self.now);
        Ok((head, view))
    }
}

/// Puts a view together.
pub(crate) fn view(
    head: &Head,
    order: Option<Order>,
    names: BTreeMap<UserId, String>,
    cursors: BTreeMap<UserId, Seq>,
    now: Timestamp,
) -> RoomView {
    RoomView {
        id: head.order,
        kind: head.kind,
        order,
        head: head.seq,
        version: head.version,
        buyer: head.buyer.clone(),
        seller: head.seller.clone(),
        agents: head.agents.clone(),
        claim: head.claim.clone(),
        archived: head.archived,
        names,
        cursors,
        now,
    }
}

/// A count of the database as a place in a stream.
pub(crate) fn seq(number: i64) -> Seq {
    Seq(number.try_into().expect("the schema keeps seqs from going below 0"))
}

/// A place in a stream as the database counts; beyond 2^63 there is nothing.
pub(crate) fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// A user id of the database.
pub(crate) fn user(id: String) -> Result<UserId, Unavailable> {
    UserId::new(id).map_err(|e| Unavailable::Row(e.into()))
}
