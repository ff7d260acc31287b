//! Who calls, as their token says.

use order_domain::{
    ids::UserId,
    participant::{AccountRole, Actor, Role},
    rejection::{Code, Rejection},
};

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The token's `sub`.
    pub user: UserId,
    /// The token's `role`.
    pub role: AccountRole,
    /// The token's `name`: stands in entries as the author's name of that time.
    pub name: String,
}

impl Caller {
    /// The author of what this caller does in a room where they have `role`.
    pub(crate) fn actor(&self, role: Role) -> Actor {
        match role {
            Role::Host => Actor::nobody(Role::Host),
            role => Actor::person(role, self.user.clone(), self.name.clone()),
        }
    }
}

/// For agents and admins alone: by their account, or by their part in a room.
pub(crate) fn staff_only(is_staff: bool) -> Result<(), Rejection> {
    let refused = || Rejection::new(Code::NotYourRole, "This is for customer experience.");
    is_staff.then_some(()).ok_or_else(refused)
}
