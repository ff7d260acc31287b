//! Clocks of an order: when they are armed, when they stand still, what is due.
//!
//! A clock counts from the entry that armed it; time it stood still is added (I10). Nothing here reads a clock.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    event::{Entry, Event},
    ids::CommandId,
    order::{Order, State},
    values::{Seq, Timestamp},
};

/// What a clock is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// The seller accepts (`T_accept`).
    Accept,
    /// The work is due (`T_due`).
    Due,
    /// The buyer reviews (`T_review`).
    Review,
    /// Somebody looks at an order that stands (`T_idle`).
    Idle,
    /// A payment link lives (`T_link`).
    Link,
    /// The other side answers a contract update (`T_proposal`).
    Proposal,
    /// Customer experience joins (`T_cx`).
    Cx,
    /// Both sides answer a resolution (`T_resolution`).
    Resolution,
    /// The buyer rates (`T_feedback`).
    Feedback,
    /// The room closes for good (`T_archive`).
    Archive,
}

impl TimerKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Accept,
        Self::Due,
        Self::Review,
        Self::Idle,
        Self::Link,
        Self::Proposal,
        Self::Cx,
        Self::Resolution,
        Self::Feedback,
        Self::Archive,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Due => "due",
            Self::Review => "review",
            Self::Idle => "idle",
            Self::Link => "link",
            Self::Proposal => "proposal",
            Self::Cx => "cx",
            Self::Resolution => "resolution",
            Self::Feedback => "feedback",
            Self::Archive => "archive",
        }
    }

    /// What makes it stand still (product table "Timers").
    ///
    /// `Idle` waits for missing answers too: it counts from the due date, which stands still then.
    pub fn paused_by(self) -> &'static [Pause] {
        match self {
            Self::Accept | Self::Review => &[Pause::Case],
            Self::Due => &[Pause::Case, Pause::Answers],
            Self::Idle => &[Pause::Case, Pause::Answers, Pause::Proposal],
            _ => &[],
        }
    }
}

/// Why a clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    /// A case is open.
    Case,
    /// The buyer owes required answers.
    Answers,
    /// A contract update waits for an answer.
    Proposal,
}

impl Pause {
    /// Does it hold for this order?
    pub fn holds(self, order: &Order) -> bool {
        match self {
            Self::Case => order.case.is_some(),
            Self::Answers => order.without_answers && order.answers_missing(),
            Self::Proposal => order.proposal.is_some(),
        }
    }

    /// The name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Case => "open case",
            Self::Answers => "required answers missing",
            Self::Proposal => "open proposal",
        }
    }
}

/// One armed clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// When it fires, unless it stands still.
    pub fire_at: Timestamp,
    /// The entry that armed it.
    pub because: Seq,
    /// Which arming this is: a late wake-up of an older one does nothing.
    pub generation: u32,
    /// Since when it stands still.
    pub paused_at: Option<Timestamp>,
    /// Seconds before `fire_at` at which to remind, longest first.
    pub reminders: Vec<u32>,
    /// It ran out once without the payment of a direct order and was started anew.
    pub repeated: bool,
}

/// What a clock that is due asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// Which clock.
    pub kind: TimerKind,
    /// When it was due.
    pub at: Timestamp,
    /// A reminder this many seconds ahead of the end, or the end itself.
    pub reminder: Option<u32>,
    generation: u32,
}

impl Wake {
    /// The id of this firing: the same for every scheduler, so that it happens at most once.
    pub fn id(&self, order: &Order) -> CommandId {
        let name = format!("timer:{}:{}:{}", self.kind.as_str(), self.generation, self.reminder.unwrap_or(0));
        CommandId(Uuid::new_v5(&order.id.0, name.as_bytes()))
    }
}

impl Timer {
    fn wake(&self, kind: TimerKind) -> Option<Wake> {
        if self.paused_at.is_some() {
            return None;
        }
        let reminder = self.reminders.first().copied();
        let at = self.fire_at - seconds(reminder.unwrap_or(0));
        Some(Wake { kind, at, reminder, generation: self.generation })
    }
}

/// The next thing any clock of this order asks for.
pub fn next_wake(order: &Order) -> Option<Wake> {
    order.timers.iter().filter_map(|(kind, timer)| timer.wake(*kind)).min_by_key(|wake| (wake.at, wake.kind))
}

/// The earliest thing that is due by now.
pub fn due(order: &Order, now: Timestamp) -> Option<Wake> {
    next_wake(order).filter(|wake| wake.at <= now)
}

/// Starts a clock from an entry, replacing one of its kind.
pub(crate) fn arm(order: &mut Order, kind: TimerKind, entry: &Entry) {
    let Some(fire_at) = fire_at(order, kind, entry) else { return };
    order.generation += 1;
    let mut timer = Timer {
        fire_at,
        because: entry.seq,
        generation: order.generation,
        paused_at: None,
        reminders: Vec::new(),
        repeated: matches!(entry.event, Event::ReviewReminded { .. }),
    };
    if kind == TimerKind::Review {
        let ahead = |left: &&u32| fire_at - seconds(**left) > entry.at;
        timer.reminders = order.policy.review_reminders_s.iter().filter(ahead).copied().collect();
    }
    order.timers.insert(kind, timer);
}

fn fire_at(order: &Order, kind: TimerKind, entry: &Entry) -> Option<Timestamp> {
    let policy = &order.policy;
    let after = |from: Timestamp, length_s: u32| Some(from + seconds(length_s));
    match kind {
        TimerKind::Accept => after(entry.at, policy.accept_window_s),
        TimerKind::Due => order.due_at,
        TimerKind::Review => after(review_start(order, entry), policy.review_window_s),
        TimerKind::Idle => after(order.due_at.unwrap_or(entry.at).max(entry.at), policy.idle_window_s),
        TimerKind::Link => after(entry.at, policy.link_lifetime_s),
        TimerKind::Proposal => after(entry.at, policy.proposal_lifetime_s),
        TimerKind::Cx => respond_by(&entry.event),
        TimerKind::Resolution => after(entry.at, policy.resolution_window_s),
        TimerKind::Feedback => after(entry.at, policy.feedback_reminder_s),
        TimerKind::Archive => None,
    }
}

/// Written when it was decided: a later build may know other rules of time zones.
pub(crate) fn respond_by(event: &Event) -> Option<Timestamp> {
    match event {
        Event::CancelRequested { respond_by, .. } | Event::DisputeOpened { respond_by, .. } => {
            Some(*respond_by)
        }
        Event::OrderIdle { respond_by }
        | Event::AgentLeft { respond_by, .. }
        | Event::CaseHandedOver { respond_by, .. } => *respond_by,
        _ => None,
    }
}

/// L15: goods are reviewed once they have arrived.
fn review_start(order: &Order, entry: &Entry) -> Timestamp {
    match &entry.event {
        Event::DeliverySubmitted { kind: crate::event::DeliveryKind::Shipped, eta, .. } => {
            eta.unwrap_or(entry.at + seconds(order.policy.transit_s))
        }
        _ => entry.at,
    }
}

/// A reminder was given: the ones up to it are done.
pub(crate) fn reminded(order: &mut Order, left_s: u32) {
    if let Some(timer) = order.timers.get_mut(&TimerKind::Review) {
        timer.reminders.retain(|reminder| *reminder < left_s);
    }
}

/// I8: after a case closed, the state's own clock runs again even if it had fired before.
pub(crate) fn keep_alive(order: &mut Order, entry: &Entry) {
    let missing = match order.state {
        State::New => TimerKind::Accept,
        State::InProgress | State::InRevision => TimerKind::Idle,
        State::Delivered => TimerKind::Review,
        _ => return,
    };
    if !order.timers.contains_key(&missing) {
        arm(order, missing, entry);
    }
}

/// Ends a clock. The time that the due date stood still counts against nobody, even when nothing waits for it any more (I10).
pub(crate) fn cancel(order: &mut Order, kind: TimerKind, at: Timestamp) {
    let Some(timer) = order.timers.remove(&kind) else { return };
    if let (TimerKind::Due, Some(since)) = (kind, timer.paused_at) {
        order.due_at = Some(timer.fire_at + (at.max(since) - since));
    }
}

/// Stops and continues clocks according to what holds now; adds the time they stood still.
pub(crate) fn settle(order: &mut Order, at: Timestamp) {
    let mut timers = std::mem::take(&mut order.timers);
    for (kind, timer) in &mut timers {
        let pause = kind.paused_by().iter().any(|pause| pause.holds(order));
        match (timer.paused_at, pause) {
            (None, true) => timer.paused_at = Some(at),
            (Some(since), false) => {
                timer.paused_at = None;
                timer.fire_at += at.max(since) - since;
                if *kind == TimerKind::Due {
                    order.due_at = Some(timer.fire_at);
                }
            }
            _ => {}
        }
    }
    order.timers = timers;
}

pub(crate) fn seconds(length_s: u32) -> Duration {
    Duration::seconds(i64::from(length_s))
}
