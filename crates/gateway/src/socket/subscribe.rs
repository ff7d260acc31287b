//! `subscribe` and `unsubscribe`: fan-out first, then the head, then the timeline, then live — without a hole.
//!
//! The answer holds the first page; further pages are read beside the lane. Each waits for its turn in the queue, so
//! that catching up never looks like a slow reader.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use order_actions::{Access, ActionError, Opening, PAGE_MAX, RoomView, Standing, Start};
use order_domain::{
    event::Entry,
    ids::{OrderId, UserId},
    participant::{Actor, Role},
    rejection::{Code, Rejection},
    values::Seq,
};
use protocol::{
    CloseCode,
    client_frame::{Subscribe, Unsubscribe},
    limits::NEWEST,
    room::Member,
    server_frame::{Subscribed, Unsubscribed},
};

use super::{Frame, page, peer::Peer, refuse, send_queue::End, wire::Wire};
use crate::{
    rooms::{self, room::Room},
    state::AppState,
    unavailable,
};

/// Between two tries to read on; the database may be restarting.
const TRY_AGAIN: Duration = Duration::from_millis(250);
/// Then the client is asked to come back.
const TRIES: u32 = 40;

/// A place in a room that is being caught up.
struct Place {
    state: AppState,
    peer: Arc<Peer>,
    room: Arc<Room>,
    ticket: u64,
}

/// Joins a room and answers; the rest of a long way follows by itself.
pub async fn subscribe(state: &AppState, peer: &Arc<Peer>, ask: Subscribe) {
    let reference = ask.reference;
    if let Err(error) = join(state, peer, ask).await {
        refuse::failed(peer, reference, None, error);
    }
}

/// Leaves a room; leaving one that is not followed is fine.
pub fn unsubscribe(state: &AppState, peer: &Arc<Peer>, ask: &Unsubscribe) {
    if let Some(room) = peer.unfollow(ask.order) {
        state.rooms.leave(&room, peer, None);
    }
    let (reference, order) = (Some(ask.reference), ask.order);
    peer.send(&Frame::Unsubscribed(Unsubscribed { reference, order, reason: None }));
}

async fn join(state: &AppState, peer: &Arc<Peer>, ask: Subscribe) -> Result<(), ActionError> {
    let access = state.store.access(&peer.caller, ask.order).await?;
    let place = Place::take(state, peer, &access, ask.order)?;
    match place.first_page(&ask, &access).await {
        Ok((cursor, head)) => {
            if let Some(cursor) = place.try_live(cursor, head) {
                let work = peer.work();
                state.drain.sockets.spawn(async move {
                    place.catch_up(cursor).await;
                    drop(work);
                });
            }
            Ok(())
        }
        Err(error) => {
            place.give_up();
            Err(error)
        }
    }
}

impl Place {
    fn take(state: &AppState, peer: &Arc<Peer>, access: &Access, order: OrderId) -> Result<Self, Rejection> {
        let visible = access.standing == Standing::Member;
        loop {
            let room = state.rooms.open(order);
            if let Err(rejection) = peer.follow(&room, state.limits.settings.rooms) {
                state.rooms.leave_if_empty(&room);
                return Err(rejection);
            }
            // A room that closes at this very moment is opened anew.
            if let Some(ticket) = room.enter(peer, access.role, visible) {
                return Ok(Self { state: state.clone(), peer: Arc::clone(peer), room, ticket });
            }
        }
    }

    fn give_up(&self) {
        self.peer.unfollow(self.room.order);
        self.state.rooms.leave(&self.room, &self.peer, Some(self.ticket));
    }

    /// Answers; gives how far the client is then, and how far the timeline was.
    async fn first_page(&self, ask: &Subscribe, access: &Access) -> Result<(Seq, Seq), ActionError> {
        let order = ask.order;
        self.state.rooms.heard(order).await;
        let epoch = self.state.rooms.epoch();
        if ask.after.is_some() && ask.epoch.is_some_and(|known| known != epoch) {
            return Err(resync("The history was restored or declared anew.").into());
        }
        let Some(_turn) = self.peer.turn_for_page().await else {
            return Err(Rejection::order_not_found().into());
        };
        let start = ask.after.map_or(Start::newest(NEWEST), |after| Start::After(after, PAGE_MAX));
        let Opening { view, page } = self.state.store.opening(order, start).await?;
        check_agent(&view, access.role, self.peer.user())?;
        if ask.after.is_some_and(|after| after > page.head) {
            return Err(resync("The room does not reach that far.").into());
        }
        let cut = if ask.after.is_some() { page::earlier } else { page::later };
        let make = |entries: &[_]| self.subscribed(ask, access, &view, entries, page.head);
        let (wire, entries) = page::fitting(&page.entries, make, cut);
        let wanted = self.room.showed(self.peer.session, self.ticket, &view);
        self.state.rooms.attend(&self.room, wanted);
        if !self.room.serve(self.peer.session, self.ticket, wire) {
            return Err(Rejection::order_not_found().into());
        }
        let cursor = entries.last().map_or(ask.after.unwrap_or(page.head), |entry| entry.seq);
        Ok((cursor, page.head))
    }

    fn subscribed(
        &self,
        ask: &Subscribe,
        access: &Access,
        view: &RoomView,
        entries: &[Arc<Entry>],
        head: Seq,
    ) -> Wire {
        let viewer = self.viewer(access.role);
        Wire::frame(&Frame::Subscribed(Box::new(Subscribed {
            reference: ask.reference,
            order: ask.order,
            epoch: self.state.rooms.epoch(),
            head,
            entries: entries.to_vec(),
            snapshot: rooms::snapshot(view, &viewer),
            members: self.members(view),
            cursors: view.cursors.iter().map(|(user, seq)| (user.clone(), *seq)).collect::<BTreeMap<_, _>>(),
        })))
    }

    fn viewer(&self, role: Role) -> Actor {
        match role {
            Role::Host => Actor::nobody(Role::Host),
            role => Actor::person(role, self.peer.user().clone(), self.peer.caller.name.clone()),
        }
    }

    /// As they are seen; who asks is there with this answer.
    fn members(&self, view: &RoomView) -> Vec<Member> {
        let me = self.peer.user();
        let presence = |user: &UserId| {
            let known = self.room.presence_of(user);
            if user == me { known.min(self.peer.presence()) } else { known }
        };
        let member = |member: order_actions::Member| Member {
            presence: presence(&member.user),
            user: member.user,
            role: member.role,
            name: member.name,
        };
        view.members().into_iter().map(member).collect()
    }

    /// Live from here, unless the room is further: then the seq to read on after.
    fn try_live(&self, cursor: Seq, head: Seq) -> Option<Seq> {
        match self.room.go_live(self.peer.session, self.ticket, cursor, head) {
            Ok(Some(wanted)) => {
                self.state.rooms.attend(&self.room, wanted);
                self.state.rooms.announce(&self.room);
                None
            }
            Ok(None) => None,
            Err(behind) => Some(behind),
        }
    }

    async fn catch_up(&self, mut cursor: Seq) {
        let (mut tries, mut head, mut most) = (0, Seq(u64::MAX), PAGE_MAX);
        while let Some(turn) = self.peer.turn_for_page().await
            && self.room.holds(self.peer.session, self.ticket)
        {
            let page = self.next_page(cursor, &mut most).await;
            drop(turn);
            match page {
                Ok((last, end)) if last > cursor => (cursor, head, tries) = (last, end, 0),
                Ok((_, end)) => (head, tries) = (end, tries + 1),
                Err(error) => {
                    unavailable::note_any(&error);
                    tries += 1;
                }
            }
            match self.try_live(cursor, head) {
                None => return,
                Some(_) if tries >= TRIES => {
                    let goodbye = protocol::server_frame::Goodbye::new(CloseCode::DatabaseUnavailable);
                    return self.peer.queue.end(End::AfterFlush(goodbye));
                }
                Some(_) if tries > 0 => tokio::time::sleep(TRY_AGAIN).await,
                Some(_) => {}
            }
        }
    }

    /// Queues one page of at most so many entries; the seq it ends with, and the timeline's head. The next page is to
    /// have as many as fitted: what is read and cut off is read again.
    async fn next_page(&self, after: Seq, most: &mut u32) -> Result<(Seq, Seq), ActionError> {
        let order = self.room.order;
        let page = self.state.store.entries(order, Start::After(after, *most)).await?;
        let make = |entries: &[_]| page::frame(order, None, entries, page.head);
        let (wire, entries) = page::fitting(&page.entries, make, page::earlier);
        let Some(last) = entries.last() else { return Ok((after, page.head)) };
        let fitted = u32::try_from(entries.len()).unwrap_or(PAGE_MAX);
        *most =
            if entries.len() < page.entries.len() { fitted } else { most.saturating_mul(2).min(PAGE_MAX) };
        self.room.serve(self.peer.session, self.ticket, wire);
        Ok((last.seq, page.head))
    }
}

/// Between the question and the place in the room the case may have closed.
fn check_agent(view: &RoomView, role: Role, user: &UserId) -> Result<(), Rejection> {
    let inside = view.agents.contains(user) || view.claimed_by() == Some(user);
    if role == Role::Agent && !inside { Err(Rejection::order_not_found()) } else { Ok(()) }
}

fn resync(why: &str) -> Rejection {
    Rejection::new(Code::ResyncRequired, format!("{why} Subscribe without `after`."))
}
