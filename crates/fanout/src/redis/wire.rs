//! The commands: of one server, or of a cluster, where a channel lives in a slot and only its owner serves it.

use redis::aio::{ConnectionLike as _, MultiplexedConnection};
use redis::{Pipeline, RedisResult};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Plain,
    Sharded,
}

impl Wire {
    pub(crate) const fn publish(self) -> &'static str {
        match self {
            Self::Plain => "PUBLISH",
            Self::Sharded => "SPUBLISH",
        }
    }

    pub(crate) async fn subscribe(
        self,
        connection: &mut MultiplexedConnection,
        names: Vec<String>,
    ) -> RedisResult<()> {
        match self {
            Self::Plain => connection.subscribe(names).await,
            Self::Sharded => one_by_one(connection, "SSUBSCRIBE", &names).await,
        }
    }

    pub(crate) async fn unsubscribe(
        self,
        connection: &mut MultiplexedConnection,
        names: Vec<String>,
    ) -> RedisResult<()> {
        match self {
            Self::Plain => connection.unsubscribe(names).await,
            Self::Sharded => one_by_one(connection, "SUNSUBSCRIBE", &names).await,
        }
    }
}

/// The library counts the confirmations of these commands only for connections of its own to a cluster, so each
/// channel has a command of its own, and all of them one pipeline.
async fn one_by_one(
    connection: &mut MultiplexedConnection,
    command: &str,
    names: &[String],
) -> RedisResult<()> {
    let mut pipeline = Pipeline::with_capacity(names.len());
    for name in names {
        pipeline.cmd(command).arg(name);
    }
    let replies = connection.req_packed_commands(&pipeline, 0, names.len()).await?;
    replies.into_iter().try_for_each(|reply| reply.extract_error().map(drop))
}
