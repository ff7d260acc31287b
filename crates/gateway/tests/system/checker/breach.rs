//! Ways in which a run can break its promises.

use std::fmt;

use order_domain::{ids::CommandId, values::Seq};

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// G3: the stream is not 1..head.
    StreamBroken { at: usize, found: Seq },
    /// G3: the head is not the last entry.
    HeadWrong { head: Seq, last: Seq },
    /// G1: acknowledged, and not in the database with that seq.
    AckLost { id: CommandId, first: Option<Seq> },
    /// G2: two answers to one command name different places.
    AckMoved { id: CommandId },
    /// G2: one id did two things.
    HappenedTwice { id: CommandId },
    /// G2: an id was accepted with two payloads.
    TwoPayloads { id: CommandId },
    /// G2: accepted, and refused when asked again.
    RepeatRefused { id: CommandId, code: String },
    /// G6: refused for good, and it happened.
    RefusedButHappened { id: CommandId, command: &'static str, code: String },
    /// G6: nobody asked for it.
    Foreign { seq: Seq },
    /// The entry does not say what was asked.
    NotAsAsked { seq: Seq },
    /// G4: entries were skipped.
    DeliveryGap { device: String, after: Seq, found: Seq },
    /// G4: an entry came again.
    DeliveredAgain { device: String, seq: Seq },
    /// G4: what was delivered is not what is stored.
    DeliveryDiffers { device: String, seq: Seq },
    /// G5: a member that follows the room did not get to its head.
    Behind { device: String, last: Seq, head: Seq },
    /// G8: delivered after access was withdrawn.
    AfterWithdrawal { device: String, seq: Seq },
    /// G7: the snapshot of a member is not of the stored version.
    SnapshotStale { device: String, version: u64, stored: u64 },
    /// G7: folding the timeline does not give the stored order.
    FoldDiffers { folded: String, stored: String },
    /// G7: money does not add up.
    Money(&'static str),
    /// I1–I6: an event where the order did not allow it.
    Impossible { seq: Seq, why: &'static str },
    /// The wire did what the protocol forbids.
    Wire { device: String, fault: String },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
