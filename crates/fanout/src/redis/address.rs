//! Where Redis is, and how its two connections are opened.

use std::sync::Arc;

use redis::aio::{AsyncPushSender, MultiplexedConnection};
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, IntoConnectionInfo, ProtocolVersion,
    RedisResult, Value,
};

use crate::error::FanoutError;
use crate::redis::parts;
use crate::settings::Pace;

#[derive(Clone, Debug)]
pub(crate) struct Address {
    servers: Arc<[Client]>,
    /// Of a cluster: whoever owns this slot. Its servers tell who that is.
    slot: Option<u16>,
    config: AsyncConnectionConfig,
}

impl Address {
    /// One server; of a cluster several, separated by commas, one of which has to answer.
    pub(crate) fn parse(urls: &str, pace: &Pace) -> Result<Self, FanoutError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(pace.connect))
            .set_response_timeout(Some(pace.answer));
        let servers: Result<_, _> = urls.split(',').map(|url| client(url.trim())).collect();
        let servers = servers.map_err(|error| FanoutError::Address(error.to_string()))?;
        Ok(Self { servers, slot: None, config })
    }

    /// The owner of a slot of the cluster that is there.
    pub(crate) fn of_slot(&self, slot: u16) -> Self {
        Self { slot: Some(slot), ..self.clone() }
    }

    /// A connection whose pushes go to `ear`.
    pub(crate) async fn listening(&self, ear: impl AsyncPushSender) -> RedisResult<MultiplexedConnection> {
        let config = self.config.clone().set_push_sender(ear);
        self.server().await?.get_multiplexed_async_connection_with_config(&config).await
    }

    pub(crate) async fn publishing(&self) -> RedisResult<MultiplexedConnection> {
        self.server().await?.get_multiplexed_async_connection_with_config(&self.config).await
    }

    /// Asked anew for each connection: slots move, and masters fall.
    async fn server(&self) -> RedisResult<Client> {
        let Some(slot) = self.slot else { return Ok(self.servers[0].clone()) };
        let mut outcome = Err((ErrorKind::Client, "no server of the cluster is named").into());
        for server in self.servers.iter() {
            outcome = self.owner(server, slot).await;
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    async fn owner(&self, server: &Client, slot: u16) -> RedisResult<Client> {
        let mut connection = server.get_multiplexed_async_connection_with_config(&self.config).await?;
        let answer: Value = redis::cmd("CLUSTER").arg("SLOTS").query_async(&mut connection).await?;
        let unowned = || (ErrorKind::Client, "nobody owns a slot of the cluster");
        let (host, port) = parts::owner(&answer, slot).ok_or_else(unowned)?;
        let info = server.get_connection_info();
        let host = host.unwrap_or_else(|| host_of(info.addr()));
        Client::open(info.clone().set_addr(ConnectionAddr::Tcp(host, port)))
    }
}

fn host_of(address: &ConnectionAddr) -> String {
    match address {
        ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. } => host.clone(),
        _ => "127.0.0.1".to_owned(),
    }
}

/// RESP3, so that one connection can hear, ping and change its subscriptions.
fn client(url: &str) -> RedisResult<Client> {
    let info = url.into_connection_info()?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let tcp = TcpSettings::default().set_nodelay(true);
    Client::open(info.set_redis_settings(settings).set_tcp_settings(tcp))
}
