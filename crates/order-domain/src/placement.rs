//! How an order comes into being: what the host says about a purchase, checked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    command::Answers,
    event::Event,
    files,
    ids::{OrderId, UserId},
    policy::{Policy, PolicyChoice, Presets},
    rejection::Rejection,
    requirements,
    values::{DUE_DAYS_MAX, Money, REVISIONS_MAX, Text, Timestamp, to_millis},
};

/// The most questions of one form.
const QUESTIONS_MAX: usize = 50;

/// A purchase as the host reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// A preset's name, or a preset with changed fields.
    #[ts(type = "string | ({ preset: string } & Record<string, unknown>)")]
    pub policy: PolicyChoice,
    /// Pays.
    pub buyer: UserId,
    /// Delivers.
    pub seller: UserId,
    /// What was bought.
    pub listing: Listing,
    /// Agreed price.
    pub price: Money,
    /// Days from acceptance; this or `due_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = DUE_DAYS_MAX)))]
    pub delivery_days: Option<u32>,
    /// Fixed due date; this or `delivery_days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due_at: Option<Timestamp>,
    /// Included revisions.
    #[cfg_attr(feature = "schema", schemars(range(max = REVISIONS_MAX)))]
    pub revisions: u32,
    /// Whether the money is there.
    pub payment: PlacedPayment,
    /// The seller's form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Question>>")]
    #[cfg_attr(feature = "schema", schemars(length(max = QUESTIONS_MAX)))]
    pub requirements: Vec<Question>,
    /// Answers given with the purchase.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    #[ts(optional, type = "Record<string, unknown>")]
    pub answers: Answers,
    /// Contact data: stored apart, never in the timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub shipping_address: Option<Text>,
    /// The host's own order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reference: Option<Text>,
    /// The id that the host wants the order to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub order: Option<OrderId>,
}

/// What was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listing {
    /// The host's id.
    pub id: Text,
    /// What people call it.
    pub title: Text,
    /// Where it is described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<Text>,
}

/// Whether the buyer paid with the purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlacedPayment {
    /// The money is there.
    Paid,
    /// Not yet.
    Unpaid,
}

/// How an order came about (K19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Purchase of a listing.
    Listing,
    /// The seller's custom offer.
    CustomOffer,
    /// The seller registered it for the buyer.
    SellerOnBehalf,
}

/// One question of the seller's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Question {
    /// Short and stable: 1–64 characters of `A-Za-z0-9._:-`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[A-Za-z0-9._:-]{1,64}$")))]
    pub id: String,
    /// What is asked.
    pub label: Text,
    /// What an answer looks like.
    pub kind: QuestionKind,
    /// Must be answered.
    #[serde(default)]
    pub required: bool,
    /// What can be chosen, for `choice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Text>>")]
    pub options: Vec<Text>,
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// One of `options`.
    Choice,
    /// A calendar day, `2026-11-22`.
    Date,
    /// A number.
    Number,
    /// A web address.
    Url,
    /// A file of the room: given by its id, kept with its name, size and hash.
    File,
}

/// L5: checks a purchase and says what happens; the caller appends the events to the new room.
pub fn place(placement: &Placement, presets: &Presets, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let policy = presets.resolve(&placement.policy)?;
    check_terms(placement, now)?;
    requirements::check_form(&placement.requirements)?;
    let answers = requirements::parse_answers(&placement.requirements, &placement.answers)?;
    requirements::fit(&answers)?;
    no_files_yet(placement)?;
    let unanswered = requirements::unanswered(&placement.requirements, &answers);
    let mut events = vec![placed(placement, policy, answers)];
    if !unanswered.is_empty() {
        events.push(Event::RequirementsAsked { questions: unanswered });
    }
    Ok(events)
}

/// A file belongs to a room, and the room comes with the order: the buyer answers with files there.
fn no_files_yet(placement: &Placement) -> Result<(), Rejection> {
    match files::answered(&placement.requirements, &placement.answers).next() {
        None => Ok(()),
        Some((question, _)) => {
            let problem = "must be answered in the room: a file belongs to one";
            Err(Rejection::bad_field(format!("answers.{}", question.id), problem))
        }
    }
}

fn check_terms(placement: &Placement, now: Timestamp) -> Result<(), Rejection> {
    if placement.buyer == placement.seller {
        return Err(Rejection::bad_field("seller", "must not be the buyer"));
    }
    match (placement.delivery_days, placement.due_at) {
        (Some(days), None) if (1..=DUE_DAYS_MAX).contains(&days) => {}
        (Some(_), None) => {
            return Err(Rejection::bad_field("delivery_days", format!("must be from 1 to {DUE_DAYS_MAX}")));
        }
        (None, Some(due_at)) => check_due("due_at", due_at, now)?,
        _ => return Err(Rejection::bad_field("delivery_days", "or due_at must be there, and not both")),
    }
    if placement.revisions > REVISIONS_MAX {
        return Err(Rejection::bad_field("revisions", format!("must be at most {REVISIONS_MAX}")));
    }
    if placement.requirements.len() > QUESTIONS_MAX {
        return Err(Rejection::bad_field(
            "requirements",
            format!("must be at most {QUESTIONS_MAX} questions"),
        ));
    }
    Ok(())
}

/// A due date lies ahead, and not further than ten years.
pub(crate) fn check_due(field: &str, due_at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if due_at <= now {
        return Err(Rejection::bad_field(field, "must lie ahead"));
    }
    if due_at > now + chrono::Duration::days(i64::from(DUE_DAYS_MAX)) {
        return Err(Rejection::bad_field(field, "must be within ten years"));
    }
    Ok(())
}

fn placed(placement: &Placement, policy: Policy, answers: Answers) -> Event {
    Event::OrderPlaced {
        listing: placement.listing.clone(),
        buyer: placement.buyer.clone(),
        seller: placement.seller.clone(),
        price: placement.price,
        origin: Origin::Listing,
        policy: Box::new(policy),
        revisions: placement.revisions,
        delivery_days: placement.delivery_days,
        due_at: placement.due_at.map(to_millis),
        paid: placement.payment == PlacedPayment::Paid,
        requirements: placement.requirements.clone(),
        answers,
        reference: placement.reference.clone(),
    }
}
