//! What a command brings about, or why it does not. Pure: the same order, actor, command and moment
//! give the same events.

mod case;
mod money;
mod terms;
mod wake;
mod work;

use self::money::{cancelled, refund};
pub(crate) use self::{case::outcome_possible, money::decide_booking, wake::decide_wake};
use crate::{
    command::{Command, ProposeUpdate},
    event::{CaseEvent, CloseReason, Event, FileRef},
    guard::{Guard, Moment},
    ids::CommandId,
    lifecycle::{Row, Trigger, rows},
    order::Order,
    participant::{Actor, Role},
    policy::Settlement,
    rejection::{Code, Rejection},
    values::REVISIONS_MAX,
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
    /// Those files of this room that the command names ([`crate::files::named`]); what is not there is refused.
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
            Command::DeliverFiles(c) => self.deliver_files(c)?.into(),
            Command::DeliverExternal(c) => self.deliver_external(&c.place, c.note.as_ref()).into(),
            Command::MarkSent(c) => self.mark_sent(c)?.into(),
            Command::MarkPaid(c) => self.mark_paid(c.agreed)?.into(),
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
            Command::RequestCancel(c) => {
                vec![Event::CancelRequested { reason: c.reason.clone(), respond_by: self.response() }].into()
            }
            Command::ConsentCancel(_) => {
                let mut events = vec![Event::CancelAgreed {}, cancelled(CloseReason::Mutual, None)];
                events.extend(refund(order.refundable()));
                events.into()
            }
            Command::WithdrawCancel(_) => vec![Event::CancelWithdrawn {}].into(),
            Command::CancelOrder(c) => vec![cancelled(CloseReason::Seller, Some(c.reason.clone()))].into(),
            Command::OpenDispute(c) => {
                vec![Event::DisputeOpened { reason: c.reason.clone(), respond_by: self.response() }].into()
            }
            Command::CloseDispute(_) => vec![Event::DisputeWithdrawn {}].into(),
            _ => self.decide_case()?,
        })
    }
}
