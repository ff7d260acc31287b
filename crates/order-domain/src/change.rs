//! A whole step of an order: from what was asked to the entries, with the prompt, and the order after them.
//!
//! The shell reads, calls one of these, and stores the [`Change`] on the room that was read.

use crate::{
    clock::{self, Wake},
    decide::{self, Asked},
    event::{CaseEvent, Entry, Event},
    guard::Moment,
    guide,
    ids::{CommandId, OrderId},
    lifecycle::{Row, Trigger, rows},
    order::Order,
    participant::{Actor, Role},
    payment::Booking,
    placement::{self, Placement},
    policy::Presets,
    rejection::Rejection,
    values::{Seq, Timestamp},
};

/// What one command, booking or clock did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its id: what makes it exactly-once.
    pub id: CommandId,
    /// The row of the lifecycle that was taken.
    pub row: &'static str,
    /// The order after it.
    pub order: Order,
    /// To append to the room's timeline, from `head + 1`.
    pub entries: Vec<Entry>,
    /// To append to the case stream; the shell gives them their seqs.
    pub case_events: Vec<CaseEvent>,
}

/// L5: a purchase makes a room and its order.
pub fn open(
    order: OrderId,
    id: CommandId,
    host: &Actor,
    placement: &Placement,
    presets: &Presets,
    now: Timestamp,
) -> Result<Change, Rejection> {
    let events = placement::place(placement, presets, now)?;
    let first = Entry { seq: Seq(1), at: now, by: host.clone(), id, event: events[0].clone() };
    let placed = Order::placed(order, &first);
    let moment = Moment { now, claim: None };
    let row = |order: &Order| {
        rows(Trigger::Place).find(|row| row.guards.iter().all(|g| g.check(order, host, &moment).is_ok()))
    };
    let (Some(placed), entries) = (placed, vec![first]) else {
        unreachable!("a placement begins with order.placed")
    };
    let row = row(&placed).expect("a placement without a form needs no guard");
    let step = Step { head: Seq(0), id, actor: host, moment: &moment };
    Ok(step.finish(row, placed, entries, &events, Vec::new()))
}

/// A participant's command on an order, judged and carried out.
pub fn perform(
    order: &Order,
    head: Seq,
    actor: &Actor,
    asked: &Asked<'_>,
    moment: &Moment<'_>,
) -> Result<Change, Rejection> {
    let (row, decided) = decide::decide(order, actor, asked, moment)?;
    let step = Step { head, id: asked.id, actor, moment };
    Ok(step.finish(row, order.clone(), Vec::new(), &decided.events, decided.case_events))
}

/// What the host reports about money.
pub fn book(
    order: &Order,
    head: Seq,
    id: CommandId,
    booking: &Booking,
    moment: &Moment<'_>,
) -> Result<Change, Rejection> {
    let (row, events) = decide::decide_booking(order, booking, moment)?;
    let step = Step { head, id, actor: &Actor::nobody(Role::Host), moment };
    Ok(step.finish(row, order.clone(), Vec::new(), &events, Vec::new()))
}

/// Fires what is due first, if anything is. Call it until it gives nothing; each is a change of its own.
pub fn fire(order: &Order, head: Seq, moment: &Moment<'_>) -> Option<Change> {
    let wake: Wake = clock::due(order, moment.now)?;
    let (row, events) = decide::decide_wake(order, &wake, moment)?;
    let step = Step { head, id: wake.id(order), actor: &Actor::nobody(Role::System), moment };
    Some(step.finish(row, order.clone(), Vec::new(), &events, Vec::new()))
}

struct Step<'a> {
    head: Seq,
    id: CommandId,
    actor: &'a Actor,
    moment: &'a Moment<'a>,
}

impl Step<'_> {
    /// Appends the events that are not yet among `entries`, and the prompt.
    fn finish(
        &self,
        row: &'static Row,
        mut order: Order,
        mut entries: Vec<Entry>,
        events: &[Event],
        case_events: Vec<CaseEvent>,
    ) -> Change {
        let kinds: Vec<_> = events.iter().map(Event::kind).collect();
        debug_assert!(row.writes(&kinds), "row {} does not write {kinds:?}", row.id);
        for event in &events[entries.len()..] {
            let entry = self.entry(entries.len(), self.actor.clone(), event.clone());
            order.evolve(&entry);
            entries.push(entry);
        }
        let because = seqs_after(self.head, entries.len());
        if let Some(prompts) = guide::prompts(row.tell, &order, self.actor, events, because, self.moment) {
            entries.push(self.entry(entries.len(), Actor::nobody(Role::Bot), Event::BotPrompted { prompts }));
        }
        Change { id: self.id, row: row.id, order, entries, case_events }
    }

    fn entry(&self, offset: usize, by: Actor, event: Event) -> Entry {
        let seq = Seq(self.head.0 + offset as u64 + 1);
        Entry { seq, at: self.moment.now, by, id: self.id, event }
    }
}

/// The seqs of `count` entries that follow `head`.
fn seqs_after(head: Seq, count: usize) -> Vec<Seq> {
    (1..=count as u64).map(|n| Seq(head.0 + n)).collect()
}
