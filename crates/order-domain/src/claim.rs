//! Who of the staff has a case. It stands beside the order, not in it: parties are never told.

use crate::{event::CaseEvent, ids::UserId, order::Order, values::Timestamp};

/// An agent has the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub agent: UserId,
    /// Until when they have the time to join: computed when they got it, whatever a later build knows of time zones.
    pub until: Timestamp,
}

impl Claim {
    /// The claim after an event of the case's stream; `until` is that of a claim that is made now.
    pub fn after(claim: Option<Self>, event: &CaseEvent, until: Timestamp) -> Option<Self> {
        match event {
            CaseEvent::Claimed { agent } | CaseEvent::Assigned { to: agent, .. } => {
                Some(Self { agent: agent.clone(), until })
            }
            CaseEvent::Released { .. } => None,
            CaseEvent::Noted { .. } | CaseEvent::Read {} => claim,
        }
    }

    /// When another agent may take the case: that time is over, and nobody of the staff is in the room.
    pub fn open_from(&self, order: &Order) -> Option<Timestamp> {
        let nobody = order.case.as_ref().is_some_and(|case| case.joined.is_empty());
        nobody.then_some(self.until)
    }
}
