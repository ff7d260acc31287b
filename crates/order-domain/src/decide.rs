//! What a command brings about, or why it does not. Pure: the same order, actor, command and moment
//! give the same events.

use crate::{
    command::{Command, ProposeUpdate, Resolution},
    event::{CaseEvent, CloseReason, Consequence, DeliveryKind, Event, FileRef, Terms},
    guard::{Guard, Moment, price_open, updatable},
    ids::{CommandId, ProposalId, ResolutionId},
    lifecycle::{Row, Trigger, rows},
    order::{Order, State},
    participant::{Actor, Role, Side},
    payment::{Booking, BookingKind},
    placement::check_due,
    policy::{Settlement, TermField},
    rejection::{Code, Rejection},
    requirements,
    values::{Amount, REVISIONS_MAX, Seq, Text, to_millis},
};

/// The most files of one message or delivery, and the most points of one revision.
pub const ITEMS_MAX: usize = 50;

/// A command with what it needs from outside: its id, and the files that its ids name.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Makes derived ids.
    pub id: CommandId,
    /// What is asked.
    pub command: &'a Command,
    /// The files of this room that the command names, in its order.
    pub files: &'a [FileRef],
}

/// What follows from a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    pub events: Vec<Event>,
    pub case_events: Vec<CaseEvent>,
}

impl From<Vec<Event>> for Decided {
    fn from(events: Vec<Event>) -> Self {
        Self { events, case_events: Vec::new() }
    }
}

/// May this happen now? The row that admits it, judged without arguments.
pub fn admit(
    on: Trigger,
    order: &Order,
    actor: &Actor,
    moment: &Moment<'_>,
) -> Result<&'static Row, Rejection> {
    let mine = || rows(on).filter(|row| row.is_for(actor.role, order.policy.settlement));
    if mine().next().is_none() {
        return Err(Rejection::new(Code::NotYourRole, "This is not yours to do in this order."));
    }
    let mut refused = None;
    for row in mine().filter(|row| row.from.contains(&order.state)) {
        match check(row.guards, order, actor, moment) {
            Ok(()) => return Ok(row),
            // The first row is the usual way: its reason is the one to tell.
            Err(refusal) => drop(refused.get_or_insert(refusal)),
        }
    }
    Err(refused.unwrap_or_else(|| wrong_state(on, order)))
}

fn check(guards: &[Guard], order: &Order, actor: &Actor, moment: &Moment<'_>) -> Result<(), Rejection> {
    guards.iter().try_for_each(|guard| guard.check(order, actor, moment))
}

fn wrong_state(on: Trigger, order: &Order) -> Rejection {
    let done = match on {
        Trigger::Command(_) if order.state.is_terminal() => "The order has ended".to_owned(),
        _ => format!("The order stands at \"{}\"", order.label()),
    };
    Rejection::new(Code::WrongState, format!("{done}: this is not possible now."))
}

impl Row {
    /// Is it for this role under this settlement?
    pub fn is_for(&self, role: Role, settlement: Settlement) -> bool {
        self.who.iter().any(|who| who.0 == role && who.1.is_none_or(|only| only == settlement))
    }
}

/// Decides a command of a participant; messages are decided in [`crate::message`].
pub(crate) fn decide(
    order: &Order,
    actor: &Actor,
    asked: &Asked<'_>,
    moment: &Moment<'_>,
) -> Result<(&'static Row, Decided), Rejection> {
    own_fields(asked.command)?;
    let row = admit(Trigger::Command(asked.command.kind()), order, actor, moment)?;
    let desk = Decision { order, actor, asked, moment };
    Ok((row, desk.decide()?))
}

/// Checks that need neither order nor caller: they come first.
pub fn own_fields(command: &Command) -> Result<(), Rejection> {
    let at_most = |field: &str, count: usize| {
        let refusal = || Rejection::bad_field(field, format!("must be at most {ITEMS_MAX}"));
        if count > ITEMS_MAX { Err(refusal()) } else { Ok(()) }
    };
    match command {
        Command::PostMessage(c) if c.text.is_none() && c.files.is_empty() => {
            Err(Rejection::bad_field("text", "or files must be there"))
        }
        Command::PostMessage(c) => at_most("files", c.files.len()),
        Command::DeliverFiles(c) if c.files.is_empty() => {
            Err(Rejection::bad_field("files", "must not be empty"))
        }
        Command::DeliverFiles(c) => at_most("files", c.files.len()),
        Command::RequestRevision(c) => at_most("points", c.points.len()),
        Command::ProposeUpdate(c) if *c == ProposeUpdate::default() => {
            Err(Rejection::bad_field("due_at", ", revisions or price must be there"))
        }
        Command::ProposeUpdate(c) => revisions_fit(c.revisions),
        Command::RequestCancel(c) => cx_join(c.cx_join),
        Command::OpenDispute(c) => cx_join(c.cx_join),
        _ => Ok(()),
    }
}

fn revisions_fit(revisions: Option<u32>) -> Result<(), Rejection> {
    let refusal = || Rejection::bad_field("revisions", format!("must be at most {REVISIONS_MAX}"));
    if revisions.is_some_and(|revisions| revisions > REVISIONS_MAX) { Err(refusal()) } else { Ok(()) }
}

fn cx_join(ticked: bool) -> Result<(), Rejection> {
    if ticked {
        return Ok(());
    }
    let message = "Confirm that customer experience shall join.";
    Err(Rejection { field: Some("cx_join".into()), ..Rejection::new(Code::CxJoinRequired, message) })
}

struct Decision<'a> {
    order: &'a Order,
    actor: &'a Actor,
    asked: &'a Asked<'a>,
    moment: &'a Moment<'a>,
}

impl Decision<'_> {
    fn decide(&self) -> Result<Decided, Rejection> {
        let order = self.order;
        Ok(match self.asked.command {
            Command::SubmitRequirements(c) => self.submit_requirements(&c.answers)?.into(),
            Command::AcceptOrder(c) => self.accept_order(c.without_answers)?.into(),
            Command::DeclineOrder(c) => {
                let mut events = vec![Event::OrderDeclined { reason: c.reason.clone() }];
                events.extend(refund(order.refundable()));
                events.into()
            }
            Command::DeliverFiles(c) => self.delivery(DeliveryKind::Files, c.note.clone(), |_| ()).into(),
            Command::DeliverExternal(c) => self.deliver_external(&c.place, c.note.as_ref()).into(),
            Command::MarkSent(c) => self.mark_sent(c)?.into(),
            Command::MarkPaid(c) => vec![Event::PaymentMarked { agreed: c.agreed }].into(),
            Command::AcceptDelivery(c) => self.accept_delivery(c.delivery)?.into(),
            Command::RequestRevision(c) => self.request_revision(c)?.into(),
            Command::ProposeUpdate(c) => self.propose_update(c)?.into(),
            Command::AcceptUpdate(c) => self.accept_update(c.proposal)?.into(),
            Command::DeclineUpdate(c) => {
                self.is_open(c.proposal)?;
                vec![Event::ContractDeclined { proposal: c.proposal, reason: c.reason.clone() }].into()
            }
            Command::WithdrawUpdate(c) => {
                self.is_open(c.proposal)?;
                vec![Event::ContractWithdrawn { proposal: c.proposal }].into()
            }
            Command::RequestCancel(c) => vec![Event::CancelRequested { reason: c.reason.clone() }].into(),
            Command::ConsentCancel(_) => {
                let mut events = vec![Event::CancelAgreed {}, cancelled(CloseReason::Mutual, None)];
                events.extend(refund(order.refundable()));
                events.into()
            }
            Command::WithdrawCancel(_) => vec![Event::CancelWithdrawn {}].into(),
            Command::CancelOrder(c) => vec![cancelled(CloseReason::Seller, Some(c.reason.clone()))].into(),
            Command::OpenDispute(c) => vec![Event::DisputeOpened { reason: c.reason.clone() }].into(),
            Command::CloseDispute(_) => vec![Event::DisputeWithdrawn {}].into(),
            _ => self.decide_case()?,
        })
    }

    /// Commands of customer experience, and the answers to them.
    fn decide_case(&self) -> Result<Decided, Rejection> {
        let agent = self.actor.user.clone();
        let agent = agent.ok_or_else(|| Rejection::new(Code::NotYourRole, "This is for people only."));
        Ok(match self.asked.command {
            Command::ApproveCancel(c) => self.approve_cancel(c.refund, &c.reason)?.into(),
            Command::RejectCancel(c) => self.reject_cancel(c)?.into(),
            Command::ClaimCase(_) => {
                Decided { events: vec![], case_events: vec![CaseEvent::Claimed { agent: agent? }] }
            }
            Command::JoinCase(_) => vec![Event::AgentJoined { agent: agent? }].into(),
            Command::LeaveCase(_) => self.leave_case()?,
            Command::HandOverCase(c) => {
                let from = agent?;
                if c.to == from || self.order.side_of(&c.to).is_some() {
                    return Err(Rejection::bad_field("to", "must be another agent"));
                }
                let event = Event::CaseHandedOver { from: from.clone(), to: c.to.clone() };
                Decided {
                    events: vec![event],
                    case_events: vec![CaseEvent::Assigned { from, to: c.to.clone() }],
                }
            }
            Command::ProposeResolution(c) => self.propose_resolution(&c.option)?.into(),
            Command::AcceptResolution(c) => self.accept_resolution(c.resolution)?.into(),
            Command::ResolveDispute(c) => {
                let event =
                    Event::DisputeResolved { option: Some(c.option.clone()), reason: Some(c.reason.clone()) };
                let mut events = vec![event];
                events.extend(self.outcome(&c.option, CloseReason::Cx)?);
                events.into()
            }
            other => {
                return Err(Rejection::new(
                    Code::WrongState,
                    format!("{} is no act on the order.", other.kind().as_str()),
                ));
            }
        })
    }

    fn submit_requirements(&self, given: &crate::command::Answers) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        requirements::check_answers(&order.form, given)?;
        let mut answers = order.answers.clone();
        answers.extend(given.clone());
        let missing = order.form.iter().find(|q| q.required && !answers.contains_key(&q.id));
        if let Some(question) = missing {
            return Err(Rejection::bad_field(format!("answers.{}", question.id), "is missing"));
        }
        Ok(vec![Event::RequirementsAnswered { answers }])
    }

    fn accept_order(&self, without_answers: bool) -> Result<Vec<Event>, Rejection> {
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
            files: self.asked.files.to_vec(),
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

    fn deliver_external(&self, place: &Text, note: Option<&Text>) -> Vec<Event> {
        self.delivery(DeliveryKind::External, note.cloned(), |event| {
            if let Event::DeliverySubmitted { place: field, .. } = event {
                *field = Some(place.clone());
            }
        })
    }

    fn mark_sent(&self, sent: &crate::command::MarkSent) -> Result<Vec<Event>, Rejection> {
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

    fn is_latest(&self, delivery: u32) -> Result<(), Rejection> {
        if delivery == self.order.delivery_no() {
            return Ok(());
        }
        let message =
            format!("There is a newer delivery, number {}. Look at it first.", self.order.delivery_no());
        Err(Rejection::new(Code::StaleDelivery, message))
    }

    fn accept_delivery(&self, delivery: u32) -> Result<Vec<Event>, Rejection> {
        self.is_latest(delivery)?;
        let mut events = completed(self.order, CloseReason::BuyerAccept);
        if self.order.case.is_some() {
            events.push(Event::DisputeResolved { option: None, reason: None });
        }
        Ok(events)
    }

    fn request_revision(&self, asked: &crate::command::RequestRevision) -> Result<Vec<Event>, Rejection> {
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

    fn propose_update(&self, asked: &ProposeUpdate) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        let side = self.actor.role.side().unwrap_or(Side::Buyer);
        let changes = self.changed_terms(asked, side)?;
        if !order.policy.consent_required {
            return Ok(self.updated(None, changes));
        }
        let lifetime = crate::clock::seconds(order.policy.proposal_lifetime_s);
        let what = format!("proposal:{}", self.actor.sender());
        Ok(vec![Event::ContractProposed {
            proposal: ProposalId(self.asked.id.derive(order.id, &what)),
            changes,
            current: only(order.terms(), changes),
            consequences: consequences(order, changes, self.moment),
            expires_at: self.moment.now + lifetime,
        }])
    }

    /// The fields that really change, each of them allowed and possible.
    fn changed_terms(&self, asked: &ProposeUpdate, side: Side) -> Result<Terms, Rejection> {
        let order = self.order;
        let may = updatable(order, side);
        let allowed = |field, given: bool| !given || may.contains(&field);
        if !allowed(TermField::Price, asked.price.is_some()) {
            return Err(self.price_refusal(side));
        }
        if !allowed(TermField::DueAt, asked.due_at.is_some())
            || !allowed(TermField::Revisions, asked.revisions.is_some())
        {
            return Err(Rejection::new(Code::NotYourRole, "You cannot change these terms of this order."));
        }
        if let Some(due_at) = asked.due_at {
            check_due("due_at", due_at, self.moment.now)?;
        }
        if asked.revisions.is_some_and(|revisions| revisions < order.revisions_used) {
            return Err(Rejection::bad_field("revisions", "must not be fewer than are used"));
        }
        let now = order.terms();
        let changes = Terms {
            due_at: asked.due_at.map(to_millis).filter(|due_at| now.due_at != Some(*due_at)),
            revisions: asked.revisions.filter(|revisions| now.revisions != Some(*revisions)),
            price: asked.price.filter(|price| now.price != Some(*price)),
        };
        if changes == Terms::default() {
            return Err(Rejection::bad_field(
                "due_at",
                ", revisions or price must differ from the current terms",
            ));
        }
        Ok(changes)
    }

    fn price_refusal(&self, side: Side) -> Rejection {
        let mine = side == Side::Seller && self.order.policy.seller_may_update.contains(&TermField::Price);
        if mine && !price_open(self.order) {
            return Rejection::new(
                Code::WrongState,
                "The price can change only until the work is delivered.",
            );
        }
        Rejection::new(Code::NotYourRole, "Only the seller can propose another price.")
    }

    fn is_open(&self, proposal: ProposalId) -> Result<(), Rejection> {
        if self.order.proposal.as_ref().is_some_and(|open| open.id == proposal) {
            return Ok(());
        }
        Err(Rejection::new(Code::StaleProposal, "Another proposal is waiting now. Look at it first."))
    }

    fn accept_update(&self, proposal: ProposalId) -> Result<Vec<Event>, Rejection> {
        self.is_open(proposal)?;
        let changes = self.order.proposal.as_ref().map(|open| open.changes).unwrap_or_default();
        Ok(self.updated(Some(proposal), changes))
    }

    /// New terms, and the money that a lower price gives back.
    fn updated(&self, proposal: Option<ProposalId>, new: Terms) -> Vec<Event> {
        let order = self.order;
        let mut events = vec![Event::ContractUpdated { proposal, old: only(order.terms(), new), new }];
        if let Some(price) = new.price {
            let paid = order.payment.captured.minus(order.payment.refunded).minus(order.payment.refund_due);
            events.extend(refund(paid.minus(price)));
        }
        events
    }

    fn approve_cancel(&self, back: Amount, reason: &Text) -> Result<Vec<Event>, Rejection> {
        self.is_refundable("refund", back)?;
        let mut events = vec![Event::CancelApproved { refund: back, reason: reason.clone() }];
        events.extend(self.end(CloseReason::Cx, Some(reason.clone()), back));
        Ok(events)
    }

    fn reject_cancel(&self, asked: &crate::command::RejectCancel) -> Result<Vec<Event>, Rejection> {
        let mut events = vec![Event::CancelRejected { reason: asked.reason.clone() }];
        if let Some(due_at) = asked.new_due_at {
            check_due("new_due_at", due_at, self.moment.now)?;
            events.extend(self.updated(None, Terms { due_at: Some(to_millis(due_at)), ..Terms::default() }));
        }
        Ok(events)
    }

    fn leave_case(&self) -> Result<Decided, Rejection> {
        let agent =
            self.actor.user.clone().ok_or_else(|| Rejection::new(Code::NotJoined, "Join the case first."))?;
        let mine = self.moment.claimed_by == Some(&agent);
        let released = mine.then(|| CaseEvent::Released { agent: agent.clone() });
        Ok(Decided { events: vec![Event::AgentLeft { agent }], case_events: released.into_iter().collect() })
    }

    fn propose_resolution(&self, option: &Resolution) -> Result<Vec<Event>, Rejection> {
        self.outcome(option, CloseReason::Resolution)?;
        let what = format!("resolution:{}", self.actor.sender());
        Ok(vec![Event::ResolutionProposed {
            resolution: ResolutionId(self.asked.id.derive(self.order.id, &what)),
            option: in_millis(option),
            expires_at: self.moment.now + crate::clock::seconds(self.order.policy.resolution_window_s),
        }])
    }

    fn accept_resolution(&self, resolution: ResolutionId) -> Result<Vec<Event>, Rejection> {
        let open = self.order.case.as_ref().and_then(|case| case.resolution.as_ref());
        let Some(open) = open.filter(|open| open.id == resolution) else {
            return Err(Rejection::new(
                Code::StaleProposal,
                "Another resolution is waiting now. Look at it first.",
            ));
        };
        let side = self.actor.role.side().unwrap_or(Side::Buyer);
        let mut events = vec![Event::ResolutionAccepted { resolution, side }];
        if open.accepted_by.contains(&side.other()) {
            events.push(Event::ResolutionAgreed { resolution, option: open.option.clone() });
            events.extend(self.outcome(&open.option, CloseReason::Resolution)?);
        }
        Ok(events)
    }

    /// What an outcome brings about beside closing the case.
    fn outcome(&self, option: &Resolution, close_reason: CloseReason) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        if order.state.is_terminal() {
            return self.outcome_after_end(option);
        }
        Ok(match option {
            Resolution::Resume => vec![],
            Resolution::Extend { due_at } => {
                check_due("option.due_at", *due_at, self.moment.now)?;
                self.updated(None, Terms { due_at: Some(to_millis(*due_at)), ..Terms::default() })
            }
            Resolution::ExtraRevision => {
                let revisions = order.revisions_allowed + 1;
                if revisions > REVISIONS_MAX {
                    return Err(Rejection::bad_field(
                        "option",
                        format!("must leave at most {REVISIONS_MAX} revisions"),
                    ));
                }
                self.updated(None, Terms { revisions: Some(revisions), ..Terms::default() })
            }
            Resolution::PartialRefund { amount } => {
                self.is_refundable("option.amount", *amount)?;
                refund(*amount).into_iter().collect()
            }
            Resolution::Cancel { refund } => {
                self.is_refundable("option.refund", *refund)?;
                self.end(close_reason, None, *refund)
            }
            Resolution::Complete => completed(order, close_reason),
        })
    }

    /// A dispute after the end: money may go back, the state follows the host's confirmation.
    fn outcome_after_end(&self, option: &Resolution) -> Result<Vec<Event>, Rejection> {
        match option {
            Resolution::PartialRefund { amount } => {
                self.is_refundable("option.amount", *amount)?;
                Ok(refund(*amount).into_iter().collect())
            }
            Resolution::Cancel { refund: back } if *back == self.order.refundable() => {
                Ok(refund(*back).into_iter().collect())
            }
            Resolution::Cancel { .. } => {
                let problem = format!("must be all that is left, {}", self.order.refundable().minor());
                Err(Rejection::bad_field("option.refund", problem))
            }
            Resolution::Complete => Ok(vec![]),
            _ => {
                let problem = "must be partial_refund, cancel or complete: the order has ended";
                Err(Rejection::bad_field("option.kind", problem))
            }
        }
    }

    fn is_refundable(&self, field: &str, amount: Amount) -> Result<(), Rejection> {
        let most = self.order.refundable();
        let refusal = || {
            Rejection::bad_field(
                field,
                format!("must be at most {}, what is left of the payment", most.minor()),
            )
        };
        if amount > most { Err(refusal()) } else { Ok(()) }
    }

    /// Ends without completion: part back to the buyer, the rest to the seller.
    fn end(&self, close_reason: CloseReason, reason: Option<Text>, back: Amount) -> Vec<Event> {
        let mut events = vec![cancelled(close_reason, reason)];
        events.extend(refund(back));
        events.extend(payout(self.order, self.order.refundable().minus(back)));
        events
    }
}

fn refund(amount: Amount) -> Option<Event> {
    amount.is_some().then_some(Event::RefundRequested { amount })
}

fn payout(order: &Order, amount: Amount) -> Option<Event> {
    let asks = order.policy.settlement == Settlement::Escrow && !order.payment.payout_requested;
    (asks && amount.is_some()).then_some(Event::PayoutRequested { amount })
}

fn cancelled(close_reason: CloseReason, reason: Option<Text>) -> Event {
    Event::OrderCancelled { close_reason, reason }
}

fn completed(order: &Order, close_reason: CloseReason) -> Vec<Event> {
    let delivery = (order.delivery_no() > 0).then_some(order.delivery_no());
    let mut events = vec![Event::OrderCompleted { close_reason, delivery }];
    events.extend(payout(order, order.refundable()));
    events
}

/// The fields of `terms` that `meant` names.
fn only(terms: Terms, meant: Terms) -> Terms {
    Terms {
        due_at: terms.due_at.filter(|_| meant.due_at.is_some()),
        revisions: terms.revisions.filter(|_| meant.revisions.is_some()),
        price: terms.price.filter(|_| meant.price.is_some()),
    }
}

fn in_millis(option: &Resolution) -> Resolution {
    match option {
        Resolution::Extend { due_at } => Resolution::Extend { due_at: to_millis(*due_at) },
        other => other.clone(),
    }
}

fn consequences(order: &Order, changes: Terms, moment: &Moment<'_>) -> Vec<Consequence> {
    let mut all = Vec::new();
    if let Some(at) = changes.due_at {
        all.push(Consequence::CancelFrom { at });
        if order.overdue && at > moment.now {
            all.push(Consequence::NoLongerOverdue);
        }
    }
    if let Some(revisions) = changes.revisions {
        all.push(Consequence::RevisionsLeft { left: revisions.saturating_sub(order.revisions_used) });
    }
    if let Some(price) = changes.price.filter(|_| order.payment.captured.is_some()) {
        let paid = order.refundable();
        all.extend(
            Some(paid.minus(price)).filter(|a| a.is_some()).map(|amount| Consequence::Refund { amount }),
        );
        all.extend(
            Some(price.minus(paid)).filter(|a| a.is_some()).map(|amount| Consequence::Owed { amount }),
        );
    }
    all
}

/// Decides what the host reports about money (G7: amounts match, a booking counts once).
pub(crate) fn decide_booking(
    order: &Order,
    booking: &Booking,
    moment: &Moment<'_>,
) -> Result<(&'static Row, Vec<Event>), Rejection> {
    let row = admit(Trigger::Booking(booking.kind), order, &Actor::nobody(Role::Host), moment)?;
    if order.payment.references.contains(&booking.reference) {
        return Err(Rejection::new(Code::AlreadyDone, "This booking was reported before."));
    }
    let Booking { amount, reference, .. } = booking.clone();
    let events = match booking.kind {
        BookingKind::Payment => confirm_payment(order, amount, reference)?,
        BookingKind::Refund => {
            let most = order.payment.captured.minus(order.payment.refunded);
            let open_and_all = !order.state.is_terminal() && amount == most;
            if open_and_all && amount.is_some() {
                return Err(Rejection::new(
                    Code::WrongState,
                    "Cancel the order before all of its money goes back.",
                ));
            }
            matches_amount(amount.is_some() && amount <= most, most)?;
            vec![Event::PaymentRefunded { amount, reference }]
        }
        BookingKind::Payout => {
            let most = order.payment.payout_due;
            matches_amount(amount.is_some() && amount <= most, most)?;
            vec![Event::PaymentPaidOut { amount, reference }]
        }
    };
    Ok((row, events))
}

fn confirm_payment(order: &Order, amount: Amount, reference: Text) -> Result<Vec<Event>, Rejection> {
    let owed = order.price.amount.minus(order.payment.captured);
    if order.policy.settlement == Settlement::Direct {
        matches_amount(amount == order.price.amount, order.price.amount)?;
        return Ok(vec![Event::PaymentMarked { agreed: false }]);
    }
    matches_amount(amount.is_some() && amount == owed, owed)?;
    let mut events = vec![Event::PaymentConfirmed { amount, reference }];
    if order.state == State::Completed {
        events.extend(payout(order, amount));
    }
    Ok(events)
}

fn matches_amount(fits: bool, expected: Amount) -> Result<(), Rejection> {
    let refusal = || {
        Rejection::new(
            Code::AmountMismatch,
            format!("The amount does not match: {} is owed.", expected.minor()),
        )
    };
    if fits { Ok(()) } else { Err(refusal()) }
}

/// What a clock that ran out brings about.
pub(crate) fn decide_wake(
    order: &Order,
    wake: &crate::clock::Wake,
    moment: &Moment<'_>,
) -> Option<(&'static Row, Vec<Event>)> {
    let on = if wake.reminder.is_some() { Trigger::Reminder(wake.kind) } else { Trigger::Timer(wake.kind) };
    let row = admit(on, order, &Actor::nobody(Role::System), moment).ok()?;
    let mut events: Vec<Event> =
        row.events.iter().filter_map(|kind| timer_event(*kind, order, wake)).collect();
    if row.maybe.contains(&crate::event::EventKind::RefundRequested) {
        events.extend(refund(order.refundable()));
    }
    if row.maybe.contains(&crate::event::EventKind::PayoutRequested) {
        events.extend(payout(order, order.refundable()));
    }
    Some((row, events))
}

fn timer_event(kind: crate::event::EventKind, order: &Order, wake: &crate::clock::Wake) -> Option<Event> {
    use crate::event::EventKind as E;
    Some(match kind {
        E::OrderAutoCancelled => Event::OrderAutoCancelled {},
        E::OrderAutoClosed => Event::OrderAutoClosed {},
        E::OrderAutoCompleted => Event::OrderAutoCompleted { delivery: order.delivery_no() },
        E::OrderOverdue => Event::OrderOverdue {},
        E::OrderIdle => Event::OrderIdle {},
        E::ReviewReminded => Event::ReviewReminded { left_s: wake.reminder.unwrap_or(0) },
        E::CaseEscalated => Event::CaseEscalated {},
        E::ContractLapsed => Event::ContractLapsed { proposal: order.proposal.as_ref()?.id },
        E::ResolutionLapsed => {
            Event::ResolutionLapsed { resolution: order.case.as_ref()?.resolution.as_ref()?.id }
        }
        _ => return None,
    })
}

/// The seqs of `count` entries that follow `head`.
pub(crate) fn seqs_after(head: Seq, count: usize) -> Vec<Seq> {
    (1..=count as u64).map(|n| Seq(head.0 + n)).collect()
}
