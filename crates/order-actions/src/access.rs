//! May somebody read a room? Asked of the database each time, never of a session's memory (G8).

use order_domain::{
    ids::{OrderId, UserId},
    participant::Role,
    rejection::Rejection,
    values::Seq,
};

use crate::{
    caller::Caller,
    case_stream,
    error::ActionError,
    head::Head,
    room::RoomKind,
    store::{Inner, Store, unit},
};

/// What a caller is in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Their part.
    pub role: Role,
    /// What the room is about.
    pub kind: RoomKind,
    /// Its last entry.
    pub head: Seq,
    /// Its version.
    pub version: u64,
    /// May they speak?
    pub standing: Standing,
    /// One side.
    pub buyer: UserId,
    /// The other.
    pub seller: UserId,
}

/// Whether a reader is a member of the room or looks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A party, or staff who joined.
    Member,
    /// Staff who may read and not speak, or the host.
    Reader,
}

impl Store {
    /// The caller's part in a room, or the refusal. A first look by staff is put on record in the case stream.
    pub async fn access(&self, caller: &Caller, order: OrderId) -> Result<Access, ActionError> {
        let head = self.0.heads.ask(order).await?.ok_or_else(Rejection::order_not_found)?;
        let access = access(&head, caller)?;
        if access.role.is_staff() {
            let (store, caller) = (self.0.clone(), caller.clone());
            unit(async move { put_on_record(&store, &head, &caller).await }).await?;
        }
        Ok(access)
    }
}

async fn put_on_record(store: &Inner, head: &Head, caller: &Caller) -> Result<(), ActionError> {
    let mut connection = store.reads.acquire().await?;
    let known = case_stream::was_read(&mut connection, head, caller).await?;
    drop(connection);
    if known { Ok(()) } else { case_stream::record_read(store, head.order, caller).await }
}

fn access(head: &Head, caller: &Caller) -> Result<Access, Rejection> {
    let role = head.role_of(caller)?;
    let member = role.side().is_some() || head.agents.contains(&caller.user);
    Ok(Access {
        role,
        kind: head.kind,
        head: head.seq,
        version: head.version,
        standing: if member { Standing::Member } else { Standing::Reader },
        buyer: head.buyer.clone(),
        seller: head.seller.clone(),
    })
}
