//! What only Redis can do to a node while it works.

use fanout::{Channel, Fanout, FanoutError, FanoutSettings, Limits};
use uuid::Uuid;

use crate::world::{World, entry, order};

#[tokio::test]
async fn garbage_is_dropped_and_counted() {
    let world = World::redis();
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    let url = std::env::var("TEST_REDIS_URL").expect("checked by the world");
    let mut raw = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let long = vec![2; 4096];
    for garbage in [&b""[..], b"x", b"{\"seq\":1}", &[0xff; 71], &long] {
        let publish = redis::cmd("PUBLISH").arg(world.channel_name(room)).arg(garbage).to_owned();
        let heard_by: i64 = publish.query_async(&mut raw).await.unwrap();
        assert_eq!(heard_by, 1);
    }
    a.says(entry(room, 1));
    assert_eq!(b.news().await, entry(room, 1));
    assert_eq!(b.fanout.counters().unparsable, 5);
}

#[tokio::test]
async fn a_full_queue_drops_and_counts_and_never_waits() {
    let world = World::redis();
    let limits = Limits { outgoing_bytes: 1000, ..Limits::default() };
    let a = world.node_with(FanoutSettings { limits, ..world.settings() }).await;
    let room = order();
    a.fanout.publish((1..=100).map(|seq| entry(room, seq)).collect());
    a.says(entry(room, 101));
    let counts = a.counts(|counts| counts.published == 1).await;
    assert_eq!((counts.dropped_full, counts.dropped_away), (100, 0));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    let settings = FanoutSettings::new(Uuid::new_v4(), Uuid::new_v4());
    for address in ["not an address", "http://:secret@127.0.0.1/", "redis://:secret@127.0.0.1/notanumber"] {
        let refused = Fanout::start(FanoutSettings { redis_url: Some(address.into()), ..settings.clone() });
        let Err(FanoutError::Address(why)) = refused else { panic!("{address} was taken") };
        assert!(!why.contains("secret"), "{why}");
    }
}
