//! What a room wants to be read, and what it does not.

use order_actions::{AccountRole, Caller, RoomKind};
use order_domain::claim::Claim;

use super::*;

const ORDER: OrderId = OrderId(Uuid::from_u128(1));

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn peer(name: &str) -> Arc<Peer> {
    let caller = Caller { user: user(name), name: name.to_owned(), role: AccountRole::User };
    Arc::new(Peer::new(Uuid::now_v7(), caller, chrono::Utc::now()))
}

fn view(head: u64, version: u64) -> Arc<RoomView> {
    Arc::new(RoomView {
        id: ORDER,
        kind: RoomKind::Conversation,
        order: None,
        head: Seq(head),
        version,
        archived: false,
        buyer: user("buyer"),
        seller: user("seller"),
        agents: Vec::new(),
        claim: None,
        names: std::collections::BTreeMap::new(),
        cursors: std::collections::BTreeMap::new(),
        now: chrono::Utc::now(),
    })
}

/// Subscribes as a socket does.
fn open(room: &Room, peer: &Arc<Peer>, view: &Arc<RoomView>) -> Wanted {
    let ticket = room.enter(peer, Role::Buyer, true).expect("the room is open");
    let showed = room.showed(peer.session, ticket, view);
    let live = room.go_live(peer.session, ticket, view.head, view.head).expect("there is no more");
    let live = live.expect("the place is held");
    showed.and(live)
}

fn taken(peer: &Peer) -> usize {
    let mut batch = Vec::new();
    peer.queue.take(&mut batch, usize::MAX, usize::MAX);
    batch.len()
}

/// P7: a herd over many rooms makes no second read of each of them.
#[test]
fn what_an_opening_showed_is_not_read_again() {
    let (room, buyer) = (Room::new(ORDER), peer("buyer"));
    assert_eq!(open(&room, &buyer, &view(7, 3)), Wanted::default());
    assert_eq!(room.learn(Seq(7), 3), Wanted::default(), "as a sweep finds it");
    assert_eq!(taken(&buyer), 0, "it has been shown that");
    assert_eq!(room.learn(Seq(7), 4), Wanted { view: true, ..Wanted::default() });
}

/// G5: who was there before gets what the opening of another found.
#[test]
fn an_opening_shows_the_others_what_they_missed() {
    let (room, buyer, seller) = (Room::new(ORDER), peer("buyer"), peer("seller"));
    let _ = open(&room, &buyer, &view(7, 3));
    assert_eq!(open(&room, &seller, &view(7, 4)), Wanted::default());
    assert_eq!((taken(&buyer), taken(&seller)), (2, 0), "the snapshot, and that the seller is there");
    assert_eq!(room.learn(Seq(7), 4), Wanted::default());
}

/// G5: entries that nobody heard of are seen by an opening, and read for those who lack them.
#[test]
fn an_opening_that_is_ahead_has_the_rest_read() {
    let (room, buyer, seller) = (Room::new(ORDER), peer("buyer"), peer("seller"));
    let _ = open(&room, &buyer, &view(7, 3));
    let ticket = room.enter(&seller, Role::Seller, true).expect("the room is open");
    let wanted = room.showed(seller.session, ticket, &view(9, 4));
    assert_eq!(wanted, Wanted { entries: true, ..Wanted::default() });
    assert_eq!(taken(&buyer), 0, "a snapshot comes after what led to it");
}

/// G5: what is missed while a reader of the room is about to end is not left to a sweep.
#[test]
fn what_is_missed_at_the_last_moment_is_wanted() {
    let (room, buyer) = (Room::new(ORDER), peer("buyer"));
    let _ = open(&room, &buyer, &view(7, 3));
    assert!(room.learn(Seq(8), 3).entries && room.begin_healing());
    assert!(!room.begin_healing(), "one reader is enough");
    let _ = room.deliver([(Seq(8), Wire::text("8"))]);
    assert_eq!(room.heal_on(), None, "the reader has all there was");
    assert_eq!(room.learn(Seq(9), 3), Wanted::default(), "somebody still reads");
    assert_eq!(room.end_healing(false), Wanted { entries: true, ..Wanted::default() });
    assert!(room.begin_healing());
    assert_eq!(room.end_healing(true), Wanted::default(), "the next sweep tries again");
}

/// Staff are seen from when they join until they leave, whenever they subscribed.
#[test]
fn staff_are_seen_while_they_are_in() {
    let (room, buyer, admin) = (Room::new(ORDER), peer("buyer"), peer("admin"));
    let _ = open(&room, &buyer, &view(7, 3));
    let ticket = room.enter(&admin, Role::Admin, false).expect("the room is open");
    let _ = room.showed(admin.session, ticket, &view(7, 3));
    let _ = room.go_live(admin.session, ticket, Seq(7), Seq(7)).expect("there is no more");
    assert!(!room.visible(admin.session), "only looks in");
    let joined = Arc::new(RoomView { agents: vec![user("admin")], ..(*view(7, 4)).clone() });
    let announcement = Wanted { announcement: true, ..Wanted::default() };
    assert_eq!(room.show(&joined), announcement);
    assert!(room.visible(admin.session));
    assert_eq!(room.show(&joined), Wanted::default());
    assert_eq!(room.show(&view(7, 5)), announcement, "left, and looks on");
    assert!(!room.visible(admin.session));
    let older = Arc::new(RoomView { now: chrono::Utc::now(), ..(*joined).clone() });
    assert_eq!(room.show(&older), Wanted::default(), "read before, however late it comes");
    assert!(!room.visible(admin.session));
}

/// G8: the other nodes hear of whoever had to go.
#[test]
fn a_withdrawal_is_announced() {
    let (room, buyer, agent) = (Room::new(ORDER), peer("buyer"), peer("agent"));
    let claim = Some(Claim { agent: user("agent"), until: chrono::Utc::now() });
    let joined = Arc::new(RoomView { claim, agents: vec![user("agent")], ..(*view(7, 3)).clone() });
    let _ = open(&room, &buyer, &joined);
    let ticket = room.enter(&agent, Role::Agent, true).expect("the room is open");
    let _ = room.showed(agent.session, ticket, &joined);
    let _ = room.go_live(agent.session, ticket, Seq(7), Seq(7)).expect("there is no more");
    let announcement = Wanted { announcement: true, ..Wanted::default() };
    assert_eq!(room.show(&view(7, 4)), announcement);
    assert_eq!(room.present().len(), 1);
    assert_eq!(room.withdraw(&[user("agent")]), Wanted::default(), "gone already");
    assert_eq!(room.withdraw(&[user("buyer")]), announcement);
}
