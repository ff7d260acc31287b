//! What a node can listen to, and the name it has on Redis.

use std::num::NonZeroU16;
use std::sync::Arc;

use order_domain::ids::{OrderId, UserId};
use uuid::Uuid;

use crate::redis::parts::{Tag, part_of, tags};

/// One audience. A node listens only to those its sockets need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Everything of one order.
    Room(OrderId),
    /// What concerns one user wherever they are: inbox heads.
    User(UserId),
    /// What concerns every node: revocations, a new epoch.
    Node,
}

/// Channel names under one prefix, so that deployments and tests can share a Redis.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    prefix: String,
    /// Of a cluster, the tag of each part.
    tags: Arc<[Tag]>,
}

impl Names {
    /// On one server, or on a cluster in so many parts.
    pub(crate) fn new(prefix: &str, parts: Option<NonZeroU16>) -> Self {
        let tags = parts.map_or_else(Vec::new, |parts| tags(prefix, parts));
        Self { prefix: prefix.to_owned(), tags: tags.into() }
    }

    /// The slot of each part; none on one server.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u16> {
        self.tags.iter().map(|tag| tag.slot)
    }

    /// Which part a channel belongs to; on one server there is one.
    pub(crate) fn part(&self, channel: &Channel) -> usize {
        if self.tags.is_empty() { 0 } else { part_of(&plain(channel), self.tags.len()) }
    }

    pub(crate) fn of(&self, channel: &Channel) -> String {
        let name = plain(channel);
        let part = if self.tags.is_empty() { 0 } else { part_of(&name, self.tags.len()) };
        format!("{}:{name}", self.head(part))
    }

    /// Where a node hears its own canary in a part, and nobody else does.
    pub(crate) fn canary(&self, part: usize, node: Uuid) -> String {
        format!("{}:canary:{node}", self.head(part))
    }

    fn head(&self, part: usize) -> &str {
        self.tags.get(part).map_or(&self.prefix, |tag| &tag.text)
    }
}

fn plain(channel: &Channel) -> String {
    match channel {
        Channel::Room(order) => format!("room:{order}"),
        Channel::User(user) => format!("user:{user}"),
        Channel::Node => "node".to_owned(),
    }
}
