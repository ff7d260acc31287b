//! Where Redis is, and how its two connections are opened.

use redis::aio::{AsyncPushSender, MultiplexedConnection};
use redis::io::tcp::TcpSettings;
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo, ProtocolVersion, RedisResult};

use crate::error::FanoutError;
use crate::settings::Pace;

#[derive(Clone, Debug)]
pub(crate) struct Address {
    client: Client,
    config: AsyncConnectionConfig,
}

impl Address {
    pub(crate) fn parse(url: &str, pace: &Pace) -> Result<Self, FanoutError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(pace.connect))
            .set_response_timeout(Some(pace.answer));
        let client = client(url).map_err(|error| FanoutError::Address(error.to_string()))?;
        Ok(Self { client, config })
    }

    /// A connection whose pushes go to `ear`.
    pub(crate) async fn listening(&self, ear: impl AsyncPushSender) -> RedisResult<MultiplexedConnection> {
        let config = self.config.clone().set_push_sender(ear);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    pub(crate) async fn publishing(&self) -> RedisResult<MultiplexedConnection> {
        self.client.get_multiplexed_async_connection_with_config(&self.config).await
    }
}

/// RESP3, so that one connection can hear, ping and change its subscriptions.
fn client(url: &str) -> RedisResult<Client> {
    let info = url.into_connection_info()?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let tcp = TcpSettings::default().set_nodelay(true);
    Client::open(info.set_redis_settings(settings).set_tcp_settings(tcp))
}
