//! What a role may do with an order now, why not, and from when (D3): computed by the function that decides.

use std::iter;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    command::CommandKind,
    decide::admit,
    guard::{Moment, in_room, updatable},
    lifecycle::{ROWS, Trigger},
    message,
    order::Order,
    participant::{Actor, Role, Side},
    payment::Marked,
    policy::TermField,
    rejection::{Code, Rejection},
    values::{DUE_DAYS_MAX, REVISIONS_MAX, TEXT_CHARS, Timestamp},
};

/// One command that a role could ever give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Action {
    /// Which.
    pub command: CommandKind,
    /// Would it be accepted now, with well-formed arguments?
    pub allowed: bool,
    /// If not, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<Code>,
    /// The same for a person, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// If only time is missing, until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub allowed_from: Option<Timestamp>,
    /// What it has to be given.
    pub needs: Vec<Need>,
}

/// One field of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Need {
    /// Its name.
    pub field: String,
    /// What it looks like.
    pub kind: NeedKind,
    /// Must it be there?
    pub required: bool,
    /// Its least value: a number, or a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number | string")]
    pub min: Option<Value>,
    /// Its greatest value; for texts and lists the most characters or items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number | string")]
    pub max: Option<Value>,
}

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum NeedKind {
    Text,
    Texts,
    Files,
    Answers,
    Delivery,
    Proposal,
    Resolution,
    Outcome,
    Number,
    Amount,
    Moment,
    Tick,
    User,
    Entry,
}

/// Every command that this role could ever give in this order: talk, then the order of the table.
///
/// Edit and retract are judged per message, so they are not listed.
pub fn actions(order: &Order, actor: &Actor, moment: &Moment<'_>, archived: bool) -> Vec<Action> {
    let joined = in_room(order, actor.user.as_ref());
    let acts = kinds(actor.role, order).into_iter().map(|kind| act(kind, order, actor, moment));
    iter::once(talk(actor.role, joined, archived)).chain(acts).collect()
}

/// `post_message`, in any room.
pub fn talk(role: Role, joined: bool, archived: bool) -> Action {
    use NeedKind as K;
    let needs = [("text", K::Text), ("files", K::Files), ("reply_to", K::Entry)];
    let needs = needs.into_iter().map(|(field, kind)| need(field, kind, false)).collect();
    action(CommandKind::PostMessage, message::may_speak(role, joined, archived).err(), needs)
}

fn kinds(role: Role, order: &Order) -> Vec<CommandKind> {
    let mut kinds = Vec::new();
    for row in ROWS.iter().filter(|row| row.is_for(role, order.policy.settlement)) {
        if let Trigger::Command(kind) = row.on
            && !kinds.contains(&kind)
        {
            kinds.push(kind);
        }
    }
    kinds
}

fn act(kind: CommandKind, order: &Order, actor: &Actor, moment: &Moment<'_>) -> Action {
    let refused = admit(Trigger::Command(kind), order, actor, moment).err();
    action(kind, refused, needs(kind, order, actor.role.side(), moment.now))
}

fn action(kind: CommandKind, refused: Option<Rejection>, needs: Vec<Need>) -> Action {
    Action {
        command: kind,
        allowed: refused.is_none(),
        code: refused.as_ref().map(|r| r.code),
        message: refused.as_ref().map(|r| r.message.clone()),
        allowed_from: refused.and_then(|r| r.allowed_from),
        needs,
    }
}

/// Would this side's command be accepted?
pub(crate) fn allowed(kind: CommandKind, order: &Order, side: Side, moment: &Moment<'_>) -> bool {
    let actor = Actor { role: side.role(), user: Some(order.party(side).clone()), name: None };
    admit(Trigger::Command(kind), order, &actor, moment).is_ok()
}

fn need(field: &str, kind: NeedKind, required: bool) -> Need {
    let max = match kind {
        NeedKind::Text => Some(TEXT_CHARS.into()),
        NeedKind::Files | NeedKind::Texts => Some(crate::decide::ITEMS_MAX.into()),
        _ => None,
    };
    Need { field: field.to_owned(), kind, required, min: None, max }
}

fn between(need: Need, min: impl Into<Value>, max: impl Into<Value>) -> Need {
    Need { min: Some(min.into()), max: Some(max.into()), ..need }
}

fn ahead(field: &str, required: bool, now: Timestamp) -> Need {
    let latest = now + Duration::days(i64::from(DUE_DAYS_MAX));
    between(need(field, NeedKind::Moment, required), now.to_rfc3339(), latest.to_rfc3339())
}

/// The fields of a command, with the limits that hold now.
fn needs(kind: CommandKind, order: &Order, side: Option<Side>, now: Timestamp) -> Vec<Need> {
    use CommandKind as C;
    use NeedKind as K;
    let latest = || between(need("delivery", K::Delivery, true), order.delivery_no(), order.delivery_no());
    let refundable = order.refundable().minor();
    match kind {
        C::SubmitRequirements => vec![need("answers", K::Answers, true)],
        C::AcceptOrder => vec![need("without_answers", K::Tick, order.answers_missing())],
        C::DeclineOrder | C::CancelOrder => vec![need("reason", K::Text, true)],
        C::DeliverFiles => vec![need("files", K::Files, true), need("note", K::Text, false)],
        C::DeliverExternal => vec![need("where", K::Text, true), need("note", K::Text, false)],
        C::MarkSent => {
            vec![need("carrier", K::Text, false), need("tracking", K::Text, false), ahead("eta", false, now)]
        }
        // What was said already is not said again: what is left is that the money is there.
        C::MarkPaid if order.payment.marked == Some(Marked::Agreed) => vec![],
        C::MarkPaid => vec![need("agreed", K::Tick, false)],
        C::AcceptDelivery => vec![latest()],
        C::RequestRevision => vec![latest(), need("text", K::Text, true), need("points", K::Texts, false)],
        C::ProposeUpdate => side.map(|side| update_needs(order, side, now)).unwrap_or_default(),
        C::AcceptUpdate | C::WithdrawUpdate => vec![need("proposal", K::Proposal, true)],
        C::DeclineUpdate => vec![need("proposal", K::Proposal, true), need("reason", K::Text, false)],
        C::RequestCancel | C::OpenDispute => {
            vec![need("reason", K::Text, true), need("cx_join", K::Tick, true)]
        }
        C::ApproveCancel => {
            vec![between(need("refund", K::Amount, true), 0, refundable), need("reason", K::Text, true)]
        }
        C::RejectCancel => vec![need("reason", K::Text, true), ahead("new_due_at", false, now)],
        C::HandOverCase => vec![need("to", K::User, true)],
        C::ProposeResolution => vec![need("option", K::Outcome, true)],
        C::AcceptResolution => vec![need("resolution", K::Resolution, true)],
        C::ResolveDispute => vec![need("option", K::Outcome, true), need("reason", K::Text, true)],
        _ => vec![],
    }
}

fn update_needs(order: &Order, side: Side, now: Timestamp) -> Vec<Need> {
    let fields = updatable(order, side);
    let of = |field: TermField| match field {
        TermField::DueAt => ahead("due_at", false, now),
        TermField::Revisions => {
            between(need("revisions", NeedKind::Number, false), order.revisions_used, REVISIONS_MAX)
        }
        TermField::Price => between(need("price", NeedKind::Amount, false), 0, crate::values::AMOUNT_MAX),
    };
    fields.into_iter().map(of).collect()
}
