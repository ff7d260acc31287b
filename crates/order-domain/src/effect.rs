//! What each event does to state, clocks and case: the event half of the lifecycle, as data.

use crate::{
    clock::{
        self,
        TimerKind::{self, Accept, Cx, Due, Idle, Proposal, Resolution, Review},
    },
    event::{Event, EventKind},
    order::{Order, State},
    policy::Settlement,
};

/// What follows from an event, whatever command caused it.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// The event.
    pub event: EventKind,
    /// The state it leads to; absent when it stays.
    pub to: Option<State>,
    /// Clocks it starts.
    pub arms: &'static [Arm],
    /// Clocks it ends. A terminal state ends all of them.
    pub cancels: &'static [TimerKind],
    /// The case, if any, is over.
    pub closes_case: bool,
}

/// A clock to start, and when.
#[derive(Clone, Copy, Debug)]
pub struct Arm(pub TimerKind, pub When);

/// Under which condition a clock is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// The due date moved while the seller works.
    DueMoved,
    /// The window of a direct, unpaid order starts anew.
    Repeats,
    /// It says when customer experience should be there: a case opened, or nobody of the staff is in the room any more.
    Responds,
}

impl When {
    pub(crate) fn holds(self, order: &Order, event: &Event) -> bool {
        match self {
            Self::Always => true,
            Self::DueMoved => {
                order.state.is_active()
                    && matches!(event, Event::ContractUpdated { new, .. } if new.due_at.is_some())
            }
            Self::Repeats => {
                order.policy.settlement == Settlement::Direct
                    && matches!(event, Event::ReviewReminded { left_s: 0 })
            }
            Self::Responds => clock::respond_by(event).is_some(),
        }
    }
}

const NOTHING: Effect =
    Effect { event: EventKind::BotPrompted, to: None, arms: &[], cancels: &[], closes_case: false };

const fn enters(event: EventKind, to: State) -> Effect {
    Effect { event, to: Some(to), ..NOTHING }
}

const fn stays(event: EventKind) -> Effect {
    Effect { event, ..NOTHING }
}

const fn ends(event: EventKind, to: State) -> Effect {
    Effect { event, to: Some(to), closes_case: true, ..NOTHING }
}

use EventKind as E;
use When::{Always, DueMoved, Repeats, Responds};

/// Events that are not listed change neither state nor clocks nor case.
pub const EFFECTS: &[Effect] = &[
    Effect { arms: &[Arm(Accept, Always)], ..enters(E::OrderPlaced, State::New) },
    Effect {
        arms: &[Arm(Due, Always), Arm(Idle, Always)],
        cancels: &[Accept],
        ..enters(E::OrderAccepted, State::InProgress)
    },
    ends(E::OrderDeclined, State::Declined),
    ends(E::OrderAutoCancelled, State::Cancelled),
    ends(E::OrderAutoClosed, State::Completed),
    Effect {
        arms: &[Arm(Review, Always)],
        cancels: &[Due, Idle],
        ..enters(E::DeliverySubmitted, State::Delivered)
    },
    ends(E::OrderCompleted, State::Completed),
    ends(E::OrderAutoCompleted, State::Completed),
    Effect {
        arms: &[Arm(Due, Always), Arm(Idle, Always)],
        cancels: &[Review],
        ..enters(E::RevisionRequested, State::InRevision)
    },
    Effect { arms: &[Arm(Review, Repeats)], ..stays(E::ReviewReminded) },
    Effect { cancels: &[Due], ..stays(E::OrderOverdue) },
    Effect { arms: &[Arm(Cx, Responds)], cancels: &[Idle, Review], ..stays(E::OrderIdle) },
    Effect { arms: &[Arm(Proposal, Always)], ..stays(E::ContractProposed) },
    Effect { arms: &[Arm(Due, DueMoved), Arm(Idle, DueMoved)], ..stays(E::ContractUpdated) },
    Effect { cancels: &[Proposal], ..stays(E::ContractDeclined) },
    Effect { cancels: &[Proposal], ..stays(E::ContractWithdrawn) },
    Effect { cancels: &[Proposal], ..stays(E::ContractLapsed) },
    Effect { arms: &[Arm(Cx, Responds)], ..stays(E::CancelRequested) },
    Effect { closes_case: true, ..stays(E::CancelWithdrawn) },
    Effect { closes_case: true, ..stays(E::CancelRejected) },
    ends(E::OrderCancelled, State::Cancelled),
    Effect { arms: &[Arm(Cx, Responds)], ..stays(E::DisputeOpened) },
    Effect { closes_case: true, ..stays(E::DisputeResolved) },
    Effect { closes_case: true, ..stays(E::DisputeWithdrawn) },
    Effect { cancels: &[Cx], ..stays(E::AgentJoined) },
    Effect { arms: &[Arm(Cx, Responds)], ..stays(E::AgentLeft) },
    Effect { arms: &[Arm(Cx, Responds)], ..stays(E::CaseHandedOver) },
    Effect { cancels: &[Cx], ..stays(E::CaseEscalated) },
    Effect { arms: &[Arm(Resolution, Always)], ..stays(E::ResolutionProposed) },
    Effect { closes_case: true, ..stays(E::ResolutionAgreed) },
    Effect { cancels: &[Resolution], ..stays(E::ResolutionLapsed) },
];

/// The effect of an event.
pub fn of(event: EventKind) -> Effect {
    EFFECTS.iter().find(|effect| effect.event == event).copied().unwrap_or(Effect { event, ..NOTHING })
}
