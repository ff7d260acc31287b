//! Preconditions of transitions, each with the refusal it gives. None looks at a command's arguments:
//! so what `actions` promises is what `decide` keeps (I4).

use crate::{
    claim::Claim,
    clock::TimerKind,
    decide::outcome_possible,
    ids::UserId,
    order::{CaseKind, Order, State},
    participant::{Actor, Side},
    payment::Marked,
    placement::check_due,
    policy::{CancelUnlock, ReviewTimeout, Settlement, TermField},
    rejection::{Code, Rejection},
    values::Timestamp,
};

/// What a decision may look at beside the order: all of it passed in.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The database's clock, of the moment in which the room was read.
    pub now: Timestamp,
    /// Who of the staff has the case.
    pub claim: Option<&'a Claim>,
}

impl Moment<'_> {
    fn is_claimed_by(&self, user: Option<&UserId>) -> bool {
        self.claim.is_some_and(|claim| Some(&claim.agent) == user)
    }

    /// Has the claim's agent had the time to join, and not come?
    fn is_claim_open(&self, order: &Order) -> bool {
        let open_from = self.claim.and_then(|claim| claim.open_from(order));
        open_from.is_some_and(|open_from| self.now >= open_from)
    }
}

/// A precondition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the refusals in `check` say it")]
pub enum Guard {
    FormExists,
    AnswersMissing,
    AnswersAwaited,
    NothingAnswered,
    NoCase,
    DueAhead,
    CaseOpen,
    CancelCase,
    DisputeCase,
    CaseOpener,
    NotCaseOpener,
    Claimable,
    ClaimedByMe,
    NotInRoom,
    InRoom,
    OthersInRoom,
    RevisionsLeft,
    CancelUnlocked,
    WithinGrace,
    NoProposal,
    ProposalOpen,
    Proposer,
    NotProposer,
    ProposalPossible,
    MayUpdate,
    ConsentRequired,
    ConsentNotRequired,
    NotYetPaid,
    ResolutionOpen,
    NotYetAgreed,
    ResolutionPossible,
    OtherHasAgreed,
    SilenceAccepts,
    DirectUnpaidFirst,
}

use Guard as G;

impl Guard {
    /// Refuses, with the sentence that a person reads.
    pub fn check(self, order: &Order, actor: &Actor, moment: &Moment<'_>) -> Result<(), Rejection> {
        if self.holds(order, actor, moment) { Ok(()) } else { Err(self.refusal(order, actor, moment)) }
    }

    fn holds(self, order: &Order, actor: &Actor, moment: &Moment<'_>) -> bool {
        let side = actor.role.side();
        let case = order.case.as_ref();
        let proposal = order.proposal.as_ref();
        let resolution = case.and_then(|case| case.resolution.as_ref());
        let user = actor.user.as_ref();
        match self {
            G::FormExists => !order.form.is_empty(),
            G::AnswersMissing => order.form.iter().any(|q| !order.answers.contains_key(&q.id)),
            G::AnswersAwaited => order.answers_missing(),
            G::NothingAnswered => order.answers.is_empty(),
            G::NoCase => case.is_none(),
            G::DueAhead => order.due_at.is_none_or(|due_at| due_at > moment.now),
            G::CaseOpen => case.is_some(),
            G::CancelCase => case.is_some_and(|case| case.kind == CaseKind::Cancel),
            G::DisputeCase => case.is_some_and(|case| case.kind == CaseKind::Dispute),
            G::CaseOpener => case.is_some_and(|case| case.by == side),
            G::NotCaseOpener => case.is_some_and(|case| case.by != side),
            G::Claimable => {
                moment.claim.is_none() || (!moment.is_claimed_by(user) && moment.is_claim_open(order))
            }
            G::ClaimedByMe => moment.is_claimed_by(user),
            G::NotInRoom => !in_room(order, user),
            G::InRoom => in_room(order, user),
            G::OthersInRoom => case.is_some_and(|case| case.joined.iter().any(|joined| Some(joined) != user)),
            G::RevisionsLeft => order.revisions_remaining() > 0,
            G::CancelUnlocked => cancel_unlocked(order, moment.now),
            G::WithinGrace => grace_end(order).is_none_or(|end| moment.now <= end),
            G::NoProposal => proposal.is_none(),
            G::ProposalOpen => proposal.is_some(),
            G::Proposer => proposal.is_some_and(|proposal| Some(proposal.by) == side),
            G::NotProposer => proposal.is_some_and(|proposal| Some(proposal.by) != side),
            G::ProposalPossible => proposal_possible(order, moment.now),
            G::MayUpdate => side.is_some_and(|side| !updatable(order, side).is_empty()),
            G::ConsentRequired => order.policy.consent_required,
            G::ConsentNotRequired => !order.policy.consent_required,
            G::NotYetPaid => order.payment.marked != Some(Marked::Paid),
            G::ResolutionOpen => resolution.is_some(),
            G::NotYetAgreed => {
                resolution.is_some_and(|r| side.is_some_and(|side| !r.accepted_by.contains(&side)))
            }
            G::ResolutionPossible => {
                resolution.is_some_and(|r| outcome_possible(order, &r.option, moment.now).is_ok())
            }
            G::OtherHasAgreed => {
                resolution.is_some_and(|r| side.is_some_and(|side| r.accepted_by.contains(&side.other())))
            }
            G::SilenceAccepts => {
                order.policy.on_review_timeout == ReviewTimeout::Accept && !direct_unpaid(order)
            }
            G::DirectUnpaidFirst => {
                direct_unpaid(order)
                    && order.timers.get(&TimerKind::Review).is_some_and(|timer| !timer.repeated)
            }
        }
    }

    fn refusal(self, order: &Order, actor: &Actor, moment: &Moment<'_>) -> Rejection {
        let (code, message) = match self {
            G::FormExists => (Code::WrongState, "The seller asked no questions for this order."),
            G::AnswersMissing | G::AnswersAwaited | G::NothingAnswered => {
                (Code::AlreadyDone, "All questions are answered.")
            }
            G::NoCase => {
                (Code::CaseOpen, "Customer experience is looking at this order. Wait for the outcome.")
            }
            G::DueAhead => (
                Code::WindowClosed,
                "The due date has passed already. Agree on a new one before the order is accepted.",
            ),
            G::CaseOpen => (Code::NoCase, "No case is open for this order."),
            G::CancelCase => (Code::NoCase, "Nobody has asked to cancel this order."),
            G::DisputeCase => (Code::NoCase, "No dispute is open for this order."),
            G::CaseOpener => (Code::NotYourRole, "Only the side that opened it can take it back."),
            G::NotCaseOpener => {
                (Code::NotYourRole, "You asked for this yourself; the other side has to answer.")
            }
            G::Claimable => return claim_refusal(order, actor, moment),
            G::ClaimedByMe => (Code::NotJoined, "Claim the case first."),
            G::NotInRoom => (Code::AlreadyDone, "You are in the room already."),
            G::InRoom => (Code::NotJoined, "Join the case first."),
            G::OthersInRoom => (Code::NoCase, "Nobody else of customer experience is in the room."),
            G::RevisionsLeft => (Code::NoRevisionsLeft, "All included revisions are used."),
            G::CancelUnlocked => return cancel_refusal(order),
            G::WithinGrace => {
                (Code::WindowClosed, "The time for a dispute after the end of the order is over.")
            }
            G::NoProposal => (Code::ProposalOpen, "A contract update is waiting for an answer already."),
            G::ProposalOpen => (Code::NoProposal, "No contract update is waiting for an answer."),
            G::Proposer => (Code::NotYourRole, "Only the side that proposed it can take it back."),
            G::NotProposer => {
                (Code::NotYourRole, "You proposed this yourself; the other side has to answer.")
            }
            G::ProposalPossible => (Code::StaleProposal, "The proposed terms are no longer possible."),
            G::MayUpdate => (Code::NotYourRole, "You cannot change the terms of this order."),
            G::ConsentRequired | G::ConsentNotRequired => {
                (Code::WrongState, "Not under the rules of this order.")
            }
            G::NotYetPaid => (Code::AlreadyDone, "The order is marked as paid already."),
            G::ResolutionOpen => (Code::NoResolution, "No resolution is waiting for an answer."),
            G::NotYetAgreed => (Code::AlreadyDone, "You agreed already; the other side has to answer."),
            G::ResolutionPossible => {
                (Code::StaleProposal, "The proposed resolution is no longer possible. Wait for another one.")
            }
            G::OtherHasAgreed => (Code::NoResolution, "The other side has not agreed."),
            G::SilenceAccepts | G::DirectUnpaidFirst => {
                (Code::WrongState, "Not under the rules of this order.")
            }
        };
        Rejection::new(code, message)
    }
}

/// Has this member of staff joined?
pub(crate) fn in_room(order: &Order, user: Option<&UserId>) -> bool {
    order.case.as_ref().is_some_and(|case| user.is_some_and(|user| case.joined.contains(user)))
}

/// The next may take it once whoever has it let the time to join go by.
fn claim_refusal(order: &Order, actor: &Actor, moment: &Moment<'_>) -> Rejection {
    if moment.is_claimed_by(actor.user.as_ref()) {
        return Rejection::new(Code::AlreadyClaimed, "You have this case already.");
    }
    let open_from = moment.claim.and_then(|claim| claim.open_from(order));
    Rejection::new(Code::AlreadyClaimed, "Another agent has this case.")
        .allowed_from(open_from.filter(|open_from| *open_from > moment.now))
}

fn direct_unpaid(order: &Order) -> bool {
    order.policy.settlement == Settlement::Direct && !order.payment.is_settled()
}

/// Fields that a side may propose now (K4, K6).
pub(crate) fn updatable(order: &Order, side: Side) -> Vec<TermField> {
    let allowed = match side {
        Side::Buyer => &order.policy.buyer_may_update,
        Side::Seller => &order.policy.seller_may_update,
    };
    let open = |field: &&TermField| **field != TermField::Price || price_open(order);
    allowed.iter().filter(open).copied().collect()
}

/// K6: the price can change until something is delivered.
pub(crate) fn price_open(order: &Order) -> bool {
    matches!(order.state, State::New | State::InProgress)
}

fn proposal_possible(order: &Order, now: Timestamp) -> bool {
    let Some(proposal) = &order.proposal else { return false };
    let changes = &proposal.changes;
    changes.due_at.is_none_or(|due_at| check_due("due_at", due_at, now).is_ok())
        && changes.revisions.is_none_or(|revisions| revisions >= order.revisions_used)
        && (changes.price.is_none() || price_open(order))
}

fn cancel_unlocked(order: &Order, now: Timestamp) -> bool {
    let past_due = || {
        let running = order.timers.get(&TimerKind::Due).is_none_or(|timer| timer.paused_at.is_none());
        order.state.is_active() && running && order.due_at.is_some_and(|due_at| now > due_at)
    };
    order.policy.cancel_unlocked_by.iter().any(|unlock| match unlock {
        CancelUnlock::PastDue => past_due(),
        CancelUnlock::RevisionsExhausted => order.revisions_exhausted(),
    })
}

/// Says only what the rules of this order would unlock, in the state that it is in.
fn cancel_refusal(order: &Order) -> Rejection {
    let unlocks = |unlock| order.policy.cancel_unlocked_by.contains(&unlock);
    let past_due = unlocks(CancelUnlock::PastDue);
    if past_due && order.state.is_active() {
        let paused = order.timers.get(&TimerKind::Due).is_some_and(|timer| timer.paused_at.is_some());
        let from = order.due_at.filter(|_| !paused);
        return Rejection::new(Code::NotPastDue, "You can cancel once the due date has passed.")
            // "Past due" begins after the due date, not at it.
            .allowed_from(from.map(|due_at| due_at + chrono::Duration::milliseconds(1)));
    }
    let message = if unlocks(CancelUnlock::RevisionsExhausted) {
        "You can cancel once all included revisions are used and delivered. Dispute the order if you need help now."
    } else if past_due {
        "You cannot cancel while a delivery waits for an answer. Dispute the order if you need help now."
    } else {
        "The rules of this order know no cancelling. Dispute the order if you need help."
    };
    Rejection::new(if past_due { Code::NotPastDue } else { Code::WrongState }, message)
}

fn grace_end(order: &Order) -> Option<Timestamp> {
    order.closed_at.map(|closed| closed + crate::clock::seconds(order.policy.dispute_grace_s))
}
