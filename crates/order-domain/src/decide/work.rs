//! The work itself: answers, acceptance, deliveries, revisions.

use serde_json::json;

use super::{Decision, money::completed};
use crate::{
    command::{Answers, DeliverFiles, MarkSent, RequestRevision},
    event::{CloseReason, DeliveryKind, Event},
    files,
    placement::check_due,
    rejection::{Code, Rejection},
    requirements,
    values::{Text, to_millis},
};

impl Decision<'_> {
    pub(super) fn submit_requirements(&self, given: &Answers) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        let given = requirements::parse_answers(&order.form, given)?;
        let mut answers = order.answers.clone();
        answers.extend(given.clone());
        for (question, id) in files::answered(&order.form, &given) {
            let file = files::find(self.asked.files, id, format_args!("answers.{}", question.id))?;
            answers.insert(question.id.clone(), json!(file));
        }
        let missing = order.form.iter().find(|q| q.required && !answers.contains_key(&q.id));
        if let Some(question) = missing {
            return Err(Rejection::bad_field(format!("answers.{}", question.id), "is missing"));
        }
        requirements::fit(&answers)?;
        Ok(vec![Event::RequirementsAnswered { answers }])
    }

    pub(super) fn accept_order(&self, without_answers: bool) -> Result<Vec<Event>, Rejection> {
        let missing = self.order.answers_missing();
        if missing && !without_answers {
            let message =
                "The buyer has not answered all required questions. Accept without the answers, or wait.";
            return Err(Rejection::new(Code::RequirementsUnanswered, message));
        }
        let days = i64::from(self.order.delivery_days.unwrap_or(0));
        let due_at = self.order.due_at.unwrap_or(self.moment.now + chrono::Duration::days(days));
        Ok(vec![Event::OrderAccepted { due_at: to_millis(due_at), without_answers: missing }])
    }

    fn delivery(&self, kind: DeliveryKind, note: Option<Text>, more: impl FnOnce(&mut Event)) -> Vec<Event> {
        let no = self.order.delivery_no() + 1;
        let mut event = Event::DeliverySubmitted {
            no,
            kind,
            files: Vec::new(),
            note,
            place: None,
            carrier: None,
            tracking: None,
            eta: None,
            replaces: (no > 1).then_some(no - 1),
        };
        more(&mut event);
        vec![event]
    }

    pub(super) fn deliver_files(&self, asked: &DeliverFiles) -> Result<Vec<Event>, Rejection> {
        let found = files::find_all(self.asked.files, &asked.files)?;
        Ok(self.delivery(DeliveryKind::Files, asked.note.clone(), |event| {
            if let Event::DeliverySubmitted { files, .. } = event {
                *files = found;
            }
        }))
    }

    pub(super) fn deliver_external(&self, place: &Text, note: Option<&Text>) -> Vec<Event> {
        self.delivery(DeliveryKind::External, note.cloned(), |event| {
            if let Event::DeliverySubmitted { place: field, .. } = event {
                *field = Some(place.clone());
            }
        })
    }

    pub(super) fn mark_sent(&self, sent: &MarkSent) -> Result<Vec<Event>, Rejection> {
        if let Some(eta) = sent.eta {
            check_due("eta", eta, self.moment.now)?;
        }
        Ok(self.delivery(DeliveryKind::Shipped, None, |event| {
            if let Event::DeliverySubmitted { carrier, tracking, eta, .. } = event {
                carrier.clone_from(&sent.carrier);
                tracking.clone_from(&sent.tracking);
                *eta = sent.eta.map(to_millis);
            }
        }))
    }

    pub(super) fn is_latest(&self, delivery: u32) -> Result<(), Rejection> {
        if delivery == self.order.delivery_no() {
            return Ok(());
        }
        let message =
            format!("There is a newer delivery, number {}. Look at it first.", self.order.delivery_no());
        Err(Rejection::new(Code::StaleDelivery, message))
    }

    pub(super) fn accept_delivery(&self, delivery: u32) -> Result<Vec<Event>, Rejection> {
        self.is_latest(delivery)?;
        let mut events = completed(self.order, CloseReason::BuyerAccept);
        if self.order.case.is_some() {
            events.push(Event::DisputeResolved { option: None, reason: None });
        }
        Ok(events)
    }

    pub(super) fn request_revision(&self, asked: &RequestRevision) -> Result<Vec<Event>, Rejection> {
        self.is_latest(asked.delivery)?;
        let order = self.order;
        let least = self.moment.now + crate::clock::seconds(order.policy.revision_s);
        Ok(vec![Event::RevisionRequested {
            no: order.revisions_used + 1,
            delivery: asked.delivery,
            text: asked.text.clone(),
            points: asked.points.clone(),
            remaining: order.revisions_remaining() - 1,
            due_at: order.due_at.map_or(least, |due_at| due_at.max(least)),
        }])
    }
}
