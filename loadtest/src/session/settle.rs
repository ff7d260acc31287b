//! After the load: what everybody heard is compared with each other, with the acks, and with the store.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::time::{Instant, sleep};

use super::{LAST_WORDS, POLL, Session, seconds};
use crate::{
    api::Api,
    judge::{Judge, Reader},
    participant::Ask,
    plan::LookUp,
};

/// After a stop, stored timelines are read for so long.
const LAST_LOOK: Duration = Duration::from_secs(3);

impl Session {
    /// Everybody leaves; what they heard is compared with each other, with the acks, and with the store.
    pub async fn judge(&mut self) -> Result<()> {
        self.recorder.phase("judge", 0.0);
        self.note_stored().await;
        let end = Instant::now() + self.patience(seconds(self.plan.load.drain_s), LAST_WORDS);
        while self.somebody_is_behind() && Instant::now() < end {
            sleep(POLL).await;
        }
        for handle in &self.handles {
            // One whose task ended has left already, and is judged by what it heard.
            let _ = handle.asks.send(Ask::Leave).await;
        }
        let rooms = u32::try_from(self.shared.crowd.rooms.len()).unwrap_or(u32::MAX);
        let mut readers: Vec<Vec<Reader>> = vec![Vec::new(); self.shared.crowd.rooms.len()];
        for handle in std::mem::take(&mut self.handles) {
            let reader = handle.task.await.context("a participant panicked")?;
            let who = format!("member {}", handle.seat.member);
            let room = handle.seat.room;
            self.shared.judge.is_complete(&who, room, &reader, self.shared.judge.room(room).exists());
            readers[room as usize].push(reader);
        }
        for room in 0..rooms {
            self.shared.judge.is_one_order(room, readers[room as usize].iter());
            self.shared.judge.settle(room);
        }
        let end = Instant::now() + LAST_LOOK;
        for room in chosen(rooms, self.plan.judge.rooms) {
            if self.is_stopped() && Instant::now() > end {
                break;
            }
            let order = self.shared.crowd.rooms[room as usize].order;
            let read = look_up(&self.api, &self.shared.judge, room, order).await;
            read.unwrap_or_else(|error| self.shared.judge.cannot_look_up(room, &error));
        }
        Ok(())
    }

    /// What is stored now is to reach everybody before they leave, also what nobody has heard of: read afterwards, such a
    /// tail would only be compared with itself.
    async fn note_stored(&self) {
        let (rooms, judge) = (&self.shared.crowd.rooms, &self.shared.judge);
        let end = Instant::now() + LAST_LOOK;
        for room in chosen(u32::try_from(rooms.len()).unwrap_or(u32::MAX), self.plan.judge.rooms) {
            if self.is_stopped() && Instant::now() > end {
                return;
            }
            let book = judge.room(room);
            match self.api.stored(rooms[room as usize].order, book.timeline.len()).await {
                Ok(page) => book.stored(page.head),
                Err(error) => judge.cannot_look_up(room, &error),
            }
        }
    }
}

/// Reads the stored timeline of a room as one more member.
pub async fn look_up(
    api: &Api,
    judge: &Judge,
    room: u32,
    order: protocol::domain::ids::OrderId,
) -> Result<()> {
    let mut reader = Reader::default();
    loop {
        let page = api.stored(order, reader.last()).await.context("a stored timeline cannot be read")?;
        let before = reader.last();
        for entry in &page.entries {
            judge.heard("the API", room, &mut reader, &api.dialect().stored(entry.get())?);
        }
        if !page.more || reader.last() == before {
            judge.looked_up(room, &reader, page.head);
            return Ok(());
        }
    }
}

/// Rooms spread evenly over all of them.
fn chosen(rooms: u32, wanted: LookUp) -> Vec<u32> {
    let count = match wanted {
        LookUp::All => rooms,
        LookUp::Some(count) => count.min(rooms),
    };
    let place = |number: u32| u64::from(number) * u64::from(rooms) / u64::from(count.max(1));
    (0..count).filter_map(|number| u32::try_from(place(number)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_to_look_up_are_spread() {
        assert_eq!(chosen(10, LookUp::Some(3)), [0, 3, 6]);
        assert_eq!(chosen(2, LookUp::Some(20)), [0, 1]);
        assert_eq!(chosen(3, LookUp::All).len(), 3);
        assert!(chosen(3, LookUp::Some(0)).is_empty());
    }
}
