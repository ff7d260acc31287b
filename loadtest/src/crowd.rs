//! Rooms and who sits in them: orders placed for this run, and a token for each socket.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Result, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::domain::ids::OrderId;

use crate::{
    api::Api,
    mark::Audience,
    plan::CrowdPlan,
    tokens::{Role, Tokens},
};

/// Calls that are in flight at once while the rooms are made.
const AT_ONCE: usize = 16;

/// An order of this run.
#[derive(Clone, Debug)]
pub struct Room {
    /// The order.
    pub order: OrderId,
    /// The same as text, as it stands in frames.
    pub name: String,
    /// Pays.
    pub buyer: Arc<str>,
    /// Delivers.
    pub seller: Arc<str>,
    /// Token of the buyer.
    pub buyer_token: Arc<str>,
    /// Token of the seller.
    pub seller_token: Arc<str>,
}

/// All rooms of the run.
#[derive(Debug)]
pub struct Crowd {
    /// By number.
    pub rooms: Vec<Room>,
    /// Sockets in each.
    pub members: u32,
}

impl Crowd {
    /// Places the orders.
    pub async fn gather(api: &Api, tokens: &Tokens, plan: &CrowdPlan, run: u32) -> Result<Self> {
        let known = tokens.known(Role::User);
        if known.as_ref().is_some_and(|users| users.len() < 2) {
            bail!("the token file needs at least two lines with the role user: a buyer and a seller");
        }
        let couple = |room: u32| match &known {
            Some(users) => {
                let at = 2 * room as usize;
                (users[at % users.len()].clone(), users[(at + 1) % users.len()].clone())
            }
            None => (format!("load-{run:08x}-b{room}"), format!("load-{run:08x}-s{room}")),
        };
        let placed = stream::iter(0..plan.rooms).map(|room| {
            let (buyer, seller) = couple(room);
            async move {
                let order = api.open(&plan.policy, &buyer, &seller).await?;
                let buyer_token = tokens.of(&buyer, Role::User).await?.into();
                let seller_token = tokens.of(&seller, Role::User).await?.into();
                let (buyer, seller) = (buyer.into(), seller.into());
                anyhow::Ok(Room { order, name: order.to_string(), buyer, seller, buyer_token, seller_token })
            }
        });
        let rooms = placed.buffered(AT_ONCE).try_collect().await?;
        Ok(Self { rooms, members: plan.members })
    }

    /// Devices of the buyer and the seller in turn.
    pub fn user(&self, room: u32, member: u32) -> (&Arc<str>, &Arc<str>) {
        let room = &self.rooms[room as usize];
        if member.is_multiple_of(2) {
            (&room.buyer, &room.buyer_token)
        } else {
            (&room.seller, &room.seller_token)
        }
    }

    /// Users who say something: of a token file there may be few, each with many rooms.
    pub fn speakers(&self) -> f64 {
        let sides =
            |room: &'_ Room| [Some(room.buyer.clone()), (self.members > 1).then(|| room.seller.clone())];
        let users: BTreeSet<Arc<str>> = self.rooms.iter().flat_map(sides).flatten().collect();
        f64::from(u32::try_from(users.len()).unwrap_or(u32::MAX))
    }

    /// May this user see a text for that audience?
    pub fn may_see(&self, user: &str, audience: Audience) -> bool {
        match audience {
            Audience::Staff => false,
            Audience::Room(room) => {
                let room = self.rooms.get(room as usize);
                room.is_some_and(|room| *room.buyer == *user || *room.seller == *user)
            }
        }
    }
}
