//! What both twins promise, said once.
//!
//! "Nothing comes" is shown without waiting: whatever is published later by the same node
//! arrives later, so a last word that arrives first proves the silence before it.

use std::collections::HashSet;

use bytes::Bytes;
use fanout::{Channel, FanoutSettings, Incoming, Limits, Publication, Subscription};
use order_domain::ids::UserId;
use order_domain::values::Seq;
use uuid::Uuid;

use crate::world::{World, entries, entry, order, signal};

macro_rules! on_both_twins {
    ($($(#[$doc:meta])* $test:ident),* $(,)?) => {
        mod in_process {
            use crate::world::World;
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(World::in_process()).await;
            })*
        }

        mod redis {
            use crate::world::World;
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(World::redis()).await;
            })*
        }

        mod cluster {
            use crate::world::World;
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(World::cluster()).await;
            })*
        }
    };
}

on_both_twins! {
    others_hear_in_order_and_nobody_hears_himself,
    what_was_left_is_not_heard,
    every_kind_arrives_as_it_was_sent,
    a_head_reaches_the_user_wherever_he_is,
    another_epoch_is_dropped_and_counted,
    a_giant_is_dropped_and_counted,
    a_slow_node_loses_news_and_is_told,
    subscribing_is_a_set,
    subscribed_is_only_what_is_wanted,
    a_large_batch_arrives_whole,
    last_words_are_heard,
}

async fn others_hear_in_order_and_nobody_hears_himself(world: World) {
    let (mut a, mut b, mut c) = (world.node().await, world.node().await, world.node().await);
    let room = order();
    for node in [&a, &b, &c] {
        node.joins(Channel::Room(room)).await;
    }
    (1..=200).for_each(|seq| a.says(entry(room, seq)));
    for node in [&mut b, &mut c] {
        for seq in 1..=200 {
            assert_eq!(node.news().await, entry(room, seq));
        }
    }
    b.says(signal(room, "last word"));
    assert_eq!(a.news().await, signal(room, "last word"), "none of its own 200 before it");
}

async fn what_was_left_is_not_heard(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let (left, never) = (order(), order());
    b.joins(Channel::Room(left)).await;
    b.fanout.unsubscribe(&Channel::Room(left));
    // Confirmed in order within a part of the channels, and of so many rooms some are surely in the part of the one
    // that is left: once they are subscribed, it is.
    let kept: Vec<_> = (0..100).map(|_| order()).collect();
    for room in &kept {
        b.joins(Channel::Room(*room)).await;
    }
    a.fanout.publish([left, never].iter().chain(&kept).map(|room| entry(*room, 1)).collect());
    let mut missing: HashSet<_> = kept.into_iter().collect();
    while !missing.is_empty() {
        let Publication::Entry { order, .. } = b.news().await else { panic!("nothing else was said") };
        assert!(missing.remove(&order), "only what is kept, once each");
    }
}

async fn every_kind_arrives_as_it_was_sent(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    b.joins(Channel::Node).await;
    let all = vec![
        entry(room, 1),
        entries(room, 2, 40),
        signal(room, "typing"),
        Publication::Node { frame: Bytes::from_static(b"revoked") },
        Publication::Node { frame: Bytes::new() },
    ];
    a.fanout.publish(all.clone());
    let mut heard = Vec::new();
    for _ in &all {
        heard.push(b.news().await);
    }
    for channel in [Channel::Room(room), Channel::Node] {
        let on = |all: &[Publication]| -> Vec<_> {
            all.iter().filter(|news| news.channel() == channel).cloned().collect()
        };
        assert_eq!(on(&heard), on(&all), "in order within a channel");
    }
}

async fn a_head_reaches_the_user_wherever_he_is(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let (here, elsewhere) = (UserId::new("seller:1").unwrap(), UserId::new("buyer.2").unwrap());
    b.joins(Channel::User(here.clone())).await;
    let head =
        |user: &UserId, head| Publication::Head { user: user.clone(), order: order(), head: Seq(head) };
    let mine = head(&here, 7);
    a.fanout.publish(vec![head(&elsewhere, 6), mine.clone()]);
    assert_eq!(b.news().await, mine);
}

async fn another_epoch_is_dropped_and_counted(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    let rotated = Uuid::new_v4();
    a.fanout.set_epoch(rotated);
    a.says(entry(room, 1));
    b.counts(|counts| counts.foreign_epoch == 1).await;
    b.fanout.set_epoch(rotated);
    a.says(entry(room, 2));
    assert_eq!(b.news().await, entry(room, 2));
}

async fn a_giant_is_dropped_and_counted(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    let giant = Publication::Signal { order: room, frame: Bytes::from(vec![0; (1 << 20) + 1]) };
    let large = Publication::Signal { order: room, frame: Bytes::from(vec![0; 1 << 20]) };
    a.fanout.publish(vec![giant, large.clone()]);
    assert_eq!(b.news().await, large);
    assert_eq!(a.fanout.counters().dropped_large, 1);
}

/// The queue to the node is bounded; what did not fit is made up for by a generation.
async fn a_slow_node_loses_news_and_is_told(world: World) {
    let a = world.node().await;
    let limits = Limits { incoming: 8, ..Limits::default() };
    let mut slow = world.node_with(FanoutSettings { limits, ..world.settings() }).await;
    let room = order();
    slow.joins(Channel::Room(room)).await;
    (1..=100).for_each(|seq| a.says(entry(room, seq)));
    let counts = slow.counts(|counts| counts.received + counts.dropped_slow == 100).await;
    assert!(counts.dropped_slow >= 90, "{counts:?}");
    for seq in 1..=8 {
        assert_eq!(slow.news().await, entry(room, seq));
    }
    assert!(slow.generation().await >= 2);
    a.says(entry(room, 101));
    while slow.next().await != Incoming::News(entry(room, 101)) {}
}

async fn subscribing_is_a_set(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    b.joins(Channel::Room(room)).await;
    a.fanout.publish(vec![entry(room, 1), entry(room, 2)]);
    assert_eq!((b.news().await, b.news().await), (entry(room, 1), entry(room, 2)));
    b.fanout.unsubscribe(&Channel::Room(room));
    assert_eq!(b.fanout.subscribed(&Channel::Room(room)).await, Subscription::Degraded);
}

async fn subscribed_is_only_what_is_wanted(world: World) {
    let node = world.node().await;
    assert_eq!(node.fanout.subscribed(&Channel::Room(order())).await, Subscription::Degraded);
}

async fn a_large_batch_arrives_whole(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let rooms: Vec<_> = (0..1200).map(|_| order()).collect();
    for room in &rooms {
        b.fanout.subscribe(Channel::Room(*room));
    }
    for room in &rooms {
        b.joins(Channel::Room(*room)).await;
    }
    a.fanout.publish(rooms.iter().map(|room| entry(*room, 1)).collect());
    let mut missing: HashSet<_> = rooms.into_iter().collect();
    while !missing.is_empty() {
        let Publication::Entry { order, .. } = b.news().await else { panic!("nothing else was said") };
        assert!(missing.remove(&order), "once each");
    }
    assert_eq!(a.counts(|counts| counts.published == 1200).await.dropped_full, 0);
}

async fn last_words_are_heard(world: World) {
    let (a, mut b) = (world.node().await, world.node().await);
    let room = order();
    b.joins(Channel::Room(room)).await;
    a.fanout.publish((1..=100).map(|seq| entry(room, seq)).collect());
    a.fanout.flush().await;
    drop(a);
    for seq in 1..=100 {
        assert_eq!(b.news().await, entry(room, seq));
    }
}
