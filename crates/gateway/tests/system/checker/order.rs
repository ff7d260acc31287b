//! G7 and I1–I6: the order is what its timeline tells, its money adds up, and nothing happened twice or too late.

use order_domain::{
    event::{Event, EventKind},
    order::Order,
    payment::Payment,
    values::Amount,
};

use super::{Breach, Evidence};

/// I6: at most one of these.
const ENDS: &[EventKind] = &[
    EventKind::OrderCompleted,
    EventKind::OrderAutoCompleted,
    EventKind::OrderCancelled,
    EventKind::OrderDeclined,
    EventKind::OrderAutoCancelled,
    EventKind::OrderAutoClosed,
];

pub fn check(evidence: &Evidence) -> Vec<Breach> {
    let mut found: Vec<_> = fold(evidence).into_iter().collect();
    found.extend(money(&evidence.stored.payment));
    found.extend(history(evidence));
    found
}

fn fold(evidence: &Evidence) -> Option<Breach> {
    let folded = match Order::fold(evidence.order, &evidence.entries) {
        Ok(folded) => folded,
        Err(error) => {
            return Some(Breach::FoldDiffers { folded: error.to_string(), stored: "an order".to_owned() });
        }
    };
    let differs = folded != evidence.stored;
    differs.then(|| Breach::FoldDiffers {
        folded: format!("{folded:?}"),
        stored: format!("{:?}", evidence.stored),
    })
}

/// captured = held + released + refunded, and nothing is owed that is not held.
fn money(payment: &Payment) -> Option<Breach> {
    let minor = [payment.captured, payment.released, payment.refunded].map(Amount::minor);
    let [captured, released, refunded] = minor;
    let held = captured - released - refunded;
    let owed = payment.refund_due.minor() + payment.payout_due.minor();
    match () {
        () if held != payment.held().minor() => Some(Breach::Money("captured != held + released + refunded")),
        () if owed > held => Some(Breach::Money("more is owed than is held")),
        () => None,
    }
}

/// What may happen once happens once: numbers without a hole (I5), one end at most (I6).
fn history(evidence: &Evidence) -> Vec<Breach> {
    let mut found = numbered(evidence, |event| match event {
        Event::DeliverySubmitted { no, .. } => Some(*no),
        _ => None,
    });
    found.extend(numbered(evidence, |event| match event {
        Event::RevisionRequested { no, .. } => Some(*no),
        _ => None,
    }));
    let once: [&[EventKind]; 4] =
        [ENDS, &[EventKind::PayoutRequested], &[EventKind::OrderAccepted], &[EventKind::OrderPlaced]];
    found.extend(once.iter().flat_map(|kinds| at_most_one(evidence, kinds)));
    let order = &evidence.stored;
    let overdrawn = order.revisions_used > order.revisions_allowed;
    found.extend(overdrawn.then_some(Breach::Impossible { seq: evidence.head, why: "too many revisions" }));
    found
}

fn at_most_one(evidence: &Evidence, kinds: &[EventKind]) -> Vec<Breach> {
    let all = evidence.entries.iter().filter(|entry| kinds.contains(&entry.event.kind()));
    all.skip(1).map(|entry| Breach::Impossible { seq: entry.seq, why: "happens once" }).collect()
}

/// Deliveries and revisions count 1, 2, 3 …
fn numbered(evidence: &Evidence, number: impl Fn(&Event) -> Option<u32>) -> Vec<Breach> {
    let all = evidence.entries.iter().filter_map(|entry| Some((entry.seq, number(&entry.event)?)));
    let wrong = all.zip(1..).filter(|((_, no), expected)| no != expected);
    wrong.map(|((seq, _), _)| Breach::Impossible { seq, why: "out of its numbering" }).collect()
}
