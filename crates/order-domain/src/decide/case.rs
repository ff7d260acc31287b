//! Cases: what customer experience does, and how the sides answer.

use super::{
    Decided, Decision,
    money::{cancelled, completed, payout, refund},
};
use crate::{
    command::{Command, RejectCancel, Resolution},
    event::{CaseEvent, CloseReason, Event, Terms},
    ids::ResolutionId,
    participant::Side,
    placement::check_due,
    rejection::{Code, Rejection},
    values::{Amount, REVISIONS_MAX, Text, to_millis},
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

    pub(super) fn approve_cancel(&self, back: Amount, reason: &Text) -> Result<Vec<Event>, Rejection> {
        self.is_refundable("refund", back)?;
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
        let mine = self.moment.claimed_by == Some(&agent);
        let released = mine.then(|| CaseEvent::Released { agent: agent.clone() });
        Ok(Decided { events: vec![Event::AgentLeft { agent }], case_events: released.into_iter().collect() })
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

    /// What an outcome brings about beside closing the case.
    pub(super) fn outcome(
        &self,
        option: &Resolution,
        close_reason: CloseReason,
    ) -> Result<Vec<Event>, Rejection> {
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
    pub(super) fn outcome_after_end(&self, option: &Resolution) -> Result<Vec<Event>, Rejection> {
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

    pub(super) fn is_refundable(&self, field: &str, amount: Amount) -> Result<(), Rejection> {
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
    pub(super) fn end(&self, close_reason: CloseReason, reason: Option<Text>, back: Amount) -> Vec<Event> {
        let mut events = vec![cancelled(close_reason, reason)];
        events.extend(refund(back));
        events.extend(payout(self.order, self.order.refundable().minus(back)));
        events
    }
}

fn in_millis(option: &Resolution) -> Resolution {
    match option {
        Resolution::Extend { due_at } => Resolution::Extend { due_at: to_millis(*due_at) },
        other => other.clone(),
    }
}
