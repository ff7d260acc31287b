//! What a node can listen to, and the name it has on Redis.

use order_domain::ids::{OrderId, UserId};
use uuid::Uuid;

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
}

impl Names {
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    pub(crate) fn of(&self, channel: &Channel) -> String {
        let prefix = &self.prefix;
        match channel {
            Channel::Room(order) => format!("{prefix}:room:{order}"),
            Channel::User(user) => format!("{prefix}:user:{user}"),
            Channel::Node => format!("{prefix}:node"),
        }
    }

    /// Where a node hears its own canary, and nobody else does.
    pub(crate) fn canary(&self, node: Uuid) -> String {
        format!("{}:canary:{node}", self.prefix)
    }
}
