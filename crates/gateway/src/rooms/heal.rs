//! Does what a room wants: entries it misses are read from the timeline, the order after a change that was made
//! elsewhere; other nodes hear of who is seen here.
//!
//! At most one reader of each per room. A reader that fails leaves it to the next sweep.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use order_actions::{ActionError, PAGE_MAX, Start};

use super::{
    Rooms, outbound,
    room::{Room, Wanted},
};
use crate::{metrics, unavailable};

/// Has somebody read what is wanted; entries after some `patience`, in case they are on their way.
pub(super) fn attend(rooms: &Rooms, room: &Arc<Room>, wanted: Wanted, patience: Duration) {
    if wanted.entries && room.begin_healing() {
        rooms.spawn(heal(rooms.clone(), Arc::clone(room), patience));
    }
    if wanted.view && room.begin_looking() {
        rooms.spawn(look(rooms.clone(), Arc::clone(room)));
    }
    if wanted.announcement {
        rooms.announce(room);
    }
    if room.is_empty() {
        rooms.0.registry.drop_if_empty(room);
    }
}

fn heal(rooms: Rooms, room: Arc<Room>, patience: Duration) -> BoxFuture<'static, ()> {
    async move {
        tokio::time::sleep(patience).await;
        let mut outcome = Ok(());
        if room.heal_on().is_some() {
            metrics::counter!(metrics::HEALS).increment(1);
            outcome = read_on(&rooms, &room).await.inspect_err(unavailable::note_any);
        }
        let wanted = room.end_healing(outcome.is_err());
        attend(&rooms, &room, wanted, outbound::PATIENCE);
    }
    .boxed()
}

async fn read_on(rooms: &Rooms, room: &Arc<Room>) -> Result<(), ActionError> {
    while let Some(after) = room.heal_on() {
        let page = rooms.0.store.entries(room.order, Start::After(after, PAGE_MAX)).await?;
        if page.entries.is_empty() {
            room.correct(page.head);
            break;
        }
        let wanted = room.deliver(page.entries.iter().map(|entry| outbound::encoded(room.order, entry)));
        attend(rooms, room, wanted, Duration::ZERO);
    }
    Ok(())
}

fn look(rooms: Rooms, room: Arc<Room>) -> BoxFuture<'static, ()> {
    async move {
        let wanted = match rooms.0.store.room(room.order).await {
            Ok(view) => {
                let shown = room.show(&Arc::new(view));
                shown.and(room.end_looking(false))
            }
            Err(error) => {
                unavailable::note_any(&error);
                room.end_looking(true)
            }
        };
        attend(&rooms, &room, wanted, outbound::PATIENCE);
    }
    .boxed()
}
