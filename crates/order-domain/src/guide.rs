//! The chatbot: what each side is told after a transition, and the standing next step of each side.
//!
//! A prompt is a code with parameters, rendered by whoever shows it; [`Line::english`] is the English rendering.

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use crate::{
    actions,
    command::CommandKind,
    decide::outcome_possible,
    event::{DeliveryKind, Event},
    guard::Moment,
    lifecycle::Tell,
    order::{CaseKind, Order, State},
    participant::{Actor, Role, Side},
    policy::Settlement,
    values::{Amount, Currency, Seq, Timestamp},
};

/// A sentence with its stable code; `{name}` is a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Stable.
    pub code: &'static str,
    /// The English wording.
    pub english: &'static str,
}

/// What one side is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prompt {
    /// Which sentence.
    pub code: String,
    /// What fills it: moments, numbers, texts, terms.
    #[ts(type = "Record<string, unknown>")]
    pub params: Map<String, Value>,
    /// What this side is asked to do, most likely first.
    pub actions: Vec<CommandKind>,
}

/// What both sides are told, and the entries it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prompts {
    /// To the buyer.
    pub buyer: Prompt,
    /// To the seller.
    pub seller: Prompt,
    /// Entries of this timeline.
    pub because: Vec<Seq>,
}

impl Line {
    /// The names of its parameters.
    pub fn params(&self) -> impl Iterator<Item = &'static str> {
        self.english.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }

    fn prompt(&self, params: impl Fn(&str) -> Value, actions: Vec<CommandKind>) -> Prompt {
        let params = self.params().map(|name| (name.to_owned(), params(name))).collect();
        Prompt { code: self.code.to_owned(), params, actions }
    }
}

/// Finds a line by its code, in the table or among the standing steps.
pub fn line(code: &str) -> Option<Line> {
    lines().into_iter().find(|line| line.code == code)
}

/// Every line there is: for linters and translators.
pub fn lines() -> Vec<Line> {
    let told = crate::lifecycle::ROWS.iter().flat_map(|row| match row.tell {
        Tell::Nothing => vec![],
        Tell::Sides(a, b) | Tell::Doer(a, b) => vec![a, b],
    });
    told.chain(STANDING.iter().copied()).collect()
}

/// What both sides are told after a transition of `doer` that wrote `events` and led to `order`.
pub(crate) fn prompts(
    tell: Tell,
    order: &Order,
    doer: &Actor,
    events: &[Event],
    because: Vec<Seq>,
    moment: &Moment<'_>,
) -> Option<Prompts> {
    let (buyer, seller) = match (tell, doer.role.side()) {
        (Tell::Nothing, _) => return None,
        (Tell::Sides(buyer, seller), _) | (Tell::Doer(buyer, seller), Some(Side::Buyer)) => (buyer, seller),
        (Tell::Doer(seller, buyer), _) => (buyer, seller),
    };
    let fields: Vec<Value> = events.iter().filter_map(|event| serde_json::to_value(event).ok()).collect();
    let param = |name: &str| param(name, order, doer, &fields);
    let to =
        |side, line: Line| line.prompt(param, allowed(standing(order, side, moment).1, order, side, moment));
    Some(Prompts { buyer: to(Side::Buyer, buyer), seller: to(Side::Seller, seller), because })
}

/// A parameter: of the order as it is now, else a field of what happened.
fn param(name: &str, order: &Order, doer: &Actor, events: &[Value]) -> Value {
    let value = match name {
        "due_at" => order.due_at.map(moment).into(),
        "review_by" => order.review_by().map(moment).into(),
        "remaining" => order.revisions_remaining().into(),
        "title" => Value::from(&*order.listing.title),
        "terms" => serde_json::to_value(order.terms()).unwrap_or_default(),
        "payment" => order.payment.status().as_str().into(),
        "agent" => Value::from(doer.name.clone().or_else(|| doer.user.as_ref().map(ToString::to_string))),
        _ => events.iter().find_map(|event| event.get(name)).cloned().unwrap_or_default(),
    };
    with_currency(name, value, order.price.currency)
}

fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Amounts in a prompt say their currency, so that it can be shown alone.
fn with_currency(name: &str, value: Value, currency: Currency) -> Value {
    match value {
        Value::Number(amount) if matches!(name, "amount" | "refund" | "price") => {
            json!({"amount": amount, "currency": currency})
        }
        Value::Object(fields) => {
            let part = |(name, value): (String, Value)| (name.clone(), with_currency(&name, value, currency));
            Value::Object(fields.into_iter().map(part).collect())
        }
        other => other,
    }
}

/// Parameters that come from the order itself; all others are fields of events.
pub(crate) const ORDER_PARAMS: &[&str] =
    &["due_at", "review_by", "remaining", "title", "terms", "payment", "agent"];

/// The standing steps: what a side is asked to do whenever the order is looked at.
const STANDING: &[Line] = &[
    RESOLUTION_ANSWER,
    RESOLUTION_WAIT,
    RESOLUTION_GONE,
    CANCEL_ANSWER,
    CANCEL_WAIT,
    CX_WAIT,
    CX_HERE,
    UPDATE_ANSWER,
    ANSWER,
    ACCEPT_WAIT,
    ACCEPT,
    ACCEPT_LATE,
    DELIVER_WAIT,
    DELIVER_LATE_WAIT,
    DELIVER,
    DELIVER_LATE,
    DELIVER_ANSWERS,
    PAY,
    ARRIVAL,
    ARRIVAL_WAIT,
    REVIEW,
    REVIEW_EXHAUSTED,
    REVIEW_WAIT,
    REVISE_WAIT,
    REVISE,
    DONE,
    CANCELLED,
    REFUND_WAIT,
    REFUNDED,
    DECLINED,
    CONFIRM_PAID,
];

const fn step(code: &'static str, english: &'static str) -> Line {
    Line { code, english }
}

const RESOLUTION_ANSWER: Line = step("step_resolution_answer", "Answer the proposed resolution.");
const RESOLUTION_WAIT: Line =
    step("step_resolution_wait", "The other side is asked to answer the proposed resolution.");
const RESOLUTION_GONE: Line = step(
    "step_resolution_gone",
    "The proposed resolution is no longer possible. Customer experience will propose another one.",
);
const CANCEL_ANSWER: Line =
    step("step_cancel_answer", "Agree to the cancellation, or wait for customer experience.");
const CANCEL_WAIT: Line =
    step("step_cancel_wait", "Customer experience or the other side answers your request to cancel.");
const CX_WAIT: Line = step("step_cx_wait", "Customer experience will join.");
const CX_HERE: Line = step("step_cx_here", "Talk to customer experience here.");
const UPDATE_ANSWER: Line = step("step_update_answer", "Accept or decline the proposed terms.");
const ANSWER: Line = step("step_answer", "Answer the seller's questions.");
const ACCEPT_WAIT: Line = step("step_accept_wait", "The seller is asked to accept the order.");
const ACCEPT: Line = step("step_accept", "Review the order, then accept or decline it.");
const ACCEPT_LATE: Line =
    step("step_accept_late", "The due date has passed. Agree on a new one before you accept, or decline.");
const DELIVER_WAIT: Line = step("step_deliver_wait", "The seller is working. Expect the work by {due_at}.");
const DELIVER_LATE_WAIT: Line =
    step("step_late_wait", "The work is past due. Wait, agree on a new date, or ask to cancel.");
const DELIVER: Line = step("step_deliver", "Deliver the work by {due_at}.");
const DELIVER_LATE: Line = step("step_late", "The work is past due. Deliver it, or propose a new date.");
const DELIVER_ANSWERS: Line = step(
    "step_deliver_answers",
    "The due date waits for the buyer's answers. You can start and deliver any time.",
);
const PAY: Line =
    step("step_pay", "Nothing is paid yet. Please pay the order in the marketplace where you placed it.");
const ARRIVAL: Line = step(
    "step_arrival",
    "The goods are on their way. Accept the delivery once they have arrived, by {review_by}.",
);
const ARRIVAL_WAIT: Line = step(
    "step_arrival_wait",
    "The goods are on their way. The buyer is asked to accept them by {review_by}.",
);
const REVIEW: Line = step("step_review", "Review the delivery by {review_by}: accept it or ask for changes.");
const REVIEW_EXHAUSTED: Line = step(
    "step_review_last",
    "Review the delivery by {review_by}: accept it. All included revisions are used.",
);
const REVIEW_WAIT: Line =
    step("step_review_wait", "The buyer is asked to review the delivery by {review_by}.");
const REVISE_WAIT: Line = step("step_revise_wait", "The seller is changing the work. Expect it by {due_at}.");
const REVISE: Line = step("step_revise", "Deliver the changed work by {due_at}.");
const DONE: Line = step("step_done", "The order is complete.");
const CANCELLED: Line = step("step_cancelled", "The order is cancelled.");
const REFUND_WAIT: Line = step("step_refund_wait", "The order has ended. The refund is on its way.");
const REFUNDED: Line = step("step_refunded", "The money went back to the buyer.");
const DECLINED: Line = step("step_declined", "The seller declined the order.");
const CONFIRM_PAID: Line = step(
    "step_confirm_paid",
    "Mark the order as paid once the money is there. The buyer is asked to accept the work.",
);

/// The standing next step of a side: overlays first (case, resolution, proposal), then the state.
pub fn next_step(order: &Order, side: Side, moment: &Moment<'_>) -> Prompt {
    let (line, asked) = standing(order, side, moment);
    line.prompt(
        |name| param(name, order, &Actor::nobody(Role::Bot), &[]),
        allowed(asked, order, side, moment),
    )
}

/// Nobody is asked for what would be refused.
fn allowed(asked: &[CommandKind], order: &Order, side: Side, moment: &Moment<'_>) -> Vec<CommandKind> {
    asked.iter().copied().filter(|kind| actions::allowed(*kind, order, side, moment)).collect()
}

fn standing(order: &Order, side: Side, moment: &Moment<'_>) -> Step {
    overlay_step(order, side, moment).unwrap_or_else(|| state_step(order, side, moment))
}

type Step = (Line, &'static [CommandKind]);

use CommandKind as C;

fn overlay_step(order: &Order, side: Side, moment: &Moment<'_>) -> Option<Step> {
    if let Some(case) = &order.case {
        if let Some(resolution) = &case.resolution {
            let agreed = resolution.accepted_by.contains(&side);
            return Some(if outcome_possible(order, &resolution.option, moment.now).is_err() {
                (RESOLUTION_GONE, &[])
            } else if agreed {
                (RESOLUTION_WAIT, &[])
            } else {
                (RESOLUTION_ANSWER, &[C::AcceptResolution])
            });
        }
        let mine = case.by == Some(side);
        return Some(match (case.kind, mine) {
            (CaseKind::Cancel, true) => (CANCEL_WAIT, &[C::WithdrawCancel]),
            (CaseKind::Cancel, false) => (CANCEL_ANSWER, &[C::ConsentCancel]),
            (CaseKind::Dispute, true) => (cx(case.joined.is_empty()), &[C::CloseDispute]),
            _ => (cx(case.joined.is_empty()), &[]),
        });
    }
    let proposal = order.proposal.as_ref()?;
    (proposal.by != side).then_some((UPDATE_ANSWER, &[C::AcceptUpdate, C::DeclineUpdate]))
}

fn cx(absent: bool) -> Line {
    if absent { CX_WAIT } else { CX_HERE }
}

fn state_step(order: &Order, side: Side, moment: &Moment<'_>) -> Step {
    let buyer = side == Side::Buyer;
    match order.state {
        State::New if buyer && order.answers_missing() => (ANSWER, &[C::SubmitRequirements]),
        State::New if buyer && awaits_payment(order) => (PAY, &[]),
        State::New if buyer => (ACCEPT_WAIT, &[]),
        State::New if order.due_at.is_some_and(|due_at| due_at <= moment.now) => {
            (ACCEPT_LATE, &[C::ProposeUpdate, C::DeclineOrder])
        }
        State::Offered | State::New => (ACCEPT, &[C::AcceptOrder, C::DeclineOrder]),
        State::InProgress if buyer && order.answers_missing() => (ANSWER, &[C::SubmitRequirements]),
        State::InProgress | State::InRevision if buyer && order.overdue => {
            (DELIVER_LATE_WAIT, &[C::ProposeUpdate, C::RequestCancel])
        }
        State::InProgress if buyer && awaits_payment(order) => (PAY, &[]),
        State::InProgress if buyer => (DELIVER_WAIT, &[]),
        State::InRevision if buyer => (REVISE_WAIT, &[]),
        State::InProgress | State::InRevision => working_step(order),
        State::Delivered if buyer && is_sent(order) => (ARRIVAL, &[C::AcceptDelivery, C::RequestRevision]),
        State::Delivered if buyer && order.revisions_remaining() == 0 => {
            (REVIEW_EXHAUSTED, &[C::AcceptDelivery])
        }
        State::Delivered if buyer => (REVIEW, &[C::AcceptDelivery, C::RequestRevision]),
        State::Delivered if order.policy.settlement == Settlement::Direct && !order.payment.is_settled() => {
            (CONFIRM_PAID, &[C::MarkPaid])
        }
        State::Delivered if is_sent(order) => (ARRIVAL_WAIT, &[]),
        State::Delivered => (REVIEW_WAIT, &[]),
        State::Completed if buyer && awaits_payment(order) => (PAY, &[]),
        State::Completed => (DONE, &[]),
        State::Declined | State::Cancelled | State::Expired | State::Refunded
            if order.payment.refund_due.is_some() =>
        {
            (REFUND_WAIT, &[])
        }
        State::Refunded => (REFUNDED, &[]),
        State::Declined => (DECLINED, &[]),
        State::Cancelled | State::Expired => (CANCELLED, &[]),
    }
}

/// The marketplace is to hold the money, and has none.
fn awaits_payment(order: &Order) -> bool {
    order.policy.settlement == Settlement::Escrow
        && order.price.amount > Amount::ZERO
        && !order.payment.is_settled()
}

fn is_sent(order: &Order) -> bool {
    order.deliveries.last().is_some_and(|delivery| delivery.kind == DeliveryKind::Shipped)
}

fn working_step(order: &Order) -> Step {
    const FILES: &[CommandKind] = &[C::DeliverFiles, C::DeliverExternal, C::MarkSent];
    const GOODS: &[CommandKind] = &[C::MarkSent, C::DeliverFiles, C::DeliverExternal];
    // What is paid between the two of them is mostly a thing that is sent.
    let deliveries = if order.policy.settlement == Settlement::Direct { GOODS } else { FILES };
    if order.overdue {
        return (DELIVER_LATE, &[C::DeliverFiles, C::ProposeUpdate, C::DeliverExternal, C::MarkSent]);
    }
    match order.state {
        State::InRevision => (REVISE, deliveries),
        _ if order.without_answers && order.answers_missing() => (DELIVER_ANSWERS, deliveries),
        _ => (DELIVER, deliveries),
    }
}

/// The English sentence of a prompt; moments are in UTC.
pub fn english(prompt: &Prompt) -> String {
    let Some(line) = line(&prompt.code) else { return prompt.code.clone() };
    let mut text = line.english.to_owned();
    for (name, value) in &prompt.params {
        text = text.replace(&format!("{{{name}}}"), &plain(value));
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => at.format("%-d %B %Y, %H:%M UTC").to_string(),
            Err(_) => text.clone(),
        },
        Value::Object(fields) => money(value).unwrap_or_else(|| {
            let part = |(name, value): (&String, &Value)| match name.as_str() {
                "kind" => plain(value).replace('_', " "),
                name => format!("{} {}", name.replace('_', " "), plain(value)),
            };
            // What it is comes first, then its details.
            let (kind, rest): (Vec<_>, Vec<_>) = fields.iter().partition(|(name, _)| *name == "kind");
            kind.into_iter().chain(rest).map(part).collect::<Vec<_>>().join(", ")
        }),
        other => other.to_string(),
    }
}

fn money(value: &Value) -> Option<String> {
    let currency: Currency = serde_json::from_value(value.get("currency")?.clone()).ok()?;
    Some(currency.write(value.get("amount")?.as_i64()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D4: a prompt reads as a sentence, with money and moments as people write them.
    #[test]
    fn prompts_read_as_sentences() {
        let option = json!({"kind": "partial_refund", "amount": {"amount": 500, "currency": "USD"}});
        let params = json!({"option": option, "expires_at": "2026-11-24T10:00:00Z"});
        let Value::Object(params) = params else { unreachable!() };
        let prompt = Prompt { code: "resolution_answer".into(), params, actions: vec![] };
        let said = "Customer experience proposes: partial refund, amount USD 5.00. \
                    Accept it or answer by 24 November 2026, 10:00 UTC.";
        assert_eq!(english(&prompt), said);
    }
}
