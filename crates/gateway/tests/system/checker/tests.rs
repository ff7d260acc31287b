//! The checker finds each kind of breach in logs that were broken on purpose, and nothing in honest ones.

use chrono::{DateTime, Utc};
use order_domain::{
    change,
    command::{AcceptOrder, Command, PostMessage},
    decide::Asked,
    event::{Entry, Event},
    guard::Moment,
    ids::{CommandId, OrderId, UserId},
    order::Order,
    participant::{Actor, Role},
    placement::Placement,
    policy::Presets,
    rejection::Code,
    values::{Amount, Seq},
};
use protocol::SeenEntry;
use serde_json::json;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::{Breach, Evidence, check};
use crate::{
    log::{Answer, Attempt, Log, Reading},
    plan::{say, text},
};

const ORDER: OrderId = OrderId(Uuid::from_u128(1));

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn id(number: u128) -> CommandId {
    CommandId(Uuid::from_u128(number))
}

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// An order that was accepted, with three messages; both sides saw everything.
fn honest() -> Evidence {
    let mut tale = Tale::begin();
    tale.accept(id(11));
    for (number, by) in [(12, "buyer"), (13, "seller"), (14, "buyer")] {
        tale.message(id(number), by);
    }
    tale.end()
}

struct Tale {
    order: Order,
    entries: Vec<Entry>,
    logs: Vec<Log>,
}

impl Tale {
    fn begin() -> Self {
        let placement: Placement = serde_json::from_value(json!({
            "policy": "creator", "buyer": "buyer", "seller": "seller",
            "listing": {"id": "L-1", "title": "A logo"}, "price": {"amount": 15000, "currency": "USD"},
            "delivery_days": 7, "revisions": 2, "payment": "paid",
        }))
        .unwrap();
        let host = Actor::nobody(Role::Host);
        let placed = change::open(ORDER, id(10), &host, &placement, &Presets::shipped(), now()).unwrap();
        let logs = ["buyer", "seller"].map(|name| Log::new(name, user(name)));
        Self { order: placed.order, entries: placed.entries, logs: logs.into() }
    }

    fn accept(&mut self, id: CommandId) {
        let command = Command::from(AcceptOrder::default());
        let seller = Actor::person(Role::Seller, user("seller"), "seller");
        let moment = Moment { now: now(), claim: None };
        let asked = Asked { id, command: &command, files: &[] };
        let change = change::perform(&self.order, self.head(), &seller, &asked, &moment).unwrap();
        let (first, last) = (self.head().next(), Seq(self.head().0 + change.entries.len() as u64));
        self.order = change.order;
        self.entries.extend(change.entries);
        self.asked("seller", id, command, Some((first, last)));
    }

    fn message(&mut self, id: CommandId, by: &str) {
        let command = say(u32::try_from(id.0.as_u128()).unwrap());
        let Command::PostMessage(PostMessage { text, .. }) = command.clone() else { unreachable!() };
        let role = if by == "buyer" { Role::Buyer } else { Role::Seller };
        let event = Event::MessagePosted { text, files: vec![], reply_to: None };
        let seq = self.head().next();
        let entry = Entry { seq, at: now(), by: Actor::person(role, user(by), by), id, event };
        self.order.evolve(&entry);
        self.entries.push(entry);
        self.asked(by, id, command, Some((seq, seq)));
    }

    fn asked(&mut self, by: &str, id: CommandId, command: Command, place: Option<(Seq, Seq)>) {
        let answer = place.map(|(first, last)| {
            let (first, last) = (Some(first), Some(last));
            (Instant::now(), Answer::Acked { first, last, duplicate: false })
        });
        let log = self.logs.iter_mut().find(|log| log.device == by).unwrap();
        log.attempts.push(Attempt {
            user: user(by),
            id,
            order: ORDER,
            command,
            asked: Instant::now(),
            answer,
            resent: false,
        });
    }

    fn head(&self) -> Seq {
        self.entries.last().unwrap().seq
    }

    fn end(mut self) -> Evidence {
        for log in &mut self.logs {
            let seen = self.entries.iter().map(|entry| (Instant::now(), SeenEntry::from(entry)));
            let reading = Reading { deliveries: seen.collect(), live: true, ..Reading::default() };
            log.rooms.insert(ORDER, reading);
        }
        Evidence {
            order: ORDER,
            head: self.head(),
            entries: self.entries,
            stored: self.order,
            logs: self.logs,
        }
    }
}

fn broken(break_it: impl FnOnce(&mut Evidence)) -> Vec<Breach> {
    let mut evidence = honest();
    break_it(&mut evidence);
    check(&evidence)
}

fn reading(evidence: &mut Evidence, place: usize) -> &mut Reading {
    evidence.logs[place].rooms.get_mut(&ORDER).unwrap()
}

macro_rules! finds {
    ($found:expr, $breach:pat) => {{
        let found = $found;
        assert!(found.iter().any(|breach| matches!(breach, $breach)), "found only {found:?}");
    }};
}

#[test]
fn an_honest_run_has_no_breach() {
    assert_eq!(check(&honest()), []);
}

#[test]
fn a_lost_ack_is_found() {
    let found = broken(|e| {
        let lost = e.entries.pop().unwrap();
        e.head = Seq(lost.seq.0 - 1);
        e.logs.iter_mut().for_each(|log| drop(log.rooms.get_mut(&ORDER).unwrap().deliveries.pop()));
    });
    finds!(found, Breach::AckLost { .. });
}

#[test]
fn a_lost_write_in_the_middle_is_found() {
    finds!(broken(|e| drop(e.entries.remove(1))), Breach::StreamBroken { .. });
    finds!(broken(|e| e.head = Seq(99)), Breach::HeadWrong { .. });
}

#[test]
fn a_duplicate_in_the_database_is_found() {
    let found = broken(|e| {
        let mut again = e.entries.last().unwrap().clone();
        again.seq = again.seq.next();
        e.head = again.seq;
        e.entries.push(again);
    });
    finds!(found, Breach::HappenedTwice { .. });
}

#[test]
fn two_fresh_acks_of_one_command_are_found() {
    finds!(
        broken(|e| {
            let again = e.logs[0].attempts[0].clone();
            e.logs[0].attempts.push(again);
        }),
        Breach::HappenedTwice { .. }
    );
}

#[test]
fn an_ack_that_moved_is_found() {
    finds!(
        broken(|e| {
            let mut again = e.logs[0].attempts[0].clone();
            let elsewhere = Answer::Acked { first: Some(Seq(1)), last: Some(Seq(1)), duplicate: true };
            again.answer = Some((Instant::now(), elsewhere));
            e.logs[0].attempts.push(again);
        }),
        Breach::AckMoved { .. }
    );
}

#[test]
fn a_used_id_with_another_text_is_found() {
    finds!(
        broken(|e| {
            let mut other = e.logs[0].attempts[0].clone();
            other.command = say(99);
            e.logs[0].attempts.push(other);
        }),
        Breach::TwoPayloads { .. }
    );
}

#[test]
fn a_repeat_that_is_refused_is_found() {
    finds!(
        broken(|e| {
            let mut again = e.logs[0].attempts[0].clone();
            again.asked += Duration::from_secs(1);
            again.answer = Some((again.asked, Answer::Refused(Code::WrongState.into())));
            e.logs[0].attempts.push(again);
        }),
        Breach::RepeatRefused { .. }
    );
}

#[test]
fn an_entry_after_a_refusal_is_found() {
    finds!(
        broken(|e| {
            let refused = Answer::Refused(Code::WrongState.into());
            e.logs[0].attempts[0].answer = Some((Instant::now(), refused));
        }),
        Breach::RefusedButHappened { .. }
    );
}

#[test]
fn an_unanswered_command_may_have_happened_once() {
    assert_eq!(broken(|e| e.logs[0].attempts[0].answer = None), []);
}

#[test]
fn a_foreign_entry_is_found() {
    finds!(broken(|e| drop(e.logs[0].attempts.remove(0))), Breach::Foreign { .. });
}

#[test]
fn another_text_than_was_asked_is_found() {
    finds!(
        broken(|e| {
            let Event::MessagePosted { text: said, .. } = &mut e.entries.last_mut().unwrap().event else {
                panic!()
            };
            *said = Some(text("something else"));
        }),
        Breach::NotAsAsked { .. }
    );
}

#[test]
fn a_gap_a_repeat_and_a_swap_in_deliveries_are_found() {
    finds!(broken(|e| drop(reading(e, 1).deliveries.remove(2))), Breach::DeliveryGap { .. });
    finds!(
        broken(|e| {
            let again = reading(e, 1).deliveries[3].clone();
            reading(e, 1).deliveries.insert(3, again);
        }),
        Breach::DeliveredAgain { .. }
    );
    finds!(broken(|e| reading(e, 1).deliveries.swap(2, 3)), Breach::DeliveredAgain { .. });
}

#[test]
fn members_who_saw_different_things_are_found() {
    finds!(
        broken(|e| {
            let other = reading(e, 0).deliveries[2].1.clone();
            let seq = reading(e, 1).deliveries[3].1.seq;
            reading(e, 1).deliveries[3].1 = SeenEntry { seq, ..other };
        }),
        Breach::DeliveryDiffers { .. }
    );
}

#[test]
fn a_member_left_behind_is_found() {
    finds!(broken(|e| drop(reading(e, 1).deliveries.pop())), Breach::Behind { .. });
}

#[test]
fn a_message_after_removal_is_found() {
    finds!(
        broken(|e| {
            let room = reading(e, 1);
            (room.live, room.withdrawn) = (false, Some(Instant::now()));
            room.deliveries.last_mut().unwrap().0 += Duration::from_secs(2);
        }),
        Breach::AfterWithdrawal { .. }
    );
}

#[test]
fn an_order_that_is_not_its_timeline_is_found() {
    finds!(broken(|e| e.stored.revisions_used += 1), Breach::FoldDiffers { .. });
    finds!(broken(|e| e.stored.payment.released = Amount::new(99_999).unwrap()), Breach::Money(_));
}

#[test]
fn what_happens_once_and_happened_twice_is_found() {
    finds!(
        broken(|e| {
            let mut again =
                e.entries.iter().find(|e| matches!(e.event, Event::OrderAccepted { .. })).unwrap().clone();
            again.seq = e.head.next();
            e.head = again.seq;
            e.entries.push(again);
        }),
        Breach::Impossible { .. }
    );
}

#[test]
fn a_secret_that_was_told_is_found() {
    finds!(broken(|e| e.logs[0].faults.push("was told the secret".to_owned())), Breach::Wire { .. });
}
