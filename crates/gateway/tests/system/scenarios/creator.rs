//! The creator story of `cargo xtask story creator`, played on two nodes and asserted (S1–S59).
//!
//! The story itself checks that buyer, seller and database hold the same gapless timeline and that the money adds up.

#[path = "../../../../client/examples/story/scenes/mod.rs"]
mod scenes;

use order_domain::order::State;
use scenes::{Outcome, Stage, creator};

use crate::{cluster::Cluster, servers::Private};

/// L5–L9, L13–L17, L19, L21–L23, L26–L28, L32–L36, L43: both branches, plainly and with every socket cut and
/// resumed on the other node after each step; the timelines are the same (G4).
#[tokio::test(flavor = "multi_thread")]
async fn the_creator_story_ends_as_told_however_often_sockets_are_cut() {
    let cluster = Cluster::start("creator", 2, Private::Nothing).await;
    let plain = play(&cluster, false).await;
    let restless = play(&cluster, true).await;
    let states = plain.iter().map(|outcome| outcome.state).collect::<Vec<_>>();
    assert_eq!(states, [State::Completed, State::Refunded]);
    assert_eq!((plain[0].refunded, plain[0].released), (1000, 14000), "minor units");
    assert_eq!((plain[1].refunded, plain[1].released), (15000, 0), "minor units");
    for (calm, cut) in plain.iter().zip(&restless) {
        assert_ne!(calm.order, cut.order);
        assert_eq!(calm.events, cut.events);
    }
    cluster.stop().await;
}

async fn play(cluster: &Cluster, restless: bool) -> [Outcome; 2] {
    let urls = cluster.urls_from(0);
    let stage = Stage { urls, secret: cluster.secret().to_owned(), restless, quiet: true };
    creator::play(&stage).await.unwrap_or_else(|error| panic!("the story broke off: {error:#}"))
}
