//! Cases: what customer experience does, and how the sides answer.

use super::{
    Decided, Decision,
    money::{cancelled, completed, payout, refund},
};
use crate::{
    command::{Command, RejectCancel, Resolution},
    event::{CaseEvent, CloseReason, Event, Terms},
    guard::in_room,
    ids::{ResolutionId, UserId},
    order::Order,
    participant::{Role, Side},
    placement::check_due,
    rejection::{Code, Rejection},
    values::{Amount, REVISIONS_MAX, Text, Timestamp, to_millis},
};

impl Decision<'_> {
    /// Commands of customer experience, and the answers to them.
    pub(super) fn decide_case(&self) -> Result<Decided, Rejection> {
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
                let from = self.holder(agent?);
                if c.to == from || self.order.side_of(&c.to).is_some() {
                    return Err(Rejection::bad_field("to", "must be another agent"));
                }
                let left = in_room(self.order, Some(&from)).then(|| from.clone());
                let respond_by = self.respond_by(left.as_ref());
                Decided {
                    events: vec![Event::CaseHandedOver { from: left, respond_by }],
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

    /// Whose case it is that is handed over: the agent's own; an admin gives away that of whoever has it.
    fn holder(&self, by: UserId) -> UserId {
        if self.actor.role != Role::Admin {
            return by;
        }
        let joined = self.order.case.as_ref().and_then(|case| case.joined.iter().find(|user| **user != by));
        self.moment.claim.map(|claim| &claim.agent).or(joined).cloned().unwrap_or(by)
    }

    pub(super) fn approve_cancel(&self, back: Amount, reason: &Text) -> Result<Vec<Event>, Rejection> {
        is_refundable(self.order, "refund", back)?;
        let mut events = vec![Event::CancelApproved { refund: back, reason: reason.clone() }];
        events.extend(self.end(CloseReason::Cx, Some(reason.clone()), back));
        Ok(events)
    }

    pub(super) fn reject_cancel(&self, asked: &RejectCancel) -> Result<Vec<Event>, Rejection> {
        let mut events = vec![Event::CancelRejected { reason: asked.reason.clone() }];
        if let Some(due_at) = asked.new_due_at {
            check_due("new_due_at", due_at, self.moment.now)?;
            events.extend(self.updated(None, Terms { due_at: Some(to_millis(due_at)), ..Terms::default() }));
        }
        Ok(events)
    }

    pub(super) fn leave_case(&self) -> Result<Decided, Rejection> {
        let agent =
            self.actor.user.clone().ok_or_else(|| Rejection::new(Code::NotJoined, "Join the case first."))?;
        let mine = self.moment.claim.is_some_and(|claim| claim.agent == agent);
        let released = mine.then(|| CaseEvent::Released { agent: agent.clone() });
        let respond_by = self.respond_by(Some(&agent));
        Ok(Decided {
            events: vec![Event::AgentLeft { agent, respond_by }],
            case_events: released.into_iter().collect(),
        })
    }

    /// When somebody should be there again, unless somebody still is when `left` has gone.
    fn respond_by(&self, left: Option<&UserId>) -> Option<Timestamp> {
        let mut joined = self.order.case.iter().flat_map(|case| &case.joined);
        let nobody = joined.all(|user| Some(user) == left);
        nobody.then(|| self.response())
    }

    /// When customer experience should be there if it is called now.
    pub(super) fn response(&self) -> Timestamp {
        self.order.policy.cx_deadline(self.moment.now)
    }

    pub(super) fn propose_resolution(&self, option: &Resolution) -> Result<Vec<Event>, Rejection> {
        self.outcome(option, CloseReason::Resolution)?;
        let what = format!("resolution:{}", self.actor.sender());
        Ok(vec![Event::ResolutionProposed {
            resolution: ResolutionId(self.asked.id.derive(self.order.id, &what)),
            option: in_millis(option),
            expires_at: self.moment.now + crate::clock::seconds(self.order.policy.resolution_window_s),
        }])
    }

    pub(super) fn accept_resolution(&self, resolution: ResolutionId) -> Result<Vec<Event>, Rejection> {
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

    /// What an outcome brings about beside closing the case. After the end only money moves: the state follows
    /// the host's confirmation.
    pub(super) fn outcome(
        &self,
        option: &Resolution,
        close_reason: CloseReason,
    ) -> Result<Vec<Event>, Rejection> {
        let order = self.order;
        outcome_possible(order, option, self.moment.now)?;
        Ok(match option {
            Resolution::Resume => vec![],
            Resolution::Extend { due_at } => {
                self.updated(None, Terms { due_at: Some(to_millis(*due_at)), ..Terms::default() })
            }
            Resolution::ExtraRevision => {
                let revisions = Some(order.revisions_allowed + 1);
                self.updated(None, Terms { revisions, ..Terms::default() })
            }
            Resolution::PartialRefund { amount } => refund(*amount).into_iter().collect(),
            Resolution::Cancel { refund: back } if order.state.is_terminal() => {
                refund(*back).into_iter().collect()
            }
            Resolution::Cancel { refund } => self.end(close_reason, None, *refund),
            Resolution::Complete if order.state.is_terminal() => vec![],
            Resolution::Complete => completed(order, close_reason),
        })
    }

    /// Ends without completion: part back to the buyer, the rest to the seller.
    pub(super) fn end(&self, close_reason: CloseReason, reason: Option<Text>, back: Amount) -> Vec<Event> {
        let mut events = vec![cancelled(close_reason, reason)];
        events.extend(refund(back));
        events.extend(payout(self.order, self.order.refundable().minus(back)));
        events
    }
}

/// Can this outcome come about now? Time and bookings may have overtaken one that was proposed (I4).
pub(crate) fn outcome_possible(order: &Order, option: &Resolution, now: Timestamp) -> Result<(), Rejection> {
    let over = order.state.is_terminal();
    match option {
        Resolution::PartialRefund { amount } => is_part(order, *amount),
        Resolution::Cancel { refund } if over && *refund != order.refundable() => {
            let problem = format!("must be all that is left, {}", order.refundable().minor());
            Err(Rejection::bad_field("option.refund", problem))
        }
        Resolution::Cancel { refund } => is_refundable(order, "option.refund", *refund),
        Resolution::Complete => Ok(()),
        _ if over => {
            let problem = "must be partial_refund, cancel or complete: the order has ended";
            Err(Rejection::bad_field("option.kind", problem))
        }
        Resolution::Resume => Ok(()),
        Resolution::Extend { due_at } => check_due("option.due_at", *due_at, now),
        Resolution::ExtraRevision if order.revisions_allowed < REVISIONS_MAX => Ok(()),
        Resolution::ExtraRevision => {
            let problem = format!("must leave at most {REVISIONS_MAX} revisions");
            Err(Rejection::bad_field("option", problem))
        }
    }
}

fn is_refundable(order: &Order, field: &str, amount: Amount) -> Result<(), Rejection> {
    let most = order.refundable();
    let refusal = || {
        Rejection::bad_field(field, format!("must be at most {}, what is left of the payment", most.minor()))
    };
    if amount > most { Err(refusal()) } else { Ok(()) }
}

/// All that is left goes back by `cancel`; after the end there is nothing to cancel, and all may be a part.
fn is_part(order: &Order, amount: Amount) -> Result<(), Rejection> {
    let all = !order.state.is_terminal() && amount == order.refundable();
    if all || !amount.is_some() {
        let problem =
            "must be more than nothing and less than all that is left: cancel gives back everything";
        return Err(Rejection::bad_field("option.amount", problem));
    }
    is_refundable(order, "option.amount", amount)
}

fn in_millis(option: &Resolution) -> Resolution {
    match option {
        Resolution::Extend { due_at } => Resolution::Extend { due_at: to_millis(*due_at) },
        other => other.clone(),
    }
}
