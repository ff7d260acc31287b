//! What a clock that ran out brings about.

use super::{
    admit,
    money::{payout, refund},
};
use crate::{
    clock::Wake,
    event::{Event, EventKind as E},
    guard::Moment,
    lifecycle::{Row, Trigger},
    order::Order,
    participant::{Actor, Role},
};

/// What a clock that ran out brings about.
pub(crate) fn decide_wake(
    order: &Order,
    wake: &Wake,
    moment: &Moment<'_>,
) -> Option<(&'static Row, Vec<Event>)> {
    let on = if wake.reminder.is_some() { Trigger::Reminder(wake.kind) } else { Trigger::Timer(wake.kind) };
    let row = admit(on, order, &Actor::nobody(Role::System), moment).ok()?;
    let mut events: Vec<Event> =
        row.events.iter().filter_map(|kind| timer_event(*kind, row, order, wake, moment)).collect();
    if row.maybe.contains(&E::RefundRequested) {
        events.extend(refund(order.refundable()));
    }
    if row.maybe.contains(&E::PayoutRequested) {
        events.extend(payout(order, order.refundable()));
    }
    Some((row, events))
}

fn timer_event(kind: E, row: &Row, order: &Order, wake: &Wake, moment: &Moment<'_>) -> Option<Event> {
    Some(match kind {
        E::OrderAutoCancelled => Event::OrderAutoCancelled {},
        E::OrderAutoClosed => Event::OrderAutoClosed {},
        E::OrderAutoCompleted => Event::OrderAutoCompleted { delivery: order.delivery_no() },
        E::OrderOverdue => Event::OrderOverdue {},
        E::OrderIdle => {
            let opens_case = !row.events.contains(&E::OrderAutoClosed);
            Event::OrderIdle { respond_by: opens_case.then(|| order.policy.cx_deadline(moment.now)) }
        }
        E::ReviewReminded => Event::ReviewReminded { left_s: wake.reminder.unwrap_or(0) },
        E::CaseEscalated => Event::CaseEscalated {},
        E::ContractLapsed => Event::ContractLapsed { proposal: order.proposal.as_ref()?.id },
        E::ResolutionLapsed => {
            Event::ResolutionLapsed { resolution: order.case.as_ref()?.resolution.as_ref()?.id }
        }
        _ => return None,
    })
}
