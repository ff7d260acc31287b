//! The pure parts of a message's way: read, decided, written down as a frame, put in order, queued for a socket. Shared by
//! the benches and by the test that counts allocations.

use std::{hint::black_box, sync::Arc};

use gateway::{
    rooms::sequencer::Sequencer,
    socket::{send_queue::SendQueue, wire::Wire},
};
use order_domain::{
    change::{self, Change},
    command::{AcceptOrder, Command, PostMessage},
    decide::Asked,
    event::Entry,
    guard::Moment,
    ids::{CommandId, OrderId, UserId},
    message,
    order::Order,
    participant::{Actor, Role},
    policy::Presets,
    values::{Seq, Timestamp},
};
use protocol::{ClientFrame, ServerFrame, server_frame::EntryFrame};
use serde_json::json;
use uuid::Uuid;

const ORDER: OrderId = OrderId(Uuid::from_u128(1));
const ID: CommandId = CommandId(Uuid::from_u128(12));
/// Deliveries and entries that `deliver` and `sequence` do at once.
pub const MANY: u64 = 64;

/// A part by name.
pub type Part = (&'static str, fn(&Work));

/// In the order in which a message meets them.
pub const PARTS: &[Part] = &[
    ("decode_message", |work| drop(black_box(work.decode_message()))),
    ("decide_message", |work| drop(black_box(work.decide_message()))),
    ("decide_accept", |work| drop(black_box(work.decide_accept()))),
    ("encode_entry", |work| drop(black_box(work.encode_entry()))),
    ("sequence_64", |work| assert_eq!(work.sequence(), MANY)),
    ("sequence_64_swapped", |work| assert_eq!(work.sequence_swapped(), MANY)),
    ("deliver_64", |work| drop(black_box(work.deliver()))),
];

/// An order that waits for the seller, and a message of 200 bytes.
pub struct Work {
    order: Order,
    head: Seq,
    frame: String,
    message: PostMessage,
    accept: Command,
    buyer: Actor,
    seller: Actor,
    entry: Arc<Entry>,
    wire: Wire,
}

impl Work {
    pub fn prepare() -> Self {
        let placement = json!({
            "policy": "creator", "buyer": "buyer", "seller": "seller",
            "listing": {"id": "L-1", "title": "A logo"}, "price": {"amount": 15000, "currency": "USD"},
            "delivery_days": 7, "revisions": 2, "payment": "paid",
        });
        let placement = serde_json::from_value(placement).expect("a placement");
        let host = Actor::nobody(Role::Host);
        let id = CommandId(Uuid::from_u128(10));
        let placed =
            change::open(ORDER, id, &host, &placement, &Presets::shipped(), now()).expect("an order");
        let text = "the colours of the second draft are a little warmer than we said ".repeat(3);
        let message = json!({"type": "post_message", "text": text});
        let frame = json!({"type": "command", "ref": 1, "id": ID, "order": ORDER, "command": &message});
        let Command::PostMessage(message) = Command::decode(message).expect("a command") else {
            unreachable!()
        };
        let person = |role, name: &str| Actor::person(role, UserId::new(name).expect("a name"), name);
        let mut work = Self {
            head: Seq(placed.entries.len() as u64),
            entry: Arc::new(placed.entries[0].clone()),
            order: placed.order,
            frame: frame.to_string(),
            message,
            accept: AcceptOrder::default().into(),
            buyer: person(Role::Buyer, "buyer"),
            seller: person(Role::Seller, "seller"),
            wire: Wire::text(""),
        };
        work.entry = Arc::new(work.decide_message());
        work.wire = work.encode_entry();
        work
    }

    pub fn decode_message(&self) -> ClientFrame {
        ClientFrame::decode(&self.frame).expect("a frame")
    }

    pub fn decide_message(&self) -> Entry {
        message::may_speak(self.buyer.role, false, false).expect("it may");
        let event = message::post(&self.message, &[], self.head).expect("it is one");
        Entry { seq: self.head.next(), at: now(), by: self.buyer.clone(), id: ID, event }
    }

    pub fn decide_accept(&self) -> Change {
        let asked = Asked { id: ID, command: &self.accept, files: &[] };
        let moment = Moment { now: now(), claim: None };
        change::perform(&self.order, self.head, &self.seller, &asked, &moment).expect("it may")
    }

    pub fn encode_entry(&self) -> Wire {
        Wire::frame(&ServerFrame::<&Entry, ()>::Entry(EntryFrame { order: ORDER, entry: &*self.entry }))
    }

    pub fn sequence(&self) -> u64 {
        self.offer(1..=MANY)
    }

    /// Each pair the wrong way round.
    pub fn sequence_swapped(&self) -> u64 {
        self.offer((1..=MANY).map(|seq| if seq % 2 == 0 { seq - 1 } else { seq + 1 }))
    }

    fn offer(&self, seqs: impl Iterator<Item = u64>) -> u64 {
        let (mut sequencer, mut out) = (Sequencer::default(), 0);
        sequencer.start(Seq(0), |_, _: Wire| {});
        for seq in seqs {
            sequencer.offer(Seq(seq), self.wire.clone(), |_, _| out += 1);
        }
        out
    }

    /// One entry, queued for many sockets.
    pub fn deliver(&self) -> Vec<SendQueue> {
        let queues: Vec<SendQueue> = (0..MANY).map(|_| SendQueue::default()).collect();
        queues.iter().for_each(|queue| queue.push(self.wire.clone()));
        queues
    }
}

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}
