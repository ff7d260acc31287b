//! Who of the staff has a case. It stands beside the order, not in it: parties are never told.

use crate::{event::CaseEvent, ids::UserId, order::Order, values::Timestamp};

/// An agent has the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub agent: UserId,
    /// Since when.
    pub at: Timestamp,
}

impl Claim {
    /// The claim after an event of the case's stream.
    pub fn after(claim: Option<Self>, event: &CaseEvent, at: Timestamp) -> Option<Self> {
        match event {
            CaseEvent::Claimed { agent } | CaseEvent::Assigned { to: agent, .. } => {
                Some(Self { agent: agent.clone(), at })
            }
            CaseEvent::Released { .. } => None,
            CaseEvent::Noted { .. } | CaseEvent::Read {} => claim,
        }
    }

    /// When another agent may take the case: the time to join went by and nobody of the staff is in the room.
    pub fn open_from(&self, order: &Order) -> Option<Timestamp> {
        let nobody = order.case.as_ref().is_some_and(|case| case.joined.is_empty());
        nobody.then(|| order.policy.cx_deadline(self.at))
    }
}
