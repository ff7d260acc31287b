//! Snapshots: made once per role from one look at the room, queued for everybody who has an older one.

use order_actions::{RoomKind, RoomView};
use order_domain::{
    ids::{OrderId, UserId},
    participant::{Actor, Role},
};
use protocol::{Conversation, ServerFrame, Snapshot, SnapshotView, server_frame::SnapshotFrame};

use super::{audience::Shown, member::Membership};
use crate::socket::wire::Wire;

/// A room as somebody sees it.
pub fn snapshot(view: &RoomView, viewer: &Actor) -> Snapshot {
    let staff = viewer.role.is_staff();
    let claim = view.claim.as_ref().filter(|_| staff);
    let (head, names, archived) = (view.head, &view.names, view.archived);
    let seen = SnapshotView { head, names, claim, archived, now: view.now };
    if let (RoomKind::Order, Some(order)) = (view.kind, &view.order) {
        return Snapshot::order(order, &seen, viewer);
    }
    let (buyer, seller) = (view.buyer.clone(), view.seller.clone());
    let conversation = Conversation { id: view.id, version: view.version, buyer, seller };
    Snapshot::conversation(&conversation, &seen, viewer)
}

/// Queues the snapshot for each live member who has an older version; a new claim concerns staff only.
pub(super) fn show(order: OrderId, view: &RoomView, shown: &mut Shown, members: &mut [Membership]) {
    let older = shown.is_newer_than(view);
    let claimed = !older && shown.claim != view.claim;
    let mut made = Made::default();
    for member in members.iter_mut().filter(|member| member.is_live()) {
        if member.version < view.version || (claimed && member.is_staff()) {
            member.version = view.version;
            member.peer.queue.push_snapshot(order, made.of(order, view, member));
        }
    }
    if !older {
        *shown = Shown { version: view.version, claim: view.claim.clone(), at: Some(view.now) };
    }
}

/// One snapshot per role; staff see their own.
#[derive(Default)]
struct Made(Vec<(Role, Option<UserId>, Wire)>);

impl Made {
    fn of(&mut self, order: OrderId, view: &RoomView, member: &Membership) -> Wire {
        let user = member.is_staff().then(|| member.peer.user().clone());
        if let Some((_, _, wire)) = self.0.iter().find(|(role, of, _)| (role, of) == (&member.role, &user)) {
            return wire.clone();
        }
        let snapshot = snapshot(view, &member.actor());
        let wire = Wire::frame(&ServerFrame::<(), _>::Snapshot(SnapshotFrame { order, snapshot }));
        self.0.push((member.role, user, wire.clone()));
        wire
    }
}
