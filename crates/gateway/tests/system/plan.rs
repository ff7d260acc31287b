//! What comes to a crowd's mind, as data: a plan is a pure function of its seed, so a failing one can be replayed.
//!
//! Rolls are turned into commands only when their time comes, with the numbers and ids that the device sees then.

use chrono::{TimeDelta, Utc};
use order_domain::{
    command::{
        AcceptDelivery, AcceptOrder, AcceptResolution, AcceptUpdate, ClaimCase, CloseDispute, Command,
        ConsentCancel, DeclineOrder, DeclineUpdate, DeliverExternal, EditMessage, JoinCase, LeaveCase,
        OpenDispute, PostMessage, ProposeResolution, ProposeUpdate, RequestCancel, RequestRevision,
        Resolution, ResolveDispute, RetractMessage, WithdrawCancel, WithdrawUpdate,
    },
    ids::{ProposalId, ResolutionId},
    values::{Amount, Seq, Text, to_millis},
};
use protocol::{Snapshot, snapshot::OrderSnapshot};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

/// The part of a member of the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Buyer,
    Seller,
    Agent,
}

/// One thing that happens; devices are numbers into the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A device gives a command.
    Do { device: usize, roll: u32 },
    /// The same id and payload on the device's socket and over HTTP on another node, at once.
    Twice { device: usize, roll: u32, node: usize },
    /// An id that the same user used before, with another text.
    Reuse { device: usize, roll: u32 },
    /// Two devices ask for what cannot both happen.
    Clash { one: usize, other: usize, roll: u32 },
    /// The connection breaks; the next one goes to this node.
    Cut { device: usize, node: usize },
    /// Everybody waits a moment.
    Pause { ms: u64 },
}

/// The steps of one seed.
pub fn plan(seed: u64, devices: usize, nodes: usize, length: usize) -> Vec<Step> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut step = || {
        let (device, roll, node) =
            (dice.random_range(0..devices), dice.random(), dice.random_range(0..nodes));
        match dice.random_range(0..100) {
            0..55 => Step::Do { device, roll },
            55..65 => Step::Twice { device, roll, node },
            65..70 => Step::Reuse { device, roll },
            70..78 => Step::Clash { one: device, other: dice.random_range(0..devices), roll },
            78..88 => Step::Cut { device, node },
            _ => Step::Pause { ms: dice.random_range(1..30) },
        }
    };
    (0..length).map(|_| step()).collect()
}

/// What a roll means to somebody in this part who sees this snapshot.
pub fn command(part: Part, roll: u32, snapshot: Option<&Snapshot>) -> Command {
    let seen = Seen::of(snapshot, roll);
    let (choice, roll) = (roll % 100, roll / 100);
    match part {
        Part::Buyer => seen.buyer(choice, roll),
        Part::Seller => seen.seller(choice, roll),
        Part::Agent => Seen::agent(choice, roll),
    }
}

/// Two commands of which at most one can win.
pub fn clash(part: Part, roll: u32, snapshot: Option<&Snapshot>) -> (Command, Command) {
    let seen = Seen::of(snapshot, roll);
    match part {
        Part::Buyer if roll.is_multiple_of(2) => (seen.accept_delivery(), seen.revise()),
        Part::Buyer => (seen.accept_update(), seen.decline_update()),
        Part::Seller if roll.is_multiple_of(3) => {
            (AcceptOrder::default().into(), DeclineOrder { reason: text("no time") }.into())
        }
        Part::Seller => (Seen::propose(roll), Seen::propose(roll / 7)),
        Part::Agent => (ClaimCase {}.into(), ClaimCase {}.into()),
    }
}

/// A message that is told from all others by its number.
pub fn say(roll: u32) -> Command {
    PostMessage { text: Some(text(&format!("word {roll}"))), files: Vec::new(), reply_to: None }.into()
}

pub fn text(words: &str) -> Text {
    Text::new(words).expect("words of a test")
}

/// What a command has to name, as a device sees it.
struct Seen {
    delivery: u32,
    proposal: ProposalId,
    resolution: ResolutionId,
    seq: Seq,
}

impl Seen {
    fn of(snapshot: Option<&Snapshot>, roll: u32) -> Self {
        let order: Option<&OrderSnapshot> = snapshot.and_then(Snapshot::as_order);
        let proposal = order.and_then(|order| order.proposal.as_ref());
        let resolution = order.and_then(|order| order.case.as_ref()?.resolution.as_ref());
        let head = snapshot.map_or(1, |snapshot| snapshot.head().0);
        Self {
            delivery: order.and_then(|order| order.deliveries.last()).map_or(1, |delivery| delivery.no),
            proposal: proposal.map_or(ProposalId(Uuid::nil()), |open| open.id),
            resolution: resolution.map_or(ResolutionId(Uuid::nil()), |open| open.id),
            seq: Seq(u64::from(roll) % head.max(1) + 1),
        }
    }

    fn buyer(&self, choice: u32, roll: u32) -> Command {
        match choice {
            0..45 => say(roll),
            45..50 => self.amend(roll),
            50..58 => Self::propose(roll),
            58..66 => self.accept_update(),
            66..70 => self.decline_update(),
            70..73 => WithdrawUpdate { proposal: self.proposal }.into(),
            73..82 => self.revise(),
            82..84 => self.accept_delivery(),
            84..88 => OpenDispute { reason: text("it is not what I asked for"), cx_join: true }.into(),
            88..92 => CloseDispute {}.into(),
            92..94 => RequestCancel { reason: text("too late"), cx_join: true }.into(),
            94..96 => WithdrawCancel {}.into(),
            _ => AcceptResolution { resolution: self.resolution }.into(),
        }
    }

    fn seller(&self, choice: u32, roll: u32) -> Command {
        match choice {
            0..40 => say(roll),
            40..45 => self.amend(roll),
            45..60 => AcceptOrder::default().into(),
            60..72 => DeliverExternal { place: text("by mail"), note: None }.into(),
            72..78 => Self::propose(roll),
            78..86 => self.accept_update(),
            86..89 => self.decline_update(),
            89..91 => WithdrawUpdate { proposal: self.proposal }.into(),
            91..94 => OpenDispute { reason: text("no answer"), cx_join: true }.into(),
            94..96 => ConsentCancel {}.into(),
            _ => AcceptResolution { resolution: self.resolution }.into(),
        }
    }

    fn agent(choice: u32, roll: u32) -> Command {
        match choice {
            0..25 => ClaimCase {}.into(),
            25..50 => JoinCase {}.into(),
            50..70 => say(roll),
            70..85 => ProposeResolution { option: outcome(roll) }.into(),
            85..94 => LeaveCase {}.into(),
            _ => ResolveDispute { option: outcome(roll), reason: text("seen by both") }.into(),
        }
    }

    fn amend(&self, roll: u32) -> Command {
        if roll.is_multiple_of(2) {
            EditMessage { seq: self.seq, text: text(&format!("rather {roll}")) }.into()
        } else {
            RetractMessage { seq: self.seq }.into()
        }
    }

    fn propose(roll: u32) -> Command {
        let later = to_millis(Utc::now() + TimeDelta::days(2 + i64::from(roll % 9)));
        let due_at = roll.is_multiple_of(2).then_some(later);
        let revisions = (!roll.is_multiple_of(2)).then_some(2 + roll % 5);
        ProposeUpdate { due_at, revisions, price: None }.into()
    }

    fn accept_update(&self) -> Command {
        AcceptUpdate { proposal: self.proposal }.into()
    }

    fn decline_update(&self) -> Command {
        DeclineUpdate { proposal: self.proposal, reason: None }.into()
    }

    fn accept_delivery(&self) -> Command {
        AcceptDelivery { delivery: self.delivery }.into()
    }

    fn revise(&self) -> Command {
        RequestRevision { delivery: self.delivery, text: text("bluer, please"), points: Vec::new() }.into()
    }
}

fn outcome(roll: u32) -> Resolution {
    match roll % 4 {
        0 => Resolution::Resume,
        1 => Resolution::ExtraRevision,
        2 => Resolution::PartialRefund { amount: Amount::new(100).expect("a small amount") },
        _ => Resolution::Extend { due_at: to_millis(Utc::now() + TimeDelta::days(5)) },
    }
}

#[test]
fn a_plan_is_a_function_of_its_seed() {
    assert_eq!(plan(7, 8, 2, 50), plan(7, 8, 2, 50));
    assert_ne!(plan(7, 8, 2, 50), plan(8, 8, 2, 50));
}
